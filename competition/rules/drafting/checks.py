"""What a marking scheme leaves open or says twice, once it is read whole."""

from competition.rules.drafting.scheme import Aspect, Scheme, cost_in, grades, legend_in, names_twice
from competition.rules.drafting.totals import known, total

MOST_BANDS = 20
"""Up to so many faults are written as bands; beyond, the item is marked in points."""


def check_scheme(scheme: Scheme) -> None:
    """Settle the kinds of items and note every doubt that no single cell shows."""
    scheme.units = [unit for unit in scheme.units if unit.aspects]
    for unit in scheme.units:
        unit.groups = [group for group in unit.groups if group.aspects]
    if not scheme.aspects:
        zh = "没有找到评分项。表头要有评分项和配分（或分值）两列。"
        scheme.error(scheme.file, zh, "No items found. The heading row needs a column of items and one of points.")
        return
    for aspect in scheme.aspects:
        _settle(scheme, aspect)
    _twice(scheme)
    _parts(scheme)
    _seats(scheme)


def _settle(scheme: Scheme, aspect: Aspect) -> None:
    """What an item's text says of how its points are given."""
    if aspect.kind in ("measured", "deducted"):
        aspect.each = cost_in(aspect.text)
        if aspect.each is not None and aspect.most / aspect.each > MOST_BANDS:
            aspect.each = None
        if aspect.each is not None and aspect.most:
            zh = f"读作每处扣 {aspect.each:f} 分，扣完为止。"
            scheme.note(aspect.where, zh, f"Read as {aspect.each:f} off for every fault, down to 0.")
    if aspect.kind == "judged":
        if not aspect.legend and (legend := legend_in(aspect.text)):
            aspect.legend, aspect.text = legend, ""
        missing = [str(score) for score in range(4) if score not in aspect.legend]
        if missing:
            said = ", ".join(missing)
            zh = f"评价项缺少 {said} 分的描述；0、1、2、3 分各要一段。"
            scheme.error(
                aspect.where, zh, f"The judgement lacks the descriptor of {said}; 0, 1, 2 and 3 need one each."
            )
    elif aspect.kind == "measured" and aspect.points is not None and aspect.points < 0:
        scheme.error(
            aspect.where,
            "测量项的配分是负数。扣分请写类型“扣分”。",
            "A measurement below 0; is it a deduction? Say so.",
        )
    elif aspect.kind == "measured" and aspect.each is None and grades(aspect.text):
        aspect.graded = True
        zh = "评分标准分档给分，暂按 0 到满分打分。请改写成 bands（分段）。"
        scheme.note(
            aspect.where, zh, "The criteria give parts of the points; drafted as points from 0 up. Write them as bands."
        )
    elif aspect.kind == "deducted" and aspect.each is None:
        _deduction(scheme, aspect)


def _deduction(scheme: Scheme, aspect: Aspect) -> None:
    if aspect.points is None:
        scheme.error(
            aspect.where,
            "扣分项没说扣几分。请写配分，或写“每…扣…分”。",
            "Say how much is deducted, or what each fault costs.",
        )
    elif aspect.points > 0:
        aspect.graded = True
        zh = "没说每处扣几分，暂按 0 到满分打分。"
        scheme.note(aspect.where, zh, "What each fault costs isn't said; drafted as points from 0 up.")


def _twice(scheme: Scheme) -> None:
    for unit in scheme.units:
        within = {id(aspect) for group in unit.groups for aspect, _ in names_twice(group.aspects)}
        for aspect, first in names_twice(unit.aspects):
            zh, en = f"“{aspect.name}”与 {first.where} 重名。", f'"{aspect.name}" has the name of {first.where}.'
            if id(aspect) in within:
                scheme.error(
                    aspect.where, f"{zh}是否重复计分？请改名或删去。", f"{en} Is it counted twice? Rename or delete it."
                )
            else:
                scheme.note(aspect.where, zh, en)


def _parts(scheme: Scheme) -> None:
    """Weights of the parts, said or following from points that make 100 in all."""
    whole = total(scheme.aspects)
    if len(scheme.parts) > 1:
        said = [scheme.weights.get(part) for part in scheme.parts]
        if all(weight is None for weight in said) and whole == 100:
            return
        if None in said or sum(weight for weight in said if weight is not None) != 100:
            zh = "各部分的权重没有写全，或加起来不是 100%。请写在部分名后，如“理论（20%）”。"
            scheme.error(
                scheme.file,
                zh,
                "The parts' weights aren't all there or don't make 100 %. Write them as \"Theory (20%)\".",
            )
    elif known(scheme.aspects) and whole != 100:
        zh = f"全部评分项共 {whole:f} 分，不是 100 分。要换算请写 rescale。"
        scheme.note(scheme.file, zh, f"All items make {whole:f}, not 100. Write rescale if it is converted.")


def _seats(scheme: Scheme) -> None:
    seating = scheme.seating
    if "judged" in scheme.sheets and not (seating.seats and seating.method):
        if seating.worldskills:
            zh = "评价项按 WorldSkills：三名裁判各自打 0–3 分，取平均，相差不超过 1。请核对。"
            en = "Judgement as in WorldSkills: three judges each give 0 to 3, their mean counts, at most 1 apart. Check it."
            scheme.note(scheme.file, zh, en)
        else:
            zh = "工作簿没有说有几名裁判、各人的分怎样合成。草稿里有注释掉的建议；定下来之前 rules check 不会通过。"
            en = "The workbook doesn't say how many judges there are and how their marks are combined. The draft has a suggestion"
            scheme.error(scheme.file, zh, f"{en} as a comment; until that is decided rules check refuses it.")
    if "measured" in scheme.sheets:
        zh = "测量、是否、扣分各项暂放在一张合议的表上。若由各裁判分别打，请改。"
        scheme.note(
            scheme.file,
            zh,
            "Measurements, yes/no and deductions are drafted on one agreed sheet; change it if judges mark alone.",
        )
    zh = "同分怎样排、总分修约、奖项，工作簿没有说，草稿里标了 TODO；打分的档（step）也请核对。"
    scheme.note(
        scheme.file,
        zh,
        "Ties, rounding of the total and awards are not in the workbook: TODO in the draft. Check the steps of points too.",
    )
