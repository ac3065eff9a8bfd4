// The judge's own notes, by item and for the sheet as a whole: kept while writing, never part of a mark. Voice and handwriting
// come through the tablet's keyboard.

import { h } from "./dom.js";
import { say } from "./words.js";

const PAUSE = 400; // ms after the last character
const MOST = 2000; // characters; the server takes no more
/** Fields with something not yet kept. @type {Set<() => void>} */
const pending = new Set();

/** Keep everything that is being written. */
export const flushNotes = () => [...pending].forEach((keep) => keep());
addEventListener("pagehide", flushNotes);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flushNotes());

/**
 * @param {{id: string, label: string, rows?: number, read: () => string, write: (text: string) => void}} made
 */
export function noteField({ id, label, rows = 2, read, write }) {
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    pending.delete(keep);
    const text = field.value.normalize("NFC").slice(0, MOST);
    if (text !== read()) write(text);
  };
  const field = h("textarea", {
    class: "input note-text", id, rows, maxlength: MOST, placeholder: say("judge.note.hint"), autocomplete: "off",
    on: {
      input() {
        pending.add(keep);
        clearTimeout(timer);
        timer = setTimeout(keep, PAUSE);
      },
      change: keep,
    },
  });
  return {
    element: h("div", { class: "note-field" }, h("label", { class: "label", for: id, text: label }), field),
    /** Show what is kept, unless the judge is writing here. */
    update() {
      if (!pending.has(keep) && field.value !== read()) field.value = read();
    },
    focus: () => field.focus(),
  };
}
