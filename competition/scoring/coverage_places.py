"""What the cases leave untried of seats, answers, classes of entries, and of who gets which place and award."""

from collections.abc import Iterator

from competition.rules.draft import Combine
from competition.rules.items import item_value
from competition.rules.model import Sheet
from competition.rules.source import Where
from competition.scoring.tried import Gap, Tried


def seats(tried: Tried) -> Iterator[Gap]:
    """Sheets of several seats: a full panel, a short one, one below its least; trimming and every row of by_standing."""
    for path, sheet in tried.draft.sheets.items():
        if sheet.panel.seats < 2:
            continue
        how, where = tried.draft.combines[path], (*tried.draft.sheet_paths[path], "combine")
        standing = _standing(tried, sheet)
        if standing == {sheet.panel.seats}:
            zh, en = (
                f"{sheet.name.zh}：没有算例缺一席（absent = {how.absent}）。",
                f"{sheet.name.en}: no case has an absent seat (absent = {how.absent}).",
            )
            yield (*where, "absent"), zh, en
        elif how.least > 1 and min(standing) >= how.least and how.absent != "refuse":
            zh, en = (
                f"{sheet.name.zh}：没有算例的席数少于 least。",
                f"{sheet.name.en}: no case has fewer seats than least.",
            )
            yield (*where, "least"), zh, en
        yield from _methods(sheet, how, standing, where)
        yield from _spread(tried, sheet)


def _standing(tried: Tried, sheet: Sheet) -> set[int]:
    """How many seats of a sheet's panel stood, over the entries of every case."""
    found = set()
    for case in tried.cases:
        gone = set(case.absences.iter_rows())
        for entry in case.entries["entry"].to_list():
            found.add(sum((entry, seat) not in gone and ("*", seat) not in gone for seat in sheet.panel.labels))
    return found


def _methods(sheet: Sheet, how: Combine, standing: set[int], where: Where) -> Iterator[Gap]:
    if how.how.name == "trimmed" and not how.by_standing:
        if max(standing) < how.how.start:
            zh, en = f"{sheet.name.zh}：没有算例去掉高低分。", f"{sheet.name.en}: in no case is anything trimmed."
            yield (*where, "from"), zh, en
        elif min(standing) >= how.how.start and how.least < how.how.start:
            zh = f"{sheet.name.zh}：没有算例因席数不足而不去高低分。"
            yield (*where, "from"), zh, f"{sheet.name.en}: in no case are there too few seats to trim."
    top = sheet.panel.seats
    for start, method in how.by_standing:
        if not any(start <= n <= top for n in standing):
            zh, en = (
                f"{sheet.name.zh}：没有算例用到 {start} 席起的 {method.name}。",
                f"{sheet.name.en}: no case uses {method.name} from {start} seats.",
            )
            yield (*where, "by_standing"), zh, en
        top = start - 1


def _spread(tried: Tried, sheet: Sheet) -> Iterator[Gap]:
    if sheet.spread is None:
        return
    said = any(f", {sheet.path}" in finding.where for result in tried.results for finding in result.findings)
    if not said:
        where = (*tried.draft.sheet_paths[sheet.path], "spread")
        yield where, f"{sheet.name.zh}：没有算例相差过大。", f"{sheet.name.en}: in no case are the seats too far apart."


def answers(tried: Tried) -> Iterator[Gap]:
    """Answers against the key: right, wrong, blank; right without the one that they require; orders partly right."""
    for path, sheet in tried.draft.sheets.items():
        for base in dict.fromkeys(item.base for item in sheet.items if item.answered):
            items = [item for item in sheet.items if item.base == base]
            numbers = range(1, sheet.panel.seats + 1)
            values = set(tried.values(item_value(tried.resolver, sheet, n, item) for n in numbers for item in items))
            where, name = tried.draft.item_paths[path, items[0].id], items[0].name
            if values and max(values) <= 0:
                yield where, f"{name.zh}：没有算例答对。", f"{name.en}: in no case is it right."
            if values and min(values) > 0:
                yield where, f"{name.zh}：没有算例答错。", f"{name.en}: in no case is it wrong."
            if "—" not in tried.marks.get((path, base), set()):
                yield where, f"{name.zh}：没有算例未答（—）。", f"{name.en}: in no case is it left blank (—)."


def classes(tried: Tried) -> Iterator[Gap]:
    """Values of attributes that no entry of a case has."""
    for attribute in tried.rules.attributes:
        columns = [case.entries[attribute.id].to_list() for case in tried.cases if attribute.id in case.entries.columns]
        had = {value for column in columns for value in column}
        if lacking := [value for value in attribute.values if value not in had]:
            zh = f"{attribute.name.zh}：没有算例的参赛是 {'、'.join(lacking)}。"
            yield (
                ("attributes", attribute.id, "values"),
                zh,
                f"{attribute.name.en}: no entry of a case is {', '.join(lacking)}.",
            )


def endings(tried: Tried) -> Iterator[Gap]:
    """Keys that decide nothing, awards that nobody gets, rounds that everybody or nobody reaches, statuses, lists."""
    rules, standings = tried.rules, [each for result in tried.results for each in result.standings]
    decided = {each.decided_by for each in standings}
    for n, key in enumerate(rules.keys):
        if n and rules.names.get(key.by) not in decided:
            zh, en = f"排名依据 {key.by}：没有算例由它定先后。", f"The key {key.by}: it decides in no case."
            yield ("ranking", "keys", n), zh, en
    given = {each.award for each in standings}
    for n, award in enumerate(rules.awards):
        if award.id not in given:
            yield (
                ("awards", n),
                f"奖项 {award.name.zh}：没有算例得到它。",
                f"The award {award.name.en}: nobody gets it in a case.",
            )
    for each in rules.rounds[1:]:
        reached = set(tried.step(f"{each.id}.reached"))
        if len(reached) < 2:
            zh = f"轮次 {each.name.zh}：算例里{'人人' if 1 in reached else '无人'}进入。"
            en = f"The round {each.name.en}: {'everybody' if 1 in reached else 'nobody'} reaches it in the cases."
            yield ("rounds", each.id), zh, en
    if not any(each.status for each in standings):
        yield ("ranking",), "没有算例含缺赛、取消资格等状态。", "No case has an entry with a status (dns, dsq …)."
    said = {name for case in tried.cases for name in case.lists}
    for n, listing in enumerate(rules.lists):
        if listing.id not in said:
            zh, en = (
                f"榜 {listing.name.zh}：没有算例写明它的结果。",
                f"The list {listing.name.en}: no case says what it shows.",
            )
            yield ("lists", n), zh, en
