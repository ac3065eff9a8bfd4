// The sheets as this tablet sees them: what the server knows, with everything unconfirmed laid over it.
// A mark goes into the journal (the outbox, or the practice store) before anything else hears of it.

import { points } from "./exact.js";
import { extreme } from "./guard.js";
import { layAside } from "./leaving.js";
import { newId } from "./outbox.js";

/** @typedef {import("./types.js").Op} Op */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Cell} Cell */

const UNDO = 20;
const CLOSED = ["signed", "locked", "checked"];

/** Emits "change" (detail: {sheet, item} or nothing), "recorded" (a mark), "jotted" (a flag or note) and "fault" (detail: the error). */
export class Book extends EventTarget {
  /**
   * @param {import("./types.js").Session} session
   * @param {{append(op: any): Promise<number>, putOpen(row: any): Promise<void>, seen?: (op: Op) => Promise<void>, practice?: boolean}} journal
   */
  constructor(session, journal) {
    super();
    this.journal = journal;
    /** @type {Op[]} */
    this.ops = [];
    this.acked = new Map();
    this.open = new Map();
    this.undos = new Map();
    this.turn = 0; // changes so far, to tell the latest of several sheets
    /** The sheet last marked on this tablet. @type {string|null} */
    this.last = null;
    this.session = session;
  }

  get owner() {
    return `${this.session.event.id}/${this.session.seat.label}`;
  }

  /** Take a fresh package and everything unconfirmed. */
  load(session, ops, acked, open) {
    // Views hold on to a sheet's line, so it is brought up to date in place.
    const lines = session.sheets.map((line) => Object.assign(this.sheet(line.id) ?? {}, line));
    this.session = { ...session, sheets: lines };
    const stored = new Set(ops.map((op) => op.id));
    this.ops = [...ops, ...this.ops.filter((op) => !op.counter && !stored.has(op.id))]; // a tap still on its way to disk
    this.acked = new Map(acked.map((row) => [row.key, row]));
    for (const row of open ?? []) {
      const mine = this.open.get(row.key);
      if (!mine || (mine.counter ?? 0) <= (row.counter ?? 0)) this.open.set(row.key, row);
    }
    for (const [key, signs] of Object.entries(session.jottings ?? {})) {
      const mine = this.open.get(key);
      // What this tablet wrote and the server has not heard goes before what the server says.
      if ((mine?.counter ?? 0) <= (mine?.sent ?? 0)) this.open.set(key, { ...mine, ...signs, key, owner: this.owner });
    }
    this.changed();
  }

