// Everything on one page before the signature, then the signature: by hand, or by PIN with ink on the printout.

import { itemText, placeText, sheetName, topBar } from "./bars.js";
import { describe, spoken } from "./controls/index.js";
import { button, h, icon, renew } from "./dom.js";
import { points, quotient } from "./exact.js";
import { deviation, extreme } from "./guard.js";
import { ownTotal } from "./own_total.js";
import { signaturePad } from "./pad.js";
import { pinField } from "./pin.js";
import { pick, say } from "./words.js";

const FIRST = 5; // items shown first for being far from the judge's own median

/** @param {{book: import("./book.js").Book, sync: import("./sync.js").Sync, sheet: import("./types.js").SheetLine, home: string}} shown */
export function reviewView({ book, sync, sheet, home }) {
  const form = book.form(sheet);
  const here = `${home}/${sheet.id}`;
  const head = topBar(book, sync, sheet, here, say("judge.review.title"));
  const open = h("div", { class: "open-matters", role: "status" });
  const list = h("div", { class: "review-list" });
  const total = h("p", { class: "review-total" });
  const served = ownTotal(book, sync, sheet);
  const fault = h("p", { class: "sign-fault", role: "alert" });
  const pad = signaturePad();
  const pin = pinField(say("judge.sign.pin"));
  const byHand = radio("hand", say("judge.sign.by_hand"), true);
  const byPin = radio("pin", say("judge.sign.by_pin"), false);
  const submit = button(say("judge.sign.button"), sign, { class: "primary sign-button" });
  const signing = h("section", { class: "card signing", "aria-label": say("judge.sign.title") },
    h("h2", { text: say("judge.sign.title") }),
    h("p", { class: "sign-what" }, h("strong", { class: "num sign-code", text: sheet.code ?? say("judge.home.uncoded") }),
      h("span", {}, h("strong", { text: placeText(sheet) || "—" }), h("span", { text: sheetName(form) }))),
    h("p", { text: say("judge.sign.statement", { code: sheet.code ?? say("judge.home.uncoded"), station: sheet.station ?? "—", module: sheetName(form) }) }),
    h("p", {}, h("strong", { class: "signer", text: book.session.seat.judge ?? "" })),
    h("div", { class: "sign-ways", role: "radiogroup", "aria-label": say("judge.sign.title") }, byHand.element, byPin.element),
    pad.element, pin.element, fault, submit);

  function radio(value, text, checked) {
    const input = h("input", { type: "radio", name: "way", value, checked, on: { change: () => (pad.element.hidden = byPin.input.checked) } });
    return { input, element: h("label", { class: "way" }, input, h("span", { text })) };
  }

  const main = h("main", { id: "main", class: "page review" },
    h("p", { class: "quiet", text: say("judge.review.lead") }), open, list, total, served.element, signing);
  const element = h("div", {}, head.element, main);

  function update() {
    head.update();
    const editable = book.signable(sheet);
    const matters = editable ? openLines(book, sheet, here) : [];
    signing.hidden = matters.length > 0 || !editable;
    renew(open, matters.length ? [h("div", { class: "note warn" }, h("p", { class: "title", text: say("judge.review.open") }), h("ul", { class: "matters" }, matters))] : [], () => byHand.input);
    renew(list, listed(book, sheet, here));
    const p = book.progress(sheet);
    total.replaceChildren(h("span", { text: say("judge.review.total") }), h("strong", { class: "num", text: p.total === null ? "—" : quotient(p.total, form.denominator) }),
      p.waiting ? h("span", { class: "quiet", text: say("judge.sheet.pending_points", { n: p.waiting }) }) : "");
    served.update();
    if (!editable) location.replace(here);
  }

  async function sign() {
    const hand = byHand.input.checked;
    if (hand && pad.empty()) return (fault.textContent = say("judge.sign.need_strokes"));
    if (pin.value().length !== 6) return (fault.textContent = say("judge.sign.need_pin"));
    fault.textContent = "";
    for (const op of book.held(sheet.id).filter((held) => held.kind === "sign")) await book.dismiss(op);
    submit.disabled = true;
    if (!(await book.sign(sheet.id, hand ? pad.strokes() : null, pin.value()))) submit.disabled = false;
  }

  const connection = () => {
    head.update();
    served.update();
  };
  return { element, update, sheet, connection, shown: head.start, leave: head.leave };
}

