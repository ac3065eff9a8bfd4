// An order of samples, by buttons: tap from first to last, then move up and down. It is a mark once every one is placed.

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
  const swap = (i, j) => {
    const next = [...placed];
    [next[i], next[j]] = [next[j], next[i]];
    place(next);
  };
  const step = (sign, label, act, off) =>
    h("button", { type: "button", class: "icon-button", "aria-label": label, disabled: off || !free, on: { click: act } }, icon(sign));
  function paint() {
    const rest = options.filter((option) => !placed.includes(option.value));
    const rows = placed.map((value, i) => h("li", {},
      h("span", { class: "num order-n", text: String(i + 1) }), h("strong", { text: name(value) }),
      step("up", say("judge.order.up", { name: name(value) }), () => swap(i, i - 1), i === 0),
      step("down", say("judge.order.down", { name: name(value) }), () => swap(i, i + 1), i === placed.length - 1)));
    element.replaceChildren(
      h("ol", { class: "order-list" }, rows),
      ...(rest.length ? [h("p", { class: "quiet", text: say("judge.order.tap") }), h("div", { class: "order-rest" },
        rest.map((option) => h("button", { type: "button", class: "value", disabled: !free, on: { click: () => place([...placed, option.value]) } }, h("span", { class: "digit", text: pick(option.label) }))))]
        : []),
      ...(blank ? [h("p", { class: "echo-words", text: say("judge.answer.none") })] : []),
      ...(!placed.length && !blank && free && item.unanswered ? [button(say("judge.answer.none"), () => cell.set(item.unanswered))] : []),
      ...(placed.length && rest.length ? [button(say("judge.order.again"), () => place([]))] : []));
  }
  return {
    element,
    focus: () => element.querySelector("button")?.focus({ preventScroll: true }),
    show(value, editable) {
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
