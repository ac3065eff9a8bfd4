// Which confirmed marks a server has lost: it was set back to a copy of some minutes ago, after its disk died.

/** @typedef {import("./types.js").Op} Op */

export const KEEP = 2 * 3600 * 1000; // ms a confirmed mark stays on the tablet; copies are made every minute
export const MOST = 3000; // marks kept at once; a judge gives some hundreds in two hours

/**
 * Confirmed marks of this seat that the session lacks, oldest first. An item whose current mark this tablet never knew was
 * corrected, or marked on another tablet: there the newer act stands, and nothing of ours is sent again.
 * @param {(Op & {confirmed: number})[]} rows
 * @param {import("./types.js").Session} session
 * @param {string} owner
 * @returns {Op[]}
 */
export function lost(rows, session, owner) {
  /** @type {Map<string, Op[]>} */
  const byItem = new Map();
  for (const { confirmed, ...op } of [...rows].sort((a, b) => a.counter - b.counter)) {
    const key = `${op.sheet}|${op.item}`;
    if (op.owner === owner) byItem.set(key, [...(byItem.get(key) ?? []), op]);
  }
  return [...byItem.values()].flatMap((ops) => after(ops, session)).sort((a, b) => a.counter - b.counter);
}

/** @param {Op[]} ops  of one item, oldest first @param {import("./types.js").Session} session */
function after(ops, session) {
  const { sheet, item } = ops[0];
  const line = session.sheets.find((one) => one.id === sheet);
  if (!line || line.clash?.includes(/** @type {string} */ (item))) return [];
  const current = line.marks[/** @type {string} */ (item)]?.[1];
  if (!current) return ops;
  const known = ops.map((op) => op.id).lastIndexOf(current);
  if (known >= 0) return ops.slice(known + 1);
  const next = ops.findIndex((op) => op.supersedes === current);
  return next < 0 ? [] : ops.slice(next);
}

/** The ids that need not be kept any longer. @param {{id: string, confirmed: number}[]} rows @param {number} now */
export function outlived(rows, now) {
  const newest = [...rows].sort((a, b) => b.confirmed - a.confirmed);
  return newest.filter((row, n) => n >= MOST || now - row.confirmed > KEEP).map((row) => row.id);
}
