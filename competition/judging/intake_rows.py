"""Writing the rows of a confirmed import: chains, units, the programme. People have files of their own.

Every row leaves the line in the ledger that the act for one row leaves: ids only, never a name, never a unit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from competition.errors import Conflict
from competition.judging import setup
from competition.judging.acts import RngBytes, note
from competition.judging.intake_officials import remove_officials, write_officials
from competition.judging.intake_people import remove_contestants, write_contestants
from competition.judging.officials import Official
from competition.judging.on_record import Facts
from competition.judging.steps import Steps
from competition.registers import Difference
from competition.store import remember
from competition.store.games import Chain, Edition, Event, Games, JobType, Seat, Unit


@dataclass(frozen=True, slots=True)
class Writing:
    """Who writes, when, and with what."""

    steps: Steps
    by: Official
    at: datetime
    rng_bytes: RngBytes
    facts: Facts


def write_rows(w: Writing, register: str, rows: Sequence[Difference]) -> None:
    """New and changed rows of one register."""
    writers: dict[str, Callable[[Writing, Sequence[Difference]], None]] = {
        "chains": lambda w, rows: _named(w, Chain, "chain", rows),
        "units": lambda w, rows: _named(w, Unit, "unit", rows),
        "programme": _programme,
        "officials": write_officials,
        "contestants": write_contestants,
    }
    if rows:
        writers[register](w, rows)


def remove_gone(w: Writing, register: str, rows: Sequence[Difference]) -> None:
    """Take rows out that the file no longer has. Conflict, and nothing removed, if anything depends on one of them."""
    if register == "contestants":
        return remove_contestants(w, rows)
    if register == "officials":
        return remove_officials(w, rows)
    for one in rows:
        w.steps.remove({"chains": Chain, "units": Unit, "programme": JobType}[register], {"id": one.key})
        note(
            w.steps.conn,
            None,
            f"{register}-removed",
            w.by,
            w.at,
            **({} if register == "units" else {"id": one.key}),
        )


def _named(w: Writing, model: type[Chain] | type[Unit], kind: str, rows: Sequence[Difference]) -> None:
    games = _games(w)
    new = [one.after for one in rows if one.change == "new"]
    w.steps.make(
        model,
        [
            {"id": row["id"], "games_id": games, "name_zh": row["name"], "name_en": row.get("name_en", "")}
            for row in new
        ],
    )
    for one in rows:
        if one.change == "changed":
            w.steps.set(model, {"id": one.key}, {"name_zh": one.after["name"], "name_en": one.after.get("name_en", "")})
        # Units stay out of the ledger, so the act does not say which.
        note(w.steps.conn, None, kind, w.by, w.at, **({"chain": one.key} if kind == "chain" else {}))


def _programme(w: Writing, rows: Sequence[Difference]) -> None:
    # Numbers are unique: those that move are parked above every legal one first.
    for n, one in enumerate(rows):
        if "number" in one.fields:
            w.steps.set(JobType, {"id": one.key}, {"number": 1_000_000 + n})
    for one in rows:
        row = one.after
        values = {"number": int(row["number"]), "name_zh": row["name"], "name_en": row.get("name_en", "")}
        values |= {"chain_id": row.get("chain") or None}
        if one.change == "new":
            w.steps.make(JobType, [{"id": one.key, **values}])
        else:
            w.steps.set(JobType, {"id": one.key}, values)
        note(w.steps.conn, None, "job-type", w.by, w.at, job_type=one.key)
    for one in rows:
        if one.after.get("rules") and one.after["rules"] != one.before.get("rules", ""):
            _open_event(w, one.key, one.after["rules"])


def _open_event(w: Writing, job_type: str, folder: str) -> None:
    """An event of the job type's name under the rules of this folder."""
    conn, rules = w.steps.conn, w.facts.library.rules(folder)
    if rules is None:
        raise Conflict(f"规则文件“{folder}”不能用。", f"The rule file “{folder}” can't be used.")
    remember(rules)
    setup.open_event(conn, job_type, _games(w), rules, w.by, w.at, w.rng_bytes)
    w.steps.note_made(Event, [{"id": job_type}])
    w.steps.note_made(Edition, [{"event_id": job_type, "digest": rules.digest}])
    w.steps.note_made(Seat, [{"id": seat.id} for seat in setup.seats(conn, job_type)])
    w.steps.set(Event, {"id": job_type}, {"job_type_id": job_type})


def _games(w: Writing) -> str:
    """The games that are being set up: the latest there are."""
    id = w.steps.conn.scalar(select(Games.id).order_by(Games.year.desc(), Games.id.desc()).limit(1))
    if id is None:
        raise Conflict(
            "还没有运动会，请先填写名称、主办单位和年份。",
            "There are no games yet: enter their name, host and year first.",
        )
    return id
