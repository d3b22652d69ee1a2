// Asks the language model that the form names for one sentence, without a reload, so that a typed key stays typed.

import { reason, UNREACHABLE } from "./dom.js";

const FIELDS = ["llm_url", "llm_model", "llm_key"];

export const bind = (group) => {
  const button = group.querySelector("[formaction]");
  const line = group.querySelector("#trial p");
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    show(line, button.dataset.asking, "waiting");
    const response = await ask(named(group)).catch(() => null);
    if (response?.ok) {
      const { answered, words } = await response.json();
      show(line, words, answered ? "worked" : "failure");
    } else show(line, response ? await reason(response) : UNREACHABLE, "failure");
    button.removeAttribute("aria-busy");
  });
};

/** The fields that can be changed; a key that wasn't typed is the one that there is. */
const named = (group) => {
  const fields = FIELDS.map((name) => group.querySelector(`#${name}`)).filter((field) => !field.disabled);
  return Object.fromEntries(fields.filter(({ name, value }) => value || name !== "llm_key").map(({ name, value }) => [name, value]));
};

const ask = (body) =>
  fetch("/api/settings/test", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

const show = (line, words, state) => {
  line.hidden = false;
  line.className = state;
  line.textContent = words;
};
