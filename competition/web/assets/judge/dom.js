// Plain DOM, made shorter.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  check: "M4 12.5l5 5L20 6.5",
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  flag: "M6 21V4h11l-2 4 2 4H6",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 016 6",
  erase: "M21 6H9l-6 6 6 6h12zM12 9.5l5 5m0-5l-5 5",
  up: "M12 19V6M6 11l6-6 6 6",
  down: "M12 5v13M6 13l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  cloud: "M7 18h10a4 4 0 00.5-7.97A6 6 0 006 10.1 4 4 0 007 18z",
  off: "M4 4l16 16M7 18h10M6 10.1A4 4 0 007 18M17.5 10A6 6 0 009 6.5",
  ring: "M12 4a8 8 0 100 16 8 8 0 000-16z",
  half: "M12 4a8 8 0 100 16 8 8 0 000-16zM12 4v16M15 5v14M18 7v10",
  pen: "M5 19l1-4L16 5l3 3L9 18z",
  warn: "M12 4l9 16H3zM12 10v4m0 3v.01",
  grip: "M9 7h.01M9 12h.01M9 17h.01M15 7h.01M15 12h.01M15 17h.01",
  watch: "M12 6a7.5 7.5 0 100 15 7.5 7.5 0 000-15zM12 9.5v4l2.5 1.5M9.5 3h5",
  sweep: "M4 6h9M4 12h9M4 18h9M17 5v14M14.5 16.5L17 19l2.5-2.5",
};

/**
 * An element. Props: `class`, `text`, `on` (listeners), anything else an attribute; false/null leaves it out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node|string|null|false|undefined|Array<any>)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A line icon of 24 px; always beside a word, so hidden from readers. @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A button of at least 48 px.
 * @param {string} label
 * @param {(event: any) => void} onClick
 * @param {{class?: string, icon?: keyof typeof ICONS|null} & Record<string, any>} [more]
 */
export function button(label, onClick, { class: extra = "", icon: sign = null, ...rest } = {}) {
  return h("button", { type: "button", class: `button ${extra}`, on: { click: onClick }, ...rest }, sign && icon(sign), h("span", { text: label }));
}

/** Tell it to a screen reader, politely. @param {string} text */
export function announce(text) {
  const live = document.getElementById("say");
  if (live) live.textContent = text;
}

/** Replace what is inside. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
}

/**
 * New contents only when they say something new; the keyboard stays where it was, on the same place in the list.
 * @param {HTMLElement} box @param {(Node|string)[]} nodes @param {() => HTMLElement|null} [beyond] where the keyboard goes when the list is empty
 */
export function renew(box, nodes, beyond) {
  const made = h("div", {}, nodes);
  if (made.innerHTML === box.innerHTML) return;
  const reachable = () => [...box.querySelectorAll("a, button")];
  const at = reachable().findIndex((one) => one === document.activeElement);
  box.replaceChildren(...made.childNodes);
  if (at < 0) return;
  const left = reachable();
  const next = left[Math.min(at, left.length - 1)] ?? beyond?.();
  if (next) /** @type {HTMLElement} */ (next).focus();
}
