// Asks without a reload: the answer streams into the conversation, the focus stays in the question box.

import { add, address, current, enter, last, reveal, settle } from "./conversation.js";
import { reason, say, UNREACHABLE } from "./dom.js";
import { events } from "./events.js";
import * as turn from "./turn.js";

const LOOKS = 40;
const PAUSE_MS = 150;

/** How a telling ends that the server, which may have kept a turn, didn't bring to its end. */
const STOPPED = { lost: true };
const BROKEN = { lost: true, error: UNREACHABLE };

const form = document.getElementById("ask");
const busy = () => form.getAttribute("aria-busy") === "true";

export const bind = () => {
  const box = form.elements.q;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy()) return;
    ask(box.value);
    box.value = "";
    box.focus();
  });
};

/** Ask in the conversation. literal: the question stands alone. */
export const ask = async (question, { literal = false } = {}) => {
  if (busy()) return;
  const before = last();
  const article = add(turn.begin(question));
  const stopper = new AbortController();
  const stop = () => stopper.abort();
  const onEscape = (event) => event.key === "Escape" && stop();
  article.querySelector(".stop").addEventListener("click", stop);
  form.addEventListener("keydown", onEscape);
  form.setAttribute("aria-busy", "true");
  article.setAttribute("aria-busy", "true");
  reveal(article);
  const came = await stream(article, question, literal, stopper.signal).catch(() => BROKEN);
  form.removeEventListener("keydown", onEscape);
  const shown = await finish(article, question, before, stopper.signal.aborted ? STOPPED : came);
  form.removeAttribute("aria-busy");
  // A question may be longer than the window: what went wrong with it must be seen.
  reveal(shown.querySelector("[role=alert]") ?? shown);
};

/** Put the article into its last state; the article that then stands for the turn. */
const finish = async (article, question, before, { kept, error, refused, lost }) => {
  if (article.contains(document.activeElement)) form.elements.q.focus();
  if (lost && !error) say(turn.halt(article));
  const found = lost ? await look(question, before) : kept;
  const shown = found ? await settle(article, found) : article;
  if (error && !found) {
    turn.fail(article, error);
    form.elements.q.value ||= question;
  }
  if (refused) await leave(before);
  turn.end(shown);
  return shown;
};

/** Streams the answer into the article; the turn as it was kept, or what went wrong in words. */
const stream = async (article, question, literal, signal) => {
  const { document: scope, collection } = form.elements;
  if (!current()) {
    const begun = await post("/api/conversations", { collection: collection.value }, signal);
    if (!begun.ok) return { error: await reason(begun), refused: true };
    enter((await begun.json()).id);
  }
  const documents = scope.value.split(" ").filter(Boolean);
  const response = await post(`/api${address(current())}/turns`, { question, documents, literal }, signal);
  if (!response.ok) return { error: await reason(response), refused: true };
  for await (const { name, data } of events(response)) {
    if (name === "understood") turn.understand(article, data);
    if (name === "found") turn.announce(article, data);
    if (name === "piece") turn.append(article, data);
    if (name === "notice") turn.notice(article, data);
    if (name === "error") return { error: data.detail || data.title };
    if (name === "done") return { kept: data };
  }
  return BROKEN;
};

const post = (path, body, signal) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });

/** The turn that the server keeps of an answer not heard to its end, once it has; nothing, if it doesn't in time. */
const look = async (question, before) => {
  for (let looks = 0; current() && looks < LOOKS; looks += 1) {
    const response = await fetch(`/api${address(current())}?limit=1`).catch(() => null);
    if (!response?.ok) return undefined;
    const [newest] = (await response.json()).turns;
    if (newest?.number > before && newest.question === question) return newest;
    await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  }
  return undefined;
};

/** A conversation whose first question was refused holds nothing: it goes. */
const leave = async (before) => {
  if (before > 0 || !current() || location.pathname === address(current())) return;
  await fetch(`/api${address(current())}`, { method: "DELETE" }).catch(() => null);
  enter("");
};
