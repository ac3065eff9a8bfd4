"""Copies while the store is in use: whole, thinned out by the clock, refused where they can't be; and putting one back."""

import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from competition import store
from competition.errors import Conflict
from competition.store.backup import Backup, BackupFault, back_up, backups, carry_keys, superfluous
from competition.store.keeper import Keeper
from competition.store.restore import compare, lay_beside, swap

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def mark(n: int, event: str = "tea") -> Callable[..., object]:
    return lambda conn: store.append(conn, event, "mark", f"mark-{event}-{n}", {"n": n}, AT + timedelta(seconds=n))


def lines(file: Path) -> int:
    conn = sqlite3.connect(file)
    count = conn.execute("SELECT count(*) FROM ledger").fetchone()[0]
    conn.close()
    return int(count)


@pytest.fixture
def file(tmp_path: Path, writer: store.Writer) -> Path:
    (tmp_path / "stick").mkdir()
    for n in range(5):
        writer.do(mark(n))
    return tmp_path / "competition.sqlite"


def test_a_copy_is_one_whole_private_file_named_after_its_games(file: Path, tmp_path: Path, engine: Engine) -> None:
    made = back_up(file, tmp_path / "stick", AT)
    with store.reading(engine) as conn:
        first = conn.exec_driver_sql("SELECT hash FROM ledger WHERE seq = 1").scalar()
    assert made.path.name == f"competition-{str(first)[:8]}-20261122T083000Z.sqlite"
    assert [one.name for one in (tmp_path / "stick").iterdir()] == [made.path.name]
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert lines(made.path) == 5
    assert backups(tmp_path / "stick") == [made]


def test_the_writer_goes_on_while_a_copy_is_taken(file: Path, tmp_path: Path, writer: store.Writer) -> None:
    """A copy read in small steps would begin again at every commit, or hold the writer up until it ends."""
    enough, taken = threading.Event(), []

    def copies() -> None:
        for n in range(10):
            taken.append(back_up(file, tmp_path / "stick", AT + timedelta(seconds=n)))
        enough.set()

    thread = threading.Thread(target=copies)
    thread.start()
    n = 5
    while not enough.is_set():
        writer.do(mark(n))
        n += 1
    thread.join()
    counts = [lines(one.path) for one in taken]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] <= n


def test_an_hour_of_minutes_then_one_an_hour_and_every_snapshot() -> None:
    there = [Backup(Path(f"{n}"), "a", AT - timedelta(minutes=n), "", 1) for n in range(300)]
    there += [Backup(Path("draw"), "a", AT - timedelta(minutes=200, seconds=5), "draw", 1)]
    there += [Backup(Path("other"), "b", AT - timedelta(minutes=201, seconds=5), "", 1)]
    left = [one for one in there if one not in superfluous(there, AT)]
    minutes = [int(one.path.name) for one in left if one.path.name.isdecimal()]
    assert minutes[:61] == list(range(61))
    assert minutes[61:] == [90, 150, 210, 270, 299]
    assert {"draw", "other"} <= {one.path.name for one in left}


def test_a_full_or_missing_disk_is_said_and_leaves_nothing_half(file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFault, match="unplugged"):
        back_up(file, tmp_path / "pulled out", AT)
    assert not (tmp_path / "pulled out").exists()
    with pytest.raises(BackupFault, match="lower-case"):
        back_up(file, tmp_path / "stick", AT, "../up")
    assert not list((tmp_path / "stick").iterdir())


def test_the_key_of_peoples_documents_stays_at_home(tmp_path: Path) -> None:
    for name in ("tls/authority.crt", "keys/proof.key", "keys/identity.key"):
        (tmp_path / "var" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "var" / name).write_text(name)
    (tmp_path / "stick").mkdir()
    carry_keys(tmp_path / "var", tmp_path / "stick")
    carried = {file.relative_to(tmp_path / "stick").as_posix() for file in (tmp_path / "stick").rglob("*.*")}
    assert carried == {"tls/authority.crt", "keys/proof.key"}


def test_the_keeper_copies_names_what_matters_and_says_which_place_fails(
    file: Path, tmp_path: Path, writer: store.Writer
) -> None:
    (tmp_path / "gone").write_text("no folder")
    now = [AT]
    keeper = Keeper(file, (tmp_path / "backups", tmp_path / "gone" / "x"), lambda: now[0])
    writer.on_commit(keeper.touched)
    with keeper:
        writer.do(lambda conn: store.append(conn, "drink_mixologist", "draw", None, {}, AT))
        while not (snapshots := [one for one in backups(tmp_path / "backups") if one.name]):
            time.sleep(0.02)
    assert [one.name for one in snapshots] == ["draw-drink-mixologist"]
    assert lines(snapshots[0].path) == 6
    good, bad = keeper.places()
    assert not good.late(now[0])
    assert good.late(now[0] + timedelta(minutes=4))
    assert bad.late(now[0])
    assert bad.fault is not None
    assert bad.last is None


