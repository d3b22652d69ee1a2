// Adds documents without a reload: by the buttons, or dropped anywhere on the page; files and whole folders.

import { tell } from "./catalogue.js";
import { reason, UNREACHABLE, word } from "./dom.js";
import { clear, follow, track } from "./jobs.js";
import { onDrop } from "./drop.js";

/** What one request carries at most: the server takes a request whole. */
const MOST_FILES = 50;
const MOST_BYTES = 32e6;

export const bind = (form) => {
  const [files, folder] = form.querySelectorAll("[type=file]");
  const sendFiles = () => send(form, [...files.files].map((file) => ({ name: file.name, file })));
  const sendFolder = () => send(form, [...folder.files].map(inFolder));
  files.addEventListener("change", sendFiles);
  folder.addEventListener("change", sendFolder);
  // What was chosen before this script came.
  if (files.files.length > 0) sendFiles();
  if (folder.files.length > 0) sendFolder();
  onDrop((dropped) => dropped.then((found) => send(form, found.flat()), () => blame(word("unreadable"))));
  follow();
};

const inFolder = (file) => ({ name: file.webkitRelativePath, file, inFolder: true });

const send = async (form, found) => {
  const chosen = found.filter((item) => !item.inFolder || wanted(item.name, form.querySelector("[accept]").accept));
  clear();
  document.getElementById("problems").replaceChildren();
  form.reset();
  if (found.length > 0 && chosen.length === 0) blame(word("nothing-readable"));
  let sent = 0;
  for (const files of requests(chosen)) {
    tell(chosen.length === 1 ? word("sending-one", { name: chosen[0].name }) : word("sending", { n: chosen.length, sent }));
    const response = await post(form, files);
    if (response?.ok) {
      (await response.json()).jobs.forEach(track);
      follow();
      sent += files.length;
    } else blame(response ? await reason(response) : UNREACHABLE);
    if (!response || response.status >= 500) break;
  }
  const left = found.length - chosen.length;
  tell(left && sent ? word("left-out", { n: left }) : "");
};

/** Of a folder only what can be read is sent, and nothing that is hidden. */
const wanted = (name, accept) =>
  !name.split("/").some((part) => part.startsWith(".")) &&
  accept.split(",").some((ending) => name.toLowerCase().endsWith(ending));

const isArchive = ({ name }) => name.toLowerCase().endsWith(".zip");

/** The files in portions, each small enough for a request, or one file alone: so an archive that is refused is. */
const requests = (files) => {
  const portions = [];
  let bytes = 0;
  for (const item of files) {
    bytes += item.file.size;
    const last = portions.at(-1);
    if (!last || last.length === MOST_FILES || bytes > MOST_BYTES || isArchive(item) || isArchive(last[0])) {
      portions.push([]);
      bytes = item.file.size;
    }
    portions.at(-1).push(item);
  }
  return portions;
};

const post = (form, files) => {
  const body = new FormData();
  body.append("collection", form.elements.collection.value);
  for (const { name, file } of files) body.append("files", file, name);
  return fetch("/api/documents", { method: "POST", body }).catch(() => null);
};

const blame = (text) => {
  const line = document.createElement("p");
  line.className = "failure";
  line.textContent = text;
  document.getElementById("problems").append(line);
};
