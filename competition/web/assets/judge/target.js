// Is this the sheet the judge means? Opening one away from where they are marking asks for its code first, once per sheet.
// Marks on the wrong contestant are the commonest slip (tablets-and-screens.md 3.4).

import { chip, placeText, sheetName } from "./bars.js";
import { serverNow } from "./beat.js";
import { button, h, icon } from "./dom.js";
import { clock, say } from "./words.js";

/** @typedef {import("./book.js").Book} Book */
/** @typedef {import("./types.js").SheetLine} SheetLine */

/** Where the judge is: the sheet last marked while marks are missing on it, else the next one to do. @param {Book} book */
function here(book) {
  const last = book.last ? book.sheet(book.last) : undefined;
  if (last && book.unfinished(last)) return { sheet: last, station: true };
  const open = book.session.sheets.filter((sheet) => book.unfinished(sheet) && !book.shut(sheet) && !book.waitsFor(sheet).length);
  const after = last ? book.session.sheets.slice(book.session.sheets.indexOf(last) + 1) : [];
  const next = (last && open.find((sheet) => sheet.slot === last.slot)) ?? open.find((sheet) => after.includes(sheet)) ?? open[0];
  return next ? { sheet: next, station: false } : null;
}

/**
 * Why this sheet may not be the one meant: not open yet, another slot, another station; null when nothing speaks against it.
 * @param {Book} book @param {SheetLine} sheet
 * @returns {{kind: "early"|"slot"|"station", at: SheetLine}|null}
 */
export function wrongTarget(book, sheet) {
  if (book.journal.practice || book.state(sheet) !== "new" || book.shut(sheet) || book.own(sheet.id, "").passed) return null;
  if (notOpenYet(sheet)) return { kind: "early", at: sheet };
  const now = here(book);
  if (!now || now.sheet === sheet) return null;
  if (now.sheet.slot !== sheet.slot) return { kind: "slot", at: now.sheet };
  return now.station && now.sheet.station !== sheet.station ? { kind: "station", at: now.sheet } : null;
}

/** @param {SheetLine} sheet */
export const notOpenYet = (sheet) => Boolean(sheet.gate !== "open" && sheet.opens_at && Date.parse(sheet.opens_at) > serverNow().getTime());

/** Codes as people type them: full-width, lower case, with spaces or a hyphen. */
const plain = (text) => text.normalize("NFKC").toUpperCase().replace(/[\s\-–—_.·]/g, "");

/** @param {{book: Book, sync: import("./sync.js").Sync, sheet: SheetLine, why: {kind: string, at: SheetLine}, passed: () => void}} shown */
export function targetView({ book, sync, sheet, why, passed }) {
  const state = chip(book, sync);
  const code = h("input", { class: "input target-code num", id: "target-code", type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", on: { keydown: (event) => event.key === "Enter" && check() } });
  const fault = h("p", { class: "sign-fault", role: "alert" });
  async function check() {
    if (sheet.code && plain(code.value) !== plain(sheet.code)) {
      fault.textContent = say(code.value.trim() ? "judge.target.wrong" : "judge.target.empty", { typed: code.value.trim() });
      return code.select();
    }
    await book.setOwn(sheet.id, "", { passed: true });
    passed();
  }
  const said = say(`judge.target.${why.kind}`, { at: sheet.opens_at ? clock(sheet.opens_at) : "", now: [why.at.code, placeText(why.at)].filter(Boolean).join(" · ") });
  const element = h("div", { class: "target" },
    h("header", { class: "top top-back" }, h("a", { class: "icon-button", href: "#/", "aria-label": say("judge.sheet.back") }, icon("back")),
      h("div", { class: "home-who" }, h("h1", { text: say("judge.target.title") })), state.element),
    h("main", { id: "main", class: "page target-page" },
      h("p", { class: "target-why" }, icon("warn"), h("span", { text: said })),
      h("dl", { class: "target-facts" },
        h("dt", { text: say("judge.home.code") }), h("dd", { class: "num target-big", text: sheet.code ?? say("judge.home.uncoded") }),
        h("dt", { text: say("judge.target.place") }), h("dd", { text: placeText(sheet) || "—" }),
        h("dt", { text: say("judge.target.sheet") }), h("dd", { text: sheetName(book.form(sheet)) })),
      sheet.code && h("div", { class: "field" }, h("label", { for: "target-code", text: say("judge.target.retype") }), code), fault,
      h("p", { class: "target-acts" }, h("a", { class: "button", href: "#/", text: say("judge.sheet.back") }), button(say("judge.target.open"), check, { class: "primary" }))));
  return { element, update: state.update, connection: state.update, shown: () => sheet.code && code.focus() };
}
