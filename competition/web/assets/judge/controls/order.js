// An order of samples: tap from first to last, then drag by the grip, or move up and down by buttons and keys.
// It is a mark once every one is placed.

import { button, h, icon } from "../dom.js";
import { pick, say } from "../words.js";

/**
 * @param {import("../types.js").Item} item
 * @param {{labelId: string, set: (value: string) => void}} cell
 */
export function order(item, cell) {
  const options = item.options || [];
  const name = (value) => pick(options.find((option) => option.value === value)?.label) || value;
  /** @type {string[]} */
  let placed = [];
  let free = true;
  let blank = false; // the contestant left it open, and that is recorded
  const element = h("div", { class: "order", role: "group", "aria-labelledby": cell.labelId });
  const place = (next) => {
    placed = next;
    if (placed.length === options.length) cell.set(placed.join(" "));
    paint();
  };
  const said = h("p", { class: "sr-only", role: "status" });
  const moved = (value) => (said.textContent = say("judge.order.moved", { name: name(value), n: placed.indexOf(value) + 1 }));
  const swap = (i, j) => {
    const next = [...placed];
    [next[i], next[j]] = [next[j], next[i]];
    place(next);
    moved(next[j]);
  };
  /** One finger on the grip carries a row past its neighbours; the page does not scroll meanwhile. */
  function carry(event) {
    if (!free || !event.isPrimary) return;
    const grip = event.currentTarget;
    const row = grip.closest("li");
    const list = row.parentElement;
    let from = event.clientY;
    grip.setPointerCapture(event.pointerId);
    row.classList.add("carried");
    const past = (other, before) => {
      const was = row.offsetTop;
      // The neighbour moves, not the row: a row taken out of the page would lose the finger.
      list.insertBefore(other, before);
      from += row.offsetTop - was;
    };
    const follow = (move) => {
      const middle = row.offsetTop + row.offsetHeight / 2 + move.clientY - from;
      const [above, below] = [row.previousElementSibling, row.nextElementSibling];
      if (above && middle < above.offsetTop + above.offsetHeight / 2) past(above, row.nextElementSibling);
      else if (below && middle > below.offsetTop + below.offsetHeight / 2) past(below, row);
      row.style.translate = `0 ${move.clientY - from}px`;
    };
    const drop = (end) => {
      for (const kind of ["pointermove", "pointerup", "pointercancel"]) grip.removeEventListener(kind, kind === "pointermove" ? follow : drop);
      const next = [...list.children].map((li) => li.dataset.value);
      if (end.type === "pointercancel" || next.join(" ") === placed.join(" ")) return paint();
      place(next);
      moved(row.dataset.value);
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("pointerup", drop);
    grip.addEventListener("pointercancel", drop);
  }
  const step = (sign, label, act, off) =>
    h("button", { type: "button", class: "icon-button", "aria-label": label, disabled: off || !free, on: { click: act } }, icon(sign));
  function paint() {
    const held = element.contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
    const rest = options.filter((option) => !placed.includes(option.value));
    const rows = placed.map((value, i) => h("li", { "data-value": value },
      h("span", { class: "num order-n", text: String(i + 1) }), h("strong", { text: name(value) }),
      h("span", { class: "grip", "aria-hidden": "true", on: { pointerdown: carry } }, icon("grip")),
      step("up", say("judge.order.up", { name: name(value) }), () => swap(i, i - 1), i === 0),
      step("down", say("judge.order.down", { name: name(value) }), () => swap(i, i + 1), i === placed.length - 1)));
    element.replaceChildren(
      h("ol", { class: "order-list" }, rows),
      ...(rest.length ? [h("p", { class: "quiet", text: say("judge.order.tap") }), h("div", { class: "order-rest" },
        rest.map((option) => h("button", { type: "button", class: "value", disabled: !free, on: { click: () => place([...placed, option.value]) } }, h("span", { class: "digit", text: pick(option.label) }))))]
        : []),
      ...(blank ? [h("p", { class: "echo-words", text: say("judge.answer.none") })] : []),
      ...(!placed.length && !blank && free && item.unanswered ? [button(say("judge.answer.none"), () => cell.set(item.unanswered ?? ""))] : []),
      said,
      ...(placed.length && rest.length ? [button(say("judge.order.again"), () => place([]))] : []));
    if (!held) return;
    // The hand stays on the row it moved, also where the row came to an end of the list.
    const again = [...element.querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === held);
    /** @type {HTMLElement|null|undefined} */ (again?.disabled ? again.parentElement?.querySelector("button:enabled") : again)?.focus({ preventScroll: true });
  }
  return {
    element,
    focus: () => element.querySelector("button")?.focus({ preventScroll: true }),
    show(value, editable) {
      if (element.querySelector(".carried")) return; // a finger is on it; the drop paints anew
      free = editable;
      blank = value !== null && value === item.unanswered;
      if (blank) placed = [];
      else if (value !== null) placed = value.split(" ");
      else if (placed.length === options.length) placed = [];
      paint();
    },
    type(character) {
      const found = options.find((option) => option.value.toLowerCase() === character.toLowerCase());
      if (found && !placed.includes(found.value)) place([...placed, found.value]);
    },
  };
}
