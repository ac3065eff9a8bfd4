// Messages from the desk: which of them this tablet has acknowledged. Kept on the tablet, told with every sign of life.

const KEY = "judge.messages";
const MOST = 50;
/** @type {string[]} */
let known = read();

/** @returns {string[]} */
function read() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** The newest acknowledged, at most as many as the server takes. */
export const acknowledged = () => known;

/** @param {string} id */
export function acknowledge(id) {
  known = [...known.filter((one) => one !== id), id].slice(-MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(known));
  } catch {
    // a full disk: it is told until the page is loaded again
  }
}
