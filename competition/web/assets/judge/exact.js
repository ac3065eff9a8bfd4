// Numbers as text, exact: what may be keyed, its canonical spelling, and the sum of compiled integer points.
// No binary floating point touches a mark; the rules (competition/rules/scales.py) spell values the same way.

/** "４．５０" -> "4.5", "5,5" -> "5.5"; null when it is not a number. @param {string} text @returns {string|null} */
export function canonical(text) {
  const plain = text.normalize("NFKC").replace(/[,、。]/g, ".").replace(/−/g, "-").trim();
  const found = /^(-?)(\d+)(?:\.(\d*))?$/.exec(plain);
  if (!found) return null;
  const whole = found[2].replace(/^0+(?=\d)/, "");
  const part = (found[3] || "").replace(/0+$/, "");
  const digits = part ? `${whole}.${part}` : whole;
  return found[1] && digits !== "0" ? `-${digits}` : digits;
}

/** The number as an integer over 10^places. @param {string} text @param {number} places */
function scaled(text, places) {
  const negative = text.startsWith("-");
  const [whole, part = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole + part.padEnd(places, "0").slice(0, places));
  return negative ? -value : value;
}

/** Digits after the point. @param {string} text */
export const places = (text) => (text.split(".")[1] || "").length;

/**
 * The canonical text of a legal value of a keyed or chosen item, or null.
 * @param {import("./types.js").Item} item
 * @param {string} text
 */
export function legal(item, text) {
  const value = canonical(text);
  if (value === null) return null;
  if (item.values.length) return item.values.some((v) => v.value === value) ? value : null;
  const [low, high, step] = [item.min ?? "0", item.max_value ?? "999999", item.step ?? "1"];
  const most = Math.max(...[low, high, step, value].map(places));
  const [v, lo, hi, by] = [value, low, high, step].map((x) => scaled(x, most));
  return v >= lo && v <= hi && (v - lo) % by === 0n ? value : null;
}

/**
 * The band a keyed value is in (优, 良): the last that begins at or below it. It only says so, it never sets a value.
 * @param {import("./types.js").Item} item
 * @param {string|null} value
 */
export function bandOf(item, value) {
  if (value === null || !item.bands) return null;
  const most = Math.max(places(value), ...item.bands.map((band) => places(band.low)));
  return item.bands.findLast((band) => scaled(band.low, most) <= scaled(value, most)) ?? null;
}

/**
 * Points of a value over the form's denominator: an integer, or null where only the server can compute them.
 * @param {import("./types.js").Item} item
 * @param {string|null} value
 */
export function points(item, value) {
  if (value === null || item.scores === false) return null;
  const listed = item.values.find((v) => v.value === value);
  if (listed) return listed.points;
  if (item.each === null || item.each === undefined || canonical(value) !== value) return null;
  const product = scaled(value, places(value)) * BigInt(item.each);
  const unit = 10n ** BigInt(places(value));
  return product % unit === 0n ? Number(product / unit) : null;
}

/** An integer over a denominator as text: decimal where it ends, else a fraction. "143/2" -> "71.5". */
export function quotient(total, denominator) {
  const sign = total < 0 ? "-" : "";
  const size = Math.abs(total);
  const whole = Math.floor(size / denominator);
  let rest = size - whole * denominator;
  if (!rest) return `${sign}${whole}`;
  let digits = "";
  for (let i = 0; i < 6 && rest; i += 1) {
    rest *= 10;
    digits += Math.floor(rest / denominator);
    rest %= denominator;
  }
  return rest ? `${sign}${whole}+${size - whole * denominator}/${denominator}` : `${sign}${whole}.${digits}`;
}

/** Seconds as a clock reads: "754.5" -> "12:34.5". @param {string} seconds */
export function asClock(seconds) {
  const [whole, part] = seconds.split(".");
  const total = Number(whole);
  const text = `${Math.floor(total / 60)}:${String(total % 60).padStart(2, "0")}`;
  return part ? `${text}.${part}` : text;
}

/** Keyed digits, filled from the right as on an oven, to seconds: "1234" -> "754"; with a decimals digit "12345" -> "754.5". */
export function fromClock(digits, decimals) {
  const padded = digits.padStart(3 + decimals, "0");
  const cut = padded.length - decimals;
  const seconds = Number(padded.slice(cut - 2, cut));
  const minutes = Number(padded.slice(0, cut - 2) || "0");
  if (seconds > 59) return null;
  return canonical(`${minutes * 60 + seconds}${decimals ? `.${padded.slice(cut)}` : ""}`);
}
