// The tablet: opens what it kept, shows one view at a time, and lets the sender work behind.

import { Book } from "./book.js";
import { tick, watchDevice } from "./device.js";
import { button, h } from "./dom.js";
import { homeView } from "./home.js";
import { helpKey } from "./keys.js";
import { takeUp } from "./leaving.js";
import * as outbox from "./outbox.js";
import { outboxView } from "./outbox_view.js";
import { pairingForm } from "./pairing.js";
import { practiceBook } from "./practice.js";
import { applyPrefs, setPrefs } from "./prefs.js";
import { reviewView } from "./review.js";
import { settingsPanel } from "./settings.js";
import { sheetView } from "./sheet.js";
import { closeSide } from "./side.js";
import { kin, sweepView } from "./sweep.js";
import { Sync } from "./sync.js";
import { targetView, wrongTarget } from "./target.js";
import { lang, pick, say, setLang } from "./words.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
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
/** @typedef {{element: HTMLElement, update: (detail?: any) => void, connection: () => void, shown?: () => void, leave?: () => void, sheet?: import("./types.js").SheetLine}} View */
/** @type {View} */
let view;
const LAST = "judge.last"; // the sheet last marked on this tablet
const RESCUE = 2000; // ms between two tries to store what could not be stored

let renewing = false;
let rescuing = 0;
let wasPaired = true;

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
  addEventListener("keydown", helpKey);
  addEventListener("judge-renew", () => (renewing = true));
  watchDevice(() => view?.connection());
  keepClear();
  addEventListener("beforeunload", (event) => {
    if (renewing || !book?.waiting().length) return;
    event.preventDefault();
    event.returnValue = ""; // older browsers ask only for this
  });
  route();
  sync.start();
}

/** Take what is stored; `session` is a fresh package or null. */
async function reload(session) {
  const [ops, acked, open] = await Promise.all([outbox.all(), outbox.acked(), outbox.listOwn("open")]);
  if (!book && session) {
    book = new Book(session, journal);
    book.addEventListener("change", (event) => view?.update(/** @type {CustomEvent} */ (event).detail));
    book.addEventListener("recorded", (event) => recorded(/** @type {CustomEvent} */ (event).detail));
    book.addEventListener("jotted", () => sync.jots && sync.kick());
    book.addEventListener("fault", notStored);
    book.last = localStorage.getItem(LAST);
    sync.owner = book.owner;
    sync.jots = "jottings" in session;
    book.load(session, ops, acked, open);
    book.takeUp(takeUp());
    if (view) route();
    return;
  }
  if (!book) return;
  const before = assigned(book.session);
  book.load(session ?? book.session, ops, acked, open);
  if (session && assigned(session) !== before) route();
}

/** A mark is kept (or at least numbered): a tick under the finger, then off to the server. */
function recorded(op) {
  tick();
  sync.kick();
  if (op.kind !== "mark") return;
  try {
    localStorage.setItem(LAST, op.sheet);
  } catch {
    // a full disk: the wrong-target guard then asks once more
  }
}

/** The tablet would not keep something. Nothing is shown as saved; the page holds it, tries again, and sends it meanwhile. */
function notStored() {
  alarm(say("judge.storage.loose", { n: book?.loose().length || 1 }));
  clearInterval(rescuing);
  rescuing = setInterval(async () => {
    await outbox.rescue().catch(() => undefined);
    await reload(null);
    if (book?.loose().length) return;
    clearInterval(rescuing);
    document.querySelector(".alarm")?.remove();
  }, RESCUE);
}

/** What a view is built from; only when this changes must it be built anew. */
const assigned = (session) =>
  JSON.stringify([session.event, session.seat, session.sheets.map(({ id, code, station, slot }) => [id, code, station, slot])]);

/** Show the view the address names. */
async function route() {
  const [, name, id, more, item] = location.hash.split("/");
  view?.leave?.();
  closeSide();
  const held = scrollY;
  const same = view && root.dataset.view === location.hash;
  /** @type {View} */
  const made = name === "sheet" && book ? sheetOr(book, id, more, item) : name === "practice" ? await practiceView(id, more, item)
    : name === "sweep" && book && kin(book, `${id}/${more}`).length ? sweepView({ book, sync, kind: `${id}/${more}`, itemId: item })
    : name === "outbox" ? outboxView({ book, sync, back: "#/", again: sendAgain }) : homeView({ book, sync, settings });
  view = made;
  root.dataset.view = location.hash;
  sync.open = name === "sheet" ? (made.sheet?.id ?? null) : null;
  root.replaceChildren(made.element, ...pairingNote());
  made.update();
  scrollTo(0, same ? held : 0);
  made.shown?.();
}

/** @param {Book} book @param {string} id @returns {View} */
function sheetOr(book, id, more, item) {
  const sheet = book.sheet(id);
  if (!sheet) return { element: h("main", { class: "page" }, h("p", { class: "note warn", text: say("judge.sheet.gone") }), h("a", { class: "button", href: "#/", text: say("judge.sheet.back") })), update() {}, connection() {} };
  const why = wrongTarget(book, sheet);
  if (why) return targetView({ book, sync, sheet, why, passed: route });
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
  return settingsPanel(({ swap, ...change }) => {
    if (swap) setLang(lang() === "zh" ? "en" : "zh");
    setPrefs(change);
    apply();
    route();
  });
}

function apply() {
  applyPrefs();
  document.title = [book ? pick(book.session.event.name) : "", say("judge.title")].filter(Boolean).join(" · ");
}

/** Focus and jumps must not end under the bars, however high they are (text size, the timer's panel, a phone). */
function keepClear() {
  const measure = () => {
    for (const [name, bar] of [["--top", ".top"], ["--foot", ".bottom"]])
      document.documentElement.style.setProperty(name, `${Math.ceil(document.querySelector(bar)?.getBoundingClientRect().height ?? 0)}px`);
  };
  const watch = new ResizeObserver(measure);
  new MutationObserver(() => {
    watch.disconnect();
    for (const bar of document.querySelectorAll(".top, .bottom")) watch.observe(bar);
    measure();
  }).observe(root, { childList: true });
}
