// Asks without a reload: the answer streams into the conversation, the focus stays in the question box.

import { add, remember, reveal } from "./conversation.js";
import { reason, UNREACHABLE } from "./dom.js";
import { events } from "./events.js";
import * as turn from "./turn.js";

export const bind = (form) => {
  const box = form.elements.q;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    ask(form, box.value);
    box.value = "";
    box.focus();
  });
  document.getElementById("conversation").addEventListener("click", (event) => {
    const suggestion = event.target.closest(".suggestions a");
    if (!suggestion || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    box.value = suggestion.textContent;
    form.requestSubmit();
  });
};

const ask = async (form, question) => {
  const article = add(turn.begin(question));
  form.setAttribute("aria-busy", "true");
  article.setAttribute("aria-busy", "true");
  reveal(article);
  const error = await stream(form, question, article).catch(() => UNREACHABLE);
  if (error) {
    turn.fail(article, error);
    form.elements.q.value ||= question;
  }
  article.removeAttribute("aria-busy");
  form.removeAttribute("aria-busy");
  reveal(article);
};

/** Streams the answer into the article; what went wrong in words, or nothing. */
const stream = async (form, question, article) => {
  const { document: scope, collection } = form.elements;
  const documents = scope.value ? [scope.value] : [];
  const response = await fetch("/api/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ question, documents, collection: collection.value }),
  });
  if (!response.ok) return reason(response);
  for await (const { name, data } of events(response)) {
    if (name === "found") turn.announce(article, data);
    if (name === "piece") turn.append(article, data);
    if (name === "error") return data.detail || data.title;
    if (name === "done") {
      turn.finish(article, data);
      remember(data);
      return undefined;
    }
  }
  return UNREACHABLE;
};
