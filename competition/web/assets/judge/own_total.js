// The server's own sum of the sheet on the review page, beside the tablet's looked-up subtotal (the server is the one calculator).
// It never stands in the way of a signature: what is signed are the marks.

import { h } from "./dom.js";
import { quotient } from "./exact.js";
import { say } from "./words.js";

/**
 * @param {import("./book.js").Book} book
 * @param {import("./sync.js").Sync} sync
 * @param {import("./types.js").SheetLine} sheet
 */
export function ownTotal(book, sync, sheet) {
  const form = book.form(sheet);
  const element = h("p", { class: "own-total", role: "status" });
  let asked = ""; // the marks the server was asked to add up
  /** @type {{points: number|null}|null} */
  let answer = null;

  const marks = () => {
    const given = book.items(sheet).map((item) => ({ item: item.id, ...book.cell(sheet.id, item.id) })).filter((cell) => cell.value !== null);
    return given.every((cell) => cell.where === "server") ? Object.fromEntries(given.map((cell) => [cell.item, cell.id])) : null;
  };
  const same = (a, b) => Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([item, id]) => b[item] === id);

  async function ask(key, here) {
    asked = key;
    answer = null;
    try {
      const told = await sync.call(`/api/judge/total/${sheet.id}`);
      if (asked !== key) return;
      answer = told.status < 400 && same(told.body.marks, here) ? told.body : null;
    } catch {
      // Offline: asked again with the next change of the connection or the sheet.
    }
    if (asked === key && !answer) asked = "";
    paint();
  }

  function paint() {
    const { total, waiting } = book.progress(sheet);
    if (book.openMatters(sheet).unmarked.length) return show("quiet", say("judge.review.server.later"));
    if (!answer) return show("quiet", say("judge.review.server.waits"));
    if (answer.points === null) return show("quiet", say("judge.review.server.rests"));
    const n = quotient(answer.points, form.denominator);
    if (waiting) return show("", say("judge.review.server.sum", { n }));
    if (answer.points === (total ?? 0)) return show("ok", `✓ ${say("judge.review.server.same", { n })}`);
    return show("bad", `▲ ${say("judge.review.server.other", { n })}`);
  }
  function show(kind, text) {
    element.className = `own-total ${kind}`;
    if (element.textContent !== text) element.textContent = text;
  }

  return {
    element,
    update() {
      const here = marks();
      const key = here ? JSON.stringify(here) : "";
      if (!here) [asked, answer] = ["", null];
      if (here && key !== asked && !book.journal.practice) ask(key, here);
      paint();
      element.hidden = Boolean(book.journal.practice);
    },
  };
}
