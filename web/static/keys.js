// The keys: to the question box, along the citations of the page, and to the list of the keys.

const CITATIONS = ".turn a.quote[href], .turn a.mark[href]";
const WRITABLE = "input:not([type=radio], [type=checkbox], [type=file]), textarea, select, [contenteditable]:not([contenteditable=false])";

const CHOICE = "storybot.single-keys";

export const bind = (dialog) => {
  const single = dialog.querySelector("[type=checkbox]");
  single.checked = chosen();
  single.addEventListener("change", () => choose(single.checked));
  for (const opener of document.querySelectorAll(`[data-opens="${dialog.id}"]`)) {
    opener.addEventListener("click", () => dialog.showModal());
  }
  document.addEventListener("keydown", (event) => {
    // What others did with the key, and what composes a letter, is theirs. Shift is needed for `?` on most keyboards.
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target.matches?.(WRITABLE);
    const act = typing ? (event.key === "Escape" ? leave : null) : deeds(dialog, single.checked)[event.key];
    if (act?.(event.target)) event.preventDefault();
  });
};

/** What each key does. single: whether those do anything that are letters or signs. */
const deeds = (dialog, single) => ({ Escape: close, ...(single && signs(dialog)) });

const signs = (dialog) => ({
  "/": () => focus(document.querySelector("#question, [type=search]")),
  j: () => focus(neighbour(1)),
  k: () => focus(neighbour(-1)),
  o: open,
  "?": () => {
    dialog.showModal();
    return true;
  },
});

const focus = (element) => {
  element?.focus();
  return Boolean(element);
};

/** The citation after (1) or before (-1) the focus; from nowhere, the first one of the last answer. */
const neighbour = (step) => {
  const all = [...document.querySelectorAll(CITATIONS)].filter((link) => link.checkVisibility());
  const here = document.activeElement;
  if (here === document.body || !here.closest(".turn")) return all.find((link) => lastTurn(all).contains(link));
  const side = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const there = all.filter((link) => link !== here && here.compareDocumentPosition(link) & side);
  return there.at(step > 0 ? 0 : -1) ?? (all.includes(here) ? here : undefined);
};

const lastTurn = (links) => links.at(-1)?.closest(".turn");

const open = () => {
  const here = document.activeElement;
  if (!here.matches(CITATIONS)) return false;
  here.click();
  return true;
};

/** Fold the innermost open part that holds the focus, or leave the book. */
const close = (target) => {
  const folded = target.closest?.("details[open]");
  if (!folded) return left(target);
  folded.open = false;
  return focus(folded.querySelector("summary"));
};

const left = (target) => {
  const way = document.getElementById("selected") ? null : target.closest?.("#book")?.querySelector(".ways a");
  way?.click();
  return Boolean(way);
};

/** Leave a field, unless Escape means something else there: it empties a search, and stops an answer on its way. */
const leave = (field) => {
  if (field.closest("[aria-busy=true]") || (field.type === "search" && field.value)) return false;
  field.blur();
  return true;
};

// A browser may refuse to keep anything: then the choice holds for the page.
const chosen = () => {
  try {
    return localStorage.getItem(CHOICE) !== "off";
  } catch {
    return true;
  }
};

const choose = (on) => {
  try {
    localStorage.setItem(CHOICE, on ? "on" : "off");
  } catch {
    // The box shows what holds.
  }
};
