// The last moment before the page goes: IndexedDB may not finish a write that begins there, localStorage does. What is written
// then is laid aside here too, dropped when the real write has succeeded, and taken up at the next start when it hasn't.

const KEY = "judge.leaving";
let going = false;
addEventListener("pagehide", () => (going = true), true);
addEventListener("pageshow", () => (going = false), true);

/** @returns {Record<string, any>} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "{}");
  } catch {
    return {};
  }
}

function write(rows) {
  try {
    if (Object.keys(rows).length) localStorage.setItem(KEY, JSON.stringify(rows));
    else localStorage.removeItem(KEY);
  } catch {
    // a full disk has its own alarm
  }
}

/**
 * Lay a record aside if the page is going; the answer drops it again.
 * @param {string} name @param {object} row
 * @returns {() => void}
 */
export function layAside(name, row) {
  if (!going && document.visibilityState === "visible") return () => undefined;
  write({ ...kept(), [name]: row });
  return () => {
    const { [name]: done, ...others } = kept();
    if (done) write(others);
  };
}

/** What was laid aside and never dropped. @returns {Record<string, any>} */
export function takeUp() {
  const rows = kept();
  write({});
  return rows;
}
