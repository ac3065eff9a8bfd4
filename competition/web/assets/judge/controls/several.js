// Some of a few options (a multiple choice). Each tap is a mark: the options chosen so far, in the scale's order.

import { h, icon } from "../dom.js";
import { pick, say } from "../words.js";

/**
 * @param {import("../types.js").Item} item
 * @param {{labelId: string, set: (value: string) => void, clear: () => void}} cell
 */
export function several(item, cell) {
  const options = item.options || [];
  /** @type {string[]} */
  let chosen = [];
  let free = true;
  const write = (next) => {
    chosen = options.map((option) => option.value).filter((value) => next.includes(value));
    if (chosen.length) cell.set(chosen.join(" "));
    else cell.clear();
  };
  const toggle = (value) => free && write(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const keys = options.map((option) =>
    h("button", { type: "button", class: "value", role: "checkbox", "aria-checked": "false", "data-value": option.value, on: { click: () => toggle(option.value) } },
      icon("check"), h("span", { class: "digit", text: pick(option.label) })));
  const none = h("button", { type: "button", class: "value", role: "checkbox", "aria-checked": "false", on: { click: () => free && item.unanswered && cell.set(item.unanswered) } },
    icon("check"), h("span", { class: "digit", text: say("judge.answer.none") }));
  const element = h("div", { class: `scale choices n${keys.length + 1}`, role: "group", "aria-labelledby": cell.labelId }, [...keys, none]);
  return {
    element,
    focus: () => keys[0]?.focus({ preventScroll: true }),
    show(value, editable) {
      free = editable;
      const blank = value !== null && value === item.unanswered;
      chosen = value === null || blank ? [] : value.split(" ");
      keys.forEach((key) => {
        key.setAttribute("aria-checked", String(chosen.includes(key.dataset.value)));
        key.setAttribute("aria-disabled", String(!editable));
      });
      none.setAttribute("aria-checked", String(blank));
      none.setAttribute("aria-disabled", String(!editable));
    },
    type(character) {
      const found = options.find((option) => option.value.toLowerCase() === character.toLowerCase());
      if (found) toggle(found.value);
    },
  };
}
