// Keying from paper with the keyboard alone. Enter goes on to the next field and stops at the button: it never goes round to
// the first field again, and never sends the form from the middle. Nothing is computed here, and the form works without it.

/** The places Enter stops at, in the page's order; of a group of radio buttons the checked one. A reason that is filled in
 * already is passed over, unless the focus is in it.
 * @param {HTMLFormElement} form @param {HTMLElement} [from] @returns {HTMLElement[]} */
export function stops(form, from) {
  const all = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input:not([type=hidden]):not(:disabled), select:not(:disabled)")]);
  return all.filter((one) => (one.type === "radio" ? one.checked : one.id !== "reason" || !one.value || one === from));
}

/** What was typed on a Chinese keyboard's full width, as the half-width characters the ledger takes: in a field for numbers
 * and letters all of it, in a written answer its digits and letters.
 * @param {string} text @param {boolean} all @returns {string} */
export function narrow(text, all) {
  if (!all) return text.replace(/[０-９Ａ-Ｚａ-ｚ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  return text.replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replaceAll("　", " ").replaceAll("。", ".");
}

/** Go `step` places on from where the focus is; past the last to the button, before the first nowhere.
 * @param {HTMLFormElement} form @param {HTMLElement} from @param {1 | -1} step */
function go(form, from, step) {
  const places = stops(form, from);
  const next = places[places.indexOf(from) + step] ?? (step > 0 ? form.querySelector("button[type=submit]") : from);
  if (!(next instanceof HTMLElement)) return;
  next.focus();
  if (next instanceof HTMLInputElement && next.type !== "radio") next.select();
  next.scrollIntoView({ block: "nearest" });
}

/** Y and N, 1 and 0 answer a question without the mouse.
 * @param {HTMLInputElement} radio @param {string} key @returns {HTMLInputElement | null} */
function answered(radio, key) {
  const value = { y: "1", 1: "1", n: "0", 0: "0", "-": "", " ": null }[key.toLowerCase()];
  const group = /** @type {HTMLInputElement[]} */ ([...(radio.form?.elements ?? [])]).filter((one) => one.name === radio.name);
  return (value === undefined || value === null ? null : group.find((one) => one.value === value)) ?? null;
}

/** @param {HTMLFormElement} form */
function follow(form) {
  const still = /** @type {HTMLElement | null} */ (form.querySelector("[data-left]"));
  const count = () => {
    if (!still) return;
    const open = stops(form).filter((one) => one.id !== "reason" && !(/** @type {HTMLInputElement} */ (one).value)).length;
    still.hidden = false;
    still.textContent = open ? (still.dataset.left ?? "").replace("#", String(open)) : (still.dataset.none ?? "");
  };
  let typed = false;
  form.addEventListener("keydown", (event) => {
    const at = /** @type {HTMLInputElement} */ (event.target);
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || !at.matches("input, select")) return;
    if (event.key === "Enter") {
      event.preventDefault();
      go(form, at, event.shiftKey ? -1 : 1);
    } else if (at.type === "radio") {
      const chosen = answered(at, event.key);
      if (!chosen) return;
      event.preventDefault();
      chosen.click();
      chosen.focus();
    } else if (at.matches("input") && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      go(form, at, event.key === "ArrowUp" ? -1 : 1);
    }
  });
  const tidy = (/** @type {Event} */ event) => {
    typed = true;
    const at = /** @type {HTMLInputElement} */ (event.target);
    if (!(/** @type {InputEvent} */ (event).isComposing) && at.type === "text" && at.id !== "reason") {
      const plain = narrow(at.value, at.matches("[data-plain]"));
      if (plain !== at.value) {
        const caret = at.selectionStart;
        at.value = plain;
        at.setSelectionRange(caret, caret);
      }
    }
    count();
  };
  form.addEventListener("input", tidy);
  form.addEventListener("compositionend", tidy);
  form.addEventListener("change", count);
  form.addEventListener("submit", () => (typed = false));
  addEventListener("beforeunload", (event) => typed && event.preventDefault());
  count();
  const places = stops(form);
  const first = places.find((one) => one.matches("[aria-invalid]")) ?? places.find((one) => !(/** @type {HTMLInputElement} */ (one).value)) ?? places[0];
  first?.focus({ preventScroll: first === places[0] });
}

for (const form of document.querySelectorAll("form.keying")) follow(/** @type {HTMLFormElement} */ (form));
