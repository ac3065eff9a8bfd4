// Marks that never left this tablet, packed for the desk: as a file, or as a run of QR codes a handheld scanner reads.
// PINs and signature strokes stay here; the judge signs anew on the next tablet.

/** @typedef {import("./types.js").Op} Op */

const PART = 600; // characters of a code's share
const MARK = ["id", "kind", "sheet", "item", "value", "counter", "edition", "supersedes", "device_at"];
const SIGN = ["id", "kind", "sheet", "counter", "marks", "device_at"];
const only = (op, names) => Object.fromEntries(names.map((name) => [name, op[name] ?? null]));

/**
 * One package per seat and pairing, since a tablet may still hold marks of a seat it served before.
 * @param {Op[]} ops everything unconfirmed
 * @param {string} madeAt ISO time
 * @param {import("./types.js").Session|undefined} session whose pairing made the marks that name none
 */
export function packages(ops, madeAt, session) {
  const current = session && `${session.event.id}/${session.seat.label}`;
  /** @type {Map<string, Op[]>} */
  const groups = new Map();
  for (const op of ops) {
    if (op.kind === "ask" || ["clash", "late"].includes(op.held?.outcome ?? "")) continue; // the server has those
    const key = JSON.stringify([op.owner, op.device ?? (op.owner === current ? session?.seat.device : null) ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), op]);
  }
  return [...groups].map(([key, mine]) => {
    const [owner, device] = JSON.parse(key);
    const cut = owner.lastIndexOf("/");
    return {
      v: 1, kind: "judge-marks", event: owner.slice(0, cut), seat: owner.slice(cut + 1), device, made_at: madeAt,
      ops: mine.map((op) => only(op, op.kind === "mark" ? MARK : SIGN)),
    };
  });
}

/**
 * The texts of the codes: `JM1:<crc32 of the whole>:<i>/<n>:<c|p>:<part>`; c: deflated, p: plain; both base64url.
 * @param {object} pack
 * @returns {Promise<string[]>}
 */
export async function codes(pack) {
  const plain = new TextEncoder().encode(JSON.stringify(pack));
  const small = await deflated(plain);
  const text = base64url(small ?? plain);
  const sum = crc32(text).toString(16).padStart(8, "0");
  const count = Math.max(1, Math.ceil(text.length / PART));
  return Array.from({ length: count }, (_, i) => `JM1:${sum}:${i + 1}/${count}:${small ? "c" : "p"}:${text.slice(i * PART, (i + 1) * PART)}`);
}

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array|null>} null where the browser has no raw deflate */
async function deflated(bytes) {
  try {
    const stream = new Blob([/** @type {any} */ (bytes)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}

/** @param {Uint8Array} bytes */
const base64url = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** The CRC-32 of zip and zlib. @param {string} text ASCII */
function crc32(text) {
  let crc = ~0;
  for (let i = 0; i < text.length; i += 1) {
    crc ^= text.charCodeAt(i);
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
