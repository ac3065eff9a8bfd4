"""A panel and what is asked of it: methods that can work with its seats, limits that can be exceeded."""

from fractions import Fraction

from competition.rules.draft import Combine, Draft
from competition.rules.explain import say_number
from competition.rules.model import Sheet
from competition.rules.panels import Method
from competition.rules.resolve import Resolver
from competition.rules.source import Where
from competition.rules.table import Faults


def check_seats(draft: Draft, faults: Faults) -> None:
    """What a sheet asks of its panel's number of seats; sheets without a known panel have their fault already."""
    for path, sheet in draft.sheets.items():
        seats, where = sheet.panel.seats, draft.sheet_paths[path]
        if draft.panels.get(sheet.panel.id) is not sheet.panel or seats < 1:
            continue
        if draft.combines[path].least > seats:
            zh = f"裁判组只有 {seats} 席，请改 least 或 seats。"
            faults.add((*where, "combine", "least"), zh, f"The panel has only {seats} seats; change least or seats.")
        if faults.value((*where, "combine", "method")) == "agreed" and seats != 1:
            zh = f"合议评分表只有一席，裁判组却有 {seats} 席，请改。"
            en = f"An agreed sheet has one seat, its panel {seats}; change one of them."
            faults.add((*where, "combine", "method"), zh, en)
        if sheet.spread and sheet.spread.then == "third" and seats < 3:
            zh = f"then = third 至少要三席（最后一席为候补），裁判组只有 {seats} 席，请改。"
            en = f'then = "third" wants at least three seats, the last in reserve; the panel has {seats}. Change one of them.'
            faults.add((*where, "spread", "then"), zh, en)


def check_panels(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Sheet by sheet: the method against the number of seats, and how far apart they may be."""
    for path, sheet in draft.sheets.items():
        how, where = draft.combines[path], (*draft.sheet_paths[path], "combine")
        if how.by_standing:
            _by_standing(how, sheet.panel.seats, where, faults)
        else:
            _method(how.how, sheet.panel.seats, where, faults)
        _least(sheet, how, (*where, "least"), faults)
        _spread(sheet, resolver, (*draft.sheet_paths[path], "spread"), faults)


def _least(sheet: Sheet, how: Combine, where: Where, faults: Faults) -> None:
    """`least` against the seats that count; a panel's reserve counts only while the others are too far apart."""
    reserve = sheet.spread is not None and sheet.spread.then == "third"
    counting = sheet.panel.seats - reserve
    if how.absent == "refuse" and 1 < how.least < counting:
        zh = f"缺一席就没有分（refuse），least = {how.least} 用不上；请把 least 写成 {counting}，或改 absent。"
        en = (
            f"One absent seat leaves no value (refuse), so least = {how.least} never matters; "
            f"write {counting}, or change absent."
        )
        faults.add(where, zh, en, "warning")
    elif counting < how.least <= sheet.panel.seats:
        zh = f"候补席不计分时只有 {counting} 席计分，least = {how.least} 使其没有分；请把 least 写成 {counting}。"
        en = f"While the reserve isn't needed only {counting} seats count, so least = {how.least} leaves no value; write {counting}."
        faults.add(where, zh, en, "warning")


def _method(how: Method, standing: int, where: Where, faults: Faults) -> None:
    """standing: the most seats that this method can meet."""
    if how.name == "trimmed" and how.start > standing:
        zh = f"至多 {standing} 席，却从 {how.start} 席起才去高低分，永远不会去；请改 from 或席数。"
        en = f"With at most {standing} seats and trimming from {how.start}, nothing is ever dropped; change from or the seats."
        faults.add((*where, "from"), zh, en)
    elif how.k > standing or (how.k == standing and how.name in ("middle", "closest")):
        zh = f"至多 {standing} 席，取不出其中 {how.k} 个；请改 k 或席数，或用 mean、sum。"
        en = f"At most {standing} seats: no {how.k} of them to choose; change k or the seats, or use mean or sum."
        faults.add((*where, "k"), zh, en)


def _by_standing(how: Combine, seats: int, where: Where, faults: Faults) -> None:
    """Rows from the largest `from` down: each must be reachable, and together they cover every number that may stand."""
    top = seats
    for start, method in how.by_standing:
        at = _row(where, start, faults)
        if start > seats:
            zh, en = (
                f"裁判组只有 {seats} 席，这一行用不到，请删去。",
                f"The panel has only {seats} seats; delete this row.",
            )
            faults.add((*at, "from"), zh, en)
            continue
        _method(method, top, at, faults)
        top = start - 1
    least = how.by_standing[-1][0]
    if least > how.least:
        zh = f"least 为 {how.least}，但不足 {least} 席时没有写怎么办；请补一行或改 least。"
        en = f"least is {how.least}, but nothing is said for fewer than {least} seats; add a row or change least."
        faults.add((*where, "by_standing"), zh, en)


def _row(where: Where, start: int, faults: Faults) -> Where:
    rows = faults.value((*where, "by_standing")) or []
    return next(((*where, "by_standing", n) for n, row in enumerate(rows) if row.get("from") == start), where)


def _spread(sheet: Sheet, resolver: Resolver, where: Where, faults: Faults) -> None:
    if sheet.spread is None:
        return
    if sheet.panel.seats < 2:
        zh, en = "只有一席，没有可比的，请删去 spread。", "One seat has nothing to be compared with; delete spread."
        faults.add(where, zh, en)
        return
    widest = _widest(sheet, resolver)
    if widest <= sheet.spread.limit:
        a, b = say_number(widest), say_number(sheet.spread.limit)
        zh = f"各席至多相差 {a}，永远不会超过 {b}，请改 limit 或删去 spread。"
        faults.add(
            (*where, "limit"),
            zh,
            f"Seats differ by {a} at most, never by more than {b}; change limit or delete spread.",
        )


def _widest(sheet: Sheet, resolver: Resolver) -> Fraction:
    """The largest gap that marks could show, as the spread compares them."""
    assert sheet.spread is not None
    if sheet.spread.by == "sheet":
        shape = resolver.row(sheet).nodes[0].shape
        return shape.hi - shape.lo
    scales = [item.scale for item in sheet.items if item.scale and item.scale.numeric and item.scores]
    return max((scale.high - scale.low for scale in scales), default=Fraction(0))
