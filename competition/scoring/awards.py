"""Awards: by place range, by share of the field with the rounding the rules state, or by WorldSkills medals."""

from fractions import Fraction

from competition.errors import Finding, RuleError
from competition.rules import Rules
from competition.rules.model import Award
from competition.rules.nodes import Round, rounded
from competition.scoring import worldskills
from competition.scoring.ranking import Row

_HALF_UP = Round(0, "half_up")


def give(rules: Rules, rows: list[Row]) -> tuple[dict[str, str], list[Finding]]:
    """Award ids by entry. Shares are taken in order: the first award's share, then the next one's below it.

    While any entry is still without a total (or without a word on whether it passed) no award can be known, so none is given.
    Those who share the last place of an award all get it, or none of them, as the award says.
    """
    if any(not row.status and (not row.totalled or (rules.ranked_passed and row.passed is None)) for row in rows):
        return {}, []
    ranked = [row for row in rows if row.rank is not None]
    if rules.medals:
        return _medals(rules.medals, ranked)
    given: dict[str, str] = {}
    findings: list[Finding] = []
    start, shares = 1, Fraction(0)
    for award in rules.awards:
        if award.places:
            first, last = award.places
        else:
            assert award.share is not None
            field = len(rows) if award.of == "entered" else len(ranked)
            first, last = start, start + quota(award, field, shares) - 1
            shares += award.share
        start = last + 1
        winners = _winners(award, ranked, first, last, given)
        if len(rows) >= award.least:
            given |= {row.entry: award.id for row in winners}
            findings += _over(award, len(winners), last - first + 1)
    return given, findings


def _winners(award: Award, ranked: list[Row], first: int, last: int, given: dict[str, str]) -> list[Row]:
    there = [row for row in ranked if row.rank is not None and first <= row.rank <= last and row.entry not in given]
    if award.ties == "leave" and len(there) > last - first + 1:
        border = max(row.rank or 0 for row in there)
        there = [row for row in there if row.rank != border]
    return [row for row in there if award.needs is None or row.needs[award.id]]


def _over(award: Award, winners: int, places: int) -> list[Finding]:
    if winners <= places:
        return []
    zh = f"“{award.name.zh}”名额 {places}，并列后为 {winners} 人。"
    en = f'"{award.name.en}" is for {places}; with ties {winners} get it.'
    return [Finding(f"award {award.id}", zh, en, "warning")]


def quota(award: Award, field: int, before: Fraction = Fraction(0)) -> int:
    """How many an award by share goes to: share % of the field, rounded as the rules say.

    cumulative: the share of all awards so far, rounded half up, without what the awards `before` (in percent) took.
    """
    assert award.share is not None
    exact = award.share * field / 100
    if award.rounding == "ceiling":
        return -int(-exact // 1)
    if award.rounding == "floor":
        return int(exact // 1)
    if award.rounding == "cumulative":
        taken = before * field / 100
        return int(rounded(taken + exact, _HALF_UP) - rounded(taken, _HALF_UP))
    return int(rounded(exact, _HALF_UP))


def _medals(medals: tuple[str, str], ranked: list[Row]) -> tuple[dict[str, str], list[Finding]]:
    edition, of = medals
    marks = [mark for row in ranked if (mark := row.numbers[of]) is not None]
    try:
        found = worldskills.medals(marks, edition) if ranked else []
    except RuleError as fault:
        # What no source says about this field is nobody's guess: no medals until the organiser has decided.
        return {}, [Finding("worldskills", fault.zh, fault.en)]
    return {row.entry: medal for row, medal in zip(ranked, found, strict=True) if medal}, []
