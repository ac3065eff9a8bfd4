// 横评: one item across all sheets of a kind, the same marks seen the other way. Every row is led by the code it belongs to.

import { chip, placeText, seatText, sheetName } from "./bars.js";
import { closeKeypad } from "./controls/keypad.js";
import { spoken } from "./controls/index.js";
import { announce, button, h, icon } from "./dom.js";
import { sheetKeys } from "./keys.js";
import { flushNotes } from "./notes.js";
import { notices } from "./notices.js";
import { row } from "./row.js";
import { openStandards, standardsRail } from "./standards.js";
import { notOpenYet } from "./target.js";
import { clock, pick, say } from "./words.js";

/** @param {import("./book.js").Book} book @param {string} kind module/sheet */
export const kin = (book, kind) => book.session.sheets.filter((sheet) => `${sheet.module}/${sheet.sheet}` === kind);

/** @param {{book: import("./book.js").Book, sync: import("./sync.js").Sync, kind: string, itemId: string|undefined}} shown */
export function sweepView({ book, sync, kind, itemId }) {
  const form = book.session.forms[kind];
  const sheets = kin(book, kind);
  const numbered = form.sections.flatMap((section, s) => section.items.map((item, i) => ({ item, number: `${s + 1}.${i + 1}` }))).filter(({ item }) => item.control !== "derived");
  const at = Math.max(0, numbered.findIndex(({ item }) => item.id === itemId));
  const { item, number } = numbered[at];
  const name = item.sample ? `${item.sample} · ${pick(item.name)}` : pick(item.name);
  const state = chip(book, sync);
  const told = notices({ book, sync });
  const standard = standardsRail(form.denominator);
  /** @type {ReturnType<typeof row>[]} */
  const rows = [];
  const address = (i) => `#/sweep/${kind}/${numbered[i].item.id}`;

  const lines = sheets.map((sheet) => {
    const first = book.waitsFor(sheet)[0];
    if (first) return closed(sheet, say("judge.home.after", { sheet: sheetName(book.form(first)) }));
    const shut = book.shut(sheet);
    if (shut) return closed(sheet, say(`judge.gate.${shut}`));
    if (notOpenYet(sheet) && !book.own(sheet.id, "").passed) return closed(sheet, say("judge.sweep.early", { at: clock(sheet.opens_at) }));
    const made = row({ book, sheet, item, number, denominator: form.denominator, next: () => nextBlank(made), open: () => openStandards(item, `${number} ${name}`, form.denominator, standard), pivot: true });
    rows.push(made);
    return made.element;
  });
  const pickItem = h("select", { class: "input sweep-pick", "aria-label": say("judge.sweep.pick"), on: { change: () => go(Number(pickItem.value)) } },
    numbered.map((one, i) => h("option", { value: i, selected: i === at, text: `${one.number} ${pick(one.item.name)}` })));
  const tally = h("strong", { class: "num" });
  const bar = h("progress", { class: "bar-line", "aria-hidden": "true" });
  const undoButton = button(say("judge.sheet.undo"), undo, { icon: "undo", class: "undo" });
  const before = button(say("judge.sweep.before"), () => go(at - 1), { disabled: at === 0 });
  const after = button(say("judge.sweep.after"), () => go(at + 1), { disabled: at === numbered.length - 1 });
  const element = h("div", { class: "sheet-view sweep", on: { keydown: sheetKeys({ rows, undo, next: nextBlank }) } },
    h("header", { class: "top top-sweep" }, h("a", { class: "icon-button", href: "#/", "aria-label": say("judge.sheet.back") }, icon("back")),
      h("div", { class: "home-who" }, h("h1", { text: say("judge.sweep.title") }), h("p", { class: "quiet", text: `${sheetName(form)} · ${seatText(book.session)} · ${book.session.seat.judge ?? ""}` })), state.element),
    h("div", { class: "sheet-columns" }, h("nav", { class: "rail", "aria-label": say("judge.sweep.pick") }, standard.element, h("h2", { text: say("judge.sweep.pick") }),
      numbered.map((one, i) => h("a", { class: "rail-link", href: address(i), "aria-current": i === at ? "true" : null }, h("span", { text: `${one.number} ${pick(one.item.name)}` })))),
      h("main", { id: "main", class: "sheet-body" }, told.element, h("p", { class: "quiet", text: say("judge.sweep.lead") }),
        h("div", { class: "sweep-head" }, h("h2", {}, h("span", { class: "item-n num", text: `${number} ` }), name),
          button(say("judge.standard.title"), () => openStandards(item, `${number} ${name}`, form.denominator, standard)), pickItem),
        h("section", { class: "part", "aria-label": name }, lines))),
    h("footer", { class: "bottom" }, h("p", { class: "tally" }, tally, bar), undoButton, before, after));

  function go(i) {
    closeKeypad();
    flushNotes();
    location.hash = address(i);
  }

  /** To the first sheet without this mark, after `from`; then to the next item. @param {ReturnType<typeof row>|null} from */
  function nextBlank(from) {
    closeKeypad();
    const blank = (made) => book.cell(made.sheet.id, item.id).value === null && book.editable(made.sheet, item.id);
    const found = rows.slice(from ? rows.indexOf(from) + 1 : 0).find(blank) ?? rows.find(blank);
    if (found) found.focus();
    else after.focus();
  }

  /** The last change of this item, on whichever sheet it was. */
  const lastHere = () => rows.filter((made) => book.lastUndo(made.sheet.id)?.item === item.id && book.editable(made.sheet, item.id))
    .sort((a, b) => book.lastUndo(b.sheet.id).turn - book.lastUndo(a.sheet.id).turn)[0];

  async function undo() {
    const made = lastHere();
    const last = made && (await book.undo(made.sheet.id));
    if (!last) return;
    made.focus();
    announce(say("judge.sheet.undone", { name: made.sheet.code ?? "", before: spoken(item, last.before) }));
  }

  function update(detail) {
    for (const made of rows) if (!detail || detail.sheet === made.sheet.id) made.update();
    const done = sheets.filter((sheet) => book.cell(sheet.id, item.id).value !== null).length;
    tally.textContent = say("judge.sheet.marked", { n: done, of: sheets.length });
    [bar.max, bar.value] = [sheets.length || 1, done];
    undoButton.disabled = !lastHere();
    state.update();
    told.update();
  }

  return { element, update, connection: () => (state.update(), told.update()), leave: () => (closeKeypad(), flushNotes()), shown: () => standard.show(item, `${number} ${name}`) };
}

/** A sheet that cannot be marked from here yet. */
const closed = (sheet, why) => h("section", { class: "item is-pivot waits" }, h("header", { class: "item-head" },
  h("div", { class: "item-name" }, h("h3", {}, h("a", { class: "item-open item-code num", href: `#/sheet/${sheet.id}`, text: sheet.code ?? say("judge.home.uncoded") })),
    h("p", { class: "item-facts" }, h("span", { text: placeText(sheet) }))), h("p", { class: "quiet", text: why })));
