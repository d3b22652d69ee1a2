// Files and folders dragged over the page: shows where they may fall, and takes them.

/** Call `take` with a promise of the files dropped anywhere on the page, each as { name, file, inFolder }. */
export const onDrop = (take) => {
  const shade = document.getElementById("drop");
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    shade.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    // Between two elements of the page there is a relatedTarget; out of the window there is none.
    if (!event.relatedTarget) shade.hidden = true;
  });
  addEventListener("drop", (event) => {
    shade.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    // The list of what was dropped is emptied when the event is over, so it is read to its end before anything waits.
    const files = [...event.dataTransfer.items].filter(({ kind }) => kind === "file");
    take(Promise.all(files.map(falls)));
  });
};

const falls = (item) => {
  const entry = item.webkitGetAsEntry?.();
  return entry?.isDirectory ? inside(entry) : [{ name: item.getAsFile().name, file: item.getAsFile() }];
};

/** All files in a folder and in its folders, each with the path by which it is found there. */
const inside = async (folder) => {
  const reader = folder.createReader();
  const found = [];
  while (true) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return (await Promise.all(found)).flat();
    for (const entry of entries) found.push(entry.isDirectory ? inside(entry) : named(entry));
  }
};

const named = async (entry) => {
  const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
  return [{ name: entry.fullPath.replace(/^\//, ""), file, inFolder: true }];
};
