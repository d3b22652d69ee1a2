// Thumbs up or down, noted without a reload; pressed again they are taken back.

import { reason, say, UNREACHABLE } from "./dom.js";

export const bind = (log) => {
  log.addEventListener("submit", async (event) => {
    const form = event.target.closest("form.feedback");
    if (!form) return;
    event.preventDefault();
    const { value } = event.submitter;
    const response = await fetch(`/api/turns/${encodeURIComponent(form.dataset.id)}/feedback`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ feedback: value === "none" ? null : value }),
    }).catch(() => null);
    if (response?.ok) show(form, (await response.json()).feedback);
    else say(response ? await reason(response) : UNREACHABLE);
  });
};

const show = (form, feedback) => {
  for (const button of form.querySelectorAll("[data-means]")) {
    const { means } = button.dataset;
    button.setAttribute("aria-pressed", String(means === feedback));
    button.setAttribute("value", means === feedback ? "none" : means);
  }
};
