// What the tablet must never lose, in IndexedDB: one record per mark, appended, with strict durability, before any network.
// A record leaves only when the server says accepted or known. Stores are only ever added by a migration, never dropped.

/** @typedef {import("./types.js").Op} Op */
/** @typedef {import("./types.js").Receipt} Receipt */

const NAME = "judge";
const VERSION = 1;
const STORES = {
  outbox: { keyPath: "id" }, // what the server has not confirmed
  acked: { keyPath: "key" }, // confirmed since the kept session was fetched
  open: { keyPath: "key" }, // the judge's own flags and confirmed zeros
  practice: { keyPath: "key" }, // the practice sheet, never sent
  meta: {}, // token, session, counter
};

/** @type {Promise<IDBDatabase>|null} */
let opened = null;
const others = "BroadcastChannel" in window ? new BroadcastChannel("judge") : null;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES))
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, options);
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      request.result.onclose = () => (opened = null);
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => (opened = null));
  return opened;
}

/**
 * One transaction; resolves with what `work` asked for once it is on disk.
 * @template T
 * @param {string[]} stores
 * @param {(tx: IDBTransaction) => (IDBRequest<T>|null|void)} work
 * @param {IDBTransactionMode} [mode]
 * @returns {Promise<T>}
 */
async function transact(stores, work, mode = "readwrite") {
  const db = await database();
  return new Promise((resolve, reject) => {
    const tx = db.transaction(stores, mode, { durability: "strict" });
    const request = work(tx);
    tx.oncomplete = () => resolve(request ? request.result : /** @type {any} */ (undefined));
    tx.onabort = tx.onerror = () => reject(tx.error || new Error("not stored"));
  });
}

/** 32 hex from the device's own chance; randomUUID is missing on plain HTTP. */
export function newId(bytes = 16) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Open the database before the first tap. */
export const ready = () => database().then(() => undefined);

/**
 * Append a record; its counter is taken in the same transaction. Resolves when it is on disk.
 * @param {Omit<Op, "counter">} op
 * @returns {Promise<number>} the counter
 */
export async function append(op) {
  let counter = 0;
  await transact(["outbox", "meta"], (tx) => {
    const meta = tx.objectStore("meta");
    const last = meta.get("counter");
    last.onsuccess = () => {
      counter = (last.result || 0) + 1;
      meta.put(counter, "counter");
      tx.objectStore("outbox").add({ ...op, counter });
    };
  });
  others?.postMessage("changed");
  return counter;
}

/** Everything unconfirmed, in the order it was made. @returns {Promise<Op[]>} */
export async function all() {
  const ops = await transact(["outbox"], (tx) => tx.objectStore("outbox").getAll(), "readonly");
  return ops.sort((a, b) => a.counter - b.counter);
}

/**
 * What the server said about these records: confirmed ones leave (their values go to `acked` in the same transaction),
 * the others stay with the answer on them.
 * @param {Op[]} ops
 * @param {Receipt[]} receipts
 * @param {string} at
 */
export async function settle(ops, receipts, at) {
  const answers = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  await transact(["outbox", "acked"], (tx) => {
    for (const op of ops) {
      const answer = answers.get(op.id);
      if (!answer) continue;
      if (answer.outcome === "accepted" || answer.outcome === "known") {
        tx.objectStore("outbox").delete(op.id);
        tx.objectStore("acked").put({ key: `${op.sheet}|${op.item ?? "#signed"}`, value: op.value ?? null, id: op.id });
      } else {
        const { pin, ...kept } = op; // a PIN lies here only until the signature has been answered
        tx.objectStore("outbox").put({ ...kept, held: { outcome: answer.outcome, reason: answer.reason ?? null, at } });
      }
    }
  });
  others?.postMessage("changed");
}

/** The judge has read the answer (`seen`), or wants the record sent once more (`again`). @param {Op} op @param {"seen"|"again"} how */
export async function reopen(op, how) {
  const { held, ...bare } = op;
  await transact(["outbox"], (tx) => {
    tx.objectStore("outbox").put(how === "again" ? bare : { ...bare, held: { ...held, seen: true } });
  });
  others?.postMessage("changed");
}

/** Confirmed since the kept session. @returns {Promise<{key: string, value: string|null, id: string}[]>} */
export const acked = () => transact(["acked"], (tx) => tx.objectStore("acked").getAll(), "readonly");

/** Keep a session package for the time without a server; what it already contains is dropped from `acked`. */
export async function keepSession(session) {
  await transact(["meta", "acked"], (tx) => {
    tx.objectStore("meta").put(session, "session");
    tx.objectStore("acked").clear();
  });
  others?.postMessage("session");
}

export const getMeta = (key) => transact(["meta"], (tx) => tx.objectStore("meta").get(key), "readonly");
export const setMeta = (key, value) => transact(["meta"], (tx) => tx.objectStore("meta").put(value, key)).then(() => undefined);

/** A paired device: its token, and nothing left of another seat's session (its outbox stays). */
export async function pair(token) {
  await transact(["meta", "acked"], (tx) => {
    tx.objectStore("meta").put(token, "token");
    tx.objectStore("meta").delete("session");
    tx.objectStore("acked").clear();
  });
  others?.postMessage("paired");
}

/** Small things of the judge's own, by key: flags and confirmed zeros (`open`), practice marks (`practice`). */
export const listOwn = (store) => transact([store], (tx) => tx.objectStore(store).getAll(), "readonly");
export const putOwn = (store, row) => transact([store], (tx) => tx.objectStore(store).put(row)).then(() => undefined);
export const clearPractice = () => transact(["practice"], (tx) => tx.objectStore("practice").clear()).then(() => undefined);

/** Another tab of this tablet wrote something. @param {(what: string) => void} listener */
export const onOtherTab = (listener) => others?.addEventListener("message", (event) => listener(event.data));
