// The service worker: keeps the tablet's program on the tablet, so that /judge opens while the server is away. It answers for
// the shell and the files of its own version and for nothing else; marks, sessions and the outbox are not its business, and it
// never opens the database. The server writes PROGRAM = {version, shell, files} above this line.
//
// A new version is fetched whole beside the old one and waits. It takes over when the judge says so (offline.js: "take") or
// when no page of the old one is left; only then is the old one dropped.

const KEPT = `judge-${PROGRAM.version}`;

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(dropOthers().then(() => clients.claim())));
addEventListener("message", (event) => event.data === "take" && skipWaiting());
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PROGRAM.shell) event.respondWith(kept(PROGRAM.shell, request));
  } else if (PROGRAM.files.includes(url.pathname)) event.respondWith(kept(url.pathname, request));
});

/** What is kept; from the network if the browser threw it away. */
async function kept(path, request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(path, { ignoreVary: true })) ?? fetch(request);
}

/** Fetch the whole program or fail: the shell last, so that a server replaced meanwhile shows by its version. */
async function keep() {
  const cache = await caches.open(KEPT);
  await Promise.all(PROGRAM.files.map(async (path) => {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await cache.put(path, answer);
  }));
  const shell = await fetch(PROGRAM.shell, { cache: "reload" });
  const page = await shell.clone().text();
  if (!shell.ok || shell.redirected || !page.includes(`data-app="${PROGRAM.version}"`)) throw new Error("another version is served now");
  await cache.put(PROGRAM.shell, shell);
}

async function dropOthers() {
  const names = (await caches.keys()).filter((name) => name.startsWith("judge-") && name !== KEPT);
  await Promise.all(names.map((name) => caches.delete(name)));
}
