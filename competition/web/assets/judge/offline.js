// Keeps the program on the tablet where the browser allows it (HTTPS, or this very machine). Over plain HTTP nothing here does
// anything, and the tablet works as before. No other module and no new syntax: this one runs even where app.js does not.

const SCOPE = "/judge";
const LONGEST = 15000; // ms to wait for a new version to be fetched

/**
 * Register the service worker. "kept": it is, or will be in a moment; "refused": the browser would not, which over HTTPS means
 * that somebody clicked a certificate warning away; "absent": not possible here.
 * @returns {Promise<"kept"|"refused"|"absent">}
 */
export function keepProgram() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return Promise.resolve("absent");
  return navigator.serviceWorker
    .register(`${SCOPE}/sw.js`, { scope: SCOPE, updateViaCache: "none" })
    .then(() => /** @type {const} */ ("kept"), () => /** @type {const} */ ("refused"));
}

/**
 * Fetch the version now served and let it take over; the caller reloads the page then. False when there is nothing new to
 * take: no service worker, no server, or a fetch that failed. The old version goes on in that case, and no mark is touched.
 * @returns {Promise<boolean>}
 */
export async function takeNew() {
  const registration = "serviceWorker" in navigator ? await navigator.serviceWorker.getRegistration(SCOPE).catch(() => undefined) : undefined;
  if (!registration) return false;
  await registration.update().catch(() => undefined);
  const next = registration.waiting || registration.installing;
  if (!next || !(await reaches(next, "installed"))) return false;
  const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
  next.postMessage("take");
  await Promise.race([taken, pause(LONGEST)]);
  return true;
}

/** @param {ServiceWorker} worker @param {ServiceWorkerState} state */
function reaches(worker, state) {
  const there = () => worker.state === state || worker.state === "activating" || worker.state === "activated";
  if (there()) return Promise.resolve(true);
  const change = new Promise((resolve) => {
    const look = () => (there() ? resolve(true) : worker.state === "redundant" && resolve(false));
    worker.addEventListener("statechange", look);
  });
  return Promise.race([change, pause(LONGEST).then(() => false)]);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

keepProgram();
