// The sheet: every item by section, marked by touch or by keyboard. Rows are built once and repainted one by one, so that
// focus and scroll stay where the judge left them.

import { bottomBar, topBar } from "./bars.js";
import { spoken } from "./controls/index.js";
import { closeKeypad } from "./controls/keypad.js";
import { corrections } from "./correction.js";
import { announce, button, h } from "./dom.js";
import { sheetKeys } from "./keys.js";
import { flushNotes, noteField } from "./notes.js";
import { notices } from "./notices.js";
import { row } from "./row.js";
import { openStandards, standardsRail } from "./standards.js";
import { pick, say } from "./words.js";

/** @typedef {import("./book.js").Book} Book */

/**
 * @param {{book: Book, sync: import("./sync.js").Sync, sheet: import("./types.js").SheetLine, home: string, goTo?: string|null, reset?: () => void}} shown
 */
export function sheetView({ book, sync, sheet, home, goTo = null, reset }) {
  const form = book.form(sheet);
  const head = topBar(book, sync, sheet, "#/");
  const foot = bottomBar(book, sheet, { undo, next: () => nextBlank(null), review: `${home}/${sheet.id}/review` });
  /** @type {ReturnType<typeof row>[]} */
  const rows = [];
  const tallies = [];
  const banner = h("div", { class: "banner", role: "status" });
  const told = notices({ book, sync, sheet });
  const correcting = corrections(book, sheet);
  const standard = standardsRail(form.denominator);
  const scratch = scratchArea(book, sheet);
  let ticking = 0;

  const sections = form.sections.map((section, s) => {
    const tally = h("span", { class: "section-tally num" });
    const nav = h("a", { href: `${home}/${sheet.id}`, class: "rail-link", on: { click: (event) => jump(event, `s-${section.id}`) } },
      h("span", { text: pick(section.name) }), h("span", { class: "num" }));
    tallies.push({ section, tally, nav: nav.lastElementChild });
    return { nav, element: h("section", { class: "part", id: `s-${section.id}`, "aria-label": pick(section.name) },
      h("header", { class: "part-head" }, h("h2", { text: pick(section.name) }),
        h("p", { class: "quiet" }, section.max && h("span", { text: `${say("judge.sheet.max", { n: section.max })} · ` }), tally)),
      section.items.map((item, i) => itemRow(item, `${s + 1}.${i + 1}`))) };
  });

  function itemRow(item, number) {
    if (item.control === "derived") return derivedRow(item, number);
    const made = row({
      book, sheet, item, number, denominator: form.denominator, next: () => nextBlank(made),
      open: (title) => openStandards(item, title, form.denominator, standard),
    });
    rows.push(made);
    return made.element;
  }

  const rail = h("nav", { class: "rail", "aria-label": say("judge.sheet.sections") },
    h("h2", { text: say("judge.sheet.sections") }), sections.map(({ nav }) => nav), standard.element, h("p", { class: "quiet keys", text: say("judge.set.keys") }));
  const main = h("main", { id: "main", class: "sheet-body" }, told.element, banner, correcting.element, scratch.element, sections.map(({ element }) => element));
  const element = h("div", { class: `sheet-view${book.journal.practice ? " practice" : ""}`, on: { keydown: sheetKeys({ rows, undo, next: nextBlank }), pointerdown: follow, focusin: follow } }, head.element,
    h("div", { class: "sheet-columns" }, rail, main), foot.element, book.journal.practice && h("p", { class: "watermark", "aria-hidden": "true", text: say("judge.sheet.practice") }));

  /** In landscape the standards of the item in hand stand in the rail. */
  function follow(event) {
    const made = rows.find((one) => one.element.contains(event.target));
    if (made) standard.show(made.item, made.title);
  }

  function update(detail) {
    if (detail && detail.sheet !== sheet.id) return foot.update();
    for (const made of rows) if (!detail?.item || detail.item === made.item.id) made.update();
    for (const { section, tally, nav } of tallies) {
      const items = section.items.filter((item) => item.control !== "derived" && item.required);
      const done = items.filter((item) => book.cell(sheet.id, item.id).value !== null).length;
      tally.textContent = nav.textContent = `${done}/${items.length}`;
    }
    foot.update();
    head.update();
    told.update();
    correcting.update();
    scratch.update();
    paintBanner();
  }

  function paintBanner() {
    const state = book.state(sheet);
    const signRefused = book.held(sheet.id).find((op) => op.kind === "sign");
    const text = book.journal.practice ? say(state === "signed" ? "judge.sheet.practice_done" : "judge.sheet.practice_note")
      : state === "signing" ? say("judge.sheet.readonly_signing")
      : state === "signed" ? say("judge.sheet.readonly_signed")
      : state === "locked" || state === "checked" ? say("judge.sheet.readonly_locked") : "";
    const parts = [];
    if (text) parts.push(h("div", { class: `note ${state === "signed" ? "ok" : "info"}` }, h("p", { text }),
      book.journal.practice && reset && button(say("judge.sheet.practice_reset"), reset)));
    const shut = book.shut(sheet);
    if (shut) parts.push(h("div", { class: "note warn" }, h("p", { text: say(`judge.gate.${shut}.next`) })));
    if (signRefused) parts.push(h("div", { class: "note danger" }, h("p", { text: say("judge.sign.refused", { reason: pick(signRefused.held?.reason) || say("judge.outbox.refused_do") }) }),
      button(say("judge.outbox.seen"), () => book.dismiss(signRefused))));
    banner.replaceChildren(...parts);
  }

  async function undo() {
    const last = await book.undo(sheet.id);
    const found = last && rows.find((made) => made.item.id === last.item);
    if (!found) return;
    found.focus();
    announce(say("judge.sheet.undone", { name: pick(found.item.name), before: spoken(found.item, last.before) }));
  }

  /** To the first unmarked item after `from`, or of the whole sheet. @param {ReturnType<typeof row>|null} from */
  function nextBlank(from) {
    closeKeypad();
    const start = from ? rows.indexOf(from) + 1 : 0;
    const blank = (made) => made.item.required && book.cell(sheet.id, made.item.id).value === null;
    const found = rows.slice(start).find(blank) || rows.find(blank);
    if (found) show(found);
    else /** @type {HTMLElement|null} */ (document.querySelector(".bottom .primary"))?.focus();
  }

  function show(made) {
    made.element.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    made.focus();
    made.element.classList.add("pointed");
    setTimeout(() => made.element.classList.remove("pointed"), 1600);
  }

  return {
    element, update, sheet,
    connection: () => (head.update(), told.update()),
    shown: () => {
      head.start();
      ticking = setInterval(correcting.update, 1000);
      const found = goTo && rows.find((made) => made.item.id === goTo);
      if (found) show(found);
    },
    leave: () => {
      closeKeypad();
      flushNotes();
      head.leave();
      clearInterval(ticking);
    },
  };
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function jump(event, id) {
  event.preventDefault();
  document.getElementById(id)?.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
}

/** A corner of the sheet for whatever the judge wants to jot down. */
function scratchArea(book, sheet) {
  const note = noteField({ id: "scratch", label: say("judge.note.sheet"), rows: 4, read: () => book.own(sheet.id, "").note ?? "", write: (text) => book.setOwn(sheet.id, "", { note: text }) });
  const first = h("span", { class: "quiet scratch-first" });
  return {
    element: h("details", { class: "scratch" }, h("summary", {}, h("span", { text: say("judge.note.scratch") }), first), note.element),
    update() {
      note.update();
      first.textContent = (book.own(sheet.id, "").note ?? "").split("\n")[0];
    },
  };
}

/** What the rules compute from other items: shown so that the sheet reads like the paper, never entered. */
function derivedRow(item, number) {
  return h("section", { class: "item derived" }, h("header", { class: "item-head" },
    h("div", { class: "item-name" }, h("h3", {}, h("span", { class: "item-n num", text: number }), h("span", { text: pick(item.name) })),
      h("p", { class: "item-facts" }, item.max && h("span", { text: say("judge.sheet.max", { n: item.max }) }))),
    h("p", { class: "quiet", text: say("judge.sheet.server") })));
}
