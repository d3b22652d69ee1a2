// Keeps where a book was read to, in this browser alone, and offers to go on from there.

const NOT_WORTH = 200;

const book = () => document.getElementById("book");
const key = () => `storybot.position.${book().dataset.id}`;

/** Not every browser tells when a page has come to rest. */
const RESTS = "onscrollend" in window ? "scrollend" : "scroll";
const BY_HAND = ["wheel", "touchmove", "pointerdown", "keydown"];

/** Whether somebody has moved since the book was opened: where an address leads is not yet read to. */
let moved = false;

export const bind = () => {
  for (const kind of BY_HAND) document.addEventListener(kind, () => (moved = true), { capture: true, passive: true });
  document.addEventListener(RESTS, keep, true);
  document.addEventListener("opened", () => {
    moved = false;
    offer();
  });
  offer();
};

const keep = ({ target }) => {
  const ofBook = target === book() || (target === document && book()?.getBoundingClientRect().top < innerHeight / 2);
  if (!moved || !ofBook || !book().dataset.id) return;
  const edge = Math.max(0, book().getBoundingClientRect().top) + NOT_WORTH / 2;
  const reading = [...book().querySelectorAll("[data-start]")].find((block) => block.getBoundingClientRect().bottom > edge);
  if (reading) store(reading.dataset.start);
};

/** A browser may forbid to keep anything. */
const store = (start) => {
  try {
    localStorage.setItem(key(), start);
  } catch {
    // Then the book begins at its beginning.
  }
};

const kept = () => {
  try {
    return Number(localStorage.getItem(key()));
  } catch {
    return 0;
  }
};

const offer = () => {
  const link = document.getElementById("resume");
  const start = link ? kept() : 0;
  const asked = new URLSearchParams(location.search);
  if (start < NOT_WORTH || asked.has("start") || location.hash.startsWith("#s=")) return;
  const url = new URL(link.href);
  url.searchParams.set("start", start);
  link.href = url;
  link.hidden = false;
};
