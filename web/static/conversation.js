// The conversation outlives a look into the reader: answers are kept in the tab, unless what they quote is gone.

import { refresh } from "./catalogue.js";
import * as turn from "./turn.js";

const log = () => document.getElementById("conversation");
const key = () => `conversation:${document.querySelector("#ask [name=collection]").value}`;

/** Keep an answer for when this tab comes back to the page. */
export const remember = (answer) => {
  write([...read(), answer]);
  // It may quote what was deleted, or added, since the list was made: the new list decides.
  if (!lives(quoted(answer))) refresh();
};

/** Put a turn at the end of the conversation, and the welcome away. */
export const add = (article) => {
  const welcome = document.getElementById("welcome");
  if (welcome) welcome.hidden = true;
  log().append(article);
  return article;
};

/** Bring a turn into view. */
export const reveal = (article) => article.scrollIntoView({ block: "nearest" });

export const bind = (section) => {
  const served = section.querySelectorAll(".turn");
  for (const answer of read()) turn.finish(add(turn.begin(answer.question)), answer);
  section.append(...served);
  const last = section.querySelector(".turn:last-of-type");
  if (last) reveal(last);
  prune();
  document.addEventListener("documents", prune);
  document.getElementById("fresh").addEventListener("click", () => write([]));
};

/** Forget the answers that quote a document which is no longer listed. */
const prune = () => {
  for (const article of log().querySelectorAll(".turn")) {
    if (!lives(article.dataset.documents.split(" ").filter(Boolean))) turn.forget(article);
  }
  write(read().filter((answer) => lives(quoted(answer))));
};

const quoted = (answer) => [...answer.citations, ...answer.evidence].map((item) => item.document.id);

const lives = (ids) => {
  const listed = new Set(Array.from(document.querySelectorAll("#documents [data-id]"), (item) => item.dataset.id));
  return ids.every((id) => listed.has(id));
};

// A tab may forbid storage, or it may be full: the conversation then lasts as long as the page.
const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(key()) ?? "[]");
  } catch {
    return [];
  }
};

const write = (answers) => {
  try {
    sessionStorage.setItem(key(), JSON.stringify(answers));
  } catch {
    // See above.
  }
};
