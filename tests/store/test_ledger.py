"""The ledger: one chain per event, refused changes, and the first broken line named."""

import pytest
from sqlalchemy import Connection, Engine, exc

from competition import store
from competition.store import Head
from tests.store.conftest import AT


@pytest.fixture
def ledger(engine: Engine) -> Engine:
    """Five lines in one chain, two in another."""
    with store.writing(engine) as conn:
        for n in range(5):
            store.append(conn, "tea", "mark", None, {"value": str(n), "说明": "甲"}, AT)
        store.append_all(conn, "coffee", [("mark", None, {"value": "1"}), ("mark", None, {"value": "2"})], AT)
    return engine


def tamper(engine: Engine, *statements: str) -> list[str]:
    """Change the file behind the program's back; answer what the audit says."""
    with store.writing(engine) as conn:
        kept = store.heads(conn)
        conn.exec_driver_sql("DROP TRIGGER ledger_keeps_lines")
        conn.exec_driver_sql("DROP TRIGGER ledger_keeps_all_lines")
        for statement in statements:
            conn.exec_driver_sql(statement)
        return [str(finding) for finding in store.verify(conn, None, kept)]


def test_a_sound_ledger_has_no_findings(ledger: Engine) -> None:
    with store.reading(ledger) as conn:
        assert store.verify(conn, None, store.heads(conn)) == []
        assert [(head.event_id, head.n) for head in store.heads(conn)] == [("coffee", 2), ("tea", 5)]


@pytest.mark.parametrize("statement", ["UPDATE ledger SET body='{}' WHERE n=2", "DELETE FROM ledger WHERE n=2"])
def test_the_database_refuses_to_change_a_line(ledger: Engine, statement: str) -> None:
    with pytest.raises(exc.IntegrityError, match="append-only"), store.writing(ledger) as conn:
        conn.exec_driver_sql(statement)


CHANGED = "UPDATE ledger SET body=replace(body, '2', '9') WHERE event_id='tea' AND n=3"
SWAPPED = (
    "UPDATE ledger SET n=-1 WHERE event_id='tea' AND n=2",
    "UPDATE ledger SET n=2 WHERE event_id='tea' AND n=3",
    "UPDATE ledger SET n=3 WHERE event_id='tea' AND n=-1",
)
INSERTED = (
    "UPDATE ledger SET n=-n-1 WHERE event_id='tea' AND n>=3",
    "UPDATE ledger SET n=-n WHERE event_id='tea' AND n<0",
    "INSERT INTO ledger (event_id, origin, n, kind, id, body, at, prev, hash) SELECT event_id, origin, 3, kind, 'f', "
    "body, at, hash, 'x' FROM ledger WHERE event_id='tea' AND n=2",
)


@pytest.mark.parametrize(
    ("statements", "line", "words"),
    [
        ((CHANGED,), 3, "was changed"),
        (("DELETE FROM ledger WHERE event_id='tea' AND n=4",), 4, "was deleted"),
        (SWAPPED, 2, "reordered"),
        (INSERTED, 3, "changed|inserted"),
        (("DELETE FROM ledger WHERE event_id='tea' AND n>3",), 4, "cut short"),
        (("DELETE FROM ledger WHERE event_id='tea'",), 1, "cut short"),
        (("UPDATE ledger SET event_id='other' WHERE event_id='coffee'",), 1, "inserted or reordered"),
    ],
)
def test_the_first_broken_line_is_named(ledger: Engine, statements: tuple[str, ...], line: int, words: str) -> None:
    findings = tamper(ledger, *statements)
    broken = [finding for finding in findings if f"#{line}:" in finding]
    assert broken
    assert any(word in broken[-1] for word in words.split("|"))


def test_a_chain_rewritten_whole_shows_against_a_kept_head(ledger: Engine) -> None:
    def rewrite(conn: Connection) -> None:
        for value in "98765":
            store.append(conn, "tea", "mark", None, {"value": value}, AT)

    with store.writing(ledger) as conn:
        kept = store.heads(conn)
        conn.exec_driver_sql("DROP TRIGGER ledger_keeps_all_lines")
        conn.exec_driver_sql("DELETE FROM ledger WHERE event_id='tea'")
        rewrite(conn)
        assert store.verify(conn, "tea") == []
        assert "rewritten" in str(store.verify(conn, "tea", kept)[0])
        assert store.verify(conn, "coffee", kept) == []


def test_an_id_is_used_once(ledger: Engine) -> None:
    with store.writing(ledger) as conn:
        store.append(conn, "tea", "mark", "a" * 32, {}, AT)
    with pytest.raises(exc.IntegrityError), store.writing(ledger) as conn:
        store.append(conn, "coffee", "mark", "a" * 32, {}, AT)


def test_one_value_has_one_text() -> None:
    assert store.canonical({"b": 1, "a": ["评分", None]}) == '{"a":["评分",null],"b":1}'
    assert Head("tea", "server", 0, "x") == Head("tea", "server", 0, "x")
