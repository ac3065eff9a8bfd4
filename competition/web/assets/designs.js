/**
 * A design is tried as soon as it is picked: the form goes to the frame beside it. Without this the button does the same.
 */

const form = document.getElementById("choose");
if (form instanceof HTMLFormElement) {
  /** @type {HTMLButtonElement | null} */
  const preview = form.querySelector("button:not([formaction])");
  form.addEventListener("change", () => form.requestSubmit(preview));
}
