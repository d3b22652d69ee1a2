// Templates of the page: cloned, and filled with text as text; the words for scripts. Parts of a page, fetched anew.

/** The first element of the page's template of this name, as a new element. */
export const clone = (name) => document.getElementById(name).content.firstElementChild.cloneNode(true);

/** All of the page's template of this name, as a new fragment. */
export const cloneAll = (name) => document.getElementById(name).content.cloneNode(true);

/** Put each value where data-field names it. */
export const fill = (root, values) => {
  for (const place of root.querySelectorAll("[data-field]")) {
    const value = values[place.dataset.field];
    if (value !== undefined) place.textContent = value ?? "";
  }
  return root;
};

/** A response as a page. */
export const parsed = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");

/** A page of ours as the server gives it now; nothing if it doesn't. */
export const fetchPage = async (address) => {
  const response = await fetch(address).catch(() => null);
  return response?.ok ? parsed(response) : null;
};

/** Replace what is in the elements of these ids by what another page has in them; the focus stays where it can. */
export const renew = (page, ids) => {
  for (const id of ids) {
    const part = document.getElementById(id);
    const held = part?.contains(document.activeElement) ? document.activeElement : null;
    part?.replaceChildren(...page.getElementById(id).childNodes);
    if (held && !held.isConnected) same(part, held)?.focus();
  }
};

/** What has taken an element's place: of the same id, address or value. */
const same = (part, held) => {
  const marks = ["id", "href", "name", "value", "data-id"].filter((mark) => held.getAttribute(mark));
  const alike = marks.map((mark) => `[${mark}="${CSS.escape(held.getAttribute(mark))}"]`).join("");
  return alike ? part.querySelector(held.tagName.toLowerCase() + alike) : null;
};

const SAID_MS = 6000;
let said = 0;

/** Tell what was done: in a line that passes, and to who can't see it. */
export const say = (text) => {
  const line = document.getElementById("said");
  line.textContent = text;
  clearTimeout(said);
  said = setTimeout(() => line.replaceChildren(), SAID_MS);
};

/** What the page's words say under this name, each value in the place of its {name}. */
export const word = (name, values = {}) => {
  const said = document.getElementById("words").content.querySelector(`[data-word="${name}"]`).textContent;
  return said.replace(/\{(\w+)\}/g, (_, key) => (typeof values[key] === "number" ? number(values[key]) : values[key]));
};

// As the server writes numbers, also where the language has digits of its own.
const number = (value) => value.toLocaleString(document.documentElement.lang, { numberingSystem: "latn" });

/** What a response says went wrong, in words. */
export const reason = async (response) => {
  const problem = await response.json().catch(() => ({}));
  return problem.detail || problem.title || word("answered", { status: String(response.status) });
};

/** Said when the server can't be reached at all. */
export const UNREACHABLE = word("unreachable");
