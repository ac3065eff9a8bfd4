// Which control an item gets, and how a value reads. A new kind of scale is a new row here.

import { say } from "../words.js";
import { count } from "./count.js";
import { keyed, withUnit } from "./keyed.js";
import { order } from "./order.js";
import { describe, scale } from "./scale.js";
import { several } from "./several.js";
import { written } from "./written.js";
import { pick } from "../words.js";

const CONTROLS = {
  yesno: scale, steps: scale, cards: scale, choice: scale,
  keypad: keyed, measure: keyed, time: keyed,
  count, order, choices: several, answer: written, note: written,
};

/** @param {import("../types.js").Item} item */
export const control = (item, cell) => CONTROLS[item.control](item, cell);

/** A value as it is shown at the right of its row, on the review page and in messages. @param {import("../types.js").Item} item */
export function spoken(item, value) {
  if (value === null || value === undefined) return say("judge.sheet.blank");
  if (item.control === "yesno") return pick(item.values.find((v) => v.value === value)?.label) || say(value === "1" ? "judge.yes" : "judge.no");
  if (item.control === "choice") return pick(item.options?.find((option) => option.value === value)?.label) || value;
  if (item.control === "choices") return value === item.unanswered ? say("judge.answer.none") : value;
  if (item.control === "count") return say("judge.count.times", { n: value });
  if (["keypad", "measure", "time"].includes(item.control)) return withUnit(item, value);
  return value;
}

export { describe };
