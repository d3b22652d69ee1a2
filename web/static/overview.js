// Looks now and then whether it is known what the document is about, and shows it in its place.

import { parsed, renew } from "./dom.js";

const PAUSE_MS = 3000;

export const bind = (section) => {
  const look = async () => {
    const response = document.hidden ? null : await fetch(location.href).catch(() => null);
    if (response?.status === 404) return; // the document is gone
    const page = response?.ok ? await parsed(response) : null;
    if (page && !page.getElementById(section.id).dataset.module) renew(page, [section.id]);
    else setTimeout(look, PAUSE_MS);
  };
  setTimeout(look, PAUSE_MS);
};
