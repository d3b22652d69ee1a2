// Sends forms and follows links marked data-swap without a reload: the parts of the page come anew from the server.

import { fetchPage, parsed, renew, UNREACHABLE } from "./dom.js";

let root = null;
/** The address of what is shown; a jump within the page changes nothing of it. */
let shown = "";
const place = () => location.pathname + location.search;
/** What has been asked for so far: a page that comes when another was asked for meanwhile isn't shown. */
let loads = 0;
let sending = false;

export const bind = (element) => {
  root = element;
  shown = place();
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
  addEventListener("popstate", () => place() !== shown && load(location.href, {}));
};

/** Show the page's parts as the server gives them now; what is ticked, typed or unfolded stays so. */
export const refresh = async () => {
  const before = loads;
  const page = await fetchPage(root.dataset.here);
  if (!page || before !== loads) return;
  show(page, ["shelves", "opening", "bulk", "leaves"], kept());
  document.dispatchEvent(new Event("swapped"));
};

/** What the visitor has done to the page, as a function that does it again. */
const kept = () => {
  const ticked = new Set([...root.querySelectorAll("[name=document]:checked")].map((box) => box.value));
  const unfolded = [...root.querySelectorAll("details[open][id]")];
  const typed = [...root.querySelectorAll("[type=text][id]")];
  return () => {
    for (const box of root.querySelectorAll("[name=document]")) box.checked = ticked.has(box.value);
    for (const { id } of unfolded) document.getElementById(id)?.setAttribute("open", "");
    for (const { id, value } of typed) if (document.getElementById(id)) document.getElementById(id).value = value;
  };
};

const found = (action, fields) => {
  const address = new URL(action);
  for (const [name, value] of [...fields]) if (!value) fields.delete(name);
  address.search = new URLSearchParams(fields);
  return address.href;
};

const load = async (address, { body, visit }) => {
  if (sending) return; // clicked twice, but meant once
  sending = Boolean(body);
  loads += 1;
  const mine = loads;
  const response = await fetch(address, body ? { method: "POST", body } : {}).catch(() => null);
  const page = response && (await parsed(response).catch(() => null));
  sending = false;
  if (mine !== loads) return;
  if (!page) {
    blame(UNREACHABLE);
    return;
  }
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
  shown = place();
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
const show = (page, parts, restore = () => {}) => {
  const held = document.activeElement;
  const part = parts.map((id) => document.getElementById(id)).find((each) => each?.contains(held));
  const row = held.closest?.("tr[data-id]");
  const place = row && [...row.parentElement.children].indexOf(row);
  renew(page, parts);
  restore();
  if (held.isConnected) return;
  const rows = [...root.querySelectorAll("tr[data-id]")];
  const next = row && rows[Math.min(place, rows.length - 1)];
  const same = row && rows.find((other) => other.dataset.id === row.dataset.id);
  const inRow = (same ?? next)?.querySelector(same && held.matches("[type=checkbox]") ? "[type=checkbox]" : ".title a");
  const heading = part?.querySelector("[tabindex='-1']") ?? document.getElementById("heading");
  (inRow ?? (held.isConnected ? held : document.getElementById(held.id)) ?? heading).focus();
};
