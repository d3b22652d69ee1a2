// An empty corpus: the invitation's button chooses a file, and once a document is in, the question box has the focus.

export const bind = (welcome) => {
  const invites = () => welcome.querySelector(".invitation") !== null;
  let invited = invites();
  welcome.addEventListener("click", ({ target }) => {
    const opener = target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).click();
  });
  document.addEventListener("documents", () => {
    const held = document.activeElement;
    if (invited && !invites() && (held === document.body || held.closest(".upload"))) {
      document.getElementById("question").focus();
    }
    invited = invites();
  });
};
