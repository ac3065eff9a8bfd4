// Occurrences: one tap records one; each has its own undo; "none" is said, not assumed.

import { button, h, icon } from "../dom.js";
import { quotient } from "../exact.js";
import { say } from "../words.js";

/**
 * @param {import("../types.js").Item} item
 * @param {{labelId: string, set: (value: string) => void, denominator: number}} cell
 */
export function count(item, cell) {
  const most = Number(item.max_value ?? item.values.at(-1)?.value ?? 99);
  const worth = item.each == null || item.scores === false ? "" : ` · ${say("judge.sheet.worth", { n: quotient(item.each, cell.denominator) })}`;
  /** @type {number|null} */
  let now = null;
  const to = (n) => n >= 0 && n <= most && cell.set(String(n));
  const take = h("button", { type: "button", class: "count-step", "aria-label": say("judge.count.take"), on: { click: () => now && to(now - 1) } }, icon("minus"));
  const add = h("button", { type: "button", class: "count-add", on: { click: () => to((now ?? 0) + 1) } }, icon("plus"), h("span", { text: `${say("judge.count.add")}${worth}` }));
  const none = button(say("judge.count.none"), () => to(0), { class: "count-none" });
  const chips = h("div", { class: "chips" });
  return {
    element: h("div", { class: "count", role: "group", "aria-labelledby": cell.labelId }, h("div", { class: "count-row" }, take, add, none), chips),
    focus: () => add.focus({ preventScroll: true }),
    show(value, editable) {
      now = value === null ? null : Number(value);
      take.disabled = !editable || !now;
      add.disabled = !editable || now === most;
      none.hidden = now !== null;
      none.disabled = !editable;
      chips.replaceChildren(...Array.from({ length: Math.min(now ?? 0, 12) }, (_, i) =>
        h("button", { type: "button", class: "chip", disabled: !editable, "aria-label": say("judge.count.undo", { n: i + 1 }), on: { click: () => to((now ?? 0) - 1) } },
          h("span", { text: say("judge.count.nth", { n: i + 1 }) }), icon("close"))));
    },
    type: (character) => /\d/.test(character) && to(Number(character)),
  };
}
