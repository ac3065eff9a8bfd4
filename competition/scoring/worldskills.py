"""WorldSkills: the 500 and 700 scales, and medals and positions by edition (rules.md sections 6 and 7).

Numbers stay exact: a root is never taken, only its whole part, so a value that lies on a half is rounded as one. Medals and
positions go by scale marks. Their steps are known from published tables, the text of the rule only in part; what no table
shows is refused, not guessed.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.errors import RuleError
from competition.rules.nodes import Round, rounded
from competition.scoring.methods import mean, median, places

TIE = 2
"""Up to 2024 a tie is a difference of no more than two points of the scale."""

MAD_TO_SD = Fraction("1.4826")
"""A normal field's standard deviation is so many times its median absolute deviation."""

_HALF_AWAY = Round(0, "half_up")

Clamp = tuple[Fraction, Fraction]
Medals = list[str | None]


def scale_500(values: Sequence[Fraction], clamp: Clamp | None = None) -> list[int] | None:
    """The scale of 2005 to 2015: the mean becomes 500, the population SD 30. None where the SD is 0.

    Values in the order given, whole numbers, half away from zero; `clamp` limits them to (lowest, highest).
    """
    made = standard(values, Fraction(500), Fraction(30), 0)
    return None if made is None else [_within(value, clamp) for value in made]


def scale_700(values: Sequence[Fraction], clamp: Clamp | None = None) -> list[int] | None:
    """The WorldSkills Scale, from 2017: the median becomes 700, 1.4826 median absolute deviations 30. None where the MAD is 0.

    Values in the order given, whole numbers, half away from zero; `clamp` limits them to (lowest, highest). What CIS does
    where the MAD is 0 isn't known; 700 for everybody, the winner too, would say something false.
    """
    if not values:
        return None
    middle = median(values)
    deviation = median([abs(value - middle) for value in values])
    if not deviation:
        return None
    unit = 30 / (MAD_TO_SD * deviation)
    return [_within(rounded(700 + (value - middle) * unit, _HALF_AWAY), clamp) for value in values]


def standard(values: Sequence[Fraction], centre: Fraction, spread: Fraction, places: int) -> list[Fraction] | None:
    """centre + spread × z with the population SD, half away from zero to `places` decimals; None where the SD is 0."""
    if not values:
        return None
    middle = mean(values)
    variance = mean([(value - middle) ** 2 for value in values])
    if not variance:
        return None
    unit = 10**places
    return [
        Fraction(_rounded_root(centre * unit, (value - middle) * spread * unit, variance), unit) for value in values
    ]


def _rounded_root(centre: Fraction, over: Fraction, square: Fraction) -> int:
    """centre + over / √square to a whole number, half away from zero."""
    sign = -1 if over < 0 else 1
    root = over * over / square
    half = Fraction(1, 2)
    if _floor_with_root(centre, sign, root) < 0:
        return -_floor_with_root(half - centre, -sign, root)
    return _floor_with_root(centre + half, sign, root)


def _floor_with_root(number: Fraction, sign: int, square: Fraction) -> int:
    """⌊number ± √square⌋ in integers: over a common denominator only the root's own whole part matters."""
    den = math.lcm(number.denominator, square.denominator)
    under = int(square * den * den)
    root = math.isqrt(under)
    if sign < 0:
        root = -root if root * root == under else -root - 1
    return (int(number * den) + root) // den


def _within(value: Fraction, clamp: Clamp | None) -> int:
    if clamp is None:
        return int(value)
    return min(max(int(value), math.ceil(clamp[0])), math.floor(clamp[1]))


def positions(marks: Sequence[Fraction], edition: str) -> list[int]:
    """The place of each mark (1224), in the order given. Raises RuleError for an edition that isn't known."""
    leader = _edition(edition).leaders(sorted(marks, reverse=True))
    return [int(place) for place in places([-leader[mark] for mark in marks])]


def medals(marks: Sequence[Fraction], edition: str) -> Medals:
    """The medal of each mark ("gold", "silver", "bronze", "medallion" or None), in the order given.

    Raises RuleError for an edition that isn't known, and where its rule isn't: a mark below two equal silvers of 2026.
    """
    rule = _edition(edition)
    given = rule.award(sorted(marks, reverse=True))
    return [given.get(mark) or ("medallion" if mark >= rule.medallion else None) for mark in marks]


