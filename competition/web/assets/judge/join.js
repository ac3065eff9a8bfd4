// The page behind a seat card: self-test, PIN, and on to the sheets. The card's token leaves the address on the way.

import { h } from "./dom.js";
import * as outbox from "./outbox.js";
import { pairingForm } from "./pairing.js";
import { selfTest } from "./selftest.js";
import { say } from "./words.js";

const { token = "", serverAt = "" } = document.body.dataset;
const form = /** @type {HTMLElement} */ (document.getElementById("join-form"));
const test = /** @type {HTMLElement} */ (document.getElementById("self-test"));
form.replaceChildren(pairingForm({ token, joined: () => location.replace("/judge") }));
test.replaceChildren(await selfTest(serverAt));

const left = (await outbox.all().catch(() => [])).filter((op) => !op.held);
if (left.length)
  test.append(h("p", { class: "note warn", text: say("judge.join.pending", { n: left.length, seat: left[0].owner.split("/").at(-1) }) }));
