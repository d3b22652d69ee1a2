// The book beside the conversation: citations, chapters and finds open in it, without a reload.

import { fetchPage, renew } from "./dom.js";

const SHARED = /^#s=(\d{1,12})-(\d{1,12})$/;

const book = () => document.getElementById("book");
const isOpen = () => document.body.classList.contains("room");
const conversation = () => document.querySelector("#ask [name=conversation]").value;

/** What lies open, whatever conversation is beside it: going back to the same needs no page. */
const place = (address = location.href) => {
  const { pathname, searchParams } = new URL(address, location.href);
  return [pathname, ...["start", "end", "find"].map((name) => searchParams.get(name) ?? "")].join(" ");
};

let loads = 0;
let shown = place();
let opened = "";

/** Open a book where the address says. keep: the address replaces the page's own; quietly: the focus stays. */
export const open = async (address, { keep = false, quietly = false } = {}) => {
  const url = new URL(address, location.href);
  if (conversation() && url.pathname.startsWith("/documents/")) url.searchParams.set("conversation", conversation());
  loads += 1;
  const load = loads;
  book().setAttribute("aria-busy", "true");
  const page = await fetchPage(url);
  if (load !== loads) return;
  if (!page?.getElementById("book")) {
    if (url.href === location.href) location.reload();
    else location.assign(url);
    return;
  }
  if (keep) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  show(page, { quietly });
};

const show = (page, { quietly }) => {
  book().replaceWith(page.getElementById("book"));
  renew(page, ["heard"]);
  document.body.classList.toggle("room", page.body.classList.contains("room"));
  document.title = page.title;
  document.querySelector("#ask [name=book]").value = book().dataset.id ?? "";
  shown = place();
  if (!isOpen()) {
    // Back where the book was opened from.
    [...document.querySelectorAll("#conversation .quote")].find((quote) => quote.href === opened)?.focus();
    return;
  }
  const goal = target();
  // Beneath the conversation, the book would take the place of the answer that is read.
  const besides = getComputedStyle(book()).overflowY === "auto";
  if (besides || !quietly) goal.scrollIntoView({ block: goal.id === "cited" ? "center" : "start" });
  if (!quietly) {
    if (!goal.matches("a, button, [tabindex]")) goal.tabIndex = -1;
    goal.focus({ preventScroll: true });
  }
  document.dispatchEvent(new Event("opened"));
};

/** What the address points at: the sentence, a heading, the paragraph at an offset; else the book. */
const target = () => {
  const named = location.hash.length > 1 && book().querySelector(`#${CSS.escape(location.hash.slice(1))}`);
  const start = Number(new URLSearchParams(location.search).get("start"));
  const before = (block) => Number(block.dataset.start) <= start;
  const paragraph = start ? [...book().querySelectorAll("[data-start]")].findLast(before) : null;
  return book().querySelector("#cited") ?? (named || paragraph || book());
};

/** The address at which the sentence lies open that a shared address names; nothing if it names none. */
const unshared = () => {
  const found = SHARED.exec(location.hash);
  if (!found || !location.pathname.startsWith("/documents/")) return null;
  const query = new URLSearchParams({ start: found[1], end: found[2] });
  if (conversation()) query.set("conversation", conversation());
  return `${location.pathname}?${query}#cited`;
};

const chosen = (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  if (link.matches("#conversation .mark[href^='#']")) {
    return document.getElementById(link.hash.slice(1))?.querySelector(".quote")?.href;
  }
  if (!link.matches("#conversation .quote, #book a.open")) return null;
  return link.href.baseVal ?? link.href; // the map's links are of SVG
};

export const bind = () => {
  document.addEventListener("click", (event) => {
    const address = chosen(event);
    if (!address) return;
    event.preventDefault();
    opened = address;
    open(address);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#book [data-open]")) return;
    event.preventDefault();
    open(`${event.target.action.split("#")[0]}?${new URLSearchParams(new FormData(event.target))}`);
  });
  addEventListener("popstate", () => {
    const shared = unshared();
    if (shared) open(shared, { keep: true });
    else if (place() !== shown) open(location.href, { keep: true });
  });
  // The open book goes to the first sentence of it that a new answer rests on.
  document.addEventListener("answered", ({ detail: article }) => {
    const quotes = [...article.querySelectorAll("ol.quotes .quote")];
    const own = quotes.find((quote) => quote.pathname === location.pathname);
    if (isOpen() && own) open(own.href, { keep: true, quietly: true });
  });
  const shared = unshared();
  if (shared) open(shared, { keep: true });
  else if (isOpen() && location.hash === "#cited") target().focus({ preventScroll: true });
};
