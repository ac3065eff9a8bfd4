// A run of QR codes, one at a time, by itself or by hand, for the desk's scanner. Loaded only when it is asked for.

import { button, h } from "./dom.js";
import { codes } from "./handover.js";
import { openSide } from "./side.js";
import { say } from "./words.js";
import qrcode from "../vendor/qrcode-generator.js";

const EACH = 2500; // ms a code stays, when they change by themselves
const QUIET = 4; // modules of white around a code

/** @param {{seat: string, ops: object[]}} pack */
export async function showCodes(pack) {
  const texts = await codes(pack);
  const canvas = h("canvas", { class: "qr", role: "img" });
  const count = h("p", { class: "num qr-count", "aria-live": "polite" });
  let at = 0;
  let timer = 0;
  const play = button("", () => (timer ? halt() : run()));
  const step = (by) => () => (halt(), show(at + by));
  const dialog = openSide(say("judge.hand.title", { seat: pack.seat }),
    h("p", { class: "quiet", text: say("judge.hand.lead", { n: pack.ops.length }) }), canvas, count,
    h("p", { class: "qr-acts" }, button(say("judge.hand.before"), step(-1)), play, button(say("judge.hand.after"), step(1))));
  dialog.classList.add("wide");
  dialog.addEventListener("close", halt);

  function show(i) {
    at = (i + texts.length) % texts.length;
    draw(canvas, texts[at]);
    canvas.dataset.text = texts[at];
    count.textContent = say("judge.hand.count", { i: at + 1, n: texts.length });
    canvas.setAttribute("aria-label", count.textContent);
  }
  function run() {
    timer = setInterval(() => show(at + 1), EACH);
    play.lastElementChild.textContent = say("judge.hand.pause");
  }
  function halt() {
    clearInterval(timer);
    timer = 0;
    play.lastElementChild.textContent = say("judge.hand.play");
  }
  show(0);
  if (texts.length > 1) run();
  else halt();
}

/** Black on white whatever the theme, whole pixels per module. @param {HTMLCanvasElement} canvas @param {string} text */
function draw(canvas, text) {
  const code = qrcode(0, "L");
  code.addData(text, "Byte");
  code.make();
  const size = code.getModuleCount() + 2 * QUIET;
  const scale = Math.max(3, Math.floor((Math.min(innerWidth - 64, innerHeight - 270, 720) * (devicePixelRatio || 1)) / size));
  canvas.width = canvas.height = size * scale;
  canvas.style.inlineSize = `${canvas.width / (devicePixelRatio || 1)}px`;
  const ink = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ink.fillStyle = "#fff";
  ink.fillRect(0, 0, canvas.width, canvas.height);
  ink.fillStyle = "#000";
  for (let row = 0; row < code.getModuleCount(); row += 1)
    for (let column = 0; column < code.getModuleCount(); column += 1)
      if (code.isDark(row, column)) ink.fillRect((column + QUIET) * scale, (row + QUIET) * scale, scale, scale);
}
