"""The schemas of what is marked: scales, items, sections, sheets, how seats are combined, modules with their overtime."""

from competition.rules.read_items import SEVERAL
from competition.rules.read_panels import ABSENT, METHODS, THEN
from competition.rules.read_tables import MODES
from competition.rules.scales import TYPES
from competition.rules.schema_shapes import (
    COUNT,
    FLAG,
    FORMULA,
    ID,
    IDENT,
    MOST,
    NUMBER,
    PERCENT,
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
    table,
)

FLOOR = say("最低不低于", "never below", NUMBER)
CAP = say("最高不超过", "never above", NUMBER)
ROUND = say("修约；不写则不修约", "rounding; without it numbers stay exact", table({
    "places": say("小数位数", "decimal places", WHOLE),
    "mode": say("修约方式：四舍五入 | 五成双 | 舍去 | 进一", "mode: half away from zero | half to even | down | up", one_of(MODES)),
}))  # fmt: skip


GIVES = {"points": say("得分", "points", NUMBER), "gap": say("允许相距", "widest gap", NUMBER)}


def bands(edges: str, value: str = "points") -> Schema:
    """Rows by an edge; the last has none and takes the rest."""
    words = {
        "upto": say("到此为止，含", "up to and including", NUMBER),
        "below": say("小于，不含", "below", NUMBER),
        "within": say("与目标相差不超过", "off target by at most", NUMBER),
    }
    said = ("分段：界值逐行变大，最后一行不写界值，接住其余", "bands: edges rise, the last row takes the rest")
    return say(*said, rows({**{e: words[e] for e in edges.split()}, value: GIVES[value]}, value))


