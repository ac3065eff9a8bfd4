// Marks worth a second look before a signature: none at all, the most there is, or far from what this judge usually gives.
// It only asks, once; nothing is refused and nothing here enters a mark (tablets-and-screens.md 3.5).

/** @typedef {import("./book.js").Book} Book */
/** @typedef {import("./types.js").Item} Item */
/** @typedef {import("./types.js").SheetLine} SheetLine */

const FAR = 2; // steps from one's own median
const ENOUGH = 3; // earlier marks before there is a median to speak of
const ASKED = ["steps", "cards", "keypad"];

/** The values this judge gave for the item on the other sheets of the same kind, in the order of the list. @returns {string[]} */
export function earlier(book, sheet, item) {
  return book.session.sheets
    .filter((other) => other.id !== sheet.id && other.module === sheet.module && other.sheet === sheet.sheet)
    .map((other) => book.cell(other.id, item.id).value)
    .filter((value) => value !== null);
}

/** Where a value stands, in steps from the lowest. A keyed number's step is a tenth of its range: one point of a hundred is no step. */
function place(item, value) {
  const listed = item.values.findIndex((one) => one.value === value);
  if (listed >= 0) return listed;
  const [low, high, step] = [item.min, item.max_value, item.step].map(Number);
  return (Number(value) - low) / Math.max((high - low) / 10, step);
}

/**
 * How far a mark is from this judge's own median of the item; null with fewer than three earlier marks or no order of values.
 * @param {Book} book @param {SheetLine} sheet @param {Item} item
 * @returns {{steps: number, median: string}|null}
 */
export function deviation(book, sheet, item) {
  const { value } = book.cell(sheet.id, item.id);
  if (value === null || item.scores === false || !ASKED.includes(item.control)) return null;
  const given = earlier(book, sheet, item).sort((a, b) => place(item, a) - place(item, b));
  if (given.length < ENOUGH) return null;
  const [below, above] = [given[(given.length - 1) >> 1], given[given.length >> 1]];
  const middle = (place(item, below) + place(item, above)) / 2;
  return { steps: Math.abs(place(item, value) - middle), median: below === above ? below : `${below}–${above}` };
}

/**
 * What must be confirmed about a mark before signing, or null.
 * @param {Book} book @param {SheetLine} sheet @param {Item} item
 * @returns {{kind: "zero"|"top"|"far", value: string, median: string}|null}
 */
export function extreme(book, sheet, item) {
  if (!ASKED.includes(item.control) || item.scores === false || book.own(sheet.id, item.id).zero) return null;
  const { value } = book.cell(sheet.id, item.id);
  if (value === null) return null;
  if (value === "0") return { kind: "zero", value, median: "" };
  if (value === (item.values.at(-1)?.value ?? item.max_value)) return { kind: "top", value, median: "" };
  const away = deviation(book, sheet, item);
  return away && away.steps > FAR ? { kind: "far", value, median: away.median } : null;
}
