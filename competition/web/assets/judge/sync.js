// Sends what the outbox holds, in order, one sender per tablet, until the server has confirmed each record.

import { beat } from "./beat.js";
import * as outbox from "./outbox.js";

/** @typedef {import("./types.js").Op} Op */

const BATCH = 100;
const ABORT = 8000; // ms for a request that carries marks
const BEAT = 5000; // ms between two heartbeats
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const LEASE = 20000; // ms a tab may send before another takes over
const TAB = outbox.newId();

/** Emits "change" when `state` changes and "settled" when receipts or a session came in. */
export class Sync extends EventTarget {
  constructor() {
    super();
    /**
     * What the last words with the server told. offset: device clock − server clock, ms; twins: other tablets in this seat;
     * held: sheets another tablet has open; app: the program now served; strip: earlier marks may be shown.
     * @type {{online: boolean|null, paired: boolean, last: string|null, offset: number|null, twins: number, held: Record<string, boolean>, app: string|null, strip: boolean|null}}
     */
    this.state = { online: null, paired: true, last: null, offset: null, twins: 0, held: {}, app: null, strip: null };
    this.owner = null;
    /** The sheet the judge has before them. @type {string|null} */
    this.open = null;
    /** Whether this server keeps flags and notes. */
    this.jots = false;
    this.version = null;
    /** The run of the server whose package this tablet has; another one may have been set back. @type {string|null} */
    this.served = null;
    this.moved = false; // another run than that one answered
    this.doubt = false; // an answer failed: it may be another run that answers next
    this.wait = FIRST_WAIT;
    this.running = false;
    this.again = false;
    this.timer = 0;
  }

