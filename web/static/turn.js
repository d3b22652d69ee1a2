// A turn whose answer is on its way, made from the page's own templates. Once it is kept, the server renders it.

import { clone, cloneAll, fill } from "./dom.js";

/** A turn whose answer is awaited. */
export const begin = (question) => {
  const article = fill(clone("turn"), { question });
  article.setAttribute("aria-label", question);
  return article;
};

/** Say as what the question was understood. */
export const understand = (article, { question }) => {
  const line = fill(clone("understood"), { understood: question });
  line.querySelector("[name=q]").value = question;
  article.querySelector("[data-field=question]").after(line);
};

/** Say whether the text answers, before the words come. */
export const announce = (article, { found, confidence }) => {
  const [words, unsure] = inWords(confidence);
  show(article, found ? "found" : "unfound", { confidence: found ? words : "" });
  article.classList.toggle("unsure", found && unsure);
};

/** Add words to the answer. */
export const append = (article, { text, numbers }) => {
  const piece = fill(clone(numbers.length > 0 ? "piece" : "unsupported"), { text: text.trim() });
  const mark = piece.querySelector(".mark");
  mark?.replaceWith(...numbers.map((number) => numbered(mark, number)));
  article.querySelector(".answer").append(piece, " ");
};

/** Say what is to be known of the answer. */
export const notice = (article, { text }) => {
  body(article).append(fill(cloneAll("notice"), { notice: text }));
};

/** Say that nothing more will come; what came stays. Gives the words. */
export const halt = (article) => {
  const line = clone("stopped");
  article.querySelector(".reading")?.remove();
  body(article).append(line);
  return line.textContent;
};

/** Say why there is no answer. */
export const fail = (article, error) => show(article, "failed", { error });

/** Nothing more can be stopped. */
export const end = (article) => {
  article.querySelector(".stop")?.closest(".actions").remove();
  article.removeAttribute("aria-busy");
};

const body = (article) => article.querySelector("[data-body]");

const show = (article, state, values) => {
  body(article).replaceChildren(fill(cloneAll(state), values));
  article.className = `turn ${state}`;
};

const numbered = (blank, number) => {
  const mark = blank.cloneNode(true);
  mark.textContent = number;
  return mark;
};

/** The words for a confidence, and whether they are the last of them. */
const inWords = (confidence) => {
  const steps = JSON.parse(document.getElementById("found").dataset.confidence);
  const step = steps.find(([least]) => confidence >= least);
  return [step[1], step === steps.at(-1)];
};
