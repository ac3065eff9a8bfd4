// Can this tablet be trusted with marks? Checked before a judge sits down, said in plain words with what to do.
// Browsers too old to run this at all are told so by floor.js.

import { h, icon } from "./dom.js";
import { keepProgram } from "./offline.js";
import * as outbox from "./outbox.js";
import { say } from "./words.js";

const CLOCK_OFF = 30; // seconds; beyond it the chief is told too
const ROOM = 50e6; // bytes: a day's marks are under one megabyte, signatures and the program a few
const WAIT = 5000; // ms for one call

/**
 * One thing looked at. Weights: "bad" = not fit for judging, "warn" = fit, but somebody should know, "basic" = marks are safe,
 * the page is not. `why` chooses the words when it is not fine; a line that cannot be known is left out.
 * @typedef {{name: string, fine: boolean, weight: "bad"|"warn"|"basic", why?: string, n?: number|string}} Line
 */

/** @param {string} serverAt the server's time when the page was made @returns {Promise<HTMLElement>} */
export async function selfTest(serverAt) {
  const lines = await look(serverAt);
  const not = lines.filter((line) => !line.fine);
  const verdict = ["bad", "basic"].find((weight) => not.some((line) => line.weight === weight)) ?? "ok";
  const told = not.filter((line) => line.weight !== "basic" || line.why);
  return h("div", {},
    h("p", { class: `verdict ${verdict === "bad" ? "danger" : "ok"}` }, icon(verdict === "bad" ? "warn" : "check"), h("strong", { text: say(`judge.test.${verdict}`) })),
    told.length > 0 && h("ul", { class: "tests to-do" }, told.map(item)),
    h("details", {}, h("summary", { text: say("judge.test.title") }), h("ul", { class: "tests" }, lines.map(item))));
}

/** @param {Line} line */
function item({ name, fine, why = `${name}_bad`, n = "" }) {
  return h("li", { class: fine ? "fine" : "not", "data-test": name }, icon(fine ? "check" : "warn"),
    h("span", { text: `${say(`judge.test.${name}`)}: ${fine ? say("judge.test.pass") : say(`judge.test.${why}`, { n })}` }));
}

/** @returns {Promise<Line[]>} */
async function look(serverAt) {
  const [store, answer, left, hidden, program] = await Promise.all([stores(), reaches(), room(), privately(), kept()]);
  const seconds = answer ? answer.off : Math.abs(Date.now() - Date.parse(serverAt)) / 1000;
  /** @type {(Line|false)[]} */
  const lines = [
    { name: "browser", fine: document.documentElement.dataset.floor !== "below", weight: "bad" },
    { name: "store", fine: store, weight: "bad" },
    { name: "strict", fine: "durability" in IDBTransaction.prototype, weight: "warn" },
    hidden !== null && { name: "private", fine: !hidden, weight: "warn" },
    left !== null && { name: "room", fine: left > ROOM, weight: "warn", n: Math.floor(left / 1e6) },
    { name: "fetch", fine: answer !== null, weight: "warn" },
    { name: "chance", fine: Boolean(window.crypto?.getRandomValues), weight: "bad" },
    { name: "touch", fine: navigator.maxTouchPoints > 0 || "ontouchstart" in window, weight: "warn" },
    { name: "draw", fine: Boolean(document.createElement("canvas").getContext("2d")), weight: "warn" },
    { name: "width", fine: Math.max(innerWidth, innerHeight) >= 700, weight: "warn" },
    { name: "clock", fine: seconds <= CLOCK_OFF, weight: "warn", n: Math.max(1, Math.round(seconds / 60)) },
    { name: "secure", fine: program === "kept", weight: "basic", why: program === "refused" ? "secure_refused" : program === "later" ? "secure_later" : undefined },
  ];
  return /** @type {Line[]} */ (lines.filter(Boolean));
}

/** Written and read back, on disk, where the marks will be. */
async function stores() {
  try {
    const proof = outbox.newId();
    await outbox.setMeta("self-test", proof);
    return (await outbox.getMeta("self-test")) === proof;
  } catch {
    return false;
  }
}

/** The server by this page's own means, and how far apart the clocks are in seconds; null when it does not answer. */
async function reaches() {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WAIT);
  try {
    const sent = Date.now();
    const answer = await (await fetch("/api/judge/ping", { cache: "no-store", signal: stop.signal })).json();
    return { off: Math.abs((sent + Date.now()) / 2 - Date.parse(answer.server_at)) / 1000 };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the program is on the tablet; the verdict does not wait for slow Wi-Fi to bring it. */
async function kept() {
  return Promise.race([keepProgram(), new Promise((resolve) => setTimeout(resolve, WAIT, "later"))]);
}

/** Bytes that may still be stored; null where the browser does not say (plain HTTP). @returns {Promise<number|null>} */
async function room() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => undefined)) ?? {};
  return quota ? quota - usage : null;
}

/**
 * A private window forgets every mark when it is closed. Browsers don't say so; Safari and Firefox refuse the private file
 * system there, and Firefox has no service worker either. null: can't be told. @returns {Promise<boolean|null>}
 */
async function privately() {
  if (!navigator.storage?.getDirectory) return isSecureContext && /Firefox/.test(navigator.userAgent) ? !("serviceWorker" in navigator) : null;
  return navigator.storage.getDirectory().then(() => false, () => true);
}
