// What has not arrived yet, and what the server did not take: each with what to do.

import { chip, itemText } from "./bars.js";
import { serverNow } from "./beat.js";
import { spoken } from "./controls/index.js";
import { button, h, icon } from "./dom.js";
import { packages } from "./handover.js";
import { notices } from "./notices.js";
import { clock, pick, say } from "./words.js";

/** @param {{book: import("./book.js").Book|null, sync: import("./sync.js").Sync, back: string, again: (op: any) => void}} shown */
export function outboxView({ book, sync, back, again }) {
  const state = chip(book, sync);
  const told = notices({ book, sync });
  const body = h("div");
  const element = h("div", {}, h("header", { class: "top top-back" }, h("a", { class: "icon-button", href: back, "aria-label": say("judge.sheet.back") }, icon("back")),
    h("div", { class: "home-who" }, h("h1", { text: say("judge.outbox.title") })), state.element), h("main", { id: "main", class: "page" }, told.element, body));

  function update() {
    state.update();
    told.update();
    const waiting = book?.waiting() ?? [];
    const held = book?.held() ?? [];
    const last = sync.state.last ? clock(sync.state.last) : say("judge.outbox.never");
    const loose = book?.loose().length ?? 0;
    const packs = packages(book?.ops ?? [], serverNow().toISOString(), book?.session);
    body.replaceChildren(h("div", { class: "stack" },
      loose ? h("p", { class: "note danger", text: say("judge.storage.loose", { n: loose }) }) : "",
      !waiting.length && !held.length ? h("p", { class: "note ok", text: say("judge.outbox.none") }) : "",
      h("p", { class: "quiet num", text: say("judge.outbox.last", { time: last }) }),
      h("p", { class: "row" }, button(say("judge.outbox.retry"), () => sync.kick(), { class: "primary" })),
      packs.length ? handing(packs) : ""),
      list(say("judge.outbox.held", { n: held.length }), held, true), list(say("judge.outbox.waiting", { n: waiting.length }), waiting, false));
  }

  function list(title, ops, answered) {
    return ops.length ? h("section", { class: "ops" }, h("h2", { text: title }), h("ul", { class: "op-list" }, ops.map((op) => line(op, answered)))) : "";
  }

  function line(op, answered) {
    if (!book) return "";
    const sheet = book.sheet(op.sheet);
    const items = sheet ? book.items(sheet) : [];
    const item = items.find((one) => one.id === op.item);
    const what = op.kind === "sign" ? say("judge.outbox.sign") : op.kind === "ask" ? say("judge.outbox.ask") : `${sheet && item ? itemText(book.form(sheet), item) : op.item}: ${op.value === null ? say("judge.outbox.cleared") : item ? spoken(item, op.value) : op.value}`;
    const foreign = op.owner !== book.owner;
    const said = answered ? [say(`judge.outbox.${op.held.outcome}`), op.held.reason ? pick(op.held.reason) : say(`judge.outbox.${op.held.outcome}_do`)].join(": ")
      : foreign ? say("judge.outbox.other", { seat: op.owner.split("/").at(-1) }) : "";
    return h("li", {}, h("strong", { class: "num", text: sheet?.code ?? op.sheet.slice(0, 6) }),
      h("span", { class: "op-what" }, h("span", { text: what }), said && h("span", { class: answered ? "op-said" : "quiet", text: said })),
      answered && op.kind !== "sign" && op.held.outcome === "refused" && button(say("judge.outbox.resend"), () => again(op)),
      answered && button(say("judge.outbox.seen"), () => book.dismiss(op)));
  }
  return { element, update, connection: () => update() };
}

/** Two ways to carry marks to the desk from a tablet that must be replaced. */
function handing(packs) {
  const label = (pack, words) => (packs.length > 1 ? `${words} · ${pack.seat}` : words);
  return h("section", { class: "card handing", "aria-label": say("judge.hand.section") }, h("h2", { text: say("judge.hand.section") }),
    h("p", { text: say("judge.outbox.export_text") }),
    packs.map((pack) => h("p", { class: "row" }, button(label(pack, say("judge.outbox.export")), () => save(pack)),
      button(label(pack, say("judge.hand.button")), async () => (await import("./handover_view.js")).showCodes(pack)))));
}

function save(pack) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(pack, null, 1)], { type: "application/json" }));
  h("a", { href: url, download: `marks-${pack.event}-${pack.seat}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
