"""A programme as a file: what the desk of one games hands to the desk of the next (沿用上届). Nobody and no mark is in it."""

import re
from typing import Annotated

import msgspec

from competition.errors import MarkError
from competition.judging.renewal import EventCopied, Programme
from competition.judging.setup import Name
from competition.rules import Rules, thaw

FORMAT = "competition-programme-1"
MOST_BYTES = 30_000_000
"""A games of 108 job types takes about 2 MB."""

Said = Annotated[str, msgspec.Meta(max_length=200)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[\w.\-]+$")]


class _Named(msgspec.Struct, forbid_unknown_fields=True):
    """A chain or a unit."""

    id: Id
    zh: Said
    en: Said


class _Job(_Named, forbid_unknown_fields=True):
    """A job type with its number in the games' list."""

    number: Annotated[int, msgspec.Meta(ge=1, le=999)]
    chain: Id | None


class _Event(_Named, forbid_unknown_fields=True):
    """An event. `rules`: the canonical text of the edition in force; `places`: module, slot, station."""

    venue: Said
    rules: str
    places: Annotated[list[tuple[Id, int, Said]], msgspec.Meta(max_length=5000)]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    format: str
    zh: Said
    en: Said
    host: Said
    year: int
    chains: Annotated[list[_Named], msgspec.Meta(max_length=200)]
    units: Annotated[list[_Named], msgspec.Meta(max_length=5000)]
    jobs: Annotated[list[_Job], msgspec.Meta(max_length=999)]
    events: Annotated[list[_Event], msgspec.Meta(max_length=999)]
    tables: str = ""


def programme_text(one: Programme) -> bytes:
    """The file of a programme."""
    file = _File(
        FORMAT, *one.name, one.host, one.year,
        [_Named(id, *name) for id, name in one.chains],
        [_Named(id, *name) for id, name in one.units],
        [_Job(id, *name, number, chain) for id, number, name, chain in one.jobs],
        [
            _Event(event.id, *event.name, event.venue, event.rules.canonical.decode(), list(event.places))
            for event in one.events
        ],
        one.tables,
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(file), indent=1)


def read_programme(raw: bytes) -> Programme:
    """The programme in a file. MarkError when it isn't one; RuleError when rules in it can't be read any more."""
    if not raw:
        raise MarkError("还没有选择文件，或文件是空的。", "No file was chosen, or it is empty.")
    if len(raw) > MOST_BYTES:
        raise MarkError("文件太大，不是筹备文件。", "The file is too large for a programme.")
    try:
        file = msgspec.json.decode(raw, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError) as wrong:
        raise _not_one(re.sub(r"^.* - at ", "", str(wrong))) from wrong
    if file.format != FORMAT:
        raise _not_one("format")
    chains = {chain.id for chain in file.chains}
    if lost := next((job.id for job in file.jobs if job.chain is not None and job.chain not in chains), None):
        raise _not_one(f"jobs: {lost}")
    for name, listed in (("chains", file.chains), ("units", file.units), ("jobs", file.jobs), ("events", file.events)):
        if len({one.id for one in listed}) < len(listed):
            raise _not_one(name)
    return Programme(
        (file.zh, file.en), file.host, file.year,
        tuple((one.id, _name(one)) for one in file.chains),
        tuple((one.id, _name(one)) for one in file.units),
        tuple((one.id, one.number, _name(one), one.chain) for one in file.jobs),
        tuple(
            EventCopied(one.id, _name(one), one.venue, _rules(one), tuple(one.places)) for one in file.events
        ),
        file.tables,
    )  # fmt: skip


def _rules(event: _Event) -> Rules:
    try:
        return thaw(event.rules.encode())
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as wrong:
        raise _not_one(f"events: {event.id}") from wrong


def _name(one: _Named) -> Name:
    return one.zh, one.en


def _not_one(where: str) -> MarkError:
    return MarkError(
        f"这不是筹备文件，或已被改动（{where}）。请在上届系统的“筹备总览”重新导出。",
        f"This is no programme file, or it was changed ({where}). Export it again from last year's Setting up page.",
    )
