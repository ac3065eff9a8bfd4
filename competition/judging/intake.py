"""Bringing a file of registers in: kept as a draft, checked as often as wanted, confirmed once as it was shown, undone as a whole.

Nothing of a draft is in the registers. What is confirmed is exactly the plan that was shown: its digest covers the file, the cells
mended on screen, and everything that was on record when it was compared.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from competition.errors import Conflict, NotFound
from competition.judging.acts import RngBytes, new_id, note
from competition.judging.identities import Vault
from competition.judging.intake_rows import Writing, remove_gone, write_rows
from competition.judging.officials import Official, permit
from competition.judging.on_record import Facts, known, rows
from competition.judging.steps import Steps, take_back
from competition.registers import REGISTERS, Difference, Reading, compare, read_upload
from competition.registers.known import Known
from competition.store import canonical, digest_of, people, stamp
from competition.store.games import Seat
from competition.store.people import Intake

Counts = Mapping[str, Mapping[str, int]]
"""Register -> change -> how many rows."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it was brought, and what was mended on screen since."""

    id: str
    file_name: str
    raw: bytes
    fixes: Mapping[str, str]
    confirmed_at: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What confirming a draft would do. `base` is the digest of what was on record, `digest` that of the whole plan."""

    reading: Reading
    differences: Mapping[str, list[Difference]]
    known: Known
    base: str
    digest: str

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many rows of each register are new, changed, gone or the same."""
        return {
            register: {
                change: sum(one.change == change for one in each) for change in ("new", "changed", "gone", "same")
            }
            for register, each in self.differences.items()
        }


@dataclass(frozen=True, slots=True)
class IntakeLine:
    """A confirmed import in a list. `undoable` while its steps are kept."""

    id: str
    at: str
    by: str
    file_name: str
    counts: Counts
    undone_at: str | None
    undoable: bool


def bring(
    conn: Connection, raw: bytes, file_name: str, by: Official, at: datetime, rng_bytes: RngBytes, vault: Vault
) -> str:
    """Keep an uploaded file as a draft, encrypted; answer its id. Earlier drafts of the same official are emptied."""
    permit(conn, by, "intake", None)
    id = new_id(rng_bytes)
    mine = (Intake.official_id == by.id, Intake.confirmed_at.is_(None))
    conn.execute(update(Intake).where(*mine).values(content=None, fixes=None))
    conn.execute(
        insert(Intake).values(
            id=id, official_id=by.id, at=stamp(at), content=vault.seal(raw, id, "intake"),
            file_name=vault.seal(file_name[:120].encode(), id, "file_name"), digest=hashlib.sha256(raw).hexdigest(), counts="{}",
        )
    )  # fmt: skip
    return id


def draft(conn: Connection, id: str, by: Official, vault: Vault) -> Draft:
    """A draft as it is. NotFound once it was replaced by another or emptied."""
    permit(conn, by, "intake", None)
    row = conn.execute(select(Intake).where(Intake.id == id)).first()
    if row is None or (row.content is None and row.confirmed_at is None):
        raise NotFound(
            "这份文件已被后来的文件取代，请重新选择文件。", "This file was replaced by a later one. Choose it again."
        )
    raw = vault.open(row.content, id, "intake") if row.content else b""
    fixes = json.loads(vault.open(row.fixes, id, "fixes")) if row.fixes else {}
    return Draft(id, _name(row, vault), raw, fixes, row.confirmed_at)


def mend(conn: Connection, id: str, fixes: Mapping[str, str], by: Official, at: datetime, vault: Vault) -> None:
    """Mend cells of a draft, or leave rows out; later fixes of a cell replace earlier ones."""
    now = draft(conn, id, by, vault)
    if now.confirmed_at:
        raise Conflict("这份文件已经导入。", "This file has been imported already.")
    sealed = vault.seal(canonical({**now.fixes, **fixes}), id, "fixes")
    conn.execute(update(Intake).where(Intake.id == id).values(fixes=sealed))


def plan(conn: Connection, draft: Draft, facts: Facts) -> Plan:
    """What the draft would do now. CompetitionError if the file can't be read."""
    there = known(conn, facts)
    base = digest_of(there.rows)
    reading = read_upload(draft.raw, draft.file_name, there, draft.fixes)
    differences = {register: compare(sheet, there) for register, sheet in reading.sheets.items()}
    reading.faults.sort(key=lambda one: (one.severity, one.register, one.line))
    digest = digest_of([hashlib.sha256(draft.raw).hexdigest(), draft.fixes, base])
    return Plan(reading, differences, there, base, digest)


