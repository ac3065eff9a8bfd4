"""The schemas of what stands beside rule files: games.toml and cases.toml (their columns: rules/games.py, scoring/cases.py)."""

from competition.rules.model import STATUSES
from competition.rules.schema_shapes import (
    COUNT,
    FLAG,
    ID,
    IDENT,
    KEYS,
    NUMBER,
    STRING,
    STRINGS,
    TITLE,
    WHOLE,
    Schema,
    by_value,
    named,
    one_of,
    rows,
    say,
    table,
)

_NAMED = {"id": IDENT, "name": TITLE, "short": say("简称", "short name", STRING)}
_JOB_TYPE = {
    "id": IDENT, "name": TITLE, "chain": say("产业链", "its chain", ID), "rules": say("规则文件夹", "folder of its rule file", STRING),
}  # fmt: skip
_TABLE = {
    "id": IDENT, "name": TITLE, "per": say("排单位或排产业链", "rank units or chains", one_of(("unit", "chain"))),
    "count": say("奖项积分 | 总分之和 | 奖牌", "award points | sum of totals | medals", one_of(("award_points", "scores", "medals"))),
    "points": say("各奖项的积分", "points of each award", named(NUMBER)), "awards": say("奖牌，由高到低", "medals, best first", STRINGS),
    "best": say("每赛项取最好的几个", "so many entries of an event count", COUNT),
    "least": say("每赛项至少几人", "with fewer entries …", {"type": "integer", "minimum": 2}),
    "short": say("人数不足：该赛项不计 | 不排名", "… the event counts nothing | no place", one_of(("nothing", "unranked"))),
    "average": say("另列平均", "the mean per event is shown too", FLAG), "keys": KEYS,
    "listed": say("全部列出或只列有分的", "list all, or those with points", one_of(("all", "with_points"))),
}  # fmt: skip
_PLACES = {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 2, "maxItems": 2}
_TITLE_LIST = {
    "id": IDENT, "name": TITLE, "places": say("个人第几名到第几名", "places of individuals, [from, to]", _PLACES),
    "pairs": say("双人", "places of pairs", _PLACES), "trios": say("三人及以上", "places of trios and larger teams", _PLACES),
    "awards": say("或按奖项", "or by award", STRINGS), "passed": say("须合格", "only who passed", FLAG),
    "attributes": say("须有的属性值", "values of attributes that are asked for", by_value(STRINGS)),
    "job_types": say("只限这些工种", "only in these job types", STRINGS),
}  # fmt: skip

GAMES: Schema = table({
    "games": say("运动会", "the games", table({
        "id": IDENT, "name": TITLE, "year": say("年份", "year", WHOLE), "host": say("主办", "host", STRING),
        "sample": say("样例，不是真的运动会", "a sample, no real games", FLAG)}, "id name year host")),
    "chains": say("产业链", "chains", rows(_NAMED, "id name")),
    "units": say("单位", "units", rows(_NAMED, "id name")),
    "job_types": say("工种及其规则", "job types and their rules", rows(_JOB_TYPE, "id name chain rules")),
    "tables": say("总分榜、奖牌榜", "tables across job types", rows(_TABLE, "id name per count listed")),
    "titles": say("称号推荐名单", "nomination lists for titles", rows(_TITLE_LIST, "id name")),
}, "games chains units job_types")  # fmt: skip

VALUE: Schema = {"type": ["string", "number", "boolean"]}
_ENTRY = {
    "attributes": say("属性", "attributes", named(STRING)), "status": say("状态", "status", one_of(("", *STATUSES))),
    "absent": say("缺席的席", "absent seats: panel.1", STRINGS),
    "admitted": say("认定进入的轮次", "round an official admitted it to", STRING),
    "decision": say("同分时裁判长定的先后", "the chief's order among equals", WHOLE),
    "marks": say('打分："模块.表.席" 或 "模块.表.*"', 'marks: "module.sheet.seat" or "module.sheet.*"', by_value(by_value(VALUE))),
    "expect": say("手算的结果", "what must come out, worked by hand", by_value(VALUE)),
}  # fmt: skip

CASES: Schema = table({"cases": say("算例", "worked examples", rows({
    "name": say("说明", "what it shows", STRING), "entries": say("参赛者", "entries", by_value(table(_ENTRY))),
    "key": say('密封答案："模块.表"', 'sealed key: "module.sheet"', by_value(by_value(VALUE))),
    "inputs": say("全场的数", "numbers for the whole event", named(VALUE)),
    "lists": say("榜上应有的行", "rows that lists must have", named(by_value(table({
        "rank": say("名次", "rank", VALUE), "value": say("值", "value", VALUE), "tied": say("并列", "tied", VALUE)})))),
}, "entries"))})  # fmt: skip
