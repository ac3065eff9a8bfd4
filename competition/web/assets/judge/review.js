// Everything on one page before the signature, then the signature: by hand, or by PIN with ink on the printout.

import { chip, sheetName, slotText, stationText } from "./bars.js";
import { describe, spoken } from "./controls/index.js";
import { button, h, icon } from "./dom.js";
import { points, quotient } from "./exact.js";
import { signaturePad } from "./pad.js";
import { pinField } from "./pin.js";
import { pick, say } from "./words.js";

/** @param {{book: import("./book.js").Book, sync: import("./sync.js").Sync, sheet: import("./types.js").SheetLine, home: string}} shown */
export function reviewView({ book, sync, sheet, home }) {
  const form = book.form(sheet);
  const state = chip(book, sync);
  const here = `${home}/${sheet.id}`;
  const place = [stationText(sheet.station), slotText(sheet.slot)].filter(Boolean).join(" · ");
  const open = h("div", { class: "open-matters", role: "status" });
  const list = h("div", { class: "review-list" });
  const total = h("p", { class: "review-total" });
  const fault = h("p", { class: "sign-fault", role: "alert" });
  const pad = signaturePad();
  const pin = pinField(say("judge.sign.pin"));
  const byHand = radio("hand", say("judge.sign.by_hand"), true);
  const byPin = radio("pin", say("judge.sign.by_pin"), false);
  const submit = button(say("judge.sign.button"), sign, { class: "primary sign-button" });
  const signing = h("section", { class: "card signing", "aria-label": say("judge.sign.title") },
    h("h2", { text: say("judge.sign.title") }),
    h("p", { text: say("judge.sign.statement", { code: sheet.code ?? say("judge.home.uncoded"), station: sheet.station ?? "—" }) }),
    h("p", {}, h("strong", { class: "signer", text: book.session.seat.judge ?? "" })),
    h("div", { class: "sign-ways", role: "radiogroup", "aria-label": say("judge.sign.title") }, byHand.element, byPin.element),
    pad.element, pin.element, fault, submit);

  function radio(value, text, checked) {
    const input = h("input", { type: "radio", name: "way", value, checked, on: { change: () => (pad.element.hidden = byPin.input.checked) } });
    return { input, element: h("label", { class: "way" }, input, h("span", { text })) };
  }

  const main = h("main", { id: "main", class: "page review" },
    h("p", { class: "quiet", text: say("judge.review.lead") }), open, list, total, signing);
  const element = h("div", {}, h("header", { class: "top" },
    h("a", { class: "icon-button", href: here, "aria-label": say("judge.sheet.back") }, icon("back")),
    h("h1", { class: "code num", text: sheet.code ?? "—" }),
    h("p", { class: "place" }, h("strong", { text: place }), h("span", { class: "quiet", text: `${say("judge.review.title")} · ${sheetName(form)}` })),
    h("span"), state.element), main);

  function update() {
    state.update();
    const matters = book.openMatters(sheet);
    const lines = [["unmarked", matters.unmarked], ["flagged", matters.flagged], ["zeros", matters.zeros], ["clashes", matters.clashes]]
      .filter(([, items]) => items.length)
      .map(([key, items]) => h("li", {}, icon("warn"), h("span", { text: say(`judge.review.${key}`, { n: items.length }) }),
        h("a", { class: "button", href: `${here}/at/${items[0].id}`, text: say("judge.review.go") })));
    const editable = book.editable(sheet);
    open.replaceChildren(...(lines.length && editable ? [h("div", { class: "note warn" }, h("p", { class: "title", text: say("judge.review.open") }), h("ul", { class: "matters" }, lines))] : []));
    signing.hidden = lines.length > 0 || !editable;
    list.replaceChildren(...form.sections.map((section, s) => reviewed(book, sheet, section, s, here)));
    const p = book.progress(sheet);
    total.replaceChildren(h("span", { text: say("judge.review.total") }), h("strong", { class: "num", text: p.total === null ? "—" : quotient(p.total, form.denominator) }),
      p.waiting ? h("span", { class: "quiet", text: say("judge.sheet.pending_points", { n: p.waiting }) }) : "");
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

  return { element, update, connection: state.update };
}

/** One section, item by item; each leads back to its row. */
function reviewed(book, sheet, section, s, here) {
  const rows = section.items.map((item, i) => {
    if (item.control === "derived") return null;
    const { value } = book.cell(sheet.id, item.id);
    const worth = value === null ? null : points(item, value);
    const shown = item.scores === false || item.control === "note" ? "" : worth === null ? (value === null ? "" : say("judge.sheet.server")) : say("judge.sheet.worth", { n: quotient(worth, book.form(sheet).denominator) });
    const signs = [book.own(sheet.id, item.id).flag && say("judge.sheet.flag"), sheet.clash?.includes(item.id) && say("judge.sheet.clash")].filter(Boolean);
    return h("a", { class: `review-row${value === null ? " blank" : ""}`, href: `${here}/at/${item.id}` },
      h("span", { class: "num item-n", text: `${s + 1}.${i + 1}` }),
      h("span", { class: "review-name" }, h("span", { text: item.sample ? `${item.sample} · ${pick(item.name)}` : pick(item.name) }),
        h("span", { class: "quiet", text: [value === null ? "" : describe(item, value), ...signs].filter(Boolean).join(" · ") })),
      h("strong", { class: "num review-value", text: spoken(item, value) }), h("span", { class: "num quiet review-points", text: shown }));
  });
  return h("section", {}, h("h2", { text: pick(section.name) }), rows.filter(Boolean));
}
