"""A release is computed again from the ledger as it stood then, whatever happened since; a tampered one is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from competition import judging
from competition.judging.verification import result_at, verify_releases
from tests.judging.conftest import EVENT, Hall
from tests.judging.test_certificate_changes import revise, with_certificates
from tests.laid_out import LaidOut


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    """Two finals of one event: the second without the entry that was first."""
    with laid_out.copy(with_certificates, tmp_path / "competition.sqlite") as hall:
        revise(hall, 0)
        yield hall


def test_every_release_is_computed_again_as_it_was(hall: Hall) -> None:
    assert hall.read(verify_releases, EVENT) == []
    first, second = (one for one in hall.read(judging.releases, EVENT) if one.kind == "final")
    old, new = (hall.read(result_at, release) for release in (first, second))
    assert [old.standing(entry).rank for entry in hall.entries] == [1, 2, 3]
    assert old.standings != new.standings
    assert new.standing(hall.entries[0]).status == "dsq"
    hall.ruled("absence", "illness", seat="taste.1", entry=hall.entries[2])
    hall.ruled("status", "later", entry=hall.entries[1], status="void")
    assert hall.read(verify_releases, EVENT) == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE release SET rows = replace(rows, '\"rank\":1', '\"rank\":2') WHERE kind = 'final'", "rows"),
        ("UPDATE release SET document = x'7b7d' WHERE kind = 'notice'", "document"),
        (
            "UPDATE sample_key SET answers = replace(answers, '西湖龙井', '碧螺春'), at = '2026-12-31T00:00:00.000Z'",
            "differs",
        ),
        ('UPDATE entry SET attributes = \'{"admitted":"final"}\'', ""),
        ("UPDATE sheet SET marks = '{}'", ""),
    ],
)
def test_what_was_tampered_with_is_named_and_what_a_release_does_not_rest_on_is_not(
    hall: Hall, sql: str, said: str
) -> None:
    def look(conn: Connection) -> list[str]:
        conn.exec_driver_sql(sql)
        found = [str(one) for one in verify_releases(conn, EVENT)]
        conn.rollback()
        return found

    with hall.engine.connect() as conn:
        found = look(conn)
    assert bool(found) == bool(said), found
    assert all(said in one for one in found[:1])


def test_a_mark_changed_in_the_ledger_changes_what_is_computed(hall: Hall) -> None:
    with hall.engine.connect() as conn:
        for name in conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            conn.exec_driver_sql(f'DROP TRIGGER "{name}"')
        conn.exec_driver_sql("UPDATE ledger SET body = replace(body, '\"7.5\"', '\"1\"') WHERE kind = 'mark'")
        found = [str(one) for one in verify_releases(conn, EVENT)]
        conn.rollback()
    assert len(found) == 4  # two notices, two finals
    assert all("重算" in one for one in found)
