// Hides the notice that the models are loading once they are here.

import { refresh } from "./catalogue.js";

const PAUSE_MS = 1000;

export const bind = async (notice) => {
  if (notice.hidden) return;
  while (!(await ready())) await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  notice.hidden = true;
  refresh();
};

const ready = () => fetch("/readyz").then((response) => response.ok, () => false);
