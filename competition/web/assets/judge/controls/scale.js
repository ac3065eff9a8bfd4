// One tap on one of a few values: yes/no, steps, cards with descriptors, options. A radio group for keyboard and reader;
// arrows only move (each choice is a mark, so passing over values must not record them), Space or a digit chooses.

import { announce, h, icon } from "../dom.js";
import { pick, say } from "../words.js";

/** @typedef {import("../types.js").Item} Item */

const PATIENCE = 700; // ms to go on typing "4" to "4.5"

/**
 * @param {Item} item
 * @param {{labelId: string, set: (value: string) => void}} cell
 */
export function scale(item, cell) {
  const values = choices(item);
  const keys = values.map((value, i) =>
    h("button", {
      type: "button", class: `value${value.words ? " worded" : ""}`, role: "radio", "aria-checked": "false", tabindex: i ? -1 : 0,
      "data-value": value.value, "aria-label": value.spoken, on: { click: () => cell.set(value.value) },
    }, icon("check"), h("span", { class: "digit", text: value.shown }), value.words && h("span", { class: "word", text: soft(value.words) })));
  const element = h("div", {
    class: `scale ${item.control} n${values.length}`, role: "radiogroup", "aria-labelledby": cell.labelId,
    on: { keydown: (event) => move(event, keys) },
  }, keys);
  let typed = "";
  let timer = 0;
  const all = values.map((value) => value.value);
  const halves = all.some((value) => value.includes("."));
  /** What was typed counts now: a legal value is chosen, anything else ("0.5") is refused and said. */
  const settle = () => {
    clearTimeout(timer);
    const text = typed;
    typed = "";
    if (all.includes(text)) cell.set(text);
    else if (text) announce(say("judge.key.bad", { value: text, legal: all.join(" ") }));
  };
  return {
    element,
    focus: () => (keys.find((key) => key.tabIndex === 0) || keys[0]).focus({ preventScroll: true }),
    show(value, editable) {
      keys.forEach((key) => {
        key.setAttribute("aria-checked", String(key.dataset.value === value));
        key.setAttribute("aria-disabled", String(!editable));
      });
      const on = keys.findIndex((key) => key.dataset.value === value);
      keys.forEach((key, i) => (key.tabIndex = i === Math.max(on, 0) ? 0 : -1));
      if (on >= 0 && keys.includes(document.activeElement)) keys[on].focus({ preventScroll: true });
    },
    /** A digit, point or comma from a real keyboard. */
    type(character) {
      clearTimeout(timer);
      typed += character === "," ? "." : character;
      if (!halves && !all.some((value) => value !== typed && value.startsWith(typed))) settle();
      else timer = setTimeout(settle, PATIENCE); // "4" may become "4.5", and "0" the "0.5" that is no value here
    },
    settle,
  };
}

/** Legal values with what is printed on them. */
function choices(item) {
  if (item.control === "choice")
    return (item.options || []).map((option) => ({ value: option.value, shown: pick(option.label), words: "", spoken: pick(option.label) }));
  if (item.control === "yesno")
    return [...item.values].reverse().map(({ value, label }) => {
      const shown = pick(label) || (value === "1" ? say("judge.yes") : say("judge.no"));
      return { value, shown, words: "", spoken: shown };
    });
  return item.values.map(({ value, label }) => ({ value, shown: value, words: pick(label), spoken: `${value} ${pick(label) || describe(item, value)}` }));
}

/** The words of a value; between two integers, both neighbours' words. @param {Item} item */
export function describe(item, value) {
  if (item.control !== "steps") return "";
  const i = item.values.findIndex((v) => v.value === value);
  if (i < 0) return "";
  const own = pick(item.values[i].label);
  if (own || !value.includes(".")) return own;
  const a = pick(item.values.slice(0, i).reverse().find((v) => v.label)?.label);
  const b = pick(item.values.slice(i + 1).find((v) => v.label)?.label);
  return a && b ? say("judge.sheet.between", { a, b }) : "";
}

/** The long English words of the 0–6 scale may break in a narrow cell; not every tablet can hyphenate. */
const soft = (text) => text.replace(/(\w{4,})(able|ordinary)\b/g, "$1\u00ad$2");

function move(event, keys) {
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -keys.length, End: keys.length }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = keys.indexOf(/** @type {any} */ (document.activeElement));
  keys[Math.min(Math.max(at + step, 0), keys.length - 1)].focus();
}
