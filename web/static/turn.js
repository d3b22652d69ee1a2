// A turn of the conversation, made from the page's own templates.

import { clone, cloneAll, fill } from "./dom.js";

/** A turn whose answer is awaited. */
export const begin = (question) => fill(clone("turn"), { question });

/** Say whether the text answers, before the words come. */
export const announce = (article, { found, confidence }) => {
  const body = show(article, found ? "found" : "unfound", { confidence: found ? inWords(confidence) : "" });
  for (const nearest of body.querySelectorAll("details")) nearest.hidden = true;
};

/** Add words to the answer. */
export const append = (article, { text }) => {
  article.querySelector("[data-field=answer]").append(text);
};

/** Show the whole answer: its citations, or the nearest passages. */
export const finish = (article, answer) => {
  const nearest = answer.evidence.slice(0, Number(document.getElementById("unfound").dataset.shown));
  const [state, name, items] = answer.found
    ? ["found", "citation", answer.citations]
    : ["unfound", "passage", nearest];
  const body = show(article, state, { answer: answer.answer ?? "", confidence: inWords(answer.confidence) });
  body.querySelector("[data-list]").replaceChildren(...items.map((item) => quoted(name, item, answer.answer)));
  for (const details of body.querySelectorAll("details")) details.hidden = items.length === 0;
  article.dataset.documents = [...new Set(items.map((item) => item.document.id))].join(" ");
};

/** Say why there is no answer. */
export const fail = (article, error) => show(article, "failed", { error });

/** Take the answer away, for what it quoted is gone. */
export const forget = (article) => {
  show(article, "gone", {});
  article.dataset.documents = "";
};

const show = (article, state, values) => {
  const body = article.querySelector("[data-body]");
  body.replaceChildren(fill(cloneAll(state), values));
  article.className = `turn ${state}`;
  return body;
};

const quoted = (name, { number, quote, text, heading, document: source, start, end }, answer) => {
  const item = fill(clone(name), { number, title: source.title, heading, ...around(quote ?? text, answer) });
  const address = `/documents/${encodeURIComponent(source.id)}?start=${start}&end=${end}#cited`;
  item.querySelector("a[data-href]").href = address;
  return item;
};

/** A stretch of text parted at the answer's own words, where it has them. */
const around = (text, told) => {
  const at = told ? text.indexOf(told) : -1;
  if (at < 0) return { before: text, told: "", after: "" };
  return { before: text.slice(0, at), told, after: text.slice(at + told.length) };
};

const inWords = (confidence) => {
  const steps = JSON.parse(document.getElementById("found").dataset.confidence);
  return steps.find(([least]) => confidence >= least)[1];
};
