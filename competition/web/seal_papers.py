"""The records of drawing and opening as papers: what each says, gathered from the store."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from competition import judging, store
from competition.publish.names import called
from competition.publish.records import Record, record
from competition.web.pages import local

LAYER_NAMES = {1: "参赛号 entrant", 2: "工位号 station", 3: "评审号 judging"}
ERASED = "—"


def draw_paper(conn: sa.Connection, templates: Path, event_id: str, at: datetime, stamp: str = "printed") -> bytes:
    """The draw as far as it is: both digests, when, how many, which layers. No code and no name is on it."""
    seal, known = judging.seal_state(conn, event_id), judging.event_line(conn, event_id)
    facts = [("entries", str(len(judging.entries(conn, event_id))))]
    facts += [(half.role, f"{half.digest}（{half.by}，{local(half.at)}）") for half in seal.commitments]
    if seal.drawn_at and seal.digest:
        layers = " · ".join(LAYER_NAMES[layer] for layer in seal.layers)
        facts += [("layers", layers), ("drawn", local(seal.drawn_at, "second")), ("map", seal.digest)]
    return _paper(conn, templates, known, "draw", facts, (), (), at, stamp=stamp)


def map_paper(
    conn: sa.Connection, templates: Path, event_id: str, drawn: tuple[list[tuple[judging.CodeLine, judging.LayerLine]], str],
    at: datetime,
) -> bytes:  # fmt: skip
    """The whole map with names, for the envelope."""
    lines, digest = drawn
    seal, known = judging.seal_state(conn, event_id), judging.event_line(conn, event_id)
    columns = (*(f"code{layer}" for layer in seal.layers), "name", "unit")
    rows = sorted((*line.codes, called(who.names, who.team) or ERASED, who.unit or "") for line, who in lines)
    return _paper(
        conn, templates, known, "map", [("entries", str(len(rows))), ("map", digest)], columns, rows, at, True
    )


def layer_record(
    conn: sa.Connection, templates: Path, event_id: str, layer: int, at: datetime, stamp: str = "printed"
) -> bytes:
    """One opened layer: its codes and what lies beneath them. Conflict while it is sealed."""
    lines = judging.layer_lines(conn, event_id, layer)
    seal, known = judging.seal_state(conn, event_id), judging.event_line(conn, event_id)
    act = next(one for one in seal.opened if one.layer == layer)
    beneath = max((one for one in seal.layers if one < layer), default=None)
    facts = [
        ("entries", str(len(lines))),
        ("opened", local(act.at, "second")),
        ("by", f"{act.encryptor} / {act.supervisor}"),
        ("map", seal.digest or ""),
    ]
    if beneath is None:
        halves = {one["role"]: one["words"] for one in judging.draw_record(conn, event_id)["halves"]}
        facts.append(("words", f"{halves['encryptor']} / {halves['supervisor']}"))
    columns = (f"code{layer}", "name", "unit") if beneath is None else (f"code{layer}", f"code{beneath}")
    rows: list[tuple[str, ...]] = [
        (one.code, called(one.names, one.team) or ERASED, one.unit or "")
        if beneath is None
        else (one.code, one.beneath or "")
        for one in lines
    ]
    return _paper(conn, templates, known, f"layer{layer}", facts, columns, rows, at, stamp=stamp)


def _paper(
    conn: sa.Connection, templates: Path, known: judging.EventLine, kind: str, facts: list[tuple[str, str]],
    columns: tuple[str, ...], rows: list[tuple[str, ...]] | tuple[()], at: datetime, sealed: bool = False,
    stamp: str = "printed",
) -> bytes:  # fmt: skip
    top = store.head(conn, known.id)
    return record(
        templates,
        Record(
            kind=kind,
            games=known.games_zh,
            event=known.name_zh,
            facts=facts,
            columns=columns,
            rows=rows,
            signs=("encryptor", "supervisor", "chief", "time"),
            head=f"{top.event_id}/{top.origin} {top.n} {top.hash}",
            printed_at=local(at, "second"),
            sealed=sealed,
            stamp=stamp,
        ),
    )
