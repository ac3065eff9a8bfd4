// A place to sign by hand: strokes as points with time, in CSS pixels of the pad.

import { button, h } from "./dom.js";
import { say } from "./words.js";

const MOST = 4000; // points; a signature has some hundreds

export function signaturePad() {
  /** @type {number[][][]} */
  let strokes = [];
  let points = 0;
  let start = 0;
  const canvas = h("canvas", { class: "pad", role: "img", "aria-label": say("judge.sign.pad"), on: { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up } });
  const hint = h("span", { class: "pad-hint quiet", "aria-hidden": "true", text: say("judge.sign.pad") });
  const clear = () => {
    strokes = [];
    points = 0;
    paint();
  };
  const element = h("div", { class: "pad-frame" }, canvas, hint, button(say("judge.sign.clear"), clear, { icon: "erase" }));

  function at(event) {
    const box = canvas.getBoundingClientRect();
    return [Math.round(event.clientX - box.left), Math.round(event.clientY - box.top), Math.round(performance.now() - start)];
  }
  function down(event) {
    if (!strokes.length) start = performance.now();
    canvas.setPointerCapture(event.pointerId);
    strokes.push([at(event)]);
    paint();
  }
  function move(event) {
    if (!canvas.hasPointerCapture(event.pointerId) || points > MOST) return;
    points += 1;
    strokes.at(-1)?.push(at(event));
    paint();
  }
  function up(event) {
    if (canvas.hasPointerCapture(event.pointerId)) canvas.releasePointerCapture(event.pointerId);
  }
  function paint() {
    const box = canvas.getBoundingClientRect();
    const dense = devicePixelRatio || 1;
    canvas.width = box.width * dense;
    canvas.height = box.height * dense;
    hint.hidden = strokes.length > 0;
    const ink = canvas.getContext("2d");
    ink.scale(dense, dense);
    Object.assign(ink, { lineWidth: 2.5, lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(canvas).color });
    for (const stroke of strokes) {
      ink.beginPath();
      stroke.forEach(([x, y], i) => (i ? ink.lineTo(x, y) : ink.moveTo(x, y)));
      if (stroke.length === 1) ink.lineTo(stroke[0][0] + 0.1, stroke[0][1]);
      ink.stroke();
    }
  }
  return { element, strokes: () => strokes, empty: () => strokes.reduce((n, stroke) => n + stroke.length, 0) < 8 };
}
