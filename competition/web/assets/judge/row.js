// One item on the sheet: its name, its control, the value echoed large, and the judge's own signs (unsure, extreme meant, note).
// In the sweep the same row is led by the sheet's code instead of the item's name.

import { stationText } from "./bars.js";
import { control, describe, spoken } from "./controls/index.js";
import { button, h, icon } from "./dom.js";
import { earlier, extreme } from "./guard.js";
import { noteField } from "./notes.js";
import { pick, say } from "./words.js";

/** @typedef {import("./types.js").Item} Item */

const STRIP = 12; // earlier marks shown
const KEPT = { saving: "judge.sheet.saving", local: "judge.sheet.saved_here", loose: "judge.sheet.not_kept", server: "judge.sheet.saved" };

/**
 * @param {{book: import("./book.js").Book, sheet: import("./types.js").SheetLine, item: Item, number: string, denominator: number,
 *   next: () => void, open: (title: string) => void, pivot?: boolean}} made
 *   next: to the next blank; open: show the item's standards; pivot: a row of the sweep
 */
export function row({ book, sheet, item, number, denominator, next, open, pivot = false }) {
  const id = pivot ? sheet.id : item.id;
  const labelId = `l-${id}`;
  const itemName = item.sample ? `${item.sample} · ${pick(item.name)}` : pick(item.name);
  const code = sheet.code ?? say("judge.home.uncoded");
  const name = pivot ? code : itemName;
  const title = `${number} ${itemName}`;
  const set = (value) => book.mark(sheet.id, item.id, value);
  const clear = () => set(null);
  const field = control(item, { labelId, set, clear, next, title: `${code} · ${title}`, denominator });

  const echo = h("output", { class: "echo num" });
  const kept = h("span", { class: "kept" });
  const words = h("span", { class: "item-words" });
  const strip = h("span", { class: "strip num" });
  const flag = h("button", {
    type: "button", class: "icon-button flag", "aria-pressed": "false",
    on: { click: () => book.setOwn(sheet.id, item.id, { flag: !book.own(sheet.id, item.id).flag }) },
  }, icon("flag"), h("span", { class: "flag-word", text: say("judge.sheet.flag") }));
  const menu = h("button", {
    type: "button", class: "icon-button", "aria-expanded": "false", "aria-label": say("judge.sheet.menu", { name }),
    on: { click: () => toggle(extra.hidden) },
  }, icon("more"));
  const erase = button(say("judge.sheet.clear"), () => {
    clear();
    toggle(false);
  }, { icon: "erase" });
  const note = noteField({ id: `n-${id}`, label: say("judge.note.item"), read: () => book.own(sheet.id, item.id).note ?? "", write: (text) => book.setOwn(sheet.id, item.id, { note: text }) });
  let writing = false;
  const write = () => {
    writing = note.element.hidden;
    update();
    if (writing) note.focus();
  };
  const pen = h("button", { type: "button", class: "icon-button pen", "aria-label": `${say("judge.note.write")}: ${name}`, on: { click: write } },
    icon("pen"), h("span", { class: "flag-word", text: say("judge.note.short") }));
  const kin = !pivot && !book.journal.practice && book.session.sheets.filter((one) => one.module === sheet.module && one.sheet === sheet.sheet).length > 1;
  const extra = h("div", { class: "item-menu", hidden: true }, erase,
    button(say("judge.note.write"), () => (toggle(false), write()), { icon: "pen", class: "pen-wide" }),
    button(say("judge.standard.title"), () => open(title)),
    kin && h("a", { class: "button", href: `#/sweep/${sheet.module}/${sheet.sheet}/${item.id}`, text: say("judge.sweep.item") }));
  const toggle = (shown) => {
    extra.hidden = !shown;
    menu.setAttribute("aria-expanded", String(shown));
  };
  const asks = h("div", { class: "item-asks" });
  const max = item.scores === false ? say("judge.sheet.unscored") : item.max ? say("judge.sheet.max", { n: item.max }) : "";
  const lead = pivot
    ? h("h3", {}, h("a", { class: "item-open item-code num", id: labelId, href: `#/sheet/${sheet.id}/at/${item.id}`, text: code }))
    : h("h3", {}, h("button", { type: "button", class: "item-open", "aria-haspopup": "dialog", on: { click: () => open(title) } },
        h("span", { class: "item-n num", text: number }), h("span", { id: labelId, text: name })));
  const element = h("section", { class: `item is-${item.control}${pivot ? " is-pivot" : ""}`, id: `i-${id}`, "data-item": item.id, "data-sheet": sheet.id },
    h("header", { class: "item-head" },
      h("div", { class: "item-name" }, lead,
        h("p", { class: "item-facts" }, pivot ? h("span", { text: stationText(sheet.station) }) : max && h("span", { text: max }),
          !pivot && !item.required && h("span", { text: say("judge.sheet.optional") }), words, strip)),
      h("div", { class: "item-echo" }, echo, kept), flag, pen, menu),
    field.element, asks, note.element, extra);

  /** Paint what stands in the cell now. */
  function update() {
    const editable = book.editable(sheet, item.id);
    const cell = book.cell(sheet.id, item.id);
    const own = book.own(sheet.id, item.id);
    const blank = cell.value === null;
    const writtenItem = item.control === "answer" || item.control === "note";
    field.show(cell.value, editable);
    echo.textContent = blank ? "—" : writtenItem ? "" : spoken(item, cell.value);
    echo.classList.toggle("long", echo.textContent.length > 6);
    kept.textContent = blank && cell.where === "server" ? say("judge.sheet.blank") : say(KEPT[book.journal.practice && cell.where === "server" ? "local" : cell.where]);
    kept.classList.toggle("danger", cell.where === "loose");
    words.textContent = blank ? "" : describe(item, cell.value);
    const before = pivot || item.scores === false || writtenItem || book.session.seat.strip === false ? [] : earlier(book, sheet, item);
    strip.textContent = before.length ? `${say("judge.strip")} ${before.slice(-STRIP).map((value) => spoken(item, value)).join("  ")}` : "";
    element.classList.toggle("blank", blank);
    element.classList.toggle("flagged", Boolean(own.flag));
    element.classList.toggle("reopened", Boolean(sheet.reopened?.items?.length) && editable);
    flag.setAttribute("aria-pressed", String(Boolean(own.flag)));
    flag.setAttribute("aria-label", `${say(own.flag ? "judge.sheet.flag_off" : "judge.sheet.flag_on")}: ${name}`);
    flag.disabled = !editable;
    pen.classList.toggle("on", Boolean(own.note));
    note.element.hidden = !writing && !own.note;
    note.update();
    erase.disabled = !editable || blank;
    asks.replaceChildren(...[confirmation(editable), ...disputes()].filter(Boolean));
  }

  function confirmation(editable) {
    const found = editable && extreme(book, sheet, item);
    return found && h("div", { class: "ask" }, h("span", { text: say(`judge.extreme.${found.kind}`, found) }),
      button(say("judge.extreme.yes", { value: spoken(item, found.value) }), () => book.setOwn(sheet.id, item.id, { zero: true })));
  }

  /** Marks of two tablets for this item, and answers of the server the judge must see. */
  function disputes() {
    const rivals = sheet.rivals?.[item.id]?.map((value) => (value === null ? say("judge.outbox.cleared") : spoken(item, value))) ?? [];
    const both = rivals.length ? say("judge.clash.both", { values: rivals.join(" / ") }) : "";
    return [
      sheet.clash?.includes(item.id) && h("p", { class: "ask danger" }, icon("warn"), h("span", { text: `${say("judge.sheet.clash")}: ${both}${say("judge.outbox.clash_do")}` })),
      ...book.held(sheet.id).filter((op) => op.kind === "mark" && op.item === item.id).map((op) => heldNote(book, op, item))];
  }

  return {
    item, sheet, element, update, title, type: field.type,
    focus: () => (field.focus(), element.scrollIntoView({ block: "nearest" })),
    settle: () => field.settle?.(),
  };
}

/** An answer the judge must see: which value, what the server said, what to do. */
function heldNote(book, op, item) {
  const value = op.value === null ? say("judge.outbox.cleared") : spoken(item, op.value);
  const said = op.held?.reason ? pick(op.held.reason) : say(`judge.outbox.${op.held?.outcome}_do`);
  return h("div", { class: "ask danger" }, icon("warn"),
    h("span", { text: `${value} · ${say(`judge.outbox.${op.held?.outcome}`)}: ${said}` }),
    button(say("judge.outbox.seen"), () => book.dismiss(op), { class: "small" }));
}
