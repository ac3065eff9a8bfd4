"""JSON Schemas (draft 2020-12) of rules.toml, cases.toml and games.toml: what an editor completes, explains and checks.

An editor with Taplo ("Even Better TOML" in VS Code) is pointed to a schema by a comment on the first line of the file:

    #:schema ../../schemas/rules.schema.json

after `competition rules schema --out schemas`. It then offers the keys that may stand at the cursor, shows these descriptions,
and underlines a misspelt key while it is written. It can't know what a name refers to or whether maxima add up: that is
`competition rules check`. Tables that `extends` merges may be partial, so only rows of arrays have keys that must be there.
What is marked stands in `schema_sheets`, cases.toml and games.toml in `schema_files`.
"""

import json

from competition.rules.field import FORMS
from competition.rules.model import STATUSES
from competition.rules.read_field import EDITIONS
from competition.rules.read_panels import KINDS
from competition.rules.read_tables import NUMBERINGS, ROUNDINGS
from competition.rules.schema_files import CASES, GAMES
from competition.rules.schema_shapes import (
    COUNT,
    FLAG,
    FORMULA,
    HIGH_LOW,
    ID,
    IDENT,
    KEYS,
    NUMBER,
    STRING,
    STRINGS,
    TEXT,
    TITLE,
    WHOLE,
    Schema,
    by_value,
    either,
    named,
    one_of,
    rows,
    say,
    span,
    table,
)
from competition.rules.schema_sheets import ITEM, MODULE, ROUND, SCALE, SCORED, SECTION, SHEET, bands

