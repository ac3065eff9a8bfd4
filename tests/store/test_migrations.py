"""Stores from before keep what they hold: a code map in one table, an event decoded whole."""

import json
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from competition import store
from competition.store.engine import MIGRATIONS


def test_codes_of_one_table_find_their_layers_and_stay_open(tmp_path: Path) -> None:
    engine = store.open_store(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with store.writing(engine) as conn:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = conn
        command.upgrade(config, "0005")
        for statement in (
            "INSERT INTO games (id, name_zh, name_en, host, year) VALUES ('g', 'g', 'g', 'h', 2026)",
            "INSERT INTO event (id, games_id, name_zh, name_en, edition_digest, drawn_at, decoded_at)"
            " VALUES ('tea', 'g', 't', 't', 'd', 'then', 'later')",
            "INSERT INTO entry (id, event_id, status, attributes, created_at) VALUES ('e1', 'tea', '', '{}', 'then')",
            "INSERT INTO official (id, username, name, tries) VALUES ('keeper', 'k', 'k', 0), ('witness', 'w', 'w', 0)",
            "INSERT INTO code (entry_id, layer, event_id, code)"
            " VALUES ('e1', 1, 'tea', 'S01'), ('e1', 2, 'tea', 'G01'), ('e1', 3, 'tea', 'P01')",
            "INSERT INTO seed (event_id, role, official_id, words, digest, at)"
            " VALUES ('tea', 'encryptor', 'keeper', 'half', 'd', 'then')",
        ):
            conn.execute(text(statement))
        act = json.dumps({"by": "keeper", "witness": "witness"})
        line = (
            "INSERT INTO ledger (event_id, origin, n, kind, id, body, at, prev, hash)"
            " VALUES ('tea', 'server', 1, 'decode', 'x', :body, 'later', '', '')"
        )
        conn.execute(text(line), {"body": act})
    store.migrate(engine)
    with store.reading(engine) as conn:
        code = store.codes.every_code()
        rows = conn.execute(code.select().order_by(code.c.layer)).all()
        assert [tuple(row) for row in rows] == [
            ("tea", "e1", 1, "S01"),
            ("tea", "e1", 2, "G01"),
            ("tea", "e1", 3, "P01"),
        ]
        opened = conn.execute(text("SELECT layer, at, encryptor_id, supervisor_id FROM opening ORDER BY layer")).all()
        assert [tuple(row) for row in opened] == [(n, "later", "keeper", "witness") for n in (1, 2, 3)]
        assert conn.execute(text("SELECT words, salt FROM seed")).one() == ("half", "")
    engine.dispose()
