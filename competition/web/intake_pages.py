"""The intake pages' values: made from a plan, page by page. Plans are kept in memory while nothing they rest on changes."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TypeVar

import sqlalchemy as sa

from competition import judging
from competition.errors import CompetitionError
from competition.judging import intake
from competition.judging.on_record import Facts, counted, exported, known, rows, shown
from competition.publish.typefaces import FontName, setting
from competition.registers import REGISTERS, Difference, Register
from competition.store.games import Games
from competition.web import registers as house
from competition.web.intake_views import (
    PAGE,
    SHOWS,
    CellChange,
    CheckPage,
    CountLine,
    DiffLine,
    IntakeHome,
    Pager,
    RegisterCount,
)

FACES = (FontName("LXGW WenKai"), FontName("Noto Serif CJK SC"))
"""What a certificate's names are set in (certificates/award)."""
KEPT = 4
"""Plans kept: a 4,000-row file takes a second to check, and every page of it is asked for."""
T = TypeVar("T")


class Checks:
    """What checking needs beside the store, and the plans made lately."""

    def __init__(self, var: Path, rules: Path) -> None:
        self._key = var / "keys" / "identity.key"
        self._library = judging.Library(rules)
        self._plans: dict[tuple[object, ...], intake.Plan] = {}
        self._lock = Lock()

    def facts(self, conn: sa.Connection) -> Facts:
        """The vault, the rule files, and what fonts can print."""
        return Facts(judging.open_vault(self._key, conn, secrets.token_bytes), self._library, unprintable)

    def rule_folders(self) -> list[str]:
        """Names of the rule files there are, for a template's drop-down."""
        return self._library.names()

    def plan(self, conn: sa.Connection, draft: intake.Draft) -> intake.Plan:
        """What a draft would do; from memory if neither it nor the ledger moved on."""
        key = (draft.id, len(draft.fixes), tuple(sorted(draft.fixes.items())), house.ledger_length(conn))
        with self._lock:
            if key not in self._plans:
                made = intake.plan(conn, draft, self.facts(conn))
                self._plans = {**dict(list(self._plans.items())[1 - KEPT :]), key: made}
            return self._plans[key]


def home(conn: sa.Connection, checks: Checks) -> IntakeHome:
    """What is on record, register by register."""
    facts = checks.facts(conn)
    there = counted(conn)
    games = conn.execute(sa.select(Games).order_by(Games.year.desc(), Games.id.desc()).limit(1)).first()
    return IntakeHome(
        games={"zh": games.name_zh, "en": games.name_en} if games else None,
        registers=tuple(RegisterCount(one.id, one.name, there[one.id]) for one in REGISTERS),
        imports=tuple(intake.intakes(conn, facts.vault)),
        names={one.id: one.name for one in REGISTERS},
    )


def check_page(plan: intake.Plan, draft: intake.Draft, show: str, wanted: str, page: int) -> CheckPage:
    """One page of one list of a checked file."""
    counts = tuple(_counts(plan, one) for one in REGISTERS if one.id in plan.reading.sheets)
    if show not in SHOWS:
        show = "faults" if plan.reading.faults else _first_change(counts)
    chosen = next((line for line in counts if line.id == wanted), None) or _first_with(counts, show)
    errors = [one for one in plan.reading.faults if one.severity == "error"]
    of_register = chosen.id if chosen else ""
    faults = [one for one in plan.reading.faults if not wanted or one.register == wanted]
    listed = [one for one in plan.differences.get(of_register, []) if one.change == show]
    pager = _pager(len(faults) if show == "faults" else len(listed), page)
    own = plan.reading.sheets.get(of_register)
    return CheckPage(
        id=draft.id,
        file_name=draft.file_name,
        digest=plan.digest,
        counts=counts,
        errors=len(errors),
        warnings=len(plan.reading.faults) - len(errors),
        faulty_rows=len(faulty_rows(plan)),
        mended=len(draft.fixes),
        show=show,
        register=wanted if show == "faults" else of_register,
        faults=tuple(_cut(faults, pager)) if show == "faults" else (),
        columns=tuple(field.name for field in own.register.fields) if own and show != "faults" else (),
        lines=_lines(plan, own.register, _cut(listed, pager)) if own and show != "faults" else (),
        pager=pager,
    )


