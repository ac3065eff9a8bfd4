// The tablet: opens what it kept, shows one view at a time, and lets the sender work behind.

import { Book } from "./book.js";
import { button, h } from "./dom.js";
import { homeView, settingsPanel } from "./home.js";
import * as outbox from "./outbox.js";
import { outboxView } from "./outbox_view.js";
import { pairingForm } from "./pairing.js";
import { practiceBook } from "./practice.js";
import { reviewView } from "./review.js";
import { sheetView } from "./sheet.js";
import { Sync } from "./sync.js";
import { lang, pick, say, setLang } from "./words.js";

const root = document.getElementById("app");
const sync = new Sync();
const journal = {
  append: outbox.append,
  putOpen: (row) => outbox.putOwn("open", row),
  seen: (op) => outbox.reopen(op, "seen"),
};
/** @type {Book|null} */
let book = null;
/** @type {Book|null} */
let practice = null;
/** @type {{element: HTMLElement, update: (detail?: any) => void, connection: () => void, shown?: () => void, leave?: () => void}} */
let view;
const prefs = readPrefs();

await boot();

async function boot() {
  apply();
  try {
    await outbox.ready();
  } catch {
    root.replaceChildren(h("main", { class: "page" }, h("p", { class: "note danger", text: `${say("judge.test.bad")} ${say("judge.test.store_bad")}` })));
    return;
  }
  await reload(await outbox.getMeta("session"));
  sync.addEventListener("change", connection);
  sync.addEventListener("settled", (event) => reload(/** @type {CustomEvent} */ (event).detail));
  outbox.onOtherTab(async (what) => {
    if (what === "paired") location.reload();
    else reload(what === "session" ? await outbox.getMeta("session") : null);
  });
  addEventListener("hashchange", route);
  addEventListener("beforeunload", (event) => {
    if (!book?.waiting().length) return;
    event.preventDefault();
    event.returnValue = ""; // older browsers ask only for this
  });
  route();
  sync.start();
}

/** Take what is stored; `session` is a fresh package or null. */
async function reload(session) {
  const [ops, acked, open] = await Promise.all([outbox.all(), outbox.acked(), book ? null : outbox.listOwn("open")]);
  if (!book && session) {
    book = new Book(session, journal);
    book.addEventListener("change", (event) => view?.update(/** @type {CustomEvent} */ (event).detail));
    book.addEventListener("recorded", () => sync.kick());
    book.addEventListener("fault", () => alarm(say("judge.outbox.failed")));
    sync.owner = book.owner;
    book.load(session, ops, acked, open);
    if (view) route();
    return;
  }
  if (!book) return;
  const before = assigned(book.session);
  book.load(session ?? book.session, ops, acked, open);
  if (session && assigned(session) !== before) route();
}

/** What a view is built from; only when this changes must it be built anew. */
const assigned = (session) =>
  JSON.stringify([session.event, session.seat, session.sheets.map(({ id, code, station, slot }) => [id, code, station, slot])]);

/** Show the view the address names. */
async function route() {
  const [, name, id, more, item] = location.hash.split("/");
  view?.leave?.();
  const held = scrollY;
  const same = view && root.dataset.view === location.hash;
  const made = name === "sheet" && book ? sheetOr(id, more, item) : name === "practice" ? await practiceView(id, more, item)
    : name === "outbox" ? outboxView({ book, sync, back: "#/", again: sendAgain }) : homeView({ book, sync, settings });
  view = made;
  root.dataset.view = location.hash;
  root.replaceChildren(made.element, ...pairingNote());
  made.update();
  scrollTo(0, same ? held : 0);
  made.shown?.();
}

function sheetOr(id, more, item) {
  const sheet = book.sheet(id);
  if (!sheet) return { element: h("main", { class: "page" }, h("p", { class: "note warn", text: say("judge.sheet.gone") }), h("a", { class: "button", href: "#/", text: say("judge.sheet.back") })), update() {}, connection() {} };
  if (more === "review") return reviewView({ book, sync, sheet, home: "#/sheet" });
  return sheetView({ book, sync, sheet, home: "#/sheet", goTo: item });
}

async function practiceView(id, more, item) {
  if (!practice) {
    practice = await practiceBook(book?.session.seat.judge ?? null);
    practice.addEventListener("change", (event) => view?.update(/** @type {CustomEvent} */ (event).detail));
  }
  const reset = async () => {
    await outbox.clearPractice();
    practice = null;
    route();
  };
  const [sheet] = practice.session.sheets;
  if (more === "review") return reviewView({ book: practice, sync, sheet, home: "#/practice" });
  return sheetView({ book: practice, sync, sheet, home: "#/practice", goTo: item, reset });
}

async function sendAgain(op) {
  await outbox.reopen(op, "again");
  await reload(null);
  sync.kick();
}

let wasPaired = true;
function connection() {
  if (sync.state.paired !== wasPaired) {
    wasPaired = sync.state.paired;
    route();
  } else view?.connection();
}

/** When the pairing has ended: asked in place, below whatever is open; every mark stays where it is. */
function pairingNote() {
  if (sync.state.paired || (!book && location.hash.startsWith("#/practice"))) return [];
  const joined = async () => {
    sync.owner = sync.version = null;
    book = null;
    sync.report({ paired: true });
    sync.kick();
  };
  const note = h("section", { class: "card repair", "aria-label": say("judge.join.again") },
    h("h2", { text: book ? say("judge.join.again") : say("judge.join.title") }), book && h("p", { text: say("judge.join.again_lead") }), pairingForm({ token: null, joined }));
  return [note];
}

/** The one message that must not be overlooked: a mark that could not be kept. */
function alarm(text) {
  document.querySelector(".alarm")?.remove();
  document.body.append(h("div", { class: "alarm note danger", role: "alert" }, h("p", { text }), button(say("judge.outbox.seen"), () => document.querySelector(".alarm")?.remove())));
}

function settings() {
  return settingsPanel(prefs, (change) => {
    if (change.swap) setLang(lang() === "zh" ? "en" : "zh");
    Object.assign(prefs, { size: change.size ?? prefs.size, contrast: change.contrast ?? prefs.contrast });
    localStorage.setItem("judge.prefs", JSON.stringify(prefs));
    apply();
    route();
  });
}

function readPrefs() {
  try {
    return { size: "m", contrast: false, ...JSON.parse(localStorage.getItem("judge.prefs") || "{}") };
  } catch {
    return { size: "m", contrast: false };
  }
}

function apply() {
  document.documentElement.dataset.size = prefs.size;
  document.documentElement.dataset.contrast = prefs.contrast ? "more" : "normal";
  document.title = [book ? pick(book.session.event.name) : "", say("judge.title")].filter(Boolean).join(" · ");
}
