"""Who gets what, and in which order: keys that exist and can decide, awards without holes between them."""

from collections.abc import Sequence
from fractions import Fraction

from competition.rules.draft import Draft
from competition.rules.model import Award
from competition.rules.nearest import instead
from competition.rules.resolve import Resolver
from competition.rules.scales import decimal_text
from competition.rules.source import Where
from competition.rules.table import Faults

Span = tuple[Award, int, int, Where]
"""An award by places: from, to, and where it is written."""


def check_ranking(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Every ranking key exists, comes once and can part two entries; the total is decided on as it is rounded."""
    seen: set[str] = set()
    for key, path in draft.keys:
        if key.by not in resolver.steps:
            zh, en = instead(key.by, (name for name in resolver.steps if "@" not in name))
            en = f"The ranking key {key.by} does not exist. {en}"
            faults.add((*path, "by"), f"排名依据 {key.by} 不存在。{zh}", en)
        elif faults.tidy and key.by in seen:
            zh, en = (
                f"排名依据 {key.by} 前面已有，再写定不了先后，请删去。",
                f"The key {key.by} stands above already; delete it.",
            )
            faults.add((*path, "by"), zh, en)
        elif faults.tidy and not faults.any and (shape := resolver.steps[key.by].shape).lo == shape.hi:
            zh = f"排名依据 {key.by} 人人都是 {decimal_text(shape.lo)}，定不了先后，请删去或改正。"
            en = (
                f"The key {key.by} is {decimal_text(shape.lo)} for everybody and decides nothing; delete or correct it."
            )
            faults.add((*path, "by"), zh, en)
        seen.add(key.by)
    if draft.keys and draft.keys[0][0].by != "total" and not draft.rounds:
        zh = "第一个排名依据不是总分；若是本意，不必改。"
        faults.add(
            draft.keys[0][1], zh, "The first ranking key is not the total; leave it if that is meant.", "warning"
        )
    if draft.total and draft.total.round is None and draft.decide_on == "rounded":
        zh = "按修约值排名，却没写 round；请写 round 或 decide_on = exact。"
        en = 'Ranked on the rounded total, but no round is said; write round, or decide_on = "exact".'
        faults.add((*draft.total.path, "decide_on"), zh, en)


def check_awards(draft: Draft, faults: Faults) -> None:
    """Shares within 100 %; places neither overlapping nor leaving a hole; nothing written that has no effect."""
    if draft.medals:
        return
    added = Fraction(0)
    places: list[Span] = []
    for n, (award, _) in enumerate(draft.awards):
        path: Where = ("awards", n)
        if award.share is not None:
            added += award.share
            _share(award, added, path, faults)
        elif award.places:
            places.append((award, *award.places, path))
            _without_share(path, faults)
    if len(places) == len(draft.awards):
        _holes(places, faults)


def _share(award: Award, added: Fraction, path: Where, faults: Faults) -> None:
    assert award.share is not None
    if award.share <= 0:
        faults.add((*path, "share"), "share 要大于 0，请改。", "share must be above 0; change it.")
    elif added > 100 and added - award.share <= 100:
        said = decimal_text(added)
        zh = f"到这一奖为止共占 {said} %，超过 100 %，请改 share。"
        faults.add((*path, "share"), zh, f"Up to this award {said} % are given, more than 100 %; change share.")


def _without_share(path: Where, faults: Faults) -> None:
    for key in ("rounding", "of"):
        if faults.wrote((*path, key)):
            zh = f"按名次设奖时 {key} 不起作用，请删去。"
            faults.add((*path, key), zh, f"{key} does nothing for an award by places; delete it.")


def _holes(places: Sequence[Span], faults: Faults) -> None:
    """Two awards may name the same places only if the one written first can leave somebody out (needs, least)."""
    for n, (_, first, last, path) in enumerate(places):
        for other, start, end, above in places[:n]:
            conditional = faults.wrote((*above, "needs")) or other.least
            if start <= last and first <= end and not conditional:
                zh = f"与“{other.name.zh}”（{start}–{end}）重叠，请改 places。"
                en = f"It overlaps with {other.name.en} ({start}–{end}); change places."
                faults.add((*path, "places"), zh, en)
    reached = 0
    for _, first, last, path in sorted(places, key=lambda each: each[1]):
        if first > reached + 1:
            zh = f"第 {reached + 1} 到 {first - 1} 名没有奖，后面的却有，请改 places。"
            en = f"Places {reached + 1} to {first - 1} get nothing, but later ones do; change places."
            faults.add((*path, "places"), zh, en)
        reached = max(reached, last)
