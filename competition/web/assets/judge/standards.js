// What an item's marks mean: its help, every value with its words. Beside the sheet in landscape, else in a side sheet.

import { range } from "./controls/keyed.js";
import { h } from "./dom.js";
import { quotient } from "./exact.js";
import { openSide } from "./side.js";
import { pick, say } from "./words.js";

/** @typedef {import("./types.js").Item} Item */

const beside = matchMedia("(min-width: 1000px)");

/** @param {Item} item @param {number} denominator */
function content(item, denominator) {
  const keyed = ["keypad", "measure", "time", "count"].includes(item.control);
  const worth = (value) => (item.scores === false || value.points === null ? "" : say("judge.sheet.worth", { n: quotient(value.points, denominator) }));
  const facts = [item.max && item.scores !== false && say("judge.sheet.max", { n: item.max }), item.scores === false && say("judge.sheet.unscored"),
    !item.required && say("judge.sheet.optional"), keyed && range(item)].filter(Boolean);
  const words = item.values.some((value) => value.label);
  return [
    h("p", { class: "quiet", text: facts.join(" · ") }),
    item.help && h("p", { class: "standard-help", text: pick(item.help) }),
    item.values.length > 0 && h("dl", { class: "standard-values" }, item.values.flatMap((value) => [
      h("dt", { class: "num", text: value.value }),
      h("dd", {}, value.label ? h("span", { text: pick(value.label) }) : "", h("span", { class: "quiet num", text: worth(value) }))])),
    !item.help && !words && h("p", { class: "quiet", text: say("judge.standard.none") })].filter(Boolean);
}

/** A place for standards in the rail; it follows the item in hand. @param {number} denominator */
export function standardsRail(denominator) {
  const element = h("section", { class: "rail-standard", "aria-label": say("judge.standard.title"), hidden: true });
  let shown = "";
  return {
    element,
    /** @param {Item} item @param {string} title */
    show(item, title) {
      if (shown === item.id) return;
      shown = item.id;
      element.hidden = false;
      element.replaceChildren(h("h2", { text: say("judge.standard.title") }), h("p", { class: "standard-name", text: title }), ...content(item, denominator));
      element.scrollTop = 0;
    },
  };
}

/** @param {Item} item @param {string} title @param {number} denominator @param {ReturnType<typeof standardsRail>|null} rail */
export function openStandards(item, title, denominator, rail) {
  if (rail && beside.matches) rail.show(item, title);
  else openSide(title, content(item, denominator));
}
