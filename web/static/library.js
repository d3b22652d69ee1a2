// The library's list: ticks all at once, says how many are ticked, and takes the undo away when its time is over.

import { word } from "./dom.js";
import { refresh } from "./swap.js";

export const bind = (main) => {
  main.addEventListener("change", (event) => {
    if (event.target.id === "all") for (const box of boxes(main)) box.checked = event.target.checked;
    count(main);
  });
  document.addEventListener("documents", refresh);
  document.addEventListener("swapped", () => {
    count(main);
    limit();
  });
  limit();
};

const boxes = (main) => [...main.querySelectorAll("[name=document][type=checkbox]")];

const count = (main) => {
  const all = document.getElementById("all");
  if (!all) return;
  const ticked = boxes(main).filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes(main).length;
  all.indeterminate = ticked > 0 && !all.checked;
  document.getElementById("ticked").textContent = ticked ? word("ticked", { n: ticked }) : "";
};

const limit = () => {
  const form = document.getElementById("undo");
  if (!form || form.dataset.running) return;
  form.dataset.running = "yes";
  setTimeout(() => {
    if (form.contains(document.activeElement)) document.getElementById("heading").focus();
    form.remove();
  }, Number(form.dataset.seconds) * 1000);
};
