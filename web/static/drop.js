// Files dragged over the page: shows where they may fall, and takes them.

/** Call `take` with the files dropped anywhere on the page. */
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
    take(files(event.dataTransfer));
  });
};

// A folder among them can't be sent: the browser hands it over as a file that it then fails to read.
const files = ({ items }) =>
  [...items].filter((item) => !item.webkitGetAsEntry()?.isDirectory).map((item) => item.getAsFile());
