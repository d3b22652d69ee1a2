// The list of documents, fetched anew from the page itself, so that its markup is written once.

import { fetchPage, renew } from "./dom.js";

/** Bring the list, the choice of documents and the suggestions up to date, and tell the page so. */
export const refresh = async () => {
  if (document.getElementById("ask")) await renewBeside();
  document.dispatchEvent(new Event("documents"));
};

const renewBeside = async () => {
  const scope = document.getElementById("scope");
  const chosen = scope.value;
  const collection = document.querySelector("#ask [name=collection]").value;
  const page = await fetchPage(`/?${new URLSearchParams({ collection, document: chosen })}`);
  if (!page) return;
  renew(page, ["documents", "scope", "welcome"]);
  scope.value = chosen;
  if (scope.selectedIndex < 0) scope.selectedIndex = 0;
};

/** Tell what has just happened to the documents. */
export const tell = (text) => {
  document.getElementById("news").textContent = text;
};

addEventListener("pageshow", (event) => {
  if (event.persisted) refresh();
});
