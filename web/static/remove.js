// Deletes a document after a confirmation, without a reload.

import { refresh, tell } from "./catalogue.js";
import { fill, reason, UNREACHABLE, word } from "./dom.js";

export const bind = (list) => {
  const dialog = document.getElementById("confirm");
  let chosen = null;
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a.delete");
    if (!link) return;
    event.preventDefault();
    chosen = link;
    dialog.returnValue = "";
    fill(dialog, { title: link.dataset.title }).showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "delete") remove(list, chosen.closest("[data-id]"), chosen.dataset.title);
  });
};

const remove = async (list, item, title) => {
  const position = [...list.children].indexOf(item);
  const address = `/api/documents/${encodeURIComponent(item.dataset.id)}`;
  const response = await fetch(address, { method: "DELETE" }).catch(() => null);
  // What is gone already is what was wanted.
  const gone = response?.ok || response?.status === 404;
  tell(gone ? word("deleted", { title }) : response ? await reason(response) : UNREACHABLE);
  await refresh();
  const next = list.querySelectorAll(".document .title")[position];
  (next ?? document.getElementById("documents-title")).focus();
};