def _edition(edition: str) -> "_Edition":
    if edition not in _EDITIONS:
        known = ", ".join(EDITIONS)
        raise RuleError(
            f"没有世界技能大赛 {edition} 版的奖牌规则，可用：{known}。",
            f"No medal rule of a WorldSkills edition {edition} is known; use one of {known}.",
        )
    return _EDITIONS[edition]


def _by_steps(ranked: Sequence[Fraction]) -> Mapping[Fraction, str]:
    """Medals up to 2024 (rules.md 7.1). Marks from high to low; who comes after several golds or silvers has less to win."""
    golds = _group(ranked, 0)
    if len(golds) == 1:
        silvers = _group(ranked, 1)
        after = silvers[-1] if len(silvers) > 1 else None
    else:
        silvers = []
        after = golds[-1] if len(golds) > 2 else None
    bronzes = _group(ranked, len(golds) + len(silvers), after)
    return dict.fromkeys(golds, "gold") | dict.fromkeys(silvers, "silver") | dict.fromkeys(bronzes, "bronze")


def _group(ranked: Sequence[Fraction], start: int, leader: Fraction | None = None) -> list[Fraction]:
    """The marks from `start` on that tie with the leader: the first of them, unless another is named. Not chained."""
    below = ranked[start:]
    first = leader if leader is not None else below[0] if below else None
    return [mark for mark in below if first is not None and first - mark <= TIE]


def _by_distinct_marks(ranked: Sequence[Fraction]) -> Mapping[Fraction, str]:
    """Medals of 2026 (rules.md 7.2): the three best marks, whoever shares them."""
    best = sorted(set(ranked), reverse=True)[:3]
    if len(best) == 3 and ranked.count(best[1]) > 1:
        raise RuleError(
            f"世界技能大赛 2026 的规则没有公布：两人以上同得银牌（{best[1]}）之后是否还有铜牌不得而知，请由裁判长裁定。",
            f"The medal rule of 2026 is not published: whether bronze follows several equal silvers ({best[1]}) is not "
            "known. Let the chief decide.",
        )
    return dict(zip(best, ("gold", "silver", "bronze"), strict=False))


def _every_place(ranked: Sequence[Fraction]) -> Mapping[Fraction, Fraction]:
    """Every place goes to a group of marks within two points of its leader."""
    leader: dict[Fraction, Fraction] = {}
    first: Fraction | None = None
    for mark in ranked:
        if first is None or first - mark > TIE:
            first = mark
        leader[mark] = first
    return leader


def _medal_places(ranked: Sequence[Fraction]) -> Mapping[Fraction, Fraction]:
    """Those with the same medal share a place; elsewhere only equal marks do."""
    given = _by_steps(ranked)
    best = {medal: max(mark for mark in given if given[mark] == medal) for medal in given.values()}
    return {mark: best[given[mark]] if mark in given else mark for mark in ranked}


def _equal_marks(ranked: Sequence[Fraction]) -> Mapping[Fraction, Fraction]:
    """Only equal marks share a place."""
    return {mark: mark for mark in ranked}


@dataclass(frozen=True, slots=True)
class _Edition:
    """How an edition awards medals, which mark earns a medallion, and who shares a place (a leader for each mark).

    Both read the marks from high to low, equal ones as often as they occur.
    """

    award: Callable[[Sequence[Fraction]], Mapping[Fraction, str]]
    medallion: int
    leaders: Callable[[Sequence[Fraction]], Mapping[Fraction, Fraction]]


_EDITIONS = {
    "1997": _Edition(_by_steps, 500, _every_place),
    "2005": _Edition(_by_steps, 500, _medal_places),
    "2013": _Edition(_by_steps, 500, _every_place),
    "2015": _Edition(_by_steps, 500, _every_place),
    "2017": _Edition(_by_steps, 700, _every_place),
    "2019": _Edition(_by_steps, 700, _medal_places),
    "2022": _Edition(_by_steps, 700, _medal_places),
    "2024": _Edition(_by_steps, 700, _medal_places),
    "2026": _Edition(_by_distinct_marks, 700, _equal_marks),
}

EDITIONS = tuple(_EDITIONS)
"""Editions whose medals and positions are known from published tables."""
