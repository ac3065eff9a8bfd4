// The sheet without a touch screen: arrows move between items, digits mark, Enter goes to the next blank, Ctrl+Z takes back,
// ? explains. Single keys can be switched off (WCAG 2.1.4): someone who dictates would set them off by speaking.

import { keypadOpen, toKeypad } from "./controls/keypad.js";
import { h } from "./dom.js";
import { prefs } from "./prefs.js";
import { openSide, sideOpen } from "./side.js";
import { say } from "./words.js";

const KEYS = ["arrows", "across", "digits", "space", "enter", "undo", "help"];

/**
 * @param {{rows: ReturnType<typeof import("./row.js").row>[], undo: () => void, next: (from: any) => void}} sheet
 * @returns {(event: KeyboardEvent) => void}
 */
export function sheetKeys({ rows, undo, next }) {
  return (event) => {
    if (event.altKey || event.metaKey || sideOpen()) return;
    if (keypadOpen()) return toKeypad(event);
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey && event.key.toLowerCase() === "z" && !writing(target)) {
      event.preventDefault();
      return undo();
    }
    const at = rows.findIndex((made) => made.element.contains(target));
    if (event.ctrlKey || at < 0 || writing(target)) return;
    if (event.key.length > 1) rows[at].settle(); // any key but a character ends what was being typed
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) rows[at + step]?.focus();
    else if (event.key === "Enter" && target.getAttribute("role") === "radio") next(rows[at]);
    else if (prefs.keys && /^[0-9.,]$/.test(event.key)) rows[at].type(event.key);
    else return;
    event.preventDefault();
  };
}

const writing = (target) => ["INPUT", "TEXTAREA"].includes(target.tagName);

/** `?` anywhere but in a text field. @param {KeyboardEvent} event */
export function helpKey(event) {
  if (event.key !== "?" || !prefs.keys || writing(/** @type {HTMLElement} */ (event.target)) || sideOpen()) return;
  event.preventDefault();
  openKeyHelp();
}

export const openKeyHelp = () => openSide(say("judge.keys.title"),
  h("dl", { class: "key-list" }, KEYS.flatMap((key) => [h("dt", {}, h("kbd", { text: say(`judge.keys.${key}`) })), h("dd", { text: say(`judge.keys.${key}_does`) })])),
  h("p", { class: "quiet", text: say(prefs.keys ? "judge.keys.can_off" : "judge.keys.are_off") }));
