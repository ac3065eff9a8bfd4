// Written answers and notes: kept while typing, recorded after a short pause and when the page is hidden.

import { button, h } from "../dom.js";
import { say } from "../words.js";

const PAUSE = 800;

/**
 * @param {import("../types.js").Item} item
 * @param {{labelId: string, set: (value: string) => void, clear: () => void}} cell
 */
export function written(item, cell) {
  const most = item.length ?? 60;
  const long = item.control === "note";
  const left = h("span", { class: "quiet num" });
  let timer = 0;
  const value = () => field.value.normalize("NFC").trim();
  const count = () => (left.textContent = say("judge.text.left", { n: field.value.length, of: most }));
  const record = () => {
    clearTimeout(timer);
    const text = value();
    if (text) cell.set(text.slice(0, most).trim());
    else cell.clear();
  };
  const field = h(long ? "textarea" : "input", {
    class: "input", maxlength: most, autocomplete: "off", "aria-labelledby": cell.labelId, type: long ? null : "text", rows: long ? 2 : null,
    on: {
      input: () => {
        count();
        clearTimeout(timer);
        timer = setTimeout(record, PAUSE);
      },
      change: record,
    },
  });
  const none = item.unanswered
    ? button(say("judge.answer.none"), () => {
        field.value = item.unanswered;
        record();
      }, { class: "small" })
    : null;
  addEventListener("pagehide", () => field.isConnected && timer && record());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && field.isConnected && record());
  return {
    element: h("div", { class: "written" }, field, left, none),
    focus: () => field.focus({ preventScroll: true }),
    show(now, editable) {
      if (document.activeElement !== field) field.value = now ?? "";
      field.disabled = !editable;
      if (none) none.disabled = !editable;
      count();
    },
    type() {},
  };
}
