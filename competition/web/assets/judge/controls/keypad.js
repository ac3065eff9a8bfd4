// The tablet's own keypad, docked at the bottom: keys of 64 px, no system keyboard over half the sheet.
// What is keyed becomes a mark on 完成 or 下一项, when another item is opened, after three idle seconds, and when the page is hidden.

import { button, h, icon } from "../dom.js";
import { asClock, bandOf, fromClock, legal, places } from "../exact.js";
import { pick, say } from "../words.js";
import { onClock } from "./keyed.js";

const IDLE = 3000;
/** @type {null | {commit: () => boolean, close: () => void, key: (event: KeyboardEvent) => void}} */
let current = null;
/** Running stopwatches by item id: they only inform, and go on when the keypad closes. @type {Map<string, number>} */
const watches = new Map();

addEventListener("pagehide", () => current?.commit());
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && current?.commit());

/** Record what is keyed and put the keypad away. */
export function closeKeypad() {
  current?.commit();
  current?.close();
}

export const keypadOpen = () => current !== null;
export const toKeypad = (event) => current?.key(event);

/**
 * @param {{item: import("../types.js").Item, title: string, value: string|null, first: string, legal: string,
 *   set: (value: string) => void, next: () => void, from: HTMLElement}} asked
 */
export function openKeypad({ item, title, value, first, set, next, from, legal: legalText }) {
  closeKeypad();
  const decimals = places(item.step ?? "1");
  const clock = onClock(item);
  let text = ""; // as keyed; empty means the value shown stands
  let idle = 0;
  const display = h("output", { class: "pad-display num", "aria-live": "polite" });
  const fault = h("p", { class: "pad-fault", role: "alert" });

  const bands = (item.bands ?? []).map((band) => h("li", { "data-low": band.low, text: pick(band.label) }));

  const parsed = () => {
    const plain = clock ? fromClock(text, decimals) : text;
    return plain === null ? null : legal(item, plain);
  };
  const paint = () => {
    const standing = value === null ? "—" : clock ? asClock(value) : value;
    display.textContent = text === "" ? standing : clock ? clockText(text, decimals) : text;
    display.classList.toggle("standing", text === "");
    const band = bandOf(item, text === "" ? value : parsed());
    for (const chip of bands) chip.toggleAttribute("aria-current", chip.dataset.low === band?.low);
    fault.textContent = "";
  };
  const commit = () => {
    clearTimeout(idle);
    if (text === "") return true;
    const good = parsed();
    if (good === null) {
      fault.textContent = say("judge.key.bad", { value: display.textContent, legal: legalText });
      return false;
    }
    value = good;
    text = "";
    set(good);
    paint();
    return true;
  };
  const press = (key) => {
    clearTimeout(idle);
    if (key === "back") text = text.slice(0, -1);
    else if (text.length < 9 && fits(text, key, decimals, clock)) text += key;
    paint();
    if (text !== "" && parsed() !== null) idle = setTimeout(commit, IDLE);
  };
  const close = () => {
    clearTimeout(idle);
    clearInterval(ticking);
    dock.remove();
    document.documentElement.classList.remove("padded");
    current = null;
    from.focus({ preventScroll: true });
  };
  const done = () => commit() && close();
  const onward = () => {
    if (!commit()) return;
    close();
    next();
  };

  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => key(digit, () => press(digit)));
  const point = decimals && !clock ? key(".", () => press("."), say("judge.key.point"))
    : item.min?.startsWith("-") ? key("−", () => press("-"), say("judge.key.minus")) : h("span");
  const back = h("button", { type: "button", class: "pad-key", "aria-label": say("judge.key.back"), on: { click: () => press("back") } }, icon("erase"));
  const watch = item.control === "time" ? stopwatch(item, (seconds) => {
    text = clock ? clockDigits(seconds, decimals) : seconds;
    paint();
    commit();
  }) : null;
  const ticking = watch ? setInterval(watch.tick, 100) : 0;
  const unit = clock ? say("judge.time.form") : item.control === "time" ? say("judge.time.seconds") : item.unit || "";
  const dock = h("section", { class: "pad-dock", "aria-label": title },
    h("header", { class: "pad-head" },
      h("div", { class: "pad-name" }, h("strong", { text: title }), h("span", { class: "quiet", text: legalText })),
      h("div", { class: "pad-shown" }, display, h("span", { class: "quiet", text: unit })),
      h("button", { type: "button", class: "icon-button", "aria-label": say("judge.sheet.back"), on: { click: close } }, icon("close"))),
    fault,
    bands.length ? h("ul", { class: "bands", "aria-label": say("judge.key.bands") }, bands) : null,
    watch?.element,
    h("div", { class: "pad-keys" }, keys, point, key("0", () => press("0")), back),
    h("div", { class: "pad-done" }, button(say("judge.key.done"), done), button(say("judge.key.next"), onward, { class: "primary" })));

  current = {
    commit, close,
    key(event) {
      const pressed = event.key === "," || event.key === "。" ? "." : event.key;
      if (/^[0-9.-]$/.test(pressed)) press(pressed);
      else if (pressed === "Backspace") press("back");
      else if (pressed === "Enter") onward();
      else if (pressed === "Escape") close();
      else return;
      event.preventDefault();
    },
  };
  document.body.append(dock);
  document.documentElement.classList.add("padded");
  from.closest(".item")?.scrollIntoView({ block: "nearest" });
  paint();
  if (first) press(first);
}

const key = (face, act, label = face) =>
  h("button", { type: "button", class: "pad-key num", "aria-label": label, on: { click: act } }, h("span", { text: face }));

/** Whether one more key can still lead to something. */
function fits(text, next, decimals, clock) {
  if (next === ".") return !clock && decimals > 0 && !text.includes(".") && text !== "";
  if (next === "-") return !clock && text === "";
  return !text.includes(".") || text.split(".")[1].length < decimals;
}

/** Digits filled from the right: "754" -> "7:54". */
function clockText(digits, decimals) {
  const padded = digits.padStart(3 + decimals, "0");
  const cut = padded.length - decimals;
  const body = `${padded.slice(0, cut - 2).replace(/^0+(?=\d)/, "")}:${padded.slice(cut - 2, cut)}`;
  return decimals ? `${body}.${padded.slice(cut)}` : body;
}

function clockDigits(seconds, decimals) {
  const [whole, part = ""] = seconds.split(".");
  return `${Math.floor(Number(whole) / 60)}${String(Number(whole) % 60).padStart(2, "0")}${decimals ? part.padEnd(decimals, "0") : ""}`;
}

/** Start and stop; stopping fills in the time. Nothing is ever blocked or sent by it. */
function stopwatch(item, stopped) {
  const face = h("span", { class: "num watch-time" });
  const label = h("span");
  const decimals = places(item.step ?? "1");
  const seconds = () => {
    const tenths = Math.floor((performance.now() - (watches.get(item.id) ?? performance.now())) / 100);
    return decimals ? `${Math.floor(tenths / 10)}.${tenths % 10}` : String(Math.floor(tenths / 10));
  };
  const tick = () => {
    const on = watches.has(item.id);
    label.textContent = say(on ? "judge.time.stop" : "judge.time.start");
    face.textContent = on ? (onClock(item) ? asClock(seconds()) : seconds()) : "";
  };
  const act = () => {
    if (watches.has(item.id)) {
      const time = seconds();
      watches.delete(item.id);
      stopped(time);
    } else watches.set(item.id, performance.now());
    tick();
  };
  tick();
  return { element: h("button", { type: "button", class: "button watch", on: { click: act } }, label, face), tick };
}
