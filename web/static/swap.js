// Sends forms and follows links marked data-swap without a reload: the parts of the page come anew from the server.

import { fetchPage, parsed, renew, UNREACHABLE } from "./dom.js";

let root = null;

export const bind = (element) => {
  root = element;
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-swap]")) return;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    if (form.method === "post") load(form.action, { body: fields });
    else load(found(form.action, fields), { visit: true });
  });
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    load(link.href, { visit: true });
  });
  addEventListener("popstate", () => load(location.href, {}));
};

/** Show the page's parts as the server gives them now; what is ticked stays so. */
export const refresh = async () => {
  const page = await fetchPage(root.dataset.here);
  if (!page) return;
  const ticked = new Set([...root.querySelectorAll("[name=document]:checked")].map((box) => box.value));
  show(page, ["shelves", "opening", "bulk", "leaves"]);
  for (const box of root.querySelectorAll("[name=document]")) box.checked = ticked.has(box.value);
  document.dispatchEvent(new Event("swapped"));
};

const found = (action, fields) => {
  const address = new URL(action);
  for (const [name, value] of [...fields]) if (!value) fields.delete(name);
  address.search = new URLSearchParams(fields);
  return address.href;
};

const load = async (address, { body, visit }) => {
  const response = await fetch(address, body ? { method: "POST", body } : {}).catch(() => null);
  if (!response) {
    blame(UNREACHABLE);
    return;
  }
  const page = await parsed(response);
  if (!page.getElementById(root.id)?.dataset.here) {
    // Another page, as a conversation, or one that says what isn't there.
    if (response.ok) location.assign(response.url);
    else blame(page.querySelector("main p").textContent);
    return;
  }
  root.dataset.here = page.getElementById(root.id).dataset.here;
  document.title = page.title;
  if (visit) history.pushState(null, "", address);
  else if (body) history.replaceState(null, "", root.dataset.here);
  show(page, root.dataset.parts.split(" "));
  document.dispatchEvent(new Event("swapped"));
};

const blame = (text) => {
  const line = document.createElement("p");
  line.className = "failure";
  line.textContent = text;
  document.getElementById("wrong").replaceChildren(line);
};

/** The focus stays where it was, or goes to what stands there now, or to the heading. */
const show = (page, parts) => {
  const held = document.activeElement;
  const row = held.closest?.("tr[data-id]");
  const place = row && [...row.parentElement.children].indexOf(row);
  renew(page, parts);
  if (held.isConnected) return;
  const rows = [...root.querySelectorAll("tr[data-id]")];
  const next = row && rows[Math.min(place, rows.length - 1)];
  const same = row && rows.find((other) => other.dataset.id === row.dataset.id);
  const inRow = (same ?? next)?.querySelector(same && held.matches("[type=checkbox]") ? "[type=checkbox]" : ".title a");
  (inRow ?? document.getElementById(held.id || "heading") ?? document.getElementById("heading")).focus();
};
