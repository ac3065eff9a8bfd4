// Words in two languages, switched without asking the server.

const texts = JSON.parse(document.getElementById("words")?.textContent || "{}");
// The choice last made, then the page's own language: a page kept on the tablet has only the one it was kept in.
let language = /** @type {"zh"|"en"} */ (/(?:^|; )lang=(zh|en)\b/.exec(document.cookie)?.[1] ?? (document.documentElement.lang.startsWith("en") ? "en" : "zh"));
document.documentElement.lang = language === "en" ? "en" : "zh-CN";

/** The language shown now. @returns {"zh"|"en"} */
export const lang = () => language;

/** @param {"zh"|"en"} wanted */
export function setLang(wanted) {
  language = wanted;
  document.documentElement.lang = wanted === "en" ? "en" : "zh-CN";
  document.cookie = `lang=${wanted}; path=/; max-age=31536000; samesite=lax`;
}

/** A text of templates/judge/words.toml, its {places} filled. A missing key is a bug and throws. */
export function say(key, values = {}) {
  const text = texts[key];
  if (!text) throw new Error(`no words for ${key}`);
  return text[language].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** The side of a bilingual text that is read now; plain text stays. @param {import("./types.js").Text|string|null|undefined} text */
export const pick = (text) => (text == null ? "" : typeof text === "string" ? text : text[language] || text.zh || text.en);

/** An ISO moment as the venue's wall clock, 18:05. */
export function clock(iso) {
  return new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false }).format(new Date(iso));
}
