// The progress of uploads, as the server tells it: by events, or asked for now and then where no events come.

import { refresh } from "./catalogue.js";
import { clone, fill, word } from "./dom.js";
import { events } from "./events.js";

const PAUSE_MS = 1000;
const REFRESH_MS = 2000;
/** Lines on the page; of more uploads, those that are under way take the place of those that are done. */
const MOST_LINES = 20;
const FINAL = new Set(["done", "failed", "cancelled"]);

const list = document.getElementById("jobs");
const round = document.getElementById("round");
const lines = () => [...list.children];
const lineOf = (job) => lines().find((item) => item.dataset.id === job.id);
const underWay = () => left > 0 || lines().some((item) => !FINAL.has(item.dataset.state));
let left = 0;
let following = false;
let stale = false;
let refreshed = 0;

/** Put an upload on the list, if there is room. */
export const track = (job) => {
  if (!FINAL.has(job.state)) left += 1;
  if (!makeRoom()) return;
  const item = clone("job");
  item.dataset.id = job.id;
  list.append(item);
  show(item, job);
};

/** Take those that have ended off the list. */
export const clear = () => {
  for (const item of lines()) if (FINAL.has(item.dataset.state)) item.remove();
};

/** Tell how far the uploads are until all have ended. */
export const follow = async () => {
  if (following) return;
  following = true;
  while (underWay()) {
    busy(true);
    await listen().catch(() => null);
    if (underWay()) await look();
    if (underWay()) await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  }
  busy(false);
  following = false;
};

/** Take events in until all have ended, or the connection does. */
const listen = async () => {
  const stopper = new AbortController();
  try {
    const response = await fetch("/api/jobs/events", { signal: stopper.signal });
    if (!response.ok) return;
    let begun = false;
    for await (const { name, data } of events(response)) {
      if (name === "job") take(data, { news: begun });
      if (name === "round") {
        begun = true;
        await tell(data);
        if (!underWay()) return;
      }
    }
  } finally {
    stopper.abort();
  }
};

/** Ask once how far they are. */
const look = async () => {
  const response = await fetch("/api/jobs").catch(() => null);
  if (!response?.ok) return;
  const told = await response.json();
  for (const job of told.jobs) take(job, { news: false });
  await tell(told.round);
};

/** news: it has just changed. What ended before, and isn't on the page, needn't be. */
const take = (job, { news }) => {
  const item = lineOf(job);
  if (job.state === "done" && (news || (item && !FINAL.has(item.dataset.state)))) stale = true;
  if (item) show(item, job);
  else if (!FINAL.has(job.state) || (news && job.state === "failed")) {
    if (lines().length < MOST_LINES || job.state !== "waiting") track(job);
  }
};

const tell = async ({ jobs, ended, words }) => {
  left = jobs - ended;
  document.getElementById("more")?.remove();
  round.hidden = jobs < 2 || left === 0;
  fill(round, { round: words });
  if (!stale || (left > 0 && Date.now() - refreshed < REFRESH_MS)) return;
  stale = false;
  refreshed = Date.now();
  await refresh();
};

/** Whether the list has room for one more, once the first that is done has gone. */
const makeRoom = () => {
  if (lines().length >= MOST_LINES) lines().find((item) => item.dataset.state === "done")?.remove();
  return lines().length < MOST_LINES;
};

/** What changes several times a second isn't read out; how it ends is. */
const busy = (working) => {
  document.getElementById("uploads").ariaBusy = String(working);
};

const show = (item, job) => {
  const ended = FINAL.has(job.state);
  item.dataset.state = job.state;
  fill(item, { name: job.name, words: job.words, error: job.error ?? "" });
  item.querySelector("[data-field=error]").hidden = !job.error;
  item.querySelector("form").hidden = ended;
  item.querySelector("button").setAttribute("aria-label", word("cancel", { name: job.name }));
  const bar = item.querySelector("progress");
  bar.hidden = ended;
  bar.setAttribute("aria-label", job.name);
  if (job.total > 0) {
    bar.max = job.total;
    bar.value = job.done;
  }
};

list.addEventListener("submit", (event) => {
  event.preventDefault();
  const { id } = event.target.closest("[data-id]").dataset;
  fetch(`/api/jobs/${encodeURIComponent(id)}`, { method: "DELETE" }).catch(() => null);
});

round.addEventListener("submit", (event) => {
  event.preventDefault();
  fetch("/api/jobs/cancel", { method: "POST" }).catch(() => null);
});
