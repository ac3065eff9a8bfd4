// Follows one element of the page: the server renders it, this swaps what changed. No number is computed here.
// <div data-live="/address" data-live-on="…" data-live-off="…"> … children with ids … </div>

export function follow(box, onChange = () => {}) {
  const sign = document.createElement("p");
  sign.className = "live-sign tag ok no-print";
  sign.setAttribute("role", "status");
  box.before(sign);
  const say = (on) => {
    sign.classList.toggle("ok", on);
    sign.classList.toggle("warn", !on);
    sign.dataset.sign = on ? "●" : "▲";
    const word = on ? box.dataset.liveOn : box.dataset.liveOff;
    if (sign.textContent !== word) sign.textContent = word;
  };
  const source = new EventSource(box.dataset.live);
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
  if (!same) {
    now.replaceChildren(...b);
    return;
  }
  a.forEach((node, i) => {
    if (node.isEqualNode(b[i])) return;
    if (node.nodeType !== Node.ELEMENT_NODE) {
      node.replaceWith(b[i]);
      return;
    }
    for (const { name, value } of b[i].attributes) if (node.getAttribute(name) !== value) node.setAttribute(name, value);
    for (const { name } of [...node.attributes]) {
      if (!b[i].hasAttribute(name) && name !== "open" && name !== "tabindex") node.removeAttribute(name);
    }
    morph(node, b[i]);
    if (node.matches("td")) {
      node.classList.add("fresh");
      node.addEventListener("animationend", () => node.classList.remove("fresh"), { once: true });
    }
  });
}

const visible = (node) => node.nodeType !== Node.TEXT_NODE || node.textContent.trim() !== "";

for (const box of document.querySelectorAll("[data-live]:not(.board)")) follow(box);