SCORED = {
    "name": TITLE,
    "points": say("公式；不写则相加", "formula; without it the sum of what is inside", FORMULA),
    "out_of": say("最高分，会核对", "the highest it can reach, checked", NUMBER),
    "floor": FLOOR,
    "rescale": say("换算：乘以 to/from", "multiplied by to/from", table({
        "from": say("原满分", "the maximum before", NUMBER),
        "to": say("换算后满分", "the maximum after", NUMBER),
    })),
    "round": ROUND,
}  # fmt: skip
ONLY = say("只对这些类别的参赛者", "only for entries of these classes: attribute = [values]", named(STRINGS))
METHOD = {
    "method": say("各席怎样合成", "how the seats make one value", one_of(METHODS)),
    "low": say("去掉几个最低", "how many lowest are dropped", WHOLE),
    "high": say("去掉几个最高", "how many highest are dropped", WHOLE),
    "from": say("满几席才去高低分，或本行从几席起", "from how many seats it trims, or the row holds", WHOLE),
    "k": say("取几席；用于 best、middle、closest", "how many seats count; for best, middle, closest", COUNT),
    "tie": say("相距相等时取低的或高的一组", "equal ranges: the lower or the higher group", one_of(("lower", "higher"))),
    "gaps": say("中间几席相距超过 gap 时改用全体平均", "middle seats further apart than gap: mean of all", bands("upto below", "gap")),
}  # fmt: skip
COMBINE = say("多席怎样合成一个分", "how several seats make one value", table({
    **METHOD,
    "by_standing": say("按在席人数换方法", "the method by the number of standing seats", rows(METHOD, "method from")),
    "least": say("至少几席在席，不足则无分", "with fewer standing seats there is no value", COUNT),
    "absent": say("缺席怎样算：不计 | 无分 | 按其余平均", "an absent seat: left out | no value | counts as the mean", one_of(ABSENT)),
    "by": say("按表合成或逐项合成", "combine whole sheets or item by item", one_of(("sheet", "item"))),
    "times": say("结果乘几倍", "the result is multiplied", NUMBER),
    "round": ROUND,
}))  # fmt: skip
SPREAD = say("各席相差过大时", "when seats are too far apart", table({
    "limit": say('最大允许相差，或 "10%"', 'widest gap, or "10%" of the maximum', either(NUMBER, PERCENT)),
    "by": say("比总分或逐项比", "compare sheets or items", one_of(("sheet", "item"))),
    "then": say("怎样处理：提示 | 暂无分 | 由最后一席定", "what then: report | hold the sheet | the last seat decides", one_of(THEN)),
}))  # fmt: skip
ITEM = {
    "id": IDENT,
    "name": TITLE,
    "help": say("评分说明", "what the judge reads below the item", TEXT),
    "scale": say("量表", "a scale: yesno, points, note or one of [scales]", STRING),
    "weight": say("分值的倍数，或权重表名", "points per step, or the name of weight rows", either(NUMBER, ID)),
    "worth": say("量表最高值所值的分", "points of the scale's highest value", NUMBER),
    "max": MOST,
    "step": say("points 量表的档", "step of the points scale", NUMBER),
    "blank": say("没填时算几；不写则必填", "what an untouched item counts as; without it it must be marked", NUMBER),
    "bands": bands("upto below"),
    "tolerance": say("按与目标的偏差给分", "points by the distance from a target", table({
        "target": say('目标值，或 "key"', 'the target, or "key" for the sealed value', either(NUMBER, {"const": "key"})),
        "bands": bands("within"),
    })),
    "key": say("与密封答案比对", "against the sealed key", table({
        "points": say("答对得分", "points if right", NUMBER),
        "wrong": say("答错得分，不大于 0", "points if wrong, at most 0", NUMBER),
        "requires": say("另一项也对才得分", "only with this other answer right", ID),
        "several": say("多选怎样给分", "how a multiple choice is marked", one_of(SEVERAL)),
        "each": say("每个正确选项得分", "points per right option", NUMBER),
    })),
    "order": say("排序题：对的个数对应得分", "an order: points by how much is right", table({
        "right": say("位置对的个数", "positions right", by_value(NUMBER)),
        "pairs": say("次序对的对数", "pairs in the right order", by_value(NUMBER)),
    })),
    "formula": say("由本表其他项算出", "computed from other items of the sheet", FORMULA),
    "score": say("是否计分", "whether it counts", FLAG),
    "floor": FLOOR,
    "cap": CAP,
    "round": ROUND,
}  # fmt: skip
SECTION = {
    "id": IDENT,
    "name": TITLE,
    "max": MOST,
    "floor": FLOOR,
    "cap": CAP,
    "samples": say("样品编号；每项各评一次", "sample codes; every item once for each", {"type": "array", "items": either(STRING, WHOLE)}),
    "items": say("评分项", "items", rows(ITEM, "id name")),
}  # fmt: skip
SHEET = {
    "panel": say("裁判组", "a panel", ID),
    "name": TITLE,
    "max": MOST,
    "combine": COMBINE,
    "spread": SPREAD,
    "only": ONLY,
    "opens_after": say("同席先签这些表", "the same seat signs these sheets first", STRINGS),
    "sections": say("分节", "sections", rows(SECTION, "id name items")),
}  # fmt: skip
OVERTIME = {
    "id": IDENT,
    "name": TITLE,
    "time": say("用时：表.项，秒", "the time: sheet.item, in seconds", FORMULA),
    "limit": say("限时，秒", "seconds allowed", NUMBER),
    "per": say("每超几秒", "each started so many seconds", NUMBER),
    "points": say("扣几分", "cost so many points", NUMBER),
    "cap": say("最多扣", "at most", NUMBER),
    "bands": bands("upto below"),
    "out": say("超过多少则出局或记零", "over so much: a status, or nothing for the module", table({
        "over": say("超出秒数", "seconds over", NUMBER),
        "status": say("状态", "status", one_of(("dsq", "void"))),
        "zero": say("本模块记零", "the module is worth 0", one_of(("module",))),
    })),
}  # fmt: skip
MODULE = {
    **SCORED,
    "part": say("所属部分", "its part", ID),
    "minutes": say("时长，分钟", "minutes", COUNT),
    "only": ONLY,
    "round": say("修约，或所属轮次", "rounding, or the round it belongs to", either(ROUND, ID)),
    "overtime": say("超时扣分", "overtime", rows(OVERTIME, "id name time limit")),
    "sheets": say("评分表：一席对一个参赛者填的", "sheets: what one seat marks for one entry", named(table(SHEET))),
}  # fmt: skip
SCALE = {
    "type": say("量表类型", "kind of scale", one_of(TYPES)),
    "from": say("最低", "lowest", NUMBER),
    "to": say("最高", "highest", NUMBER),
    "step": say("档", "step", NUMBER),
    "except": say("其中不可用的值", "values that are not legal", {"type": "array", "items": NUMBER}),
    "unit": say("单位", "unit", STRING),
    "decimals": say("小数位数", "decimals", WHOLE),
    "length": say("最多字数", "longest text", COUNT),
    "legend": say("各值的说明", "what values mean", by_value(TEXT)),
    "options": say("选项", "options", either({"type": "array", "items": STRING, "minItems": 2}, by_value(TEXT))),
}  # fmt: skip
