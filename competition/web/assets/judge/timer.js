// A watch that informs: counts down where the rules state a time, else up. The judge starts and stops it; it is no part of the
// sheet, never submits, blocks or clears, and can be put away (tablets-and-screens.md 3.3).

import { buzz } from "./device.js";
import { announce, button, h, icon } from "./dom.js";
import { say } from "./words.js";

const KEY = "judge.timer";

/**
 * One watch per tablet: the judge is at one station at a time. started: Date.now() at the start, 0 while it stands;
 * run: ms before that; minutes: what it counts down from; told: time-up has been shown.
 */
const watch = { started: 0, run: 0, minutes: /** @type {number|null} */ (null), told: false, open: false, ...read() };

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) || "{}");
  } catch {
    return {};
  }
}

function keep() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(watch));
  } catch {
    // it only informs
  }
}

const elapsed = () => watch.run + (watch.started ? Date.now() - watch.started : 0);

/** 7:42; over the time it counts on with a plus. @param {number} seconds */
const face = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** @param {number|null} minutes the module's time, if the rules state one */
export function timer(minutes) {
  if (!watch.started && !watch.run) watch.minutes = minutes;
  const time = h("span", { class: "num timer-time" });
  const toggle = h("button", { type: "button", class: "icon-button timer-toggle", "aria-label": say("judge.timer.title"), on: { click: () => show(!watch.open) } }, icon("watch"), time);
  const big = h("span", { class: "num timer-big", role: "timer" });
  const words = h("span", { class: "timer-words" });
  const go = button("", startOrStop, { class: "timer-go" });
  const zero = button(say("judge.timer.zero"), reset);
  const panel = h("div", { class: "timer-panel" }, big, words, go, zero, button(say("judge.timer.hide"), () => show(false)));
  let ticking = 0;

  function show(open) {
    watch.open = open;
    keep();
    paint();
  }
  function startOrStop() {
    Object.assign(watch, watch.started ? { run: elapsed(), started: 0 } : { started: Date.now() });
    keep();
    paint();
  }
  function reset() {
    Object.assign(watch, { started: 0, run: 0, told: false, minutes });
    keep();
    paint();
  }
  function paint() {
    const allowed = watch.minutes ? watch.minutes * 60 : 0;
    const gone = Math.floor(elapsed() / 1000);
    const over = allowed > 0 && gone >= allowed;
    const idle = !watch.started && !watch.run;
    const text = !allowed ? face(gone) : over ? `+${face(gone - allowed)}` : face(allowed - gone);
    panel.hidden = !watch.open;
    toggle.setAttribute("aria-expanded", String(watch.open));
    toggle.classList.toggle("over", over);
    panel.classList.toggle("over", over);
    time.textContent = idle || watch.open ? "" : text;
    big.textContent = text;
    words.textContent = over ? say("judge.timer.up", { n: watch.minutes }) : allowed ? say("judge.timer.of", { n: watch.minutes }) : say("judge.timer.free");
    go.lastElementChild.textContent = say(watch.started ? "judge.timer.stop" : "judge.timer.start");
    zero.disabled = idle;
    if (over && watch.started && !watch.told) timeUp();
  }
  function timeUp() {
    watch.told = true;
    keep();
    buzz();
    document.body.classList.add("time-up");
    setTimeout(() => document.body.classList.remove("time-up"), 3000);
    announce(say("judge.timer.up", { n: watch.minutes }));
  }
  paint();
  return {
    toggle, panel,
    start: () => (ticking = setInterval(paint, 250)),
    leave: () => clearInterval(ticking),
  };
}
