// Putting this tablet into a seat: the card's token, a PIN, and a token the tablet makes for itself.

import { button, h } from "./dom.js";
import * as outbox from "./outbox.js";
import { pinField } from "./pin.js";
import { pick, say } from "./words.js";

/**
 * The form. `token` is known on the card's own page; elsewhere the judge enters the card's address or code.
 * @param {{token: string|null, joined: () => void}} asked
 */
export function pairingForm({ token, joined }) {
  const own = outbox.newId(32); // made once: a reply that was lost is asked for again with the same token
  const fault = h("p", { class: "sign-fault", role: "alert" });
  const card = h("input", { class: "input", id: "card", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  const pin = pinField(say("judge.join.pin"), () => token && enter());
  const submit = button(say("judge.join.button"), enter, { class: "primary join-button" });
  let busy = false;

  async function enter() {
    const cardToken = token ?? card.value.trim().split("/").filter(Boolean).at(-1)?.split(/[?#]/)[0];
    if (!cardToken) return (fault.textContent = say("judge.join.card_bad"));
    if (pin.value().length < 6) return (fault.textContent = say("judge.join.pin_short", { n: 6 - pin.value().length }));
    if (busy) return;
    busy = true;
    fault.textContent = "";
    submit.lastElementChild.textContent = say("judge.join.busy");
    const problem = await ask(cardToken, pin.value(), own);
    busy = false;
    submit.lastElementChild.textContent = say("judge.join.button");
    if (problem === null) return joined();
    fault.textContent = problem;
    if (problem !== say("judge.join.unreachable")) pin.reset();
  }

  return h("div", { class: "pairing" },
    !token && h("div", { class: "field" }, h("label", { for: "card", text: say("judge.join.card") }), card),
    pin.element, fault, submit);
}

/** null when the tablet is in; else what to tell the judge. */
async function ask(token, pin, own) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 8000);
  try {
    const response = await fetch("/api/judge/join", {
      method: "POST", cache: "no-store", signal: stop.signal, headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token, pin, device_token: own }),
    });
    const body = await response.json();
    if (response.ok) await outbox.pair(own);
    return response.ok ? null : pick(body.error);
  } catch {
    return say("judge.join.unreachable");
  } finally {
    clearTimeout(timer);
  }
}
