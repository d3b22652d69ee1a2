// An empty corpus: the invitation's button chooses a file, and once a document is in, the question box has the focus.

export const bind = (invitation) => {
  const box = document.getElementById("question");
  invitation.querySelector("[data-opens]").addEventListener("click", ({ target }) => {
    document.getElementById(target.dataset.opens).click();
  });
  const lead = () => {
    if (invitation.isConnected) return;
    document.removeEventListener("documents", lead);
    const held = document.activeElement;
    if (held === document.body || held.closest(".upload")) box.focus();
  };
  document.addEventListener("documents", lead);
};
