"""How rulings after locking, and what they move, are said to people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from competition import rules
from competition.judging.amending import Moved
from competition.judging.rulings import Ruling
from competition.web.said import seat_said
from competition.web.views import Text


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one entry: totals before and after; ranks only once names are open."""

    code: str
    total: tuple[str | None, str | None]
    rank: tuple[int | None, int | None] | None


@dataclass(frozen=True, slots=True)
class RulingLine:
    """A ruling as people read it. codes: the entries it is about, in their order; label: the round, number or seat; value: the status
    or the number. effect is None for officials who see no totals; mine: this official asked for it."""

    id: str
    kind: str
    codes: tuple[str, ...]
    label: Text | None
    value: str
    reason: str
    by: str
    second: str
    at: str
    seen: str
    effect: tuple[Effect, ...] | None
    mine: bool


def effects(moved: Sequence[Moved], codes: Mapping[str, str], sealed: bool) -> tuple[Effect, ...]:
    """By code, without ranks while names are sealed."""
    return tuple(Effect(codes[one.entry], one.total, None if sealed else one.rank) for one in moved)


def ruling_line(
    one: Ruling, law: rules.Rules, codes: Mapping[str, str], names: Mapping[str, str], who: str, effect: tuple[Effect, ...] | None
) -> RulingLine:  # fmt: skip
    """A ruling in words, as `who` reads it."""
    what = one.what
    about = what.get("entries") or [entry for entry in (what.get("entry"),) if entry not in (None, "*")]
    label: Text | None = None
    if one.kind == "admit":
        label = next((_both(each.name) for each in law.rounds if each.id == what["round"]), None)
    elif one.kind == "input":
        label = next(_both(each.name) for each in law.inputs if each.id == what["input"])
    elif "seat" in what:
        label = seat_said(law, what["seat"])
    value = what.get("status", what.get("value", ""))
    return RulingLine(
        one.id, one.kind, tuple(codes[entry] for entry in about), label, value, one.reason, names.get(one.by, one.by),
        names.get(one.second, one.second), one.at, one.seen, effect, one.by == who,
    )  # fmt: skip


def _both(text: rules.Text) -> Text:
    return {"zh": text.zh, "en": text.en}
