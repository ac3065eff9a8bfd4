// A sheet to try every control on. Its own data, its own store, no way to the server.

import { Book } from "./book.js";
import * as outbox from "./outbox.js";
import { say } from "./words.js";

const t = (zh, en) => ({ zh, en });
const LEGEND = { 0: t("不可接受", "unacceptable"), 1: t("可接受", "acceptable"), 2: t("一般", "average"), 3: t("好", "good"), 4: t("很好", "very good"), 5: t("优秀", "excellent"), 6: t("卓越", "extraordinary") };
const steps = (values, legend, worth) => values.map((value) => ({ value, points: Number(value) * 2 * worth, label: legend[value] ?? null }));
const item = (id, zh, en, control, more = {}) => ({ id, name: t(zh, en), control, required: true, scores: true, max: null, values: [], ...more });

const FORM = {
  module: "practice", sheet: "practice", name: t("练习表", "Practice sheet"), max: null, denominator: 2,
  sections: [
    { id: "taps", name: t("一、点选", "I Taps"), max: null, items: [
      item("tidy", "台面整洁", "The counter is tidy", "yesno", { max: "1", values: [{ value: "0", points: 0, label: null }, { value: "1", points: 2, label: null }] }),
      item("taste", "味觉体验", "Taste experience", "steps", { max: "6", values: steps(["0", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5", "5", "5.5", "6"], LEGEND, 1) }),
      item("pour", "倒水控制", "Control of the pour", "cards", { max: "3", values: [
        { value: "0", points: 0, label: t("低于行业标准，水流断续、外溅", "Below the trade's standard: broken, splashing") },
        { value: "1", points: 2, label: t("达到行业标准", "Up to the trade's standard") },
        { value: "2", points: 4, label: t("高于行业标准，水流稳定", "Above it: a steady stream") },
        { value: "3", points: 6, label: t("优秀，落点与流量全程可控", "Excellent: under control throughout") } ] }) ] },
    { id: "keys", name: t("二、键入", "II Keys"), max: null, items: [
      item("score", "整体评分", "Overall", "keypad", { max: "100", min: "0", max_value: "100", step: "0.5", each: null,
        bands: [{ low: "0", label: t("不合格 0–59", "fail 0–59") }, { low: "60", label: t("合格 60–79", "pass 60–79") }, { low: "80", label: t("良 80–89", "good 80–89") }, { low: "90", label: t("优 90–100", "excellent 90–100") }] }),
      item("volume", "出品量", "Volume", "measure", { scores: false, unit: "ml", min: "0", max_value: "500", step: "0.1" }),
      item("time", "用时", "Time taken", "time", { scores: false, unit: "s", min: "0", max_value: "3600", step: "1" }) ] },
    { id: "other", name: t("三、其他", "III Others"), max: null, items: [
      item("drips", "滴洒", "Spills", "count", { min: "0", max_value: "5", step: "1", each: -2 }),
      item("order", "由浓到淡排序", "From strong to weak", "order", { scores: false, options: ["A", "B", "C"].map((value) => ({ value, label: t(value, value) })) }),
      item("note", "备注", "Remarks", "note", { required: false, scores: false, length: 200 }) ] },
  ],
};

/** The practice book, with what was tried before. @param {string|null} judge */
export async function practiceBook(judge) {
  const rows = await outbox.listOwn("practice").catch(() => []);
  const marks = Object.fromEntries(rows.filter((row) => row.item).map((row) => [row.item, [row.value, row.id]]));
  const session = {
    games: "", event: { id: "practice", name: t("练习", "Practice"), edition: "" }, server_at: "",
    seat: { label: "practice.1", panel: t("练习", "Practice"), judge },
    forms: { "practice/practice": FORM },
    sheets: [{ id: "practice", code: say("judge.sheet.practice"), station: null, slot: null, module: "practice", sheet: "practice", state: /** @type {const} */ ("draft"), marks }],
  };
  const book = new Book(/** @type {any} */ (session), {
    practice: true,
    async append(op) {
      if (op.kind === "sign") book.session.sheets[0].state = "signed";
      else {
        await outbox.putOwn("practice", { key: op.item, item: op.item, value: op.value, id: op.id });
        book.session.sheets[0].marks[op.item] = [op.value, op.id];
      }
      queueMicrotask(() => (book.ops = book.ops.filter((other) => other !== op)));
      return 1;
    },
    putOpen: async (row) => outbox.putOwn("practice", { ...row, key: `own|${row.key}` }),
  });
  for (const row of rows.filter((one) => one.key.startsWith("own|"))) book.open.set(row.key.slice(4), row);
  return book;
}
