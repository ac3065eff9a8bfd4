"""A store from before there was a second person: what its clerks keyed counts as keyed once, as a rebuild would tell it."""

import importlib.util
from typing import Any

from sqlalchemy import text

from competition import judging
from competition.store.engine import MIGRATIONS
from tests.judging.conftest import Hall


def revision() -> Any:
    """The migration that brought the column."""
    spec = importlib.util.spec_from_file_location("keyed_twice", MIGRATIONS / "versions" / "0003_keyed_twice.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_sheets_keyed_before_are_keyed_once(hall: Hall) -> None:
    sheet, other, _ = hall.sheets("taste.1")
    values = {"aroma": "6", "taste": "7", "variety": "龙井"}
    hall.do(judging.key_marks, sheet.id, values, hall.official("clerk"), "按纸质表录入")
    hall.fill(hall.tablet(), other.id)

    def as_it_was(conn: Any, at: Any) -> None:
        conn.execute(text("UPDATE sheet SET keyed = '{}'"))

    hall.do(as_it_was)
    assert hall.findings() != []
    hall.do(lambda conn, at: revision()._fill(conn))
    assert hall.sheet(sheet.id).keyed == {"by": [hall.official("clerk").id]}
    assert hall.sheet(other.id).keyed == {}
    assert hall.findings() == []
