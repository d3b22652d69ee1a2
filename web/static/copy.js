// Copies an answer with the sentences it rests on and their places.

import { say, word } from "./dom.js";

let reset = () => {};

export const bind = (log) => {
  // While it is passed down, before a click on the next button is taken.
  document.addEventListener("click", () => reset(), true);
  log.addEventListener("focusout", () => reset());
  log.addEventListener("click", async (event) => {
    const button = event.target.closest(".copy");
    if (!button) return;
    const before = button.textContent;
    reset = () => {
      button.textContent = before;
    };
    const copied = await write(words(button.closest(".turn")));
    button.textContent = word(copied ? "copied" : "uncopied");
    say(word(copied ? "answer-copied" : "no-clipboard"));
  });
};

// Only pages from this machine, or over HTTPS, have a clipboard.
const write = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

const words = (article) =>
  [
    article.querySelector(".question").textContent,
    [...article.querySelectorAll(".piece")].map(piece).join(" "),
    ...[...article.querySelectorAll(".verdict, .notice-line, .halt, .nearest summary")].map((line) => line.textContent),
    ...[...article.querySelectorAll(".quote")].map(quote),
  ]
    .filter(Boolean)
    .join("\n\n");

const piece = (item) => {
  const marks = [...item.querySelectorAll(".mark, .tag")].map((mark) => `[${mark.textContent}]`);
  return [item.querySelector("[data-field=text]").textContent, ...marks].join(" ");
};

const quote = (link) => {
  const number = link.querySelector(".number")?.textContent;
  const place = [...link.querySelectorAll("cite bdi")].map((part) => part.textContent).filter(Boolean);
  return `${number ? `[${number}] ` : ""}“${link.querySelector("q").textContent}”\n${place.join(" · ")}\n${link.href}`;
};
