// The big screen: follows the server, turns the page every eleven seconds; the space bar pauses, arrows turn by hand.
import { swap } from "./live.js";

const STAY = 11000;
const box = /** @type {HTMLElement} */ (document.querySelector(".board"));
let current = 0;
let since = performance.now();
let paused = false;

const pages = () => /** @type {HTMLElement[]} */ ([...box.querySelectorAll(".board-page")]);

function show(n) {
  const all = pages();
  if (!all.length) return;
  current = (n + all.length) % all.length;
  all.forEach((page, i) => { page.hidden = i !== current; });
  const now = box.querySelector("[data-page-now]");
  if (now) now.textContent = String(current + 1);
  since = performance.now();
}

setInterval(() => {
  const tick = /** @type {HTMLProgressElement|null} */ (box.querySelector(".tick"));
  if (!tick || paused) return;
  const share = (performance.now() - since) / STAY;
  tick.value = Math.min(100, share * 100);
  if (share >= 1) show(current + 1);
}, 250);

addEventListener("keydown", (event) => {
  if (event.key === " ") { paused = !paused; event.preventDefault(); }
  if (event.key === "ArrowRight" || event.key === "PageDown") show(current + 1);
  if (event.key === "ArrowLeft" || event.key === "PageUp") show(current - 1);
});

const offline = document.createElement("p");
offline.className = "offline";
offline.hidden = true;
offline.textContent = `▲ ${box.dataset.liveOff}`;
document.body.append(offline);

const source = new EventSource(box.dataset.live ?? "");
source.addEventListener("open", () => { offline.hidden = true; });
source.addEventListener("error", () => { offline.hidden = false; });
source.addEventListener("change", (event) => {
  const left = since;
  swap(box, event.data);
  show(current);
  since = left;
});
