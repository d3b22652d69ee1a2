// Asks about a sentence of the open book, or copies a link to it: one that is marked, or that the reader selects.

import { clone, say, word } from "./dom.js";

let bar = null;

const box = () => document.getElementById("question");
const story = () => document.querySelector("#book .story");

export const bind = () => {
  document.addEventListener("selectionchange", () => bar && !selected() && hide());
  document.addEventListener("pointerup", settle);
  document.addEventListener("keyup", (event) => (event.key === "Escape" ? hide() : event.shiftKey && settle(event)));
  document.addEventListener("opened", hide);
  document.addEventListener("click", (event) => {
    const share = event.target.closest("#book .share");
    if (share) copy(share.value);
    const asking = event.target.closest("#tools a");
    if (!asking) return;
    event.preventDefault();
    ask(new URL(asking.href).searchParams.get("q"));
  });
};

/** The stretch of the document that is selected, in its own offsets. */
const selected = () => {
  const selection = document.getSelection();
  if (selection.isCollapsed || !story()?.contains(selection.anchorNode) || !story().contains(selection.focusNode)) {
    return null;
  }
  const range = selection.getRangeAt(0);
  const start = offset(range.startContainer, range.startOffset);
  const end = offset(range.endContainer, range.endOffset);
  const text = selection.toString().trim().replace(/\s+/g, " ");
  return text && start !== null && end > start ? { start, end, text, range } : null;
};

/** Code points before a place, counted from the beginning of the document. */
const offset = (node, index) => {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const block = element.closest("[data-start]");
  if (!block) return null;
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(node, index);
  return Number(block.dataset.start) + [...before.toString()].length;
};

const settle = (event) => {
  if (event.target instanceof Element && event.target.closest("#selected")) return;
  const found = selected();
  if (!found) return;
  hide();
  bar = clone("selection");
  const [asking, sharing] = bar.querySelectorAll("button");
  const { id, quotable } = document.getElementById("book").dataset;
  const quoted = ` (“${found.text}”)`;
  if ([...quoted].length > Number(quotable)) asking.remove();
  asking.addEventListener("click", () => ask(quoted));
  sharing.addEventListener("click", () => copy(`/documents/${encodeURIComponent(id)}#s=${found.start}-${found.end}`));
  document.body.append(bar);
  const { left, top, bottom } = found.range.getBoundingClientRect();
  const { width, height } = bar.getBoundingClientRect();
  bar.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
  const lowest = document.documentElement.clientHeight - height - 8;
  bar.style.top = `${Math.max(8, Math.min(top > height + 16 ? top - height - 8 : bottom + 8, lowest))}px`;
};

const hide = () => {
  bar?.remove();
  bar = null;
};

const ask = (quoted) => {
  hide();
  document.getSelection().removeAllRanges();
  box().value = quoted;
  box().focus();
  box().setSelectionRange(0, 0); // a question is understood best with the sentence behind it
  box().scrollLeft = 0;
  say(word("quoted"));
};

const copy = async (path) => {
  const held = bar?.contains(document.activeElement);
  hide();
  if (held) document.getElementById("book").focus({ preventScroll: true });
  const copied = await navigator.clipboard?.writeText(new URL(path, location.href).href).then(
    () => true,
    () => false,
  );
  say(word(copied ? "link-copied" : "no-clipboard"));
};