def faulty_rows(plan: intake.Plan) -> list[str]:
    """Addresses of the rows that have an error: 选手!17."""
    found = {
        f"{one.sheet}!{one.line}" for one in plan.reading.faults if one.severity == "error" and one.line and one.column
    }
    return sorted(found)


def export_tables(
    conn: sa.Connection, checks: Checks, wanted: str
) -> tuple[list[tuple[Register, Sequence[Mapping[str, str]]]], dict[str, list[str]]]:
    """The registers to write (all, or one) as people read them, and what the drop-downs offer."""
    facts = checks.facts(conn)
    there, about = rows(conn, facts), known(conn, facts)
    out = exported(there, about)
    choices = {
        "chains": [row["name"] for row in there["chains"]],
        "units": [row["name"] for row in there["units"]],
        "events": [event.names[0] for event in about.events.values()],
    }
    return [(one, out[one.id]) for one in REGISTERS if wanted in ("", one.id)], choices


def unprintable(text: str) -> Iterable[str]:
    """Characters that none of the fonts of names has; nothing is said on a machine without the fonts."""
    return _missing(text) if any(ord(c) > 0x7F for c in text) else ()


@lru_cache(maxsize=20_000)
def _missing(text: str) -> tuple[str, ...]:
    try:
        return setting(text, FACES).missing
    except CompetitionError:
        return ()


def _counts(plan: intake.Plan, one: Register) -> CountLine:
    faults = [fault.severity for fault in plan.reading.faults if fault.register == one.id]
    sheet = plan.reading.sheets[one.id].table.sheet.name
    return CountLine(one.id, one.name, sheet, plan.counts[one.id], faults.count("error"), faults.count("warning"))


def _first_change(counts: Sequence[CountLine]) -> str:
    return next((change for change in SHOWS[1:] for line in counts if line.counts[change]), "same")


def _first_with(counts: Sequence[CountLine], show: str) -> CountLine | None:
    """The register with the most rows to show; people come before units."""
    return max(counts, key=lambda line: line.counts.get(show, 0), default=None)


def _pager(count: int, page: int) -> Pager:
    pages = max(-(-count // PAGE), 1)
    page = min(max(page, 1), pages)
    return Pager(page, pages, count, min((page - 1) * PAGE + 1, count), min(page * PAGE, count))


def _cut(listed: Sequence[T], pager: Pager) -> Sequence[T]:
    return listed[max(pager.first - 1, 0) : pager.last]


def _lines(plan: intake.Plan, about: Register, listed: Sequence[Difference]) -> tuple[DiffLine, ...]:
    """Rows as people read them. A newcomer has no system number yet."""
    names = {
        name: {id: plan.known.name_of(name, id) for id in set(plan.known.names.get(name, {}).values())}
        for name in ("units", "chains", "events")
    }

    def read(values: Mapping[str, str]) -> Mapping[str, str]:
        said = shown(values, names, names["events"], plan.known)
        return {**said, "person": "" if values.get("person", "").startswith("new:") else values.get("person", "")}

    made = []
    for one in listed:
        before, after = read(one.before), read(one.after) if one.after else {}
        kept = before if one.change == "gone" else after
        cells = tuple(
            CellChange(before.get(f.id, "") if f.id in one.fields else kept.get(f.id, ""), kept.get(f.id, ""))
            for f in about.fields
        )
        made.append(DiffLine(one.line, cells))
    return tuple(made)


__all__ = ["Checks", "check_page", "export_tables", "faulty_rows", "home"]
