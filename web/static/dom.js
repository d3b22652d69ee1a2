// Templates of the page: cloned, and filled with text as text.

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

/** What a response says went wrong, in words. */
export const reason = async (response) => {
  const problem = await response.json().catch(() => ({}));
  return problem.detail || problem.title || `The server answered ${response.status}.`;
};

/** Said when the server can't be reached at all. */
export const UNREACHABLE = "The server does not answer. Check that storybot is still running, then try again.";
