// How this tablet looks and answers: kept on the tablet, for whoever sits at it.

const KEY = "judge.prefs";
const DEFAULT = { size: "m", contrast: false, keys: true, haptic: true };

/** size: m, l, xl; contrast: stronger; keys: single keys mark and help; haptic: a tick when a mark is kept. */
export const prefs = { ...DEFAULT, ...read() };

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY) || "{}");
  } catch {
    return {};
  }
}

/** @param {Partial<typeof DEFAULT>} change */
export function setPrefs(change) {
  Object.assign(prefs, change);
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // a full disk: the choice holds until the page is loaded again
  }
  applyPrefs();
}

export function applyPrefs() {
  document.documentElement.dataset.size = prefs.size;
  document.documentElement.dataset.contrast = prefs.contrast ? "more" : "normal";
}