def confirm(
    conn: Connection, id: str, made: Plan, seen: str, remove: Mapping[str, int], by: Official, at: datetime,
    rng_bytes: RngBytes, facts: Facts,
) -> dict[str, dict[str, int]]:  # fmt: skip
    """Write the plan as it was shown, in this one transaction; answer what was done.

    `remove`: register -> how many rows that the file no longer has are to be taken out, typed by the organiser; others stay.
    Conflict if the plan has errors, isn't the one that was shown, or the registers moved on meanwhile.
    """
    permit(conn, by, "intake", None)
    _still(conn, id, made, seen, facts)
    gone = {register: [one for one in each if one.change == "gone"] for register, each in made.differences.items()}
    for register, typed in remove.items():
        if typed != len(gone.get(register, [])):
            raise Conflict(
                f"要删除的行数应为 {len(gone.get(register, []))}，您填的是 {typed}。没有写入，请核对。",
                f"{len(gone.get(register, []))} rows would be removed, you typed {typed}. Nothing was written; check it.",
            )
    steps = Steps(conn)
    writing = Writing(steps, by, at, rng_bytes, facts)
    for one in REGISTERS:
        write_rows(writing, one.id, [d for d in made.differences.get(one.id, []) if d.change in ("new", "changed")])
    for one in reversed(REGISTERS):
        if one.id in remove:
            remove_gone(writing, one.id, gone[one.id])
    counts = {
        register: {"new": each["new"], "changed": each["changed"], "removed": remove.get(register, 0)}
        for register, each in made.counts.items()
    }
    done: dict[str, Any] = {"confirmed_at": stamp(at), "content": None, "fixes": None, "counts": canonical(counts)}
    conn.execute(
        update(Intake).where(Intake.id == id).values(**done, undo=facts.vault.seal(steps.packed(), id, "undo"))
    )
    note(conn, None, "intake", by, at, intake=id, plan=made.digest, counts=counts)
    return counts


def undo(conn: Connection, id: str, by: Official, at: datetime, vault: Vault) -> int:
    """Take a confirmed import back as a whole; answer how many rows. Conflict, and nothing done, if something built on it."""
    permit(conn, by, "intake", None)
    row = conn.execute(select(Intake).where(Intake.id == id)).first()
    if row is None or row.undo is None or row.undone_at is not None:
        raise Conflict("这次导入不能撤销，或已经撤销。", "This import can't be taken back, or has been already.")
    sat = _sitting(conn)
    count = take_back(conn, vault.open(row.undo, id, "undo"))
    for (event, seat), judge in sorted(_sitting(conn).items()):
        if sat.get((event, seat), judge) != judge:
            note(conn, event, "seat", by, at, seat=seat, judge=judge)
    conn.execute(update(Intake).where(Intake.id == id).values(undo=None, undone_at=stamp(at)))
    note(conn, None, "intake-undone", by, at, intake=id, rows=count)
    return count


def intakes(conn: Connection, vault: Vault, limit: int = 10) -> list[IntakeLine]:
    """Confirmed imports, the latest first. Only the latest can be taken back: later ones may build on it."""
    query = (
        select(Intake, people.Official.name.label("by_name"))
        .join(people.Official, people.Official.id == Intake.official_id)
        .where(Intake.confirmed_at.is_not(None))
        .order_by(Intake.confirmed_at.desc(), Intake.id)
        .limit(limit)
    )
    lines: list[IntakeLine] = []
    for row in conn.execute(query):
        last = all(line.undone_at for line in lines)
        undoable = last and row.undo is not None and row.undone_at is None
        lines.append(
            IntakeLine(
                row.id,
                row.confirmed_at,
                row.by_name,
                _name(row, vault),
                json.loads(row.counts),
                row.undone_at,
                undoable,
            )
        )
    return lines


def _sitting(conn: Connection) -> dict[tuple[str, str], str | None]:
    return {(row.event_id, f"{row.panel}.{row.n}"): row.official_id for row in conn.execute(select(Seat))}


def _name(row: Any, vault: Vault) -> str:
    """What the file was called; "" once that was erased. A file's name may well be a person's."""
    return vault.open(row.file_name, row.id, "file_name").decode() if row.file_name else ""


def _still(conn: Connection, id: str, made: Plan, seen: str, facts: Facts) -> None:
    """Conflict unless the plan may be written: shown as it is, no errors, and nothing moved since."""
    row = conn.execute(select(Intake.confirmed_at, Intake.content).where(Intake.id == id)).first()
    if row is None or row.confirmed_at is not None or row.content is None:
        raise Conflict("这份文件已经导入，或已被取代。", "This file has been imported already, or was replaced.")
    if made.reading.errors:
        raise Conflict(
            f"还有 {made.reading.errors} 处错误，没有写入。请改好或略去那些行。",
            f"{made.reading.errors} errors are left; nothing was written. Mend them or leave those rows out.",
        )
    if made.digest != seen or digest_of(rows(conn, facts)) != made.base:
        raise Conflict(
            "内容或登记在检查之后变了，没有写入。请核对新的检查结果，再确认。",
            "The file or the registers changed after the check; nothing was written. Look at the new check, then confirm.",
        )


__all__ = ["Draft", "IntakeLine", "Plan", "bring", "confirm", "draft", "intakes", "mend", "plan", "undo"]
