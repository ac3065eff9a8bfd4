// The heartbeat: says what this tablet holds and has open, hears whether its sheets moved on, who else is there, and the time.

import { acknowledged } from "./messages.js";
import * as outbox from "./outbox.js";

const LIMIT = 3000; // ms
const SAMPLES = 5;
export const CLOCK_OFF = 30000; // ms; beyond it the judge and the chief are told

/** @type {number[]} */
const offsets = [];
let plain = false; // a server that knows only `unsent`

/** Device clock minus server clock in ms: the median of the last five beats, null before the first. */
export function clockOffset() {
  const sorted = [...offsets].sort((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : null;
}

/** The server's time now, by the last beats; the device's own until there was one. @returns {Date} */
export const serverNow = () => new Date(Date.now() - (clockOffset() ?? 0));

/** The digest of the program this page runs: its scripts' folder, unless the shell names its own. */
export const program = document.documentElement.dataset.app ?? /\/assets\/([0-9a-f]{8,40})\//.exec(import.meta.url)?.[1] ?? null;

/** @param {import("./sync.js").Sync} sync @returns {Promise<void>} */
export async function beat(sync) {
  if (!(await outbox.token())) return;
  const waiting = (await outbox.all()).filter((op) => !op.held).length;
  const sent = Date.now();
  const answer = await sync.call("/api/judge/ping", plain ? { unsent: waiting } : await told(sync, waiting), LIMIT);
  if (answer.status === 400 && !plain) {
    plain = true;
    return beat(sync);
  }
  if (answer.status !== 200 && answer.status !== 201) return;
  const { version, server_at, run, app = null, twins = 0, held = {}, strip } = answer.body;
  if (server_at) {
    offsets.push(Math.round((sent + Date.now()) / 2 - Date.parse(server_at)));
    if (offsets.length > SAMPLES) offsets.shift();
  }
  sync.report({ app, twins, held, strip: strip ?? sync.state.strip, offset: clockOffset() });
  const moved = sync.heard(run) || (sync.version && version && version !== sync.version);
  if (moved) sync.version = null;
  if (moved || waiting || !sync.version) sync.kick();
}

async function told(sync, waiting) {
  const battery = await /** @type {any} */ (navigator).getBattery?.().catch(() => null);
  return {
    unsent: waiting, open: document.visibilityState === "visible" ? sync.open : null, clock_ms: clockOffset(),
    battery: battery ? Math.round(battery.level * 100) : null, app: program?.slice(0, 40) ?? null,
    ...(acknowledged().length ? { seen: acknowledged() } : {}), // a server of before knows no messages
  };
}
