// One item on the sheet: its name, its control, the value echoed large, and the judge's own signs (unsure, zero meant).

import { control, describe, spoken } from "./controls/index.js";
import { button, h, icon } from "./dom.js";
import { pick, say } from "./words.js";

/** @typedef {import("./types.js").Item} Item */

/**
 * @param {{book: import("./book.js").Book, sheet: import("./types.js").SheetLine, item: Item, number: string,
 *   denominator: number, next: (from: Item) => void}} made
 */
export function row({ book, sheet, item, number, denominator, next }) {
  const labelId = `l-${item.id}`;
  const name = item.sample ? `${item.sample} · ${pick(item.name)}` : pick(item.name);
  const set = (value) => book.mark(sheet.id, item.id, value);
  const clear = () => set(null);
  const field = control(item, { labelId, set, clear, next: () => next(item), title: `${number} ${name}`, denominator });

  const echo = h("output", { class: "echo num" });
  const kept = h("span", { class: "kept" });
  const words = h("p", { class: "item-words" });
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
  const extra = h("div", { class: "item-menu", hidden: true }, erase, item.help && h("p", { class: "item-help", text: pick(item.help) }));
  const toggle = (open) => {
    extra.hidden = !open;
    menu.setAttribute("aria-expanded", String(open));
  };
  const asks = h("div", { class: "item-asks" });
  const max = item.scores === false ? say("judge.sheet.unscored") : item.max ? say("judge.sheet.max", { n: item.max }) : "";
  const element = h("section", { class: `item is-${item.control}`, id: `i-${item.id}`, "data-item": item.id },
    h("header", { class: "item-head" },
      h("div", { class: "item-name" },
        h("h3", { id: labelId }, h("span", { class: "item-n num", text: number }), h("span", { text: name })),
        h("p", { class: "item-facts" }, max && h("span", { text: max }), !item.required && h("span", { text: say("judge.sheet.optional") }), words)),
      h("div", { class: "item-echo" }, echo, kept), flag, menu),
    field.element, asks, extra);

  /** Paint what stands in the cell now. */
  function update() {
    const editable = book.editable(sheet);
    const cell = book.cell(sheet.id, item.id);
    const own = book.own(sheet.id, item.id);
    const blank = cell.value === null;
    const clash = sheet.clash?.includes(item.id);
    const writtenItem = item.control === "answer" || item.control === "note";
    field.show(cell.value, editable);
    echo.textContent = blank ? "—" : writtenItem ? "" : spoken(item, cell.value);
    echo.classList.toggle("long", echo.textContent.length > 6);
    kept.textContent = blank && cell.where === "server" ? say("judge.sheet.blank") : say({ saving: "judge.sheet.saving", local: "judge.sheet.saved_here", server: "judge.sheet.saved" }[book.journal.practice && cell.where === "server" ? "local" : cell.where]);
    words.textContent = blank ? "" : describe(item, cell.value);
    element.classList.toggle("blank", blank);
    element.classList.toggle("flagged", Boolean(own.flag));
    flag.setAttribute("aria-pressed", String(Boolean(own.flag)));
    flag.setAttribute("aria-label", `${say(own.flag ? "judge.sheet.flag_off" : "judge.sheet.flag_on")}: ${name}`);
    flag.disabled = !editable;
    erase.disabled = !editable || blank;
    asks.replaceChildren(...[
      editable && book.zeroAsked(sheet.id, item) && h("div", { class: "ask" }, h("span", { text: say("judge.sheet.zero") }),
        button(say("judge.sheet.zero_yes"), () => book.setOwn(sheet.id, item.id, { zero: true }))),
      clash && h("p", { class: "ask danger" }, icon("warn"), h("span", { text: `${say("judge.sheet.clash")}: ${say("judge.outbox.clash_do")}` })),
      ...book.held(sheet.id).filter((op) => op.item === item.id).map((op) => heldNote(book, op, item)),
    ].filter(Boolean));
  }

  return { item, element, update, focus: () => (field.focus(), element.scrollIntoView({ block: "nearest" })), type: field.type, settle: () => field.settle?.() };
}

/** An answer the judge must see: which value, what the server said, what to do. */
export function heldNote(book, op, item) {
  const value = op.value === null ? say("judge.outbox.cleared") : item ? spoken(item, op.value) : op.value ?? say("judge.outbox.sign");
  const said = op.held?.reason ? pick(op.held.reason) : say(`judge.outbox.${op.held?.outcome}_do`);
  return h("div", { class: "ask danger" }, icon("warn"),
    h("span", { text: `${value} · ${say(`judge.outbox.${op.held?.outcome}`)}: ${said}` }),
    button(say("judge.outbox.seen"), () => book.dismiss(op), { class: "small" }));
}
