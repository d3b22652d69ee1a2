// Shows the sentence behind a number of the answer, as long as one of both is pointed at or the number has the focus.

const NUMBER = ".mark[href^='#']";

let peek = null;
let number = null;

export const bind = (log) => {
  log.addEventListener("pointerover", (event) => show(event.target.closest(NUMBER)));
  log.addEventListener("pointerout", leave);
  log.addEventListener("focusin", (event) => show(event.target.closest(NUMBER)));
  log.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("opened", hide);
  // Reaching a number by a key may scroll the page: its sentence goes with it.
  document.addEventListener("scroll", () => peek && (number === document.activeElement ? place() : hide()), true);
};

const show = (mark) => {
  const quote = mark && document.getElementById(mark.hash.slice(1))?.querySelector("q");
  if (!quote) return;
  hide();
  number = mark;
  peek = document.createElement("div");
  peek.id = "peek";
  peek.setAttribute("role", "tooltip");
  peek.dir = "auto";
  peek.textContent = quote.textContent;
  peek.addEventListener("pointerout", leave);
  mark.setAttribute("aria-describedby", "peek");
  document.body.append(peek);
  place();
};

/** Above the number, or beneath where there is no room: without a gap, so that the pointer gets from one to the other. */
const place = () => {
  const { left, top, bottom } = number.getBoundingClientRect();
  const { width, height } = peek.getBoundingClientRect();
  const room = document.documentElement.clientWidth - width - 8;
  peek.style.left = `${Math.max(8, Math.min(left, room))}px`;
  peek.style.top = `${top > height + 8 ? top - height : bottom}px`;
};

const leave = ({ target, relatedTarget }) => {
  const left = target === peek || target.closest(NUMBER);
  if (left && relatedTarget !== peek && !number?.contains(relatedTarget)) hide();
};

const hide = () => {
  number?.removeAttribute("aria-describedby");
  peek?.remove();
  peek = null;
  number = null;
};
