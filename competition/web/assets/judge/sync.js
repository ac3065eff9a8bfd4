// Sends what the outbox holds, in order, one sender per tablet, until the server has confirmed each record.

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
    /** @type {{online: boolean|null, paired: boolean, last: string|null}} */
    this.state = { online: null, paired: true, last: null };
    this.owner = null;
    this.version = null;
    this.wait = FIRST_WAIT;
    this.running = false;
    this.again = false;
    this.timer = 0;
  }

  /** Start the heartbeat and listen for reasons to try at once. */
  start() {
    addEventListener("online", () => this.kick());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.kick());
    const beat = async () => {
      await this.ping().catch(() => undefined);
      setTimeout(beat, BEAT + Math.random() * 500);
    };
    setTimeout(beat, BEAT);
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
    if (!(await outbox.getMeta("token"))) throw this.unpaired();
    if (!this.owner) await this.refresh(); // whose tablet is it? Marks made for another seat wait for that seat
    for (;;) {
      const ops = (await outbox.all()).filter((op) => !op.held && op.owner === this.owner);
      const batch = leading(ops);
      if (!batch.length) break;
      await this.send(batch);
    }
    if (!this.version) await this.refresh();
  }

  /** One batch of marks, or one signature. @param {Op[]} batch */
  async send(batch) {
    const [path, body] = batch[0].kind === "sign" ? ["sign", signBody(batch[0])] : ["marks", { marks: batch.map(markBody) }];
    const answer = await this.call(`/api/judge/${path}`, body);
    if (answer.status >= 400) return this.turnedAway(batch, answer);
    const receipts = path === "sign" ? [answer.body] : answer.body.receipts;
    await outbox.settle(batch, receipts, this.state.last ?? "");
    if (path === "sign") this.version = null;
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
    await outbox.keepSession(answer.body);
    this.version = answer.body.version ?? "1";
    this.owner = `${answer.body.event.id}/${answer.body.seat.label}`;
    this.dispatchEvent(new CustomEvent("settled", { detail: answer.body }));
  }

  async ping() {
    if (!(await outbox.getMeta("token"))) return;
    const waiting = (await outbox.all()).filter((op) => !op.held).length;
    const answer = await this.call("/api/judge/ping", { unsent: waiting }, 3000);
    if (answer.status !== 200 && answer.status !== 201) return;
    const moved = this.version && answer.body.version && answer.body.version !== this.version;
    if (moved) this.version = null;
    if (moved || waiting || !this.version) this.kick();
  }

  /** A request with the device's token. Throws when there is no answer or the server is failing; 401 asks for a new pairing. */
  async call(path, body, limit = ABORT) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), limit);
    const headers = { Authorization: `Bearer ${await outbox.getMeta("token")}`, Accept: "application/json" };
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
      if (!(error instanceof Unpaired)) this.report({ online: false });
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

/** The first records that may travel together: up to a hundred marks, or one signature. @param {Op[]} ops */
function leading(ops) {
  if (!ops.length) return [];
  if (ops[0].kind === "sign") return [ops[0]];
  const end = ops.findIndex((op) => op.kind === "sign");
  return ops.slice(0, Math.min(end < 0 ? ops.length : end, BATCH));
}

const markBody = ({ id, sheet, item, value, counter, edition, supersedes, device_at }) => ({
  id, sheet, item, value, counter, edition, supersedes, device_at,
});
const signBody = ({ id, sheet, counter, marks, strokes, pin }) => ({ id, sheet, counter, marks, strokes, pin });

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

const hold = () => localStorage.setItem("judge.flush", JSON.stringify({ tab: TAB, until: Date.now() + LEASE }));

async function leased() {
  const held = () => JSON.parse(localStorage.getItem("judge.flush") || "null");
  const other = held();
  if (other && other.tab !== TAB && other.until > Date.now()) return false;
  hold();
  await new Promise((resolve) => setTimeout(resolve, 20));
  return held()?.tab === TAB;
}
