"""Opening a store: tables as the mappings say, durable pragmas, readers that cannot write, one server per file."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, exc

from competition import store
from competition.errors import Conflict
from competition.store.engine import MIGRATIONS


def test_migrations_from_nothing_give_the_mapped_tables(tmp_path: Path) -> None:
    engine = store.open_store(f"sqlite:///{tmp_path / 'new.sqlite'}")
    store.migrate(engine)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, store.Base.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    store.migrate(engine)


def test_no_column_is_a_float(engine: Engine) -> None:
    types = {str(column.type) for table in store.Base.metadata.tables.values() for column in table.columns}
    assert types <= {"TEXT", "INTEGER", "BLOB", "BOOLEAN"}


def test_acknowledged_means_durable(engine: Engine) -> None:
    with engine.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_reader_changes_nothing_and_leaves_the_connection_usable(engine: Engine) -> None:
    with store.reading(engine) as conn, pytest.raises(exc.OperationalError, match="readonly"):
        conn.exec_driver_sql("INSERT INTO games VALUES ('g', '示例', 'Sample', '示例市', 2026)")
    with store.writing(engine) as conn:
        conn.exec_driver_sql("INSERT INTO games VALUES ('g', '示例', 'Sample', '示例市', 2026)")
    with store.reading(engine) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM games").scalar() == 1


def test_a_second_server_is_told_who_is_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "competition.sqlite"
    with store.claim(path), pytest.raises(Conflict) as refusal:
        store.claim(path)
    assert "competition.sqlite" in refusal.value.zh
    store.claim(path).release()


def test_times_are_utc_text_with_milliseconds() -> None:
    text = "2026-11-22T08:30:00.125Z"
    assert store.stamp(store.moment("2026-11-22T16:30:00.125+08:00")) == text
    with pytest.raises(ValueError, match="zone"):
        store.stamp(store.moment("2026-11-22T16:30:00"))


def test_an_error_does_not_tell_what_was_being_stored(engine: Engine) -> None:
    with pytest.raises(exc.IntegrityError) as error, store.writing(engine) as conn:
        conn.execute(store.people.Person.__table__.insert().values(id="p", name="Planted Name", unit_id="none"))
    assert "Planted" not in str(error.value)


def test_a_store_full_of_people_takes_the_registers(tmp_path: Path) -> None:
    """Officials that others refer to are there when 0005 gives them a unit; making the table anew would drop it under them."""
    engine = store.open_store(f"sqlite:///{tmp_path / 'old.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.writing(engine) as conn:
        config.attributes["connection"] = conn
        command.upgrade(config, "0004")
        conn.exec_driver_sql("INSERT INTO official (id, username, name, tries) VALUES ('o1', 'zhang', '张示例', 0)")
        conn.exec_driver_sql("INSERT INTO \"grant\" (official_id, role, event_id) VALUES ('o1', 'chief', '*')")
    store.migrate(engine)
    with store.reading(engine) as conn:
        kept = conn.exec_driver_sql(
            'SELECT o.name, o.unit_id, g.role FROM official o JOIN "grant" g ON g.official_id = o.id'
        )
        assert kept.all() == [("张示例", None, "chief")]
        assert conn.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()
