// A sheet that slides in beside the page: one thing more to read or fill in, without leaving what one is doing.

import { h, icon } from "./dom.js";
import { say } from "./words.js";

/**
 * Open it; Escape, a tap beside it and its cross close it, and focus goes back to where it was.
 * @param {string} title @param {...any} content
 * @returns {HTMLDialogElement}
 */
export function openSide(title, ...content) {
  document.querySelector("dialog.side")?.remove();
  const from = /** @type {HTMLElement|null} */ (document.activeElement);
  const dialog = h("dialog", { class: "side", "aria-label": title, on: { close, click: (event) => event.target === dialog && dialog.close() } },
    h("header", { class: "side-head" }, h("h2", { text: title }),
      h("button", { type: "button", class: "icon-button", "aria-label": say("judge.side.close"), on: { click: () => dialog.close() } }, icon("close"))),
    h("div", { class: "side-body" }, content.flat()));
  function close() {
    dialog.remove();
    from?.focus({ preventScroll: true });
  }
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export const sideOpen = () => document.querySelector("dialog[open]") !== null;
export const closeSide = () => /** @type {HTMLDialogElement|null} */ (document.querySelector("dialog[open]"))?.close();
