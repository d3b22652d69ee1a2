// Looks now and then whether it is known what the document is about, and shows it in its place.

import { fetchPage, renew } from "./dom.js";

const PAUSE_MS = 3000;

export const bind = (section) => {
  const look = async () => {
    const page = document.hidden ? null : await fetchPage(location.href);
    const told = page?.getElementById(section.id);
    if (told && !told.dataset.module) renew(page, [section.id]);
    else if (page && !told) return; // the document is gone
    else setTimeout(look, PAUSE_MS);
  };
  setTimeout(look, PAUSE_MS);
};
