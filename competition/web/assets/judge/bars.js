// What stays in view: whose sheet this is and whether it is safe, above; how far one is, below.

import { button, h, icon } from "./dom.js";
import { quotient } from "./exact.js";
import { timer } from "./timer.js";
import { pick, say } from "./words.js";

/** @typedef {import("./book.js").Book} Book */

/** "场次 2": a slot's number, or its own name when it has one. */
export const slotText = (slot) => (slot === null || slot === undefined || slot === "" ? "" : /^\d+$/.test(String(slot)) ? say("judge.home.slot", { n: slot }) : String(slot));
export const stationText = (station) => (station ? say("judge.home.station", { n: station }) : "");
export const placeText = (sheet) => [stationText(sheet.station), slotText(sheet.slot)].filter(Boolean).join(" · ");
/** Module and sheet, said once when they are called the same. */
export const sheetName = (form) => [...new Set([pick(form.module_name), pick(form.name)])].filter(Boolean).join(" · ");

/** An item as people call it on one sheet, "1.4 味觉体验": sections repeat names, numbers don't. @param {import("./types.js").Form} form */
export function itemText(form, item) {
  const s = form.sections.findIndex((section) => section.items.includes(item));
  const name = item.sample ? `${item.sample} · ${pick(item.name)}` : pick(item.name);
  return s < 0 ? name : `${s + 1}.${form.sections[s].items.indexOf(item) + 1} ${name}`;
}

/** Seat and person, as the tablet was joined. @param {import("./types.js").Session} session */
export function seatText(session) {
  const n = session.seat.label.split(".").at(-1);
  return say("judge.seat", { panel: pick(session.seat.panel), n });
}

/** Words about where the marks are; a tap opens the list. */
export function chip(book, sync) {
  const words = h("span");
  const sign = h("span", { class: "chip-sign" });
  const element = h("a", { class: "chip-state", href: "#/outbox" }, sign, words);
  return {
    element,
    update() {
      const [text, tone, mark] = chipText(book, sync);
      if (words.textContent !== text) words.textContent = text;
      element.className = `chip-state ${tone}`;
      sign.replaceChildren(icon(mark));
    },
  };
}

function chipText(book, sync) {
  if (book?.journal.practice) return [say("judge.chip.practice"), "info", "cloud"];
  const loose = book ? book.loose().length : 0;
  if (loose) return [say("judge.chip.loose", { n: loose }), "danger", "warn"];
  const n = book ? book.waiting().length : 0;
  const held = book ? book.held().length : 0;
  if (!sync.state.paired && !book) return [say("judge.home.unpaired"), "info", "warn"];
  if (!sync.state.paired) return [say("judge.chip.pair", { n }), "danger", "warn"];
  if (held) return [say("judge.chip.held", { n: held }), "danger", "warn"];
  if (sync.state.online === false) return [n ? say("judge.chip.offline", { n }) : say("judge.chip.offline_none"), "warn", "off"];
  if (n) return [say("judge.chip.local", { n }), "info", "cloud"];
  return sync.state.online ? [say("judge.chip.saved"), "ok", "check"] : [say("judge.chip.start"), "info", "cloud"];
}

/** The bar above a sheet: whose it is, where, which module, who marks, and whether it is safe. @param {string} [title] what is done here, beside the module */
export function topBar(book, sync, sheet, back, title = "") {
  const state = chip(book, sync);
  const form = book.form(sheet);
  const clock = timer(form.minutes ?? null);
  const element = h("header", { class: "top" },
    h("a", { class: "icon-button", href: back, "aria-label": say("judge.sheet.back") }, icon("back")),
    h("h1", { class: "code num", "aria-label": `${say("judge.home.code")} ${sheet.code ?? say("judge.home.uncoded")}`, text: sheet.code ?? "—" }),
    h("p", { class: "place" }, h("strong", { text: placeText(sheet) }), h("span", { class: "quiet", text: [sheetName(form), title].filter(Boolean).join(" · ") })),
    h("p", { class: "self" }, h("strong", { text: book.session.seat.judge ?? "" }), h("span", { class: "quiet", text: seatText(book.session) })),
    clock.toggle, state.element, clock.panel);
  return { element, update: state.update, start: clock.start, leave: clock.leave };
}

/** The bar below a sheet. */
export function bottomBar(book, sheet, { undo, next, review: address }) {
  const marked = h("strong", { class: "num" });
  const bar = h("progress", { class: "bar-line", "aria-hidden": "true" });
  const total = h("span", { class: "num subtotal" });
  const rest = h("span", { class: "quiet" });
  const undoButton = button(say("judge.sheet.undo"), undo, { icon: "undo", class: "undo" });
  const nextButton = button(say("judge.sheet.next"), next, { class: "next" });
  const review = h("a", { class: "button primary", href: address, text: say("judge.sheet.review") });
  const element = h("footer", { class: "bottom" },
    h("p", { class: "tally" }, h("span", { class: "tally-line" }, marked, total), bar, rest), undoButton, nextButton, review);
  return {
    element,
    update() {
      const p = book.progress(sheet);
      const editable = book.editable(sheet);
      const ready = p.marked === p.required;
      marked.textContent = say("judge.sheet.marked", { n: p.marked, of: p.required });
      total.textContent = say("judge.sheet.subtotal", {
        n: p.total === null ? "—" : quotient(p.total, book.form(sheet).denominator),
      });
      const shut = book.shut(sheet); // said here too: the banner may be out of sight
      rest.textContent = [shut && say(`judge.gate.${shut}`), p.waiting && say("judge.sheet.pending_points", { n: p.waiting })].filter(Boolean).join(" · ");
      bar.max = p.required || 1;
      bar.value = p.marked;
      undoButton.disabled = !editable || !book.lastUndo(sheet.id);
      undoButton.hidden = !editable;
      nextButton.hidden = !editable || ready;
      review.hidden = !editable && !(ready && book.signable(sheet));
      review.classList.toggle("primary", ready);
    },
  };
}
