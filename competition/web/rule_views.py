"""The values of an event's rules page: editions, what a new text would change, who would move, what is asked for."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from competition import judging, rules, store
from competition.errors import Finding
from competition.judging.trial import Trial, try_rules
from competition.rules.amending import in_the_way
from competition.rules.differences import Difference, differences
from competition.store.games import Edition
from competition.web import gates, matrix
from competition.web.said import sheet_title
from competition.web.views import Text

SHOWN = 60
"""Findings on the page; a file with more has one cause."""


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition of an event's rules."""

    n: int
    digest: str
    filed_at: str
    frozen_at: str | None
    now: bool


@dataclass(frozen=True, slots=True)
class MoveLine:
    """An entry by code that would move: place, total and award before and after."""

    code: str
    places: tuple[str, str]
    totals: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a text. `digest` is "" while there are errors; `obstacles`: why it can't follow once there are marks."""

    digest: str
    findings: tuple[Finding, ...]
    more: int
    explained: str
    differences: tuple[Difference, ...]
    wording: int
    trial: Trial | None = None
    moves: tuple[MoveLine, ...] = ()
    sheets: tuple[tuple[str, str, Text], ...] = ()
    obstacles: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesPage:
    """/desk/events/{id}/rules. `frozen`: when the first mark froze the rules."""

    id: str
    name: Text
    edition: str
    template: bool
    editions: tuple[EditionLine, ...]
    frozen: str | None
    library: tuple[str, ...]
    sheets: tuple[tuple[str, str, Text], ...]
    explained: str
    text: str
    origin: Text
    checked: Checked | None
    asked: judging.Amendment | None
    asked_checked: Checked | None
    may_answer: bool


@dataclass(frozen=True, slots=True)
class Brought:
    """A text that somebody brought ("": nobody did): where from, the rules it makes if it has no errors, and what was noticed."""

    text: str
    origin: Text
    rules: rules.Rules | None
    findings: tuple[Finding, ...]


def rules_view(
    conn: sa.Connection, event_id: str, roles: frozenset[str], lang: Any, library: list[str], brought: Brought
) -> RulesPage:
    """The page of one event for somebody with these roles there."""
    law = store.thawed(conn, event_id)
    query = sa.select(Edition).where(Edition.event_id == event_id).order_by(Edition.n)
    editions = tuple(
        EditionLine(row.n, row.digest, row.filed_at, row.frozen_at, row.digest == law.digest)
        for row in conn.execute(query)
    )
    asked = judging.asked_edition(conn, event_id)
    wanted = store.thawed_edition(conn, event_id, asked.digest) if asked else None

    def checked(new: rules.Rules | None, findings: tuple[Finding, ...]) -> Checked:
        return _checked(conn, event_id, law, new, findings, roles, lang)

    return RulesPage(
        id=event_id,
        name=gates.event_name(conn, event_id),
        edition=law.edition,
        template=law.template,
        editions=editions,
        frozen=judging.frozen_at(conn, event_id),
        library=tuple(library),
        sheets=_sheets(law),
        explained=rules.explain(law, lang),
        text=brought.text,
        origin=brought.origin,
        checked=checked(brought.rules, brought.findings) if brought.text else None,
        asked=asked,
        asked_checked=checked(wanted, ()) if wanted else None,
        may_answer=judging.may(roles, "amend"),
    )


def _checked(
    conn: sa.Connection, event_id: str, law: rules.Rules, new: rules.Rules | None, findings: tuple[Finding, ...],
    roles: frozenset[str], lang: Any,
) -> Checked:  # fmt: skip
    if new is None:
        return Checked("", findings[:SHOWN], max(0, len(findings) - SHOWN), "", (), 0)
    told = differences(law, new)
    trial = try_rules(conn, event_id, new) if matrix.may_see_totals(roles) else None
    codes = matrix.codes_of(judging.entries(conn, event_id), judging.progress(conn, event_id)) if trial else {}
    return Checked(
        new.digest,
        findings[:SHOWN],
        max(0, len(findings) - SHOWN),
        rules.explain(new, lang),
        tuple(one for one in told if not one.wording),
        sum(one.wording for one in told),
        trial,
        tuple(
            MoveLine(
                codes[move.entry],
                (_place(move.old.rank, move.old.status), _place(move.new.rank, move.new.status)),
                (move.old.total or "—", move.new.total or "—"),
            )
            for move in (trial.moves.moves if trial else ())
        ),
        _sheets(new),
        tuple(in_the_way(law, new)),
    )


def _sheets(law: rules.Rules) -> tuple[tuple[str, str, Text], ...]:
    return tuple((one.module, one.id, sheet_title(law, one.module, one.id)) for one in law.sheets)


def _place(rank: int | None, status: str) -> str:
    return status or ("—" if rank is None else str(rank))