/** What stands before the signature, each with what to do: one list for blanks, doubts, extremes and clashes. */
function openLines(book, sheet, here) {
  const { unmarked, flagged, extremes, clashes } = book.openMatters(sheet);
  const go = (item) => h("a", { class: "button", href: `${here}/at/${item.id}`, text: say("judge.review.go") });
  const line = (text, ...acts) => h("li", {}, icon("warn"), h("span", { text }), h("span", { class: "matter-acts" }, acts));
  const form = book.form(sheet);
  const named = (item) => `${itemText(form, item)} ${spoken(item, book.cell(sheet.id, item.id).value)}`;
  return [
    ...(unmarked.length ? [line(say("judge.review.unmarked", { n: unmarked.length }), go(unmarked[0]))] : []),
    ...flagged.map((item) => line(say("judge.review.flag", { name: named(item) }), button(say("judge.review.settle"), () => book.setOwn(sheet.id, item.id, { flag: false })), go(item))),
    ...extremes.map((item) => {
      const found = /** @type {NonNullable<ReturnType<typeof extreme>>} */ (extreme(book, sheet, item));
      return line(`${itemText(form, item)}: ${say(`judge.extreme.${found.kind}`, found)}`,
        button(say("judge.extreme.yes", { value: spoken(item, found.value) }), () => book.setOwn(sheet.id, item.id, { zero: true })), go(item));
    }),
    ...(clashes.length ? [line(say("judge.review.clashes", { n: clashes.length }), go(clashes[0]))] : []),
  ];
}

/** All items on one page: first those furthest from this judge's own median, then the rest as on the sheet. */
function listed(book, sheet, here) {
  const form = book.form(sheet);
  const all = form.sections.flatMap((section, s) => section.items.map((item, i) => ({ section, item, number: `${s + 1}.${i + 1}`, away: item.control === "derived" ? null : deviation(book, sheet, item) })))
    .filter(({ item }) => item.control !== "derived");
  const far = all.filter(({ away }) => away && away.steps >= 1).sort((a, b) => b.away.steps - a.away.steps).slice(0, FIRST);
  const group = (title, lines, key = "") => lines.length ? h("section", { class: key }, h("h2", { text: title }), lines.map((line) => reviewed(book, sheet, line, here))) : "";
  return [group(say("judge.review.far"), far, "review-far"),
    ...form.sections.map((section) => group(pick(section.name), all.filter((line) => line.section === section && !far.includes(line))))].filter(Boolean);
}

/** One item; it leads back to its row. */
function reviewed(book, sheet, { item, number, away }, here) {
  const { value } = book.cell(sheet.id, item.id);
  const worth = value === null ? null : points(item, value);
  const shown = item.scores === false || item.control === "note" ? "" : worth === null ? (value === null ? "" : say("judge.sheet.server")) : say("judge.sheet.worth", { n: quotient(worth, book.form(sheet).denominator) });
  const own = book.own(sheet.id, item.id);
  const signs = [value !== null && describe(item, value), away && say("judge.review.median", { median: away.median }), own.flag && say("judge.sheet.flag"),
    sheet.clash?.includes(item.id) && say("judge.sheet.clash"), own.note].filter(Boolean);
  return h("a", { class: `review-row${value === null ? " blank" : ""}`, href: `${here}/at/${item.id}` },
    h("span", { class: "num item-n", text: number }),
    h("span", { class: "review-name" }, h("span", { text: item.sample ? `${item.sample} · ${pick(item.name)}` : pick(item.name) }),
      h("span", { class: "quiet", text: signs.join(" · ") })),
    h("strong", { class: "num review-value", text: spoken(item, value) }), h("span", { class: "num quiet review-points", text: shown }));
}