  /** Start the heartbeat and listen for reasons to try at once. */
  start() {
    addEventListener("online", () => this.kick());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.kick());
    const next = async () => {
      await beat(this).catch(() => undefined);
      setTimeout(next, BEAT + Math.random() * 500);
    };
    setTimeout(next, FIRST_WAIT);
    this.kick();
  }

  /** There is something to send, or a reason to believe the server is back. */
  kick() {
    clearTimeout(this.timer);
    this.again = true;
    if (!this.running) this.run();
  }

  async run() {
    this.running = true;
    let failed = false;
    while (this.again && !failed) {
      this.again = false;
      try {
        await alone(() => this.flush());
        this.wait = FIRST_WAIT;
      } catch (error) {
        failed = !(error instanceof Unpaired);
      }
    }
    this.running = false;
    if (failed) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kick(), this.wait * (0.75 + Math.random() / 2));
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  /** Send everything that is waiting, then fetch the session if the server's copy moved on. Throws while the server is away. */
  async flush() {
    if (!(await outbox.token())) throw this.unpaired();
    if (this.doubt && this.owner) this.heard((await this.call("/api/judge/ping")).body.run);
    if (!this.owner || this.moved) await this.refresh(); // whose tablet is it? Marks made for another seat wait for that seat
    for (;;) {
      const ops = (await outbox.all()).filter((op) => !op.held && op.owner === this.owner);
      const batch = leading(ops);
      if (!batch.length) break;
      await this.send(batch);
    }
    if (this.jots) await this.jot();
    if (!this.version) await this.refresh();
  }

  /** Which run of the server answered. @param {string|undefined} run */
  heard(run) {
    this.doubt = false;
    if (run && run !== this.served) this.moved = true;
    return this.moved;
  }

  /** The judge's own flags, confirmed extremes and notes that the server has not got yet. */
  async jot() {
    const rows = (await outbox.listOwn("open")).filter((row) => row.owner === this.owner && row.counter > (row.sent ?? 0)).slice(0, BATCH);
    if (!rows.length) return;
    const answer = await this.call("/api/judge/jottings", { rows: rows.map(jotting) });
    if (answer.status >= 400) return void (this.jots = false); // tried again with the next session
    await outbox.sentOwn(rows);
    this.dispatchEvent(new Event("settled"));
    if (rows.length === BATCH) await this.jot();
  }

  /** One batch of marks, one signature, or one request to correct. @param {Op[]} batch */
  async send(batch) {
    const { kind: path } = batch[0].kind === "mark" ? { kind: "marks" } : batch[0];
    const body = path === "sign" ? signBody(batch[0]) : path === "ask" ? askBody(batch[0]) : { marks: batch.map(markBody) };
    const answer = await this.call(`/api/judge/${path}`, body);
    if (answer.status >= 400) return this.turnedAway(batch, answer);
    const receipts = path === "marks" ? answer.body.receipts : [answer.body];
    await outbox.settle(batch, receipts, this.state.last ?? "");
    if (path !== "marks") this.version = null;
    this.dispatchEvent(new Event("settled"));
    if (!receipts.some((receipt) => batch.some((op) => op.id === receipt.id))) throw new Error("no receipt");
  }

  /** The door itself refused. One bad record must not hold up the others: each is sent alone, and a refused one is kept. */
  async turnedAway(batch, answer) {
    if (batch.length > 1) {
      for (const op of batch) await this.send([op]);
      return;
    }
    const reason = answer.body?.error ?? { zh: `服务器回答 ${answer.status}`, en: `The server answered ${answer.status}` };
    await outbox.settle(batch, [{ id: batch[0].id, outcome: "refused", reason }], new Date().toISOString());
    this.dispatchEvent(new Event("settled"));
  }

  /** Fetch the package. Runs only where nothing of this tab is in flight, so that it contains every confirmed mark. */
  async refresh() {
    const answer = await this.call("/api/judge/session");
    if (answer.status >= 400) throw new Error(`session ${answer.status}`);
    this.owner = `${answer.body.event.id}/${answer.body.seat.label}`;
    await this.restore(answer.body);
    await outbox.keepSession(answer.body).catch(() => undefined); // shown all the same: a full disk must not stop the marking
    this.jots = "jottings" in answer.body;
    this.version = answer.body.version ?? "1";
    this.dispatchEvent(new CustomEvent("settled", { detail: answer.body }));
  }

  /** Marks that were confirmed and are gone from the server go out again, by their ids, before anything newer. */
  async restore(session) {
    this.moved = false;
    if (!session.run || session.run === (this.served ??= await outbox.getMeta("run"))) return;
    const again = await outbox.resend(session, /** @type {string} */ (this.owner), session.run);
    this.served = session.run;
    if (again.length) this.again = true;
  }

  /** A request with the device's token. Throws when there is no answer or the server is failing; 401 asks for a new pairing. */
  async call(path, body, limit = ABORT) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), limit);
    const headers = { Authorization: `Bearer ${await outbox.token()}`, Accept: "application/json" };
    try {
      const response = await fetch(path, {
        method: body ? "POST" : "GET", cache: "no-store", signal: stop.signal,
        headers: body ? { ...headers, "Content-Type": "application/json" } : headers,
        body: body ? JSON.stringify(body) : undefined,
      });
      if (response.status >= 500 || response.status === 429 || response.status === 408) throw new Error(`status ${response.status}`);
      const content = await response.json();
      this.report({ online: true, paired: response.status !== 401, last: content.server_at ?? new Date().toISOString() });
      if (response.status === 401) throw this.unpaired();
      return { status: response.status, body: content };
    } catch (error) {
      if (!(error instanceof Unpaired)) {
        this.doubt = true;
        this.report({ online: false });
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  unpaired() {
    this.report({ paired: false });
    return new Unpaired();
  }

  report(change) {
    Object.assign(this.state, change);
    this.dispatchEvent(new Event("change"));
  }
}

class Unpaired extends Error {}

/** The first records that may travel together: up to a hundred marks, or one of anything else. @param {Op[]} ops */
function leading(ops) {
  if (!ops.length) return [];
  if (ops[0].kind !== "mark") return [ops[0]];
  const end = ops.findIndex((op) => op.kind !== "mark");
  return ops.slice(0, Math.min(end < 0 ? ops.length : end, BATCH));
}

/** @param {Op} op */
const markBody = ({ id, sheet, item, value, counter, edition, supersedes, device_at }) => ({
  id, sheet, item, value, counter, edition, supersedes, device_at,
});
/** @param {Op} op */
const signBody = ({ id, sheet, counter, marks, strokes, pin }) => ({ id, sheet, counter, marks, strokes, pin });
/** @param {Op} op */
const askBody = ({ id, sheet, items, reason }) => ({ id, sheet, items, reason });
const jotting = ({ key, flag, zero, note, counter }) => {
  const [sheet, item] = key.split("|");
  return { sheet, item, flag: Boolean(flag), zero: Boolean(zero), note: note ?? "", counter };
};

/** Run while no other tab does: a lock where the browser has them, else a lease. Twice sent is harmless, only wasteful. */
async function alone(work) {
  if (navigator.locks) return navigator.locks.request("judge.flush", work);
  if (!(await leased())) throw new Error("another tab is sending");
  const renew = setInterval(hold, LEASE / 4);
  try {
    return await work();
  } finally {
    clearInterval(renew);
    localStorage.removeItem("judge.flush");
  }
}

const held = () => JSON.parse(localStorage.getItem("judge.flush") || "null");

function hold() {
  try {
    localStorage.setItem("judge.flush", JSON.stringify({ tab: TAB, until: Date.now() + LEASE }));
  } catch {
    // a full disk takes no lease either; the marks in memory must get out all the more
  }
}

// A tab that goes while it sends leaves the way free: the next one need not wait until the lease has run out.
addEventListener("pagehide", () => held()?.tab === TAB && localStorage.removeItem("judge.flush"));

async function leased() {
  const other = held();
  if (other && other.tab !== TAB && other.until > Date.now()) return false;
  hold();
  await new Promise((resolve) => setTimeout(resolve, 20));
  return (held()?.tab ?? TAB) === TAB;
}
