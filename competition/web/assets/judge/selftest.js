// Can this tablet be trusted with marks? Checked before a judge sits down, said in plain words.

import { h, icon } from "./dom.js";
import * as outbox from "./outbox.js";
import { say } from "./words.js";

/** @param {string} serverAt the server's time when the page was made */
export async function selfTest(serverAt) {
  const minutes = Math.round(Math.abs(Date.now() - Date.parse(serverAt)) / 60000);
  const lines = [
    ["store", await stores(), "bad"],
    ["chance", Boolean(window.crypto?.getRandomValues), "bad"],
    ["draw", Boolean(document.createElement("canvas").getContext("2d")), "warn"],
    ["width", Math.max(innerWidth, innerHeight) >= 700, "warn"],
    ["clock", minutes < 1, "warn"],
    ["secure", isSecureContext, "basic"],
  ];
  const bad = lines.some(([, fine, weight]) => !fine && weight === "bad");
  const verdict = bad ? "bad" : isSecureContext ? "ok" : "basic";
  return h("div", {},
    h("p", { class: `verdict ${verdict === "bad" ? "danger" : "ok"}` }, icon(bad ? "warn" : "check"), h("strong", { text: say(`judge.test.${verdict}`) })),
    h("details", { open: bad }, h("summary", { text: say("judge.test.title") }),
      h("ul", { class: "tests" }, lines.map(([name, fine]) => h("li", { class: fine ? "fine" : "not" }, icon(fine ? "check" : "warn"),
        h("span", { text: `${say(`judge.test.${name}`)}: ${fine ? say("judge.test.pass") : say(`judge.test.${name}_bad`, { n: minutes })}` }))))));
}

async function stores() {
  try {
    const proof = outbox.newId();
    await outbox.setMeta("self-test", proof);
    return (await outbox.getMeta("self-test")) === proof;
  } catch {
    return false;
  }
}
