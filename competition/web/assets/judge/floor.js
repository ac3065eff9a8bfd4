// Plain old script, for browsers that cannot run the tablet's program: without it they show a page whose buttons do nothing.
// The words stand in the page (#too-old, #not-started); this only decides whether to show them.
(function () {
  "use strict";
  // What the browsers of 2022 brought and the program leans on: Chrome and Edge 99, Safari and iPadOS 15.4, Firefox 98.
  var floor = [
    "noModule" in document.createElement("script"),
    typeof Promise === "function",
    typeof window.fetch === "function",
    !!window.indexedDB,
    !!(window.crypto && window.crypto.getRandomValues),
    typeof window.ResizeObserver === "function",
    typeof window.HTMLDialogElement === "function",
    typeof Array.prototype.at === "function",
    typeof window.CSSLayerBlockRule === "function"
  ];
  var old = false;
  for (var i = 0; i < floor.length; i += 1) if (!floor[i]) old = true;
  document.documentElement.setAttribute("data-floor", old ? "below" : "met");

  function started() {
    return !!document.querySelector(".pairing, #app .top, #app p.danger");
  }

  function show(id) {
    var words = document.getElementById(id);
    if (words && !started()) words.hidden = false;
  }

  function ready() {
    if (old) show("too-old");
  }

  // A script that cannot be read or did not arrive: said only as long as the program is not there.
  window.addEventListener("error", function (event) {
    var from = /** @type {any} */ (event.target);
    if (!old && (from === window || (from && from.tagName === "SCRIPT"))) setTimeout(function () { show("not-started"); }, 1500);
  }, true);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
