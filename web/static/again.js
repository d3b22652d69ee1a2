// Asks what a form in the conversation holds: a suggestion, an answered question again, or one that was put right.

import { ask } from "./ask.js";

export const bind = (log) => {
  log.addEventListener("submit", (event) => {
    const form = event.target.closest("form.again");
    if (!form) return;
    event.preventDefault();
    const { literal } = form.elements;
    const question = new FormData(form, event.submitter).get("q");
    document.getElementById("question").focus();
    ask(question, { literal: Boolean(literal) });
  });
};
