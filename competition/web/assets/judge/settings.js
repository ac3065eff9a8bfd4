// Text size, contrast, single keys, the tick and the language: chosen by the judge, kept on the tablet.

import { canVibrate } from "./device.js";
import { button, h } from "./dom.js";
import { openKeyHelp } from "./keys.js";
import { prefs } from "./prefs.js";
import { say } from "./words.js";

/** @param {(change: any) => void} change a choice, or {swap: true} for the other language */
export function settingsPanel(change) {
  const pressed = (text, on, act) => h("button", { type: "button", class: "button", "aria-pressed": String(on), text, on: { click: act } });
  const size = (value, text) => pressed(text, prefs.size === value, () => change({ size: value }));
  return h("section", { class: "settings", "aria-label": say("judge.set.title") },
    h("div", { class: "settings-sizes", role: "group", "aria-label": say("judge.set.size") }, h("span", { class: "label", text: say("judge.set.size") }),
      size("m", say("judge.set.size_m")), size("l", say("judge.set.size_l")), size("xl", say("judge.set.size_xl"))),
    pressed(say("judge.set.contrast"), prefs.contrast, () => change({ contrast: !prefs.contrast })),
    canVibrate && pressed(say("judge.set.haptic"), prefs.haptic, () => change({ haptic: !prefs.haptic })),
    pressed(say("judge.set.single_keys"), prefs.keys, () => change({ keys: !prefs.keys })),
    button(say("judge.keys.title"), openKeyHelp),
    button(say("judge.set.language"), () => change({ swap: true }), { lang: say("judge.set.language") === "English" ? "en" : "zh-CN" }));
}
