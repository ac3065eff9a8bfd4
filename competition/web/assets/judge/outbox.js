// What the tablet must never lose, in IndexedDB: one record per mark, appended, with strict durability, before any network.
// A record leaves only when the server says accepted or known; a mark is kept two hours more, should the server lose it. Stores are only ever added by a migration, never dropped.
// Where the device refuses to write, a record lives in this page's memory, is said to be unsafe, tried again, and sent all the same.

import { lost, outlived } from "./lost.js";

/** @typedef {import("./types.js").Op} Op */
/** @typedef {import("./types.js").Receipt} Receipt */

const NAME = "judge";
const VERSION = 2;
const STORES = {
  outbox: { keyPath: "id" }, // what the server has not confirmed
  acked: { keyPath: "key" }, // confirmed since the kept session was fetched
  kept: { keyPath: "id" }, // marks the server has confirmed, for two hours
  open: { keyPath: "key" }, // the judge's own flags, confirmed extremes and notes
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

/** What could not be written, laid over what is: a record as it should stand, null for one that should be gone. @type {Map<string, Op|null>} */
const overlay = new Map();
/** Confirmed values that could not be written. @type {Map<string, object>} */
const ackedHere = new Map();
/** Confirmed marks not yet noted as kept. @type {Map<string, Op & {confirmed: number}>} */
const keptHere = new Map();
let highest = 0; // the last counter given, also while nothing can be written

/** Open the database before the first tap. */
export async function ready() {
  highest = (await transact(["meta"], (tx) => tx.objectStore("meta").get("counter"), "readonly")) || 0;
}

/** A record the device would not keep. It has its counter and lives in memory. */
export class NotKept extends Error {
  /** @param {number} counter @param {unknown} cause */
  constructor(counter, cause) {
    super("not stored", { cause });
    this.counter = counter;
  }
}

/**
 * Append a record; its counter is taken in the same transaction. Resolves when it is on disk; NotKept when it can't be.
 * @param {Omit<Op, "counter">} op
 * @returns {Promise<number>} the counter
 */
export async function append(op) {
  let counter = 0;
  try {
    await transact(["outbox", "meta"], (tx) => {
      const meta = tx.objectStore("meta");
      const last = meta.get("counter");
      last.onsuccess = () => {
        counter = Math.max(last.result || 0, highest) + 1;
        meta.put(counter, "counter");
        tx.objectStore("outbox").add({ ...op, counter });
      };
    });
  } catch (cause) {
    counter = ++highest;
    overlay.set(op.id, /** @type {Op} */ ({ ...op, counter, loose: true }));
    throw new NotKept(counter, cause);
  }
  highest = Math.max(highest, counter);
  others?.postMessage("changed");
  return counter;
}

/** Write what could not be written before. Throws while it still can't be; resolves with how much came to rest. */
export async function rescue() {
  const held = [...overlay];
  const rows = [...ackedHere];
  const sent = [...keptHere];
  if (!held.length && !rows.length) return 0;
  await transact(["outbox", "acked", "kept", "meta"], (tx) => {
    for (const [id, op] of held) {
      if (!op) tx.objectStore("outbox").delete(id);
      else tx.objectStore("outbox").put(bare(op));
    }
    for (const [, row] of rows) tx.objectStore("acked").put(row);
    for (const [, op] of sent) tx.objectStore("kept").put(op);
    const meta = tx.objectStore("meta");
    const last = meta.get("counter");
    last.onsuccess = () => highest > (last.result || 0) && meta.put(highest, "counter"); // another tab may be further on
  });
  for (const [id, op] of held) if (overlay.get(id) === op) overlay.delete(id);
  for (const [id, op] of sent) if (keptHere.get(id) === op) keptHere.delete(id);
  for (const [key, row] of rows) if (ackedHere.get(key) === row) ackedHere.delete(key);
  others?.postMessage("changed");
  return held.length;
}

/** @param {Op} op */
const bare = ({ loose, ...op }) => op;

/** Everything unconfirmed, in the order it was made. @returns {Promise<Op[]>} */
export async function all() {
  const stored = await transact(["outbox"], (tx) => tx.objectStore("outbox").getAll(), "readonly");
  const ops = [...stored.filter((op) => !overlay.has(op.id)), ...[...overlay.values()].filter((op) => op !== null)];
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
  for (const op of ops) {
    const answer = answers.get(op.id);
    if (!answer) continue;
    const done = answer.outcome === "accepted" || answer.outcome === "known";
    const { pin, ...kept } = op; // a PIN lies here only until the signature has been answered
    overlay.set(op.id, done ? null : { ...kept, held: { outcome: answer.outcome, reason: answer.reason ?? null, at } });
    const key = `${op.sheet}|${{ mark: op.item, sign: "#signed", ask: "#asked" }[op.kind]}`;
    if (done && op.kind === "mark") keptHere.set(op.id, { ...bare(kept), confirmed: Date.now() });
    if (done) ackedHere.set(key, { key, value: op.value ?? null, id: op.id });
  }
  await rescue().catch(() => undefined); // the server has them: what can't be noted here is noted later
}

/** The judge has read the answer (`seen`), or wants the record sent once more (`again`). @param {Op} op @param {"seen"|"again"} how */
export async function reopen(op, how) {
  const { held, ...open } = op;
  overlay.set(op.id, how === "again" ? open : { ...open, held: { .../** @type {any} */ (held), seen: true } });
  await rescue().catch(() => undefined);
}

/** Confirmed since the kept session. @returns {Promise<{key: string, value: string|null, id: string}[]>} */
export async function acked() {
  const stored = await transact(["acked"], (tx) => tx.objectStore("acked").getAll(), "readonly");
  return [...stored, ...ackedHere.values()];
}

/** Keep a session package for the time without a server; what it already contains is dropped from `acked`. */
export async function keepSession(session) {
  ackedHere.clear();
  await transact(["meta", "acked", "kept"], (tx) => {
    tx.objectStore("meta").put(session, "session");
    tx.objectStore("acked").clear();
    const kept = tx.objectStore("kept");
    const all = kept.getAll();
    all.onsuccess = () => outlived(all.result, Date.now()).forEach((id) => kept.delete(id));
  });
  others?.postMessage("session");
}

/**
 * The server runs anew: put back into the outbox what this package lacks of the marks it had confirmed, and remember the run.
 * @param {import("./types.js").Session} session
 * @param {string} owner
 * @param {string} run
 * @returns {Promise<Op[]>} what is to be sent again
 */
export async function resend(session, owner, run) {
  const stored = await transact(["kept"], (tx) => tx.objectStore("kept").getAll(), "readonly");
  const rows = [...new Map([...stored, ...keptHere.values()].map((row) => [row.id, row])).values()];
  const over = new Set(outlived(rows, Date.now()));
  const again = lost(rows.filter((row) => !over.has(row.id)), session, owner);
  for (const op of again) overlay.set(op.id, op);
  await rescue().catch(() => undefined); // what can't be written is sent from memory
  await setMeta("run", run).catch(() => undefined);
  return again;
}

export const getMeta = (key) => transact(["meta"], (tx) => tx.objectStore("meta").get(key), "readonly");
/** The pairing's token. Kept in memory: a read of `meta` before every request would hold up the next mark's transaction. */
export async function token() {
  if (!others) return getMeta("token"); // no word would come of a new pairing in another tab
  paired ??= (await getMeta("token")) || null;
  return paired;
}
/** @type {string|null} */
let paired = null;
others?.addEventListener("message", ({ data }) => data === "paired" && (paired = null));
addEventListener("pageshow", (event) => event.persisted && (paired = null)); // words were missed meanwhile

export const setMeta = (key, value) => transact(["meta"], (tx) => tx.objectStore("meta").put(value, key)).then(() => undefined);

/** A paired device: its token, and nothing left of another seat's session (its outbox stays). */
export async function pair(token) {
  await transact(["meta", "acked"], (tx) => {
    tx.objectStore("meta").put(token, "token");
    tx.objectStore("meta").delete("session");
    tx.objectStore("acked").clear();
  });
  paired = null;
  others?.postMessage("paired");
}

/** Small things of the judge's own, by key: flags, confirmed extremes and notes (`open`), practice marks (`practice`). */
export const listOwn = (store) => transact([store], (tx) => tx.objectStore(store).getAll(), "readonly");
export const putOwn = (store, row) => transact([store], (tx) => tx.objectStore(store).put(row)).then(() => void others?.postMessage("own"));

/** The server has these rows as of these counters; a row written again meanwhile stays to be sent. @param {{key: string, counter: number}[]} rows */
export const sentOwn = (rows) => transact(["open"], (tx) => {
  const store = tx.objectStore("open");
  for (const { key, counter } of rows) {
    const now = store.get(key);
    now.onsuccess = () => now.result && store.put({ ...now.result, sent: counter });
  }
}).then(() => undefined);
export const clearPractice = () => transact(["practice"], (tx) => tx.objectStore("practice").clear()).then(() => undefined);

/** Another tab of this tablet wrote something. @param {(what: string) => void} listener */
export const onOtherTab = (listener) => others?.addEventListener("message", (event) => listener(event.data));
