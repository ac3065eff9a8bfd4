// What the tablet itself can do for the judge: stay awake, tick under the finger, warn before its storage is full. All of it
// only where the browser has it (plain HTTP has no wake lock and no storage estimate); nothing depends on it.

import { prefs } from "./prefs.js";

const FULL = 0.9; // of the quota
const LOOK = 60000; // ms between two looks at the storage
/** @type {{full: boolean}} */
export const storage = { full: false };

/** @param {() => void} changed called when the storage became nearly full, or no longer is */
export function watchDevice(changed) {
  stayAwake();
  navigator.storage?.persist?.().catch(() => undefined);
  const look = async () => {
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
    const full = quota > 0 && usage / quota > FULL;
    if (full === storage.full) return;
    storage.full = full;
    changed();
  };
  look();
  setInterval(look, LOOK);
}

/** Ask again when the page comes back and at the next touch: some browsers refuse without one. */
function stayAwake() {
  if (!("wakeLock" in navigator)) return;
  /** @type {WakeLockSentinel|null} */
  let lock = null;
  let asking = false;
  const ask = async () => {
    if (asking || document.visibilityState !== "visible" || (lock && !lock.released)) return;
    asking = true;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    asking = false;
  };
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("pointerdown", ask, { passive: true });
  ask();
}

export const canVibrate = "vibrate" in navigator;

/** A tick: the mark is kept. */
export const tick = () => canVibrate && prefs.haptic && navigator.vibrate(10);

/** A long pattern: time is up. */
export const buzz = () => canVibrate && prefs.haptic && navigator.vibrate([300, 150, 300, 150, 600]);
