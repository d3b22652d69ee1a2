// The progress of uploads, with the fractions that the server tells.

import { refresh } from "./catalogue.js";
import { clone, fill } from "./dom.js";

const PAUSE_MS = 400;
const FINAL = new Set(["done", "failed", "cancelled"]);

const list = document.getElementById("jobs");
const underWay = () => [...list.children].filter((item) => !FINAL.has(item.dataset.state));
let following = false;

/** Put an upload on the list. */
export const track = (job) => {
  const item = clone("job");
  item.dataset.id = job.id;
  list.append(item);
  show(item, job);
};

/** Take those that have ended off the list. */
export const clear = () => {
  for (const item of [...list.children]) if (FINAL.has(item.dataset.state)) item.remove();
};

/** Ask how far the uploads are until all have ended. */
export const follow = async () => {
  if (following) return;
  following = true;
  while (underWay().length > 0) {
    await update();
    await new Promise((resume) => setTimeout(resume, PAUSE_MS));
  }
  following = false;
};

const update = async () => {
  const response = await fetch("/api/jobs").catch(() => null);
  if (!response?.ok) return;
  const jobs = new Map((await response.json()).jobs.map((job) => [job.id, job]));
  const waited = underWay();
  for (const item of waited) show(item, jobs.get(item.dataset.id) ?? LOST);
  if (waited.some((item) => item.dataset.state === "done")) await refresh();
};

// Jobs live in the server's memory: one that it no longer knows was lost in a restart.
const LOST = { state: "failed", done: 0, total: 0, error: "The server was restarted meanwhile. Add the file again." };

const show = (item, job) => {
  const ended = FINAL.has(job.state);
  const words = JSON.parse(document.getElementById("job").dataset.words)[job.state];
  item.dataset.state = job.state;
  fill(item, {
    name: job.name,
    words: words.replace("{done}", job.done).replace("{total}", job.total),
    error: job.error ?? "",
  });
  item.querySelector("[data-field=error]").hidden = !job.error;
  item.querySelector("form").hidden = ended;
  item.querySelector("button").setAttribute("aria-label", `Cancel ${item.querySelector("[data-field=name]").textContent}`);
  const bar = item.querySelector("progress");
  bar.hidden = ended;
  bar.setAttribute("aria-label", item.querySelector("[data-field=name]").textContent);
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
