// Shows the sentence behind a number of the answer, as long as the number is pointed at or has the focus.

let peek = null;

export const bind = (log) => {
  log.addEventListener("pointerover", (event) => show(event.target.closest(".mark[href^='#']")));
  log.addEventListener("pointerout", (event) => event.target.closest(".mark") && hide());
  log.addEventListener("focusin", (event) => show(event.target.closest(".mark[href^='#']")));
  log.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("opened", hide);
};

const show = (mark) => {
  const quote = mark && document.getElementById(mark.hash.slice(1))?.querySelector("q");
  if (!quote) return;
  hide();
  peek = document.createElement("div");
  peek.id = "peek";
  peek.setAttribute("role", "tooltip");
  peek.dir = "auto";
  peek.textContent = quote.textContent;
  mark.setAttribute("aria-describedby", "peek");
  document.body.append(peek);
  const { left, top, bottom } = mark.getBoundingClientRect();
  const { width, height } = peek.getBoundingClientRect();
  const room = document.documentElement.clientWidth - width - 8;
  peek.style.left = `${Math.max(8, Math.min(left, room))}px`;
  peek.style.top = `${top > height + 8 ? top - height - 6 : bottom + 6}px`;
};

const hide = () => {
  document.querySelector("[aria-describedby=peek]")?.removeAttribute("aria-describedby");
  peek?.remove();
  peek = null;
};
