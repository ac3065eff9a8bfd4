// Marks that are keyed: numbers over a range, measurements, times. The row shows what stands; a tap opens the keypad.

import { h, icon } from "../dom.js";
import { asClock, bandOf, places } from "../exact.js";
import { pick, say } from "../words.js";
import { openKeypad } from "./keypad.js";

/** @typedef {import("../types.js").Item} Item */

/** Times beyond 99.9 s are keyed and read as minutes and seconds. @param {Item} item */
export const onClock = (item) => item.control === "time" && Number(item.max_value) > 100;

/** A keyed value with its unit, for people. @param {Item} item @param {string} value */
export function withUnit(item, value) {
  if (onClock(item)) return asClock(value);
  if (item.control === "time") return `${value} ${say("judge.time.seconds")}`;
  return item.unit ? `${value} ${item.unit}` : value;
}

/** What may be keyed, in words. @param {Item} item */
export function range(item) {
  const [min, max, step] = [item.min ?? "0", item.max_value ?? "", item.step ?? "1"];
  if (item.control === "time") return say("judge.key.range", { min: withUnit(item, min), max: withUnit(item, max) });
  const span = /^(1|0\.0*1)$/.test(step) ? say("judge.key.range", { min, max }) : say("judge.key.range_step", { min, max, step });
  const unit = item.unit ? ` ${item.unit}` : "";
  return `${span}${unit}${/^0\.0*1$/.test(step) ? ` · ${say("judge.key.decimals", { n: places(step) })}` : ""}`;
}

/**
 * @param {Item} item
 * @param {{labelId: string, set: (value: string) => void, next: () => void, title: string}} cell
 */
export function keyed(item, cell) {
  const shown = h("span", { class: "keyed-value" });
  const field = h("button", { type: "button", class: "keyed", "aria-labelledby": `${cell.labelId} ${cell.labelId}-v`, on: { click: () => open("") } },
    h("span", { id: `${cell.labelId}-v`, class: "keyed-text" }, shown, h("span", { class: "quiet", text: range(item) })));
  let value = null;
  let free = true;
  const open = (first) =>
    free && openKeypad({ item, title: cell.title, value, first, set: cell.set, next: cell.next, from: field, legal: range(item) });
  return {
    element: h("div", { class: "keyed-row" }, field),
    focus: () => field.focus({ preventScroll: true }),
    show(now, editable) {
      value = now;
      free = editable;
      field.classList.toggle("set", now !== null);
      field.setAttribute("aria-disabled", String(!editable));
      const band = bandOf(item, now);
      shown.replaceChildren(...(now === null ? [say("judge.key.enter")] : [icon("check"), withUnit(item, now), ...(band ? [h("span", { class: "quiet", text: ` ${pick(band.label)}` })] : [])]));
    },
    type: (character) => open(character),
  };
}
