// Beside the box a handheld scanner types into: how many parts of each run of codes are there and which are missing. The
// server reads the lines again; nothing is decided here.

const LINE = /^JM1:([0-9a-f]{8}):(\d{1,4})\/(\d{1,4}):[cp]:/i;

/** The runs among the lines: check sum to how many parts there are and which are missing.
 * @param {string} text @returns {Map<string, {of: number, missing: number[]}>} */
export function runs(text) {
  /** @type {Map<string, {of: number, have: Set<number>}>} */
  const found = new Map();
  for (const line of text.split(/\r?\n/)) {
    const part = LINE.exec(line.trim());
    if (!part) continue;
    const run = found.get(part[1].toLowerCase()) ?? { of: Number(part[3]), have: new Set() };
    run.have.add(Number(part[2]));
    found.set(part[1].toLowerCase(), run);
  }
  return new Map([...found].map(([crc, run]) => {
    const missing = Array.from({ length: run.of }, (_, n) => n + 1).filter((n) => !run.have.has(n));
    return [crc, { of: run.of, missing }];
  }));
}

const box = /** @type {HTMLTextAreaElement} */ (document.getElementById("text"));
const said = /** @type {HTMLElement} */ (document.getElementById("scanned"));

function count() {
  const lines = [...runs(box.value).values()].map(({ of, missing }) =>
    missing.length
      ? (said.dataset.have ?? "").replace("#", String(of - missing.length)).replace("#", String(of)).replace("#", missing.slice(0, 12).join(", "))
      : (said.dataset.whole ?? "").replace("#", String(of)));
  said.hidden = !lines.length;
  said.textContent = lines.join(" ");
}

box.addEventListener("input", count);
count();
