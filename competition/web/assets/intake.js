// Sends a chosen file with its progress in view, then goes where the server says. Without this the form works as it stands.

/**
 * @typedef {object} Words
 * @property {string} sent how far the sending is; `{n}` is the share in percent
 * @property {string} checking said while the server reads the file
 * @property {string} failed said when the server can't be reached
 */

/** @param {HTMLFormElement} form */
function follow(form) {
  const box = /** @type {HTMLElement} */ (form.querySelector("[data-progress]"));
  const bar = /** @type {HTMLProgressElement} */ (box.querySelector("progress"));
  const said = /** @type {HTMLElement} */ (box.querySelector("[role=status]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("[type=submit]"));
  const words = /** @type {Words & DOMStringMap} */ (form.dataset);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? loaded / total : 0;
      said.textContent = words.sent.replace("{n}", String(Math.floor((100 * loaded) / (total || 1))));
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      said.textContent = words.checking;
    });
    request.addEventListener("load", () => arrive(request));
    request.addEventListener("error", () => {
      box.hidden = true;
      button.disabled = false;
      button.after(Object.assign(document.createElement("span"), { role: "alert", textContent: words.failed }));
    });
    box.hidden = false;
    button.disabled = true;
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

// A redirect was followed already: its page is at responseURL. A refusal is a page at the form's own address.
/** @param {XMLHttpRequest} request */
function arrive(request) {
  const here = new URL(request.responseURL);
  if (request.status === 200 && here.pathname !== location.pathname) {
    location.assign(here.href);
    return;
  }
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  document.body.replaceWith(page.body);
  for (const form of document.querySelectorAll("form[data-upload]")) follow(/** @type {HTMLFormElement} */ (form));
}

for (const form of document.querySelectorAll("form[data-upload]")) follow(/** @type {HTMLFormElement} */ (form));
