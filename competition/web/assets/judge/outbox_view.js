// What has not arrived yet, and what the server did not take: each with what to do.

import { chip } from "./bars.js";
import { spoken } from "./controls/index.js";
import { button, h, icon } from "./dom.js";
import { clock, pick, say } from "./words.js";

/** @param {{book: import("./book.js").Book|null, sync: import("./sync.js").Sync, back: string, again: (op: any) => void}} shown */
export function outboxView({ book, sync, back, again }) {
  const state = chip(book, sync);
  const body = h("main", { id: "main", class: "page" });
  const element = h("div", {}, h("header", { class: "top top-back" }, h("a", { class: "icon-button", href: back, "aria-label": say("judge.sheet.back") }, icon("back")),
    h("div", { class: "home-who" }, h("h1", { text: say("judge.outbox.title") })), state.element), body);

  function update() {
    state.update();
    const waiting = book?.waiting() ?? [];
    const held = book?.held() ?? [];
    const last = sync.state.last ? clock(sync.state.last) : say("judge.outbox.never");
    body.replaceChildren(h("div", { class: "stack" },
      !waiting.length && !held.length ? h("p", { class: "note ok", text: say("judge.outbox.none") }) : "",
      h("p", { class: "quiet num", text: say("judge.outbox.last", { time: last }) }),
      h("p", { class: "row" }, button(say("judge.outbox.retry"), () => sync.kick(), { class: "primary" }), button(say("judge.outbox.export"), () => save(book))),
      h("p", { class: "quiet", text: say("judge.outbox.export_text") })),
      list(say("judge.outbox.held", { n: held.length }), held, true), list(say("judge.outbox.waiting", { n: waiting.length }), waiting, false));
  }

  function list(title, ops, answered) {
    return ops.length ? h("section", { class: "ops" }, h("h2", { text: title }), h("ul", { class: "op-list" }, ops.map((op) => line(op, answered)))) : "";
  }

  function line(op, answered) {
    const sheet = book.sheet(op.sheet);
    const items = sheet ? book.items(sheet) : [];
    const item = items.find((one) => one.id === op.item);
    const what = op.kind === "sign" ? say("judge.outbox.sign") : `${item ? pick(item.name) : op.item}: ${op.value === null ? say("judge.outbox.cleared") : item ? spoken(item, op.value) : op.value}`;
    const foreign = op.owner !== book.owner;
    const said = answered ? [say(`judge.outbox.${op.held.outcome}`), op.held.reason ? pick(op.held.reason) : say(`judge.outbox.${op.held.outcome}_do`)].join(": ")
      : foreign ? say("judge.outbox.other", { seat: op.owner.split("/").at(-1) }) : "";
    return h("li", {}, h("strong", { class: "num", text: sheet?.code ?? op.sheet.slice(0, 6) }),
      h("span", { class: "op-what" }, h("span", { text: what }), said && h("span", { class: answered ? "op-said" : "quiet", text: said })),
      answered && op.kind === "mark" && op.held.outcome === "refused" && button(say("judge.outbox.resend"), () => again(op)),
      answered && button(say("judge.outbox.seen"), () => book.dismiss(op)));
  }
  return { element, update, connection: () => update() };
}

/** Everything unconfirmed as a file, for a tablet that must be replaced. PINs stay out of it. */
function save(book) {
  const ops = (book?.ops ?? []).map(({ pin, ...op }) => op);
  const url = URL.createObjectURL(new Blob([JSON.stringify({ owner: book?.owner, ops }, null, 1)], { type: "application/json" }));
  h("a", { href: url, download: `marks-${(book?.owner ?? "tablet").replace("/", "-")}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
