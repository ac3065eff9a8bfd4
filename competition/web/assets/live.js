// Follows one element of the page: the server renders it, this swaps what changed. No number is computed here.
// <div data-live="/address" data-live-on="…" data-live-off="…"> … children with ids … </div>

/** @param {HTMLElement} box @param {(box: HTMLElement) => void} [onChange] */
export function follow(box, onChange = () => {}) {
  const sign = document.createElement("p");
  sign.className = "live-sign tag ok no-print";
  sign.setAttribute("role", "status");
  box.before(sign);
  const say = (on) => {
    sign.classList.toggle("ok", on);
    sign.classList.toggle("warn", !on);
    sign.dataset.sign = on ? "●" : "▲";
    const word = (on ? box.dataset.liveOn : box.dataset.liveOff) ?? "";
    if (sign.textContent !== word) sign.textContent = word;
  };
  const source = new EventSource(box.dataset.live ?? "");
  source.addEventListener("open", () => say(true));
  source.addEventListener("error", () => say(false));
  source.addEventListener("change", (event) => {
    say(true);
    swap(box, event.data);
    onChange(box);
  });
  addEventListener("pagehide", () => source.close());
  return source;
}

// Replace only the parts that differ, so that scrolling, focus and an open detail stay where they are.
export function swap(box, html) {
  const next = document.createElement("template");
  next.innerHTML = html;
  morph(box, next.content);
}

function morph(now, next) {
  const a = [...now.childNodes].filter(visible);
  const b = [...next.childNodes].filter(visible);
  const same = a.length === b.length && a.every((node, i) => node.nodeName === b[i].nodeName && node.id === b[i].id);
  if (same) a.forEach((node, i) => renew(node, b[i]));
  else if ([...a, ...b].every((node) => node.id)) keyed(now, a, b);
  else now.replaceChildren(...b);
}

// Lines that come and go: those with the same id stay in the page, with what is being typed in them.
function keyed(now, a, b) {
  const kept = new Map(a.map((node) => [node.id, node]));
  const coming = new Set(b.map((node) => node.id));
  for (const node of [...now.childNodes]) if (!coming.has(node.id)) node.remove();
  let place = now.firstChild;
  for (const next of b) {
    const node = kept.get(next.id) ?? next;
    if (node === place) place = place.nextSibling;
    else now.insertBefore(node, place);
    if (node !== next) renew(node, next);
  }
}

function renew(node, next) {
  if (node.isEqualNode(next)) return;
  if (node.nodeType !== Node.ELEMENT_NODE) {
    node.replaceWith(next);
    return;
  }
  for (const { name, value } of next.attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  for (const { name } of [...node.attributes]) {
    if (!next.hasAttribute(name) && name !== "open" && name !== "tabindex") node.removeAttribute(name);
  }
  morph(node, next);
  if (node.matches("td")) {
    node.classList.add("fresh");
    node.addEventListener("animationend", () => node.classList.remove("fresh"), { once: true });
  }
}

const visible = (node) => node.nodeType !== Node.TEXT_NODE || node.textContent.trim() !== "";

for (const box of document.querySelectorAll("[data-live]:not(.board)")) follow(/** @type {HTMLElement} */ (box));
