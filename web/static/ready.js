// Hides the notice that the models are loading once they are here, or says why they can't come.

import { refresh } from "./catalogue.js";

const PAUSE_MS = 1000;

export const bind = async (notice) => {
  if (notice.hidden) return;
  for (let state = await look(); state.status !== "ready"; state = await look()) {
    // Written once, as each writing may be read out.
    if (state.status === "failed" && notice.textContent !== state.detail) notice.textContent = state.detail;
    await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  }
  notice.hidden = true;
  refresh();
};

const look = () => fetch("/readyz").then((response) => response.json(), () => ({ status: "away" }));