  /** @param {{sheet: string, item?: string}|null} [detail] */
  changed(detail = null) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }

  /** @param {string} id @returns {import("./types.js").SheetLine|undefined} */
  sheet(id) {
    return this.session.sheets.find((sheet) => sheet.id === id);
  }

  /** @param {import("./types.js").SheetLine} sheet @returns {import("./types.js").Form} */
  form(sheet) {
    return this.session.forms[`${sheet.module}/${sheet.sheet}`];
  }

  /** Items someone marks, in the order of the sheet (derived ones are computed by the server). @returns {Item[]} */
  items(sheet) {
    return this.form(sheet).sections.flatMap((section) => section.items).filter((item) => item.control !== "derived");
  }

  /** What stands in one cell now: the newest unconfirmed mark, else the confirmed one. @returns {Cell} */
  cell(sheetId, itemId) {
    for (let i = this.ops.length - 1; i >= 0; i -= 1) {
      const op = this.ops[i];
      if (op.kind === "mark" && op.sheet === sheetId && op.item === itemId && !op.held)
        return { value: op.value ?? null, id: op.id, where: op.loose ? "loose" : op.counter ? "local" : "saving" };
    }
    const acked = this.acked.get(`${sheetId}|${itemId}`);
    const known = acked ? [acked.value, acked.id] : this.sheet(sheetId)?.marks[itemId];
    return known ? { value: known[0], id: known[1], where: "server" } : { value: null, id: null, where: "server" };
  }

  /** Answers of the server that the judge must see: refused, clash, late. @param {string|null} [sheetId] @returns {Op[]} */
  held(sheetId = null) {
    return this.ops.filter((op) => op.held && !op.held.seen && (!sheetId || op.sheet === sheetId));
  }

  /** Waiting to be sent. @returns {Op[]} */
  waiting() {
    return this.ops.filter((op) => !op.held);
  }

  /** Records the device would not keep: they are in this page only. @returns {Op[]} */
  loose() {
    return this.ops.filter((op) => op.loose && !op.held);
  }

  /** Sheets of the same module and code that this seat signs before this one opens (two-phase marking). */
  waitsFor(sheet) {
    const before = this.form(sheet).opens_after || [];
    return this.session.sheets.filter((one) => one.module === sheet.module && one.code === sheet.code && before.includes(one.sheet)
      && !["signing", "signed", "locked", "checked"].includes(this.state(one)));
  }

  /** new, draft, complete, signing (signed here, not confirmed), signed, locked, checked, clash. */
  state(sheet) {
    if (this.ops.some((op) => op.kind === "sign" && op.sheet === sheet.id && !op.held)) return "signing";
    if (CLOSED.includes(sheet.state)) return sheet.state;
    if (this.acked.has(`${sheet.id}|#signed`)) return "signed";
    if (sheet.clash?.length) return "clash";
    const { marked, required, any } = this.progress(sheet);
    if (!any) return "new";
    return marked === required ? "complete" : "draft";
  }

  /**
   * Whether the sheet, or one item of it, may be marked: after a granted correction only the items it names.
   * @param {import("./types.js").SheetLine} sheet @param {string|null} [itemId]
   */
  editable(sheet, itemId = null) {
    const only = itemId && sheet.reopened?.items;
    return this.signable(sheet) && !this.shut(sheet) && (!only?.length || only.includes(/** @type {string} */ (itemId)));
  }

  /** Whether it is still to be signed: also when its slot is closed, once it is filled in. */
  signable(sheet) {
    return ["new", "draft", "complete", "clash"].includes(this.state(sheet));
  }

  /** "waiting" or "closed" while its slot takes no marks, else "". @param {import("./types.js").SheetLine} sheet */
  shut(sheet) {
    return this.signable(sheet) && (sheet.gate === "waiting" || sheet.gate === "closed") ? sheet.gate : "";
  }

  /** Marks are still missing and nothing is signed. */
  unfinished(sheet) {
    return ["new", "draft"].includes(this.state(sheet));
  }

  /** The request to correct that waits for the chief: as the server knows it, or still on its way. */
  asked(sheet) {
    const op = this.ops.find((one) => one.kind === "ask" && one.sheet === sheet.id && !one.held);
    if (op) return { items: op.items, reason: op.reason, here: true };
    return this.acked.has(`${sheet.id}|#asked`) ? { items: [], reason: "" } : sheet.asked ?? null;
  }

  /** Counts of required items; the subtotal adds compiled integer points only, and is null while there are none. */
  progress(sheet) {
    let [marked, required, total, added, waiting, any] = [0, 0, 0, 0, 0, false];
    for (const item of this.items(sheet)) {
      const { value } = this.cell(sheet.id, item.id);
      const given = value !== null;
      if (given) any = true;
      if (item.required) required += 1;
      if (item.required && given) marked += 1;
      if (!given || item.scores === false || item.control === "note") continue;
      const worth = points(item, value);
      if (worth === null) waiting += 1;
      else {
        total += worth;
        added += 1;
      }
    }
    const derived = this.form(sheet).sections.flatMap((s) => s.items).filter((item) => item.control === "derived").length;
    return { marked, required, any, total: added ? total : null, waiting: any ? waiting + derived : 0 };
  }

  /** What stands between this sheet and a signature. */
  openMatters(sheet) {
    const items = this.items(sheet);
    const value = (item) => this.cell(sheet.id, item.id).value;
    return {
      unmarked: items.filter((item) => item.required && value(item) === null),
      flagged: items.filter((item) => this.own(sheet.id, item.id).flag),
      extremes: items.filter((item) => this.editable(sheet, item.id) && extreme(this, sheet, item)),
      clashes: items.filter((item) => sheet.clash?.includes(item.id)),
    };
  }

  /** Record a value (null clears). Shown at once, announced to the sender only when it is on disk. */
  async mark(sheetId, itemId, value, { undo = false } = {}) {
    const sheet = this.sheet(sheetId);
    const before = this.cell(sheetId, itemId);
    if (!sheet || !this.editable(sheet, itemId) || before.value === value) return false;
    const stack = this.undos.get(sheetId) || [];
    if (!undo) this.undos.set(sheetId, [...stack, { item: itemId, before: before.value, turn: (this.turn += 1) }].slice(-UNDO));
    /** @type {any} */
    const op = {
      id: newId(), kind: "mark", owner: this.owner, sheet: sheetId, item: itemId, value,
      edition: this.session.event.edition, supersedes: before.id, device_at: new Date().toISOString(),
    };
    if (this.own(sheetId, itemId).zero) this.setOwn(sheetId, itemId, { zero: false }); // another value is asked about anew
    this.last = sheetId;
    return this.#write(op, { sheet: sheetId, item: itemId });
  }

  /** Close the sheet with the ids of every mark on it. The record queues behind the marks it names. */
  async sign(sheetId, strokes, pin) {
    const sheet = this.sheet(sheetId);
    if (!sheet || !this.signable(sheet)) return false;
    const cells = this.items(sheet).map((item) => ({ item: item.id, ...this.cell(sheetId, item.id) }));
    const marks = Object.fromEntries(cells.filter((cell) => cell.value !== null).map((cell) => [cell.item, cell.id]));
    const op = {
      id: newId(), kind: "sign", owner: this.owner, sheet: sheetId, edition: this.session.event.edition,
      marks, strokes, pin, device_at: new Date().toISOString(),
    };
    this.undos.delete(sheetId);
    return this.#write(op, { sheet: sheetId });
  }

  /** Ask the chief to open a closed sheet again: some items, or all with an empty list. */
  ask(sheetId, items, reason) {
    const op = { id: newId(), kind: "ask", owner: this.owner, sheet: sheetId, items, reason, edition: this.session.event.edition, device_at: new Date().toISOString() };
    return this.#write(op, { sheet: sheetId });
  }

  async #write(op, detail) {
    op.device = this.session.seat.device ?? null;
    this.ops.push(op);
    this.changed(detail);
    const { pin, strokes, ...plain } = op;
    const kept = op.kind === "mark" && !this.journal.practice ? layAside(op.id, plain) : () => undefined;
    try {
      op.counter = await this.journal.append(op);
      kept();
    } catch (caught) {
      const error = /** @type {Error & {counter?: number}} */ (caught); // NotKept carries the counter
      if (error.counter) Object.assign(op, { counter: error.counter, loose: true });
      else this.ops = this.ops.filter((other) => other !== op);
      this.changed(detail);
      this.dispatchEvent(new CustomEvent("fault", { detail: error }));
      if (!op.loose) return false;
    }
    this.changed(detail);
    this.dispatchEvent(new CustomEvent("recorded", { detail: op }));
    return true;
  }

  /** The last change of this sheet that can be taken back. */
  lastUndo(sheetId) {
    return this.undos.get(sheetId)?.at(-1) ?? null;
  }

  /** Take it back: a new mark with the value before. */
  async undo(sheetId) {
    const stack = this.undos.get(sheetId) || [];
    const last = stack.at(-1);
    if (!last) return null;
    this.undos.set(sheetId, stack.slice(0, -1));
    await this.mark(sheetId, last.item, last.before, { undo: true });
    return last;
  }

  /** The judge's own signs on a cell ("" for the sheet as a whole): flag (unsure), zero (an extreme was meant), note. */
  own(sheetId, itemId) {
    return this.open.get(`${sheetId}|${itemId}`) || {};
  }

  /** Keep signs; only those the server knows (flag, zero, note) raise the counter by which it takes the newest. */
  setOwn(sheetId, itemId, signs) {
    const key = `${sheetId}|${itemId}`;
    const now = this.own(sheetId, itemId);
    const told = ["flag", "zero", "note"].some((sign) => sign in signs);
    const row = { ...now, ...signs, key, owner: this.owner, counter: (now.counter ?? 0) + (told ? 1 : 0) };
    this.open.set(key, row);
    this.changed({ sheet: sheetId, item: itemId });
    const kept = this.journal.practice ? () => undefined : layAside(`own|${key}`, row);
    return this.journal.putOpen(row).then(
      () => (kept(), void (told && this.dispatchEvent(new Event("jotted")))),
      (error) => void this.dispatchEvent(new CustomEvent("fault", { detail: error })));
  }

  /** Take up what the page could not finish writing when it last went. @param {Record<string, any>} rows */
  async takeUp(rows) {
    for (const [name, row] of Object.entries(rows)) {
      if (name.startsWith("own|")) {
        if ((row.counter ?? 0) > (this.open.get(row.key)?.counter ?? 0)) await this.setOwn(...row.key.split("|"), row);
        continue;
      }
      const known = this.ops.some((op) => op.id === row.id) || this.cell(row.sheet, row.item).id === row.id;
      if (!known && row.owner === this.owner) await this.#write({ ...row, supersedes: this.cell(row.sheet, row.item).id }, { sheet: row.sheet, item: row.item });
    }
  }

  /** The judge has read what the server said about a record. @param {Op} op */
  async dismiss(op) {
    op.held = { .../** @type {NonNullable<Op["held"]>} */ (op.held), seen: true };
    this.changed({ sheet: op.sheet, item: op.item });
    await this.journal.seen?.(op);
  }
}