def test_a_minute_in_which_nothing_was_written_needs_no_copy(file: Path, tmp_path: Path, writer: store.Writer) -> None:
    now = [AT]
    keeper = Keeper(file, (tmp_path / "backups",), lambda: now[0])
    conn = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    for minute in range(3):
        now[0] = AT + timedelta(minutes=minute)
        keeper._minute(conn)
    assert [one.at for one in backups(tmp_path / "backups")] == [AT]
    assert not keeper.places()[0].late(now[0] + timedelta(minutes=2))
    writer.do(mark(9))
    keeper._minute(conn)
    assert [one.at for one in backups(tmp_path / "backups")] == [now[0], AT]
    conn.close()


def test_restoring_tells_what_is_lost_swaps_and_keeps_the_old_file(
    file: Path, tmp_path: Path, writer: store.Writer, engine: Engine
) -> None:
    made = back_up(file, tmp_path / "stick", AT)
    for n in (5, 6):
        writer.do(mark(n))
    writer.do(lambda conn: store.append(conn, "cup", "draw", None, {}, AT))
    found = lay_beside(made.path, tmp_path / "beside.sqlite")
    assert (found.findings, found.lines, found.rehearsal) == ([], 5, False)
    lost = {one.event_id: one for one in compare(file, found.file)}
    assert (lost["tea"].marks, lost["tea"].since, lost["tea"].parted) == (
        2,
        store.stamp(AT + timedelta(seconds=5)),
        False,
    )
    assert (lost["cup"].marks, lost["cup"].kinds) == (0, {"draw": 1})
    writer.stop()
    engine.dispose()
    kept = swap(found.file, file, AT)
    assert kept is not None
    assert (lines(file), lines(kept)) == (5, 8)
    assert lines(made.path) == 5
    assert not found.file.exists()


def test_a_damaged_store_is_kept_as_it_lies(file: Path, tmp_path: Path, writer: store.Writer, engine: Engine) -> None:
    made = back_up(file, tmp_path / "stick", AT)
    writer.stop()
    engine.dispose()
    file.write_bytes(b"not a database at all" * 500)
    kept = swap(lay_beside(made.path, tmp_path / "beside.sqlite").file, file, AT)
    assert kept is not None
    assert kept.read_bytes().startswith(b"not a database")
    assert lines(file) == 5


def test_a_copy_that_went_another_way_says_so(file: Path, tmp_path: Path, writer: store.Writer) -> None:
    made = back_up(file, tmp_path / "stick", AT)
    other = store.open_store(f"sqlite:///{made.path}")
    with store.writing(other) as conn:
        store.append(conn, "tea", "mark", "theirs", {"n": 99}, AT)
    other.dispose()
    writer.do(mark(5))
    (lost,) = compare(file, made.path)
    assert (lost.parted, lost.kinds) == (True, {})


@pytest.mark.parametrize("harm", ["cut", "noise", "tampered", "newer", "foreign"])
def test_an_unsound_backup_never_gets_as_far_as_the_swap(file: Path, tmp_path: Path, harm: str) -> None:
    made = back_up(file, tmp_path / "stick", AT).path
    whole = made.read_bytes()
    if harm == "cut":
        made.write_bytes(whole[: len(whole) // 2])
    elif harm == "noise":
        made.write_bytes(b"x" * 4096)
    else:
        conn = sqlite3.connect(made)
        conn.executescript({
            "tampered": "DROP TRIGGER IF EXISTS ledger_update; " + _without_triggers(conn) + "UPDATE ledger SET body = '{}' WHERE n = 3",
            "newer": "UPDATE alembic_version SET version_num = '9999'",
            "foreign": "DROP TABLE alembic_version",
        }[harm])  # fmt: skip
        conn.close()
    beside = tmp_path / "beside.sqlite"
    if harm == "tampered":
        (finding,) = lay_beside(made, beside).findings
        assert "tea/server #3" in finding.where
        return
    with pytest.raises(
        Conflict if harm == "newer" else BackupFault, match="newer program" if harm == "newer" else "earlier"
    ):
        lay_beside(made, beside)


def _without_triggers(conn: sqlite3.Connection) -> str:
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    return "".join(f"DROP TRIGGER {name};" for name in names)


def test_nothing_is_left_where_there_was_nothing(file: Path, tmp_path: Path) -> None:
    """A twin machine: an empty data folder."""
    made = back_up(file, tmp_path / "stick", AT)
    (tmp_path / "twin").mkdir()
    shutil.copy2(made.path, tmp_path / "twin" / "got.sqlite")
    found = lay_beside(tmp_path / "twin" / "got.sqlite", tmp_path / "twin" / "beside.sqlite")
    assert swap(found.file, tmp_path / "twin" / "competition.sqlite", AT) is None
    assert lines(tmp_path / "twin" / "competition.sqlite") == 5
