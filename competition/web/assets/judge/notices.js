// What the judge should know beside the sheet: another tablet here, a clock far off, storage nearly full, a new version.
// Notices only: none of them stops the marking.

import { CLOCK_OFF, program } from "./beat.js";
import { keypadOpen } from "./controls/keypad.js";
import { storage } from "./device.js";
import { button, h, icon } from "./dom.js";
import { acknowledge, acknowledged } from "./messages.js";
import { flushNotes } from "./notes.js";
import { takeNew } from "./offline.js";
import { clock, say } from "./words.js";

/**
 * @param {{book: import("./book.js").Book|null, sync: import("./sync.js").Sync, sheet?: import("./types.js").SheetLine|null}} shown
 */
export function notices({ book, sync, sheet = null }) {
  const element = h("div", { class: "notices", role: "status" });
  let told = "";
  /** @type {Set<string>} */
  const shown = new Set();
  return {
    element,
    update() {
      const found = book?.journal.practice ? [] : [...messages(book, shown, () => this.update()), ...current(sync, sheet)];
      const now = JSON.stringify(found.map(({ text }) => text));
      if (now === told) return;
      told = now;
      element.replaceChildren(...found.map(({ tone, text, act, seen }) =>
        h("div", { class: `note ${tone}` }, icon(tone === "info" ? "cloud" : "warn"), h("p", { text }), seen && button(say("judge.message.seen"), seen), act && button(say("judge.update.button"), (event) => renew(book, sync, event.currentTarget)))));
    },
  };
}

/**
 * What the desk says, until somebody here has read it. Nothing new appears while the keypad is open: it would move the row being keyed.
 * @param {import("./book.js").Book|null} book @param {Set<string>} shown @param {() => void} update
 * @returns {Notice[]}
 */
function messages(book, shown, update) {
  const read = acknowledged();
  const waiting = (book?.session.messages ?? []).filter(({ id }) => !read.includes(id) && (shown.has(id) || !keypadOpen()));
  return waiting.map(({ id, text, at }) => {
    shown.add(id);
    return { tone: "info", text: say("judge.message", { time: clock(at), text }), seen: () => (acknowledge(id), update()) };
  });
}

/** @typedef {{tone: string, text: string, act?: boolean, seen?: () => void}} Notice */

/** @returns {Notice[]} */
function current(sync, sheet) {
  const { twins, held, offset, app } = sync.state;
  /** @type {Notice[]} */
  const found = [];
  if (sheet && held[sheet.id]) found.push({ tone: "warn", text: say("judge.twin.sheet") });
  else if (twins > 0) found.push({ tone: "warn", text: say("judge.twin.seat", { n: twins }) });
  if (offset !== null && Math.abs(offset) > CLOCK_OFF)
    found.push({ tone: "warn", text: say(offset > 0 ? "judge.clock.fast" : "judge.clock.slow", { span: span(Math.abs(offset)) }) });
  if (storage.full) found.push({ tone: "warn", text: say("judge.storage.full") });
  if (app && program && app !== program) found.push({ tone: "info", text: say("judge.update.text"), act: true });
  return found;
}

/** "2 小时 5 分", "45 秒": as much of a time as one says. @param {number} ms */
function span(ms) {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return say("judge.clock.seconds", { n: seconds });
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return say("judge.clock.minutes", { n: minutes });
  return say("judge.clock.hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** Load the page anew, at a moment when nothing is being keyed or written and the server is there to load it from. */
async function renew(book, sync, asked) {
  flushNotes();
  const busy = () => keypadOpen() || book?.ops.some((op) => !op.counter || op.loose);
  for (let i = 0; i < 20 && busy(); i += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  const there = await sync.call("/api/judge/ping").then(() => true, () => false);
  if (busy() || !there) return void (asked.previousElementSibling.textContent = say("judge.update.wait"));
  await takeNew(); // over HTTPS the page comes from the tablet itself: it must have the new one first
  if (busy()) return void (asked.previousElementSibling.textContent = say("judge.update.wait"));
  dispatchEvent(new Event("judge-renew")); // everything is on disk: nobody need be asked
  location.reload();
}
