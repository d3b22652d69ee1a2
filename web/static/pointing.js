// Points the first citation out, once in this browser: when its answer is whole, so that nothing moves while it comes.

const SEEN = "storybot.citation-pointed-out";
const TURN = ".turn.found[data-number]";

export const bind = (template) => {
  const log = document.getElementById("conversation");
  if (seen()) return;
  const note = template.content.firstElementChild.cloneNode(true);
  const watching = new MutationObserver(() => point(log, note));
  note.querySelector("button").addEventListener("click", () => {
    watching.disconnect();
    const citation = first(log);
    note.remove();
    citation?.focus();
  });
  document.addEventListener("opened", () => {
    watching.disconnect();
    note.remove();
  });
  point(log, note);
  watching.observe(log, { childList: true, subtree: true });
};

/** The first sentence that is cited; its number, where the sentence itself isn't shown. */
const first = (log) => log.querySelector(`${TURN} a.quote[href]`) ?? log.querySelector(`${TURN} a.mark[href]`);

/** Put the note after the first citation; again, where the turn that held it was brought up to date. */
const point = (log, note) => {
  const citation = first(log);
  if (!citation || note.isConnected) return;
  (citation.matches(".quote") ? citation : citation.closest("p")).after(note);
  remember();
};

// A browser may refuse to keep anything: then the note comes again.
const seen = () => {
  try {
    return Boolean(localStorage.getItem(SEEN));
  } catch {
    return false;
  }
};

const remember = () => {
  try {
    localStorage.setItem(SEEN, "1");
  } catch {
    // It is only a courtesy.
  }
};