ACROSS = {
    "name": TITLE,
    "how": say("怎样在全场比较", "how the field is compared", one_of(FORMS)),
    "of": say("比什么：公式", "of what: a formula", FORMULA),
    "by": say("只在此属性相同者之间", "within those of equal attribute", ID),
    "among": say("只在满足条件者之间", "only those for whom it holds", FORMULA),
    "best": HIGH_LOW,
    "keys": KEYS,
    "n": say("取几名", "how many", COUNT),
    "rest": say("其余得分", "points of the others", NUMBER),
    "numbering": say("名次编号", "numbering", one_of((*NUMBERINGS, "fractional"))),
    "ties": say("并列怎样处理", "what tied entries get", one_of(("higher", "average", "lower", "refuse", "extend", "leave"))),
    "points": say("按名次得分", "points by place", {"type": "array", "items": NUMBER}),
    "method": say("系数的分子：各组均值的均值或全体均值", "numerator: mean of the groups' means, or of all", one_of(("means", "pooled"))),
    "trim": say("去掉几低几高", "how many lowest, highest are dropped", span(WHOLE)),
    "round": ROUND,
    "centre": say("标准分中心", "centre of the scale", NUMBER),
    "spread": say("标准分幅度", "its width for one SD", NUMBER),
    "places": say("小数位数", "decimal places", WHOLE),
    "least": say("至少几个参赛者", "smallest field", COUNT),
    "clamp": say("限于", "kept within", span(NUMBER)),
}  # fmt: skip
RANKING = {
    "shared": say("名次可否并列", "whether places may be shared", one_of(("allowed", "forbidden"))),
    "keys": KEYS,
    "numbering": say("并列后的名次编号", "numbering after a tie", one_of(NUMBERINGS)),
    "except_places": say("这些名次相反", "in these places the opposite holds: [from, to]", span(COUNT)),
    "after": say("未排名者的次序", "order of those without a place", {"type": "array", "items": one_of(STATUSES)}),
}  # fmt: skip
AWARD = {
    "id": IDENT,
    "name": TITLE,
    "places": say("名次，[从, 到]", "places, [from, to]", span(COUNT)),
    "share": say("比例，%", "share in percent", NUMBER),
    "rounding": say("名额取整", "rounding of the number", one_of(ROUNDINGS)),
    "of": say("占报名或占排名", "of those entered or ranked", one_of(("entered", "ranked"))),
    "ties": say("边界并列：都给或都不给", "tied over the border: all or none", one_of(("extend", "leave"))),
    "needs": say("条件", "condition", FORMULA),
    "least": say("至少几个参赛者才设", "smallest field for it", WHOLE),
}  # fmt: skip
LIST = {
    "id": IDENT,
    "name": TITLE,
    "of": say("排什么：公式", "of what: a formula", FORMULA),
    "best": HIGH_LOW,
    "keys": KEYS,
    "needs": say("条件", "condition", FORMULA),
    "per": say("按此属性汇总（代表队）", "one row per value of an attribute", ID),
    "method": say("相加或平均", "sum or mean", one_of(("sum", "mean"))),
    "take": say("取最好的几个", "the best so many", COUNT),
    "least": say("至少几人才排名", "with fewer there is no rank", COUNT),
}  # fmt: skip
ROUND_FROM = {
    "top": say("取前几名", "the best so many", COUNT),
    "best": HIGH_LOW,
    "keys": KEYS,
    "by": say("各组分别取", "of every group", ID),
    "ties": say("边界并列：都进或都不进", "tied over the border: all or none", one_of(("extend", "leave"))),
    "pass": say("满足条件者，代替 top", "those for whom it holds, instead of top", FORMULA),
    "round": say("上一轮", "the round before", ID),
}  # fmt: skip
EVENT = {
    "id": say("等于文件夹名", "the folder's name", ID),
    "job_type": say("games.toml 中的工种", "the job type in games.toml", STRING),
    "name": TITLE,
    "edition": say("版本", "edition of the rules", STRING),
    "code": say("职业编码", "occupation code", STRING),
    "design": say("获奖证书的设计：certificates/ 中的文件夹", "design of the award certificates: a folder in certificates/", STRING),
    "entrants": say("参赛单位：个人、双人或团队", "who competes", table({
        "kind": say("种类", "kind", one_of(("person", "pair", "team"))),
        "from": say("至少几人", "at least", COUNT),
        "to": say("至多几人", "at most", COUNT),
    })),
}  # fmt: skip
SOURCE = {
    "id": IDENT,
    "status": say("依据：查到 | 推算 | 凭记忆", "standing: found | derived | memory", one_of(("found", "derived", "memory"))),
    "says": say("依据什么", "what it says", STRING),
    "where": say("出处", "where it stands", STRING),
}  # fmt: skip
VETO = {
    "id": IDENT,
    "name": TITLE,
    "when": say("条件", "condition", FORMULA),
    "zero": say("记零的范围", "what is worth 0", STRINGS),
    "status": say("整个参赛的状态，代替 zero", "status of the whole entry, instead of zero", one_of(("dsq", "void"))),
}  # fmt: skip
_PANEL = {
    "name": TITLE,
    "seats": say("席位数", "number of seats", COUNT),
    "kind": say("由谁评", "who marks", one_of(KINDS)),
}  # fmt: skip
_WEIGHTS = {
    "by": say("按哪个属性", "by which attribute", ID),
    "adds_to": say("每行之和", "what every row adds up to", NUMBER),
    "rows": say("每类一行：项 = 权重", "a row per class: item = weight", named(named(NUMBER))),
}  # fmt: skip
_ATTRIBUTE = {
    "name": TITLE,
    "values": say("取值", "legal values", named(TEXT)),
    "any": say("任意文字", "any text", FLAG),
}  # fmt: skip
_INPUT = {
    "name": TITLE,
    "from": say("最低", "lowest", NUMBER),
    "to": say("最高", "highest", NUMBER),
    "decimals": say("小数位数", "decimals", WHOLE),
}  # fmt: skip
_LOOKUP = {
    "bands": bands("upto below"),
    "values": say("按值", "by exact value", by_value(NUMBER)),
    "rest": say("其余", "for all others", NUMBER),
}  # fmt: skip
RULES: Schema = table({
    "language": say("规则语言版本", "version of the rule language", {"const": 1}),
    "extends": say("继承 bases/ 中的文件", "a file of bases/ to extend", STRING),
    "template": say("样板，不是正式规则", "a template, not a real document", FLAG),
    "notes": say("随规则印出的说明", "printed with the rules", {"type": "array", "items": TEXT}),
    "event": say("赛项", "the event", table(EVENT)),
    "sources": say("数字的来源", "where the numbers come from", rows(SOURCE, "id status says")),
    "attributes": say("参赛者的属性", "properties of an entry", named(table(_ATTRIBUTE))),
    "weights": say("按类别的权重表", "weight rows by class", named(table(_WEIGHTS))),
    "scales": say("量表：评分项的合法值", "scales: the legal values of items", named(table(SCALE))),
    "panels": say("裁判组", "panels", named(table(_PANEL))),
    "parts": say("部分：理论、实操", "parts: theory, practical", named(table({
        **SCORED,
        "weight": say("占总分的百分比", "percent of the total", NUMBER),
    }))),
    "modules": say("模块", "modules", named(table(MODULE))),
    "inputs": say("全场的数，由官员给出", "numbers an official gives for the whole event", named(table(_INPUT))),
    "tables": say("公式用的查表", "tables that formulas look up", named(table(_LOOKUP))),
    "quantities": say("命名量", "named numbers", named(table({"name": TITLE, "formula": say("公式", "formula", FORMULA)}))),
    "across": say("需要全场才能算的量", "quantities that need the whole field", named(table(ACROSS))),
    "rounds": say("轮次，按先后", "rounds, in order", named(table({
        "name": TITLE,
        "points": say("本轮得分", "points of the round", FORMULA),
        "from": say("谁晋级", "who goes on", table(ROUND_FROM)),
    }))),
    "vetoes": say("记零与取消资格的事实", "facts that zero something or take the entry out", rows(VETO, "id name when")),
    "total": say("总分", "the total", table({
        **SCORED,
        "decide_on": say("按修约值或精确值排名", "ranked on the rounded or the exact value", one_of(("rounded", "exact"))),
    })),
    "ranking": say("排名", "ranking", table(RANKING)),
    "awards": say("奖项，由高到低", "awards, best first", rows(AWARD, "id name")),
    "pass": say("合格条件", "passing", table({
        "when": say("条件", "condition", FORMULA),
        "ranked": say("都排名或只排合格者", "who is ranked: all, or only those who pass", one_of(("all", "passed"))),
    })),
    "lists": say("名次表以外的榜", "tables beside the standings", rows(LIST, "id name of best")),
    "worldskills": say("按 WorldSkills 某届的奖牌规则", "medals as in an edition of WorldSkills", table({
        "edition": say("届", "edition", one_of(EDITIONS)),
        "of": say("按哪个量", "of which quantity", STRING),
    })),
    "overrides": say(
        "改写继承来的表、节、项：模块.表[.节或项]", "keys of an inherited sheet, section or item: module.sheet[.section or item]",
        by_value(either(table(SHEET), table(SECTION), table(ITEM))),
    ),
})  # fmt: skip

SCHEMAS = {"rules": RULES, "cases": CASES, "games": GAMES}
"""Stem of the file -> its schema."""


def schema_text(kind: str) -> str:
    """The schema of rules.toml, cases.toml or games.toml (`kind` is the stem) as JSON."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"{kind}.toml"}
    return json.dumps(head | SCHEMAS[kind], ensure_ascii=False, indent=1) + "\n"
