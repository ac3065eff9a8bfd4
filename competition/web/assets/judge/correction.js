// After the signature: asking the chief to open some items again, and how far the request has come.

import { itemText } from "./bars.js";
import { serverNow } from "./beat.js";
import { spoken } from "./controls/index.js";
import { button, h } from "./dom.js";
import { flushNotes } from "./notes.js";
import { openSide } from "./side.js";
import { clock, pick, say } from "./words.js";

/** @typedef {import("./book.js").Book} Book */
/** @typedef {import("./types.js").SheetLine} SheetLine */

const LONGEST = 200; // characters of a reason

/** The notices about corrections above a sheet; `update` also moves the time left on. @param {Book} book @param {SheetLine} sheet */
export function corrections(book, sheet) {
  const element = h("div", { class: "corrections", role: "status" });
  const left = h("strong", { class: "num" });
  let shown = "";
  const named = (ids) => (ids.length ? book.items(sheet).filter((item) => ids.includes(item.id)).map((item) => itemText(book.form(sheet), item)).join(say("judge.list")) : say("judge.ask.whole"));

  function update() {
    const closed = ["signed", "locked", "checked"].includes(book.state(sheet));
    const known = sheet.asked !== undefined && !book.journal.practice; // a server that takes requests
    const asked = known && closed ? book.asked(sheet) : null;
    const held = book.held(sheet.id).find((op) => op.kind === "ask");
    const open = closed ? null : sheet.reopened;
    const again = closed ? null : sheet.recheck;
    const now = JSON.stringify([known, closed, asked, held?.id, sheet.refused, open, again]);
    if (now !== shown) {
      shown = now;
      element.replaceChildren(...[
        again && note("warn", [say("judge.recheck", { items: named(again.items.filter(Boolean)) }), left]),
        !again && open && note("info", [say("judge.ask.reopened", { items: named(open.items ?? []) }), left]),
        held && note("danger", [say("judge.ask.not_sent", { reason: pick(held.held?.reason) })], button(say("judge.outbox.seen"), () => book.dismiss(held))),
        asked ? note("info", [say(asked.here ? "judge.ask.here" : "judge.ask.waiting", { items: named(asked.items), reason: asked.reason })])
          : known && closed && note(sheet.refused ? "warn" : "", [sheet.refused ? say("judge.ask.refused", { reason: sheet.refused.reason, time: clock(sheet.refused.at) }) : say("judge.ask.may")],
            button(say(sheet.refused ? "judge.ask.again" : "judge.ask.button"), () => form(book, sheet)))].filter(Boolean));
    }
    left.textContent = open?.until ? remaining(Date.parse(open.until) - serverNow().getTime()) : "";
  }
  return { element, update };
}

const note = (tone, parts, act = null) => h("div", { class: `note ${tone}` }, h("p", {}, parts), act);

/** The chief's time informs; a mark after it is kept as late, so nothing is blocked here. @param {number} ms */
function remaining(ms) {
  if (ms <= 0) return ` ${say("judge.ask.over")}`;
  const seconds = Math.ceil(ms / 1000);
  return ` ${say("judge.ask.left", { time: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` })}`;
}

/** Pick items, say why, send. It goes through the outbox, so a request made offline is not lost. */
function form(book, sheet) {
  const boxes = book.items(sheet).map((item) => ({ item, box: h("input", { type: "checkbox", value: item.id }) }));
  const reason = h("textarea", { class: "input", id: "ask-reason", rows: 3, maxlength: LONGEST });
  const fault = h("p", { class: "sign-fault", role: "alert" });
  const send = async () => {
    const why = reason.value.normalize("NFC").trim();
    const items = boxes.filter(({ box }) => box.checked).map(({ item }) => item.id);
    if (!items.length) return void (fault.textContent = say("judge.ask.need_items"));
    if (why.length < 2) return void (fault.textContent = say("judge.ask.need_reason"));
    flushNotes();
    dialog.close();
    await book.ask(sheet.id, items, why);
  };
  const dialog = openSide(say("judge.ask.title", { code: sheet.code ?? "" }),
    h("p", { text: say("judge.ask.lead") }),
    h("fieldset", { class: "ask-items" }, h("legend", { class: "label", text: say("judge.ask.items") }),
      boxes.map(({ item, box }) => h("label", { class: "ask-item" }, box, h("span", { text: itemText(book.form(sheet), item) }),
        h("strong", { class: "num", text: spoken(item, book.cell(sheet.id, item.id).value) })))),
    h("div", { class: "field" }, h("label", { for: "ask-reason", text: say("judge.ask.reason") }), reason), fault,
    button(say("judge.ask.send"), send, { class: "primary ask-send" }));
}
