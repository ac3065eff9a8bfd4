"""Small rule files as tables, for examples worked by hand: one part, one module, one sheet, unless more is said."""

from typing import Any

from .oracle import Answer, oracle

Rules = dict[str, Any]


def sheet(items: list[dict[str, Any]], panel: str = "jury", combine: str = "mean", **more: Any) -> Rules:
    """A sheet with one section "x"."""
    how = {"method": combine, "least": 1, "absent": "exclude", **more.pop("how", {})}
    return {
        "panel": panel,
        "combine": how,
        "sections": [{"id": "x", "items": items, **more.pop("section", {})}],
        **more,
    }


def points(name: str = "a", top: int = 100, **more: Any) -> dict[str, Any]:
    return {"id": name, "scale": "points", "max": top, "step": 1, **more}


def rules(modules: Rules | None = None, seats: int = 1, **more: Any) -> Rules:
    """`modules`: id -> sheets by id, or a whole module with its "sheets"; in part p."""
    given = modules or {"m": {"s": sheet([points()])}}
    whole = {m: content if "sheets" in content else {"sheets": content} for m, content in given.items()}
    return {
        "panels": {"jury": {"seats": seats}, "clock": {"seats": 1}},
        "parts": {"p": {"weight": 100}},
        "modules": {m: {"part": "p", **content} for m, content in whole.items()},
        "total": {"decide_on": "exact"},
        "ranking": {"shared": "allowed", "keys": [{"by": "total", "best": "high"}]},
        **more,
    }


def scored(data: Rules, marks: dict[str, str], absent: str = "", **rows: dict[str, str]) -> Answer:
    """`marks`: entry -> "m.s.jury.1.a=5 …"; for one module m, sheet s, seat 1 also just "a=5", or "2:a=5" for seat 2.

    `absent`: "entry:seat …"; `rows`: more columns of an entry.
    """
    cells = [(entry, *_place(word)) for entry, text in marks.items() for word in text.split()]
    away = [(one.split(":")[0], f"jury.{one.split(':')[1]}") for one in absent.split()]
    entries = [{"entry": name, "status": "", **rows.get(name, {})} for name in marks if name != "*"]
    return oracle(data, cells, entries, away)


def _place(word: str) -> tuple[str, str, str, str, str]:
    where, value = word.split("=")
    if "." in where:
        module, name, panel, seat, item = where.split(".")
        return module, name, f"{panel}.{seat}", item, value
    seat, _, item = where.rpartition(":")
    return "m", "s", f"jury.{seat or 1}", item, value
