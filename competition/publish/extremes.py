"""Who of an event tries a design hardest: the longest name, the longest unit, and characters that its first font doesn't have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from competition.publish.composing import Composition
from competition.publish.design import Design
from competition.publish.fitting import Fitted
from competition.publish.typefaces import setting, width

MOST = 6  # pages: a look, not a batch
FIELDS = ("name", "unit", "body", "award", "members", "issuer")


@dataclass(frozen=True, slots=True)
class Extreme:
    """A bearer worth looking at. why: "name" or "unit" (the longest), or "rare"."""

    why: str
    name: str
    unit: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A string that didn't fit at full size on one line: to how many percent it shrank, over how many lines."""

    field: str
    text: str
    percent: int
    lines: int


def extremes(design: Design, bearers: Sequence[tuple[str, str, tuple[str, ...]]]) -> tuple[Extreme, ...]:
    """Up to `MOST` of the bearers (name, unit, members), none twice; () of nobody."""
    chain = design.faces[design.texts["name"].face]

    def wide(text: str) -> float:
        return width(text, setting(text, chain))

    def rare(text: str) -> bool:
        return bool(text) and setting(text, chain).fonts != chain[:1]

    found: dict[tuple[str, str], Extreme] = {}
    if bearers:
        longest = max(bearers, key=lambda one: (wide(one[0]) + wide("、".join(one[2])), *one))
        most_unit = max(bearers, key=lambda one: (wide(one[1]), *one))
        for why, one in (("name", longest), ("unit", most_unit)):
            found.setdefault(one[:2], Extreme(why, *one))
    for one in bearers:
        if any(rare(text) for text in (one[0], one[1], *one[2])):
            found.setdefault(one[:2], Extreme("rare", *one))
    return tuple(found.values())[:MOST]


def squeezed(design: Design, page: Composition) -> Iterator[Squeezed]:
    """What was made smaller, or broken where the design means one line, on one certificate."""
    for field, text in page.texts():
        if field in FIELDS and (shrunk := _percent(design, field, text)) < 100:
            yield Squeezed(field, text.text, shrunk, len(text.lines))


def _percent(design: Design, field: str, text: Fitted) -> int:
    return round(100 * text.size / design.texts[field].size)
