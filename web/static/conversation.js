// The log of the conversation: the server has it, and the page is brought up to what the server says.

import { fetchPage, renew } from "./dom.js";

const log = () => document.getElementById("conversation");
const box = () => document.getElementById("question");
const field = () => document.querySelector("#ask [name=conversation]");

/** The address of a conversation's page. */
export const address = (id) => `/conversations/${encodeURIComponent(id)}`;

/** The conversation's id; empty before the first question. */
export const current = () => field().value;

/** Be in this conversation from now on; empty: in none yet. */
export const enter = (id) => {
  field().value = id;
};

/** The number of the last turn that is shown; 0 if there is none. */
export const last = () => Math.max(0, ...kept().map(number));

/** Put a turn at the end of the conversation, and the welcome away. */
export const add = (article) => {
  const welcome = document.getElementById("welcome");
  if (welcome) welcome.hidden = true;
  log().append(article);
  return article;
};

/** Bring a turn into view. */
export const reveal = (article) => article.scrollIntoView({ block: "nearest" });

/** The part of the address that keeps, over a reload, which documents are looked in. */
const looking = () => {
  const chosen = document.getElementById("scope").value;
  return chosen ? `?${new URLSearchParams({ document: chosen })}` : "";
};

/** The page's own address, the conversation in it; an open book stays open. */
const here = (conversation) => {
  if (!document.body.classList.contains("room")) return address(conversation) + looking();
  const url = new URL(location.href);
  url.searchParams.set("conversation", conversation);
  url.searchParams.delete("q");
  const chosen = document.getElementById("scope").value;
  if (chosen) url.searchParams.set("document", chosen);
  else url.searchParams.delete("document");
  return url;
};

/** How often a turn was put in its place: a page fetched before doesn't know the last of them. */
let settled = 0;

/** Put the kept turn in the place of the one that was awaited; the whole log, if others were kept meanwhile. */
export const settle = async (article, turn) => {
  const first = turn.number === 1;
  const follows = turn.number === last() + 1;
  const page = await fetchPage(follows ? `/turns/${encodeURIComponent(turn.id)}${looking()}` : address(turn.conversation));
  if (!page) return article;
  history.replaceState(null, "", here(turn.conversation));
  settled += 1;
  if (follows) replace(article, page.querySelector(".turn"));
  else {
    renounce(article);
    article.remove();
    merge(page);
  }
  if (first) await name();
  const shown = document.getElementById(`turn-${turn.number}`) ?? article;
  document.dispatchEvent(new CustomEvent("answered", { detail: shown }));
  return shown;
};

/** Show what the server now knows of the turns that the page shows. */
export const refresh = async () => {
  if (kept().length === 0) return;
  const before = settled;
  const page = await fetchPage(location.href);
  if (before !== settled) await refresh();
  else if (page) merge(page);
};

export const bind = (section) => {
  const newest = section.querySelector(".turn:last-of-type");
  if (newest && !location.hash) reveal(newest);
  document.addEventListener("documents", refresh);
};

const kept = () => [...log().querySelectorAll(".turn[data-number]")];
const number = (article) => Number(article.dataset.number);

/** Only what differs is replaced, so that nothing is read out twice and the focus stays. */
const merge = (page) => {
  const fresh = [...page.querySelectorAll(".turn[data-number]")];
  const listed = new Set(fresh.map((article) => article.id));
  for (const article of kept()) if (!listed.has(article.id)) remove(article);
  for (const article of fresh) {
    const here = document.getElementById(article.id);
    const next = [...log().querySelectorAll(".turn")].find((other) => !(number(other) < number(article)));
    if (!here) log().insertBefore(article, next ?? null);
    else if (!here.isEqualNode(article)) replace(here, article);
  }
  renew(page, ["leaves"]);
  document.getElementById("leaves").hidden = page.getElementById("leaves").hidden;
};

const replace = (article, fresh) => {
  const held = article.contains(document.activeElement);
  article.replaceWith(fresh);
  if (held) focusOn(fresh);
};

const remove = (article) => {
  renounce(article);
  article.remove();
};

/** The focus is never lost with what held it. */
const renounce = (article) => {
  if (article.contains(document.activeElement)) box().focus();
};

const focusOn = (article) => (article.querySelector(".actions button") ?? box()).focus();

/** The first question names the conversation: in the title, and in the list of conversations. */
const name = async () => {
  const page = await fetchPage(location.href);
  if (!page) return;
  document.title = page.title;
  renew(page, ["title", "recent"]);
  document.getElementById("title").className = page.getElementById("title").className;
};
