// Adds documents without a reload: by the button, or dropped anywhere on the page.

import { tell } from "./catalogue.js";
import { reason, UNREACHABLE } from "./dom.js";
import { clear, follow, track } from "./jobs.js";
import { onDrop } from "./drop.js";

export const bind = (form) => {
  const { files } = form.elements;
  files.addEventListener("change", () => send(form, [...files.files]));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, [...files.files]);
  });
  onDrop((dropped) => send(form, dropped));
  follow();
};

const send = async (form, files) => {
  if (files.length === 0) return;
  const body = new FormData();
  body.append("collection", form.elements.collection.value);
  for (const file of files) body.append("files", file);
  clear();
  blame("");
  tell(files.length === 1 ? `Sending ${files[0].name} …` : `Sending ${files.length} files …`);
  const response = await fetch("/api/documents", { method: "POST", body }).catch(() => null);
  tell("");
  form.reset();
  if (!response?.ok) {
    blame(response ? await reason(response) : UNREACHABLE);
    return;
  }
  const { jobs } = await response.json();
  jobs.forEach(track);
  follow();
};

const blame = (text) => {
  const place = document.getElementById("problems");
  place.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "failure";
  line.textContent = text;
  place.append(line);
};
