// Does this device trust the server now? An image of the HTTPS server loads only if it does. Plain old script on purpose:
// the tablets that need this page most are the oldest.
(function () {
  "use strict";
  var body = document.body;
  var DAY = 86400000;
  var AGAIN = 4000; // ms between two looks

  /** @param {string} id @returns {any} the page has it, see trust.html */
  function part(id) {
    return document.getElementById(id);
  }

  function show(id, shown) {
    part(id).hidden = !shown;
  }

  var timer = 0;

  function look() {
    var probe = new Image();
    clearTimeout(timer);
    probe.onload = function () {
      show("trusted-yes", true);
      show("trusted-no", false);
    };
    probe.onerror = function () {
      show("trusted-yes", false);
      show("trusted-no", true);
      clearTimeout(timer);
      timer = setTimeout(look, AGAIN);
    };
    probe.src = body.getAttribute("data-probe") + "?" + new Date().getTime();
  }

  // An iPad calls itself a Macintosh; a Mac has no touch screen.
  if (body.getAttribute("data-device") === "macos" && navigator.maxTouchPoints > 1) {
    part("macos").open = false;
    part("ipad").open = true;
  }
  show("clock-off", Math.abs(new Date().getTime() - Date.parse(body.getAttribute("data-server-at") || "")) > DAY);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible" && part("trusted-yes").hidden) look();
  });
  look();
})();
