"""Awards: by place range or by share of the field, with the rounding the rules state, and conditions."""

from fractions import Fraction

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.model import Award
from competition.rules.nodes import Round, rounded
from competition.scoring.ranking import Row


def give(rules: Rules, rows: list[Row]) -> tuple[dict[str, str], list[Finding]]:
    """Award ids by entry. Shares are taken in order: the first award's share, then the next one's below it.

    While any entry is still without a total no award can be known, so none is given. Entries that share the last place
    of an award all get it; the finding says that it went over its number.
    """
    if any(row.rank is None and not row.status for row in rows):
        return {}, []
    ranked = [row for row in rows if row.rank is not None]
    given: dict[str, str] = {}
    findings: list[Finding] = []
    start = 1
    for award in rules.awards:
        if award.places:
            first, last = award.places
        else:
            first, last = start, start + quota(award, len(rows), len(ranked)) - 1
        start = last + 1
        winners = [
            row for row in ranked if row.rank is not None and first <= row.rank <= last and row.entry not in given
        ]
        winners = [row for row in winners if award.needs is None or row.needs[award.id]]
        given |= {row.entry: award.id for row in winners}
        if len(winners) > last - first + 1:
            zh = f"“{award.name.zh}”名额 {last - first + 1}，并列后为 {len(winners)} 人。"
            en = f'"{award.name.en}" is for {last - first + 1}; with ties {len(winners)} get it.'
            findings.append(Finding(f"award {award.id}", zh, en, "warning"))
    return given, findings


def quota(award: Award, entered: int, ranked: int) -> int:
    """How many an award by share goes to: share % of those entered or ranked, rounded as the rules say."""
    assert award.share is not None
    exact = award.share * (entered if award.of == "entered" else ranked) / 100
    if award.rounding == "ceiling":
        return -int(-exact // 1)
    if award.rounding == "floor":
        return int(exact // 1)
    return int(rounded(Fraction(exact), Round(0, "half_up")))
