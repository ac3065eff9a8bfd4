"""The sample games have the shape of the real ones, came through the acts of officials, and name nobody real."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from competition import judging, store
from competition.cli.sample.names import person
from competition.settings import Settings
from competition.store.games import Chain, Event, JobType, Unit
from competition.store.people import Entry

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sample(sample_var: Path) -> Iterator[Connection]:
    """The store with the sample games, to be read."""
    engine = store.open_store(Settings(ROOT, sample_var).database_url)
    with store.reading(engine) as conn:
        yield conn
    engine.dispose()


@pytest.mark.parametrize(("table", "count"), [(Chain, 9), (Unit, 30), (JobType, 108), (Event, 108), (Entry, 4000)])
def test_it_has_the_shape_of_real_games(sample: Connection, table: type, count: int) -> None:
    assert sample.scalar(select(func.count()).select_from(table)) == count


@pytest.mark.parametrize("event", ["barista", "tea_taster", "drink_mixologist"])
def test_three_contests_are_half_marked(sample: Connection, event: str) -> None:
    sheets = judging.progress(sample, event)
    states = {state: sum(sheet.state == state for sheet in sheets) for state in ("signed", "complete", "draft")}
    assert 0.4 < states["signed"] / len(sheets) < 0.75
    assert states["draft"] > 0
    assert sum(one.total is not None for one in judging.standings(sample, event).standings) == 18
    assert judging.release_of(sample, event) is None


@pytest.mark.parametrize("event", ["baker", "welder"])
def test_two_events_are_over_with_certificates_that_are_not_valid(sample: Connection, event: str) -> None:
    release = judging.release_of(sample, event)
    assert release is not None
    assert release.kind == "final"
    assert release.rows[0].rank == 1
    issued = judging.certificates(sample, event)
    assert len(issued) == sum(row.award is not None for row in release.rows) > 5
    assert {one.status for one in issued} == {"sample"}


def test_the_ledger_holds_and_names_nobody(sample: Connection) -> None:
    assert store.verify(sample, None) == []
    written = {run for body in sample.scalars(select(store.Ledger.body)) for run in re.findall(r"[^\x00-\x7f]+", body)}
    names = {person(number) for number in range(4000)}
    assert [run for run in written if any(name in run for name in names if len(name) > 2)] == []


def test_names_bring_what_software_trips_over() -> None:
    names = [person(number) for number in range(4000)]
    assert any("·" in name for name in names)
    assert any(ord(character) > 0xFFFF for name in names for character in name)
    assert any(len(name) == 2 for name in names)
    assert any(name.startswith("欧阳") for name in names)
    assert [name for name in names if not re.fullmatch(r"[\u3400-\u9fff\U00020000-\U0003ffff·]+", name)] == []
