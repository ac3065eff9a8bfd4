// The list of sheets this seat marks, by code.

import { chip, seatText, sheetName, slotText, stationText } from "./bars.js";
import { serverNow } from "./beat.js";
import { h, icon } from "./dom.js";
import { notices } from "./notices.js";
import { clock, pick, say } from "./words.js";

const TONE = { new: ["", "ring"], draft: ["info", "half"], complete: ["warn", "pen"], signing: ["warn", "cloud"], signed: ["ok", "check"], locked: ["ok", "check"], checked: ["ok", "check"], clash: ["danger", "warn"] };
const DONE = ["signing", "signed", "locked", "checked"];

/** @param {{book: import("./book.js").Book|null, sync: import("./sync.js").Sync, settings: () => any}} shown */
export function homeView({ book, sync, settings }) {
  const state = chip(book, sync);
  const list = h("div", { class: "home-list" });
  const told = notices({ book, sync });
  const time = h("span", { class: "num quiet server-time" });
  const paintTime = () => (time.textContent = sync.state.offset === null ? "" : say("judge.clock.server", { time: clock(serverNow().toISOString()) }));
  let ticking = 0;
  const session = book?.session;
  const element = h("div", {},
    h("header", { class: "top top-plain" },
      h("div", { class: "home-who" }, h("h1", { text: session ? pick(session.event.name) : say("judge.title") }),
        session && h("p", { class: "quiet", text: `${pick(session.games)} · ${seatText(session)} · ${session.seat.judge ?? ""}` })),
      state.element),
    h("main", { id: "main", class: "page" },
      told.element, session?.seat.trainee && h("p", { class: "note info", text: say("judge.trainee") }), list,
      h("nav", { class: "home-more" }, link("#/practice", say("judge.home.practice")), link("#/outbox", say("judge.home.outbox")), time), settings()));

  function update() {
    connection();
    list.replaceChildren(...(session?.sheets.length ? [lines(book), ...groups(book)] : [empty(book, sync)]));
  }
  function connection() {
    state.update();
    told.update();
    paintTime();
  }
  return {
    element, update, connection: () => (session?.sheets.length ? connection() : update()),
    shown: () => (ticking = setInterval(paintTime, 1000)),
    leave: () => clearInterval(ticking),
  };
}

const link = (href, text) => h("a", { class: "button", href, text });

function empty(book, sync) {
  const [title, text] = book ? ["judge.home.empty", "judge.home.empty_text"]
    : !sync.state.paired ? ["judge.home.unpaired", "judge.home.unpaired_text"]
    : sync.state.online === false ? ["judge.chip.offline_none", "judge.home.offline_first"] : ["judge.loading", "judge.chip.start"];
  return h("div", { class: "empty" }, h("p", { class: "title", text: say(title) }), h("p", { text: say(text) }));
}

function lines(book) {
  const done = book.session.sheets.filter((sheet) => DONE.includes(book.state(sheet))).length;
  return h("p", { class: "home-progress" }, h("strong", { class: "num", text: say("judge.home.progress", { n: done, of: book.session.sheets.length }) }));
}

/** One list per kind of sheet; a seat usually has one. */
function groups(book) {
  const kinds = [...new Set(book.session.sheets.map((sheet) => `${sheet.module}/${sheet.sheet}`))];
  return kinds.map((kind) => h("section", { class: "home-group" },
    h("header", { class: "home-group-head" }, h("h2", { text: sheetName(book.session.forms[kind]) }), sweepLink(book, kind)),
    h("div", { class: "entries" }, book.session.sheets.filter((sheet) => `${sheet.module}/${sheet.sheet}` === kind).map((sheet) => entry(book, sheet)))));
}

const sweepLink = (book, kind) => book.session.sheets.filter((sheet) => `${sheet.module}/${sheet.sheet}` === kind).length > 1
  && h("a", { class: "button", href: `#/sweep/${kind}` }, icon("sweep"), h("span", { text: say("judge.sweep.title") }));

function entry(book, sheet) {
  const state = book.state(sheet);
  const { marked, required } = book.progress(sheet);
  const shut = book.shut(sheet);
  const [tone, sign] = shut ? ["", "ring"] : TONE[state];
  const words = [shut && say(`judge.gate.${shut}`), (!shut || state === "complete") && say(`judge.state.${state}`)].filter(Boolean).join(" · ");
  const held = book.held(sheet.id).length;
  const flags = book.items(sheet).filter((item) => book.own(sheet.id, item.id).flag).length;
  const asked = ["signed", "locked", "checked"].includes(state) && book.asked(sheet);
  const first = book.waitsFor(sheet)[0];
  if (first) return h("div", { class: "entry waits" },
    h("span", { class: "entry-code num", text: sheet.code ?? say("judge.home.uncoded") }),
    h("span", { class: "entry-place" }, h("span", { text: stationText(sheet.station) })),
    h("span", { class: "quiet", text: say("judge.home.after", { sheet: sheetName(book.form(first)) }) }));
  return h("a", { class: `entry ${tone}`, href: `#/sheet/${sheet.id}` },
    h("span", { class: "entry-code num", text: sheet.code ?? say("judge.home.uncoded") }),
    h("span", { class: "entry-place" }, h("span", { text: stationText(sheet.station) }), h("span", { class: "quiet", text: slotText(sheet.slot) })),
    h("span", { class: "entry-progress" }, h("progress", { class: "bar-line", max: required || 1, value: marked, "aria-hidden": "true" }), h("span", { class: "num", text: `${marked}/${required}` })),
    h("span", { class: `entry-state ${held ? "danger" : tone}` }, icon(held ? "warn" : sign), h("span", { text: held ? say("judge.chip.held", { n: held }) : asked ? say("judge.ask.state") : flags ? `${words} · ${say("judge.home.flags", { n: flags })}` : sheet.reopened ? say("judge.ask.open") : words })), icon("next"));
}
