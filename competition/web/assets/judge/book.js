// The sheets as this tablet sees them: what the server knows, with everything unconfirmed laid over it.
// A mark goes into the journal (the outbox, or the practice store) before anything else hears of it.

import { points } from "./exact.js";
import { newId } from "./outbox.js";

/** @typedef {import("./types.js").Op} Op */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").Cell} Cell */

const UNDO = 20;
const CLOSED = ["signed", "locked", "checked"];

/** Emits "change" (detail: {sheet, item} or nothing) and "fault" (detail: the error). */
export class Book extends EventTarget {
  /**
   * @param {import("./types.js").Session} session
   * @param {{append(op: object): Promise<number>, putOpen(row: object): Promise<void>, practice?: boolean}} journal
   */
  constructor(session, journal) {
    super();
    this.journal = journal;
    /** @type {Op[]} */
    this.ops = [];
    this.acked = new Map();
    this.open = new Map();
    this.undos = new Map();
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
    if (open) this.open = new Map(open.map((row) => [row.key, row]));
    this.changed();
  }

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
        return { value: op.value ?? null, id: op.id, where: op.counter ? "local" : "saving" };
    }
    const acked = this.acked.get(`${sheetId}|${itemId}`);
    const known = acked ? [acked.value, acked.id] : this.sheet(sheetId)?.marks[itemId];
    return known ? { value: known[0], id: known[1], where: "server" } : { value: null, id: null, where: "server" };
  }

  /** Answers of the server that the judge must see: refused, clash, late. @returns {Op[]} */
  held(sheetId = null) {
    return this.ops.filter((op) => op.held && !op.held.seen && (!sheetId || op.sheet === sheetId));
  }

  /** Waiting to be sent. @returns {Op[]} */
  waiting() {
    return this.ops.filter((op) => !op.held);
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

  editable(sheet) {
    return ["new", "draft", "complete", "clash"].includes(this.state(sheet));
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
      zeros: items.filter((item) => this.zeroAsked(sheet.id, item)),
      clashes: items.filter((item) => sheet.clash?.includes(item.id)),
    };
  }

  /** Record a value (null clears). Shown at once, announced to the sender only when it is on disk. */
  async mark(sheetId, itemId, value, { undo = false } = {}) {
    const sheet = this.sheet(sheetId);
    const before = this.cell(sheetId, itemId);
    if (!sheet || !this.editable(sheet) || before.value === value) return false;
    const stack = this.undos.get(sheetId) || [];
    if (!undo) this.undos.set(sheetId, [...stack, { item: itemId, before: before.value, after: value }].slice(-UNDO));
    /** @type {any} */
    const op = {
      id: newId(), kind: "mark", owner: this.owner, sheet: sheetId, item: itemId, value,
      edition: this.session.event.edition, supersedes: before.id, device_at: new Date().toISOString(),
    };
    if (value !== "0" && this.own(sheetId, itemId).zero) this.setOwn(sheetId, itemId, { zero: false });
    return this.#write(op, { sheet: sheetId, item: itemId });
  }

  /** Close the sheet with the ids of every mark on it. The record queues behind the marks it names. */
  async sign(sheetId, strokes, pin) {
    const sheet = this.sheet(sheetId);
    if (!sheet || !this.editable(sheet)) return false;
    const cells = this.items(sheet).map((item) => [item.id, this.cell(sheetId, item.id)]);
    const marks = Object.fromEntries(cells.filter(([, cell]) => cell.value !== null).map(([item, cell]) => [item, cell.id]));
    const op = {
      id: newId(), kind: "sign", owner: this.owner, sheet: sheetId, edition: this.session.event.edition,
      marks, strokes, pin, device_at: new Date().toISOString(),
    };
    this.undos.delete(sheetId);
    return this.#write(op, { sheet: sheetId });
  }

  async #write(op, detail) {
    this.ops.push(op);
    this.changed(detail);
    try {
      op.counter = await this.journal.append(op);
    } catch (error) {
      this.ops = this.ops.filter((other) => other !== op);
      this.changed(detail);
      this.dispatchEvent(new CustomEvent("fault", { detail: error }));
      return false;
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

  /** The judge's own signs on a cell: flag (unsure), zero (0 was meant). */
  own(sheetId, itemId) {
    return this.open.get(`${sheetId}|${itemId}`) || {};
  }

  setOwn(sheetId, itemId, signs) {
    const key = `${sheetId}|${itemId}`;
    const row = { ...this.own(sheetId, itemId), ...signs, key };
    this.open.set(key, row);
    this.changed({ sheet: sheetId, item: itemId });
    return this.journal.putOpen(row);
  }

  /** The judge has read what the server said about a record. @param {Op} op */
  async dismiss(op) {
    op.held = { ...op.held, seen: true };
    this.changed({ sheet: op.sheet, item: op.item });
    await this.journal.seen?.(op);
  }

  /** A worst mark on a scale is asked about once; "no" and "none" are ordinary answers. @param {Item} item */
  zeroAsked(sheetId, item) {
    const asked = ["steps", "cards", "keypad"].includes(item.control) && item.scores !== false;
    return asked && this.cell(sheetId, item.id).value === "0" && !this.own(sheetId, item.id).zero;
  }
}
