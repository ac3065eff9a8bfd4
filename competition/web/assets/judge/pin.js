// Six digits on big keys; pasting and a real keyboard work too.

import { h, icon } from "./dom.js";
import { say } from "./words.js";

/** @param {string} label @param {() => void} [full] called when the sixth digit is in */
export function pinField(label, full) {
  const input = h("input", {
    class: "pin-input num", type: "text", inputmode: "none", autocomplete: "off", maxlength: 6, "aria-label": label,
    on: { input: () => set(input.value), paste: (event) => (event.preventDefault(), set(event.clipboardData.getData("text"))) },
  });
  const boxes = Array.from({ length: 6 }, () => h("span", { class: "pin-box num" }));
  let before = 0; // digits; the field itself has the new one already when it tells of it
  const set = (text) => {
    input.value = text.normalize("NFKC").replace(/\D/g, "").slice(0, 6);
    const filled = input.value.length === 6 && before !== 6;
    paint();
    if (filled) full?.();
  };
  const paint = () => {
    before = input.value.length;
    boxes.forEach((box, i) => {
      box.textContent = input.value[i] ? "•" : "";
      box.classList.toggle("now", i === before);
    });
  };
  const press = (digit) => {
    const text = input.value + digit;
    input.value = text.slice(0, 6);
    paint();
    if (text.length === 6) full?.();
  };
  const keys = [..."123456789"].map((digit) => key(digit, () => press(digit)));
  const erase = h("button", { type: "button", class: "pad-key", "aria-label": say("judge.key.back"), on: { click: () => set(input.value.slice(0, -1)) } }, icon("erase"));
  paint();
  return {
    element: h("div", { class: "pin" }, h("span", { class: "label", text: label }), h("div", { class: "pin-boxes" }, boxes, input),
      h("div", { class: "pad-keys" }, keys, h("span"), key("0", () => press("0")), erase)),
    value: () => input.value,
    reset: () => set(""),
    focus: () => input.focus(),
  };
}

const key = (face, act) => h("button", { type: "button", class: "pad-key num", on: { click: act } }, h("span", { text: face }));
