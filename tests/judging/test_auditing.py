"""Every kind of tampering with a copied database shows against the heads exported before; an untouched copy shows none.

`THOROUGH=10000 pytest tests/judging/test_auditing.py` for the long run.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from competition import judging
from competition.errors import MarkError
from competition.judging import messages
from competition.judging.auditing import audit, exported, read_export
from competition.judging.games_releases import publish_games_notice
from competition.judging.games_rules import file_games_rules
from tests.judging.conftest import EVENT, Hall
from tests.judging.tampering import Nothing, attack
from tests.judging.test_certificate_changes import ask, confirm, with_certificates
from tests.laid_out import LaidOut

GAMES = """
[[tables]]
id = "units"
name = { zh = "单位榜", en = "Units" }
per = "unit"
count = "medals"
awards = ["first"]
listed = "all"
"""
ATTACKS = int(os.environ.get("THOROUGH", "150"))


@pytest.fixture
def done(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    """An event from the draw to a reissued certificate, its triggers taken off as an attacker would."""
    with laid_out.copy(with_certificates, tmp_path / "competition.sqlite") as hall:
        confirm(hall, ask(hall, hall.read(judging.certificates, EVENT)[0].number, "reissue"))
        organiser = hall.official("organiser")
        hall.do(file_games_rules, GAMES, organiser)
        hall.do(publish_games_notice, organiser, hall.now + timedelta(days=1))
        hall.ruled("absence", "illness", seat="taste.1", entry=hall.entries[2])
        yield hall


def test_whatever_is_changed_shows_against_the_last_export(done: Hall) -> None:
    missed, tried, rng = [], 0, Random(20261123)
    with done.engine.connect() as conn:
        triggers = conn.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in triggers:
            conn.execute(sa.text(f'DROP TRIGGER "{name}"'))
        conn.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        kept = exported(conn)
        assert audit(conn, None, kept) == []
        while tried < ATTACKS:
            before = conn.begin_nested()
            try:
                said = attack(conn, rng)
            except (Nothing, sa.exc.IntegrityError):
                before.rollback()
                continue
            tried += 1
            if not audit(conn, None, kept):
                missed.append(said)
            before.rollback()
        assert audit(conn, None, kept) == []
    assert missed == []


def test_registers_are_compared_with_the_acts_even_after_later_acts(done: Hall) -> None:
    """Without the sums: what decides a result is derived from the ledger, and the finding names the row."""
    kept = done.read(exported)
    done.ruled("status", "late", entry=done.entries[2], status="dns")

    def said(sql: str) -> str:
        with done.engine.connect() as conn:
            conn.exec_driver_sql(sql)
            found = [str(one) for one in audit(conn, None, kept)]
            conn.rollback()
        assert found
        return " ".join(found)

    assert f"{EVENT}/seat taste.1" in said("UPDATE seat SET official_id = NULL WHERE panel = 'taste' AND n = 1")
    assert "edition" in said(
        "UPDATE edition SET canonical = CAST(replace(CAST(canonical AS TEXT), '80', '81') AS BLOB)"
    )
    assert "rows" in said("UPDATE release SET rows = replace(rows, '\"rank\":1', '\"rank\":2') WHERE kind = 'final'")
    assert "document" in said("UPDATE release SET document = x'00' WHERE kind = 'final'")
    assert "codes" in said("UPDATE judging_code SET code = 'P99' WHERE code = 'P01'")
    assert "key" in said("UPDATE sample_key SET answers = replace(answers, '龙井', '碧螺春')")
    assert "certificate" in said(
        "UPDATE certificate SET number = 'SL-2026-042-1-9999-Q' WHERE status = 'valid' AND copy = 1"
    )
    assert "sheet" in said(
        "UPDATE sheet SET marks = replace(marks, '\"8\"', '\"7\"') WHERE rowid = (SELECT max(rowid) FROM sheet)"
    )


def test_an_export_is_read_back_and_its_code_protects_it(done: Hall) -> None:
    kept = done.read(exported)
    stored = json.loads(json.dumps(kept.stored()))
    assert read_export(stored) == kept
    assert len(kept.code) == 23
    for wrong in ([], {}, stored | {"code": "0"}, stored | {"heads": stored["heads"][:-1]}, stored | {"tables": {}}):
        with pytest.raises(MarkError):
            read_export(wrong)
    assert replace(kept, tables={}).code != kept.code


def test_what_tablets_and_browsers_do_beside_the_acts_is_no_tampering(done: Hall) -> None:
    """A mark noted, a message read, a wrong password: none has a line in the ledger, and none may look like a fault."""
    device = done.tablet("taste.2")
    done.do(messages.send_message, EVENT, "请各位裁判静候", done.official("chief"), rng_bytes=done.rng)
    (shown,) = done.read(messages.shown_messages, device)
    kept = done.read(exported)
    done.do(messages.saw_messages, device, [shown["id"]])
    done.do(
        judging.keep_jottings, device, [judging.JottingRow(done.sheets("taste.2")[0].id, "aroma", True, False, "", 1)]
    )
    assert done.read(audit, None, kept) == []
