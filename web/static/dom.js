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

/** Replace what is in the elements of these ids by what another page has in them. */
export const renew = (page, ids) => {
  for (const id of ids) document.getElementById(id)?.replaceChildren(...page.getElementById(id).childNodes);
};

/** Tell what was done to who can't see it. */
export const say = (text) => {
  document.getElementById("said").textContent = text;
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
