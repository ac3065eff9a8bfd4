// Keeps the program on the tablet where the browser allows it (HTTPS, or this very machine). Over plain HTTP nothing here does
// anything, and the tablet works as before. No other module and no new syntax: this one runs even where app.js does not.

const SCOPE = "/judge";
const LONGEST = 15000; // ms to wait for a version to be fetched
const AGAIN = 10000; // ms until a fetch that broke off is tried again

/** @type {Promise<"kept"|"refused"|"absent"|"later">|undefined} */
let latest;

/**
 * Have the service worker fetch the program. "kept": it is on the tablet; "refused": the browser would not, which over HTTPS
 * means that somebody clicked a certificate warning away; "absent": not possible here; "later": the fetch broke off or takes
 * long, as on bad Wi-Fi, and is tried again until it is there.
 */
export function keepProgram() {
  if (!latest) latest = tryToKeep();
  return latest;
}

/** @returns {Promise<"kept"|"refused"|"absent"|"later">} */
async function tryToKeep() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return "absent";
  try {
    const registration = await navigator.serviceWorker.register(`${SCOPE}/sw.js`, { scope: SCOPE, updateViaCache: "none" });
    const coming = registration.waiting || registration.installing;
    if (registration.active || (coming && (await reaches(coming, "installed")))) return "kept";
  } catch (error) {
    if (error instanceof DOMException && error.name === "SecurityError") return "refused";
  }
  setTimeout(() => {
    latest = undefined;
    keepProgram();
  }, AGAIN);
  return "later";
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
