"""Which design is in force: the organiser's choice, else the rule file's, else the kind's own; a games' own before everyone's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import rules
from competition.errors import Conflict, NotAllowed, NotFound
from competition.judging.designs import bearers_of, choose_design, design_of, designs_for
from tests.judging.conftest import EVENT, NAMES, Hall, lay_out
from tests.laid_out import LaidOut

SHIPPED = Path(__file__).parents[2] / "certificates"


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as one:
        yield one
        assert one.findings() == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped designs, and a second one for awards that rests on the first."""
    place = tmp_path / "certificates"
    shutil.copytree(SHIPPED, place)
    own_design(place / "blue")
    return place


def own_design(place: Path, base: str = "award") -> None:
    place.mkdir(parents=True)
    (place / "design.toml").write_text(f'base = "{base}"\nname = {{ zh = "蓝", en = "Blue" }}\n', "utf-8")
    (place / "style.css").write_text("", "utf-8")


def test_the_last_choice_is_remembered_for_its_kind_alone(hall: Hall, folder: Path) -> None:
    organiser = hall.official("organiser")
    assert hall.read(design_of, EVENT, folder).folder == folder / "award"
    hall.do(choose_design, EVENT, organiser, kind="award", name="blue", folder=folder)
    assert hall.read(design_of, EVENT, folder).folder == folder / "blue"
    assert hall.read(design_of, EVENT, folder, "team").folder == folder / "team"
    with pytest.raises(Conflict):
        hall.do(choose_design, EVENT, organiser, kind="award", name="blue", folder=folder)
    hall.do(choose_design, EVENT, organiser, kind="award", name="award", folder=folder)
    assert hall.read(design_of, EVENT, folder).folder == folder / "award"
    for kind, name in (("award", "team"), ("team", "blue"), ("award", "../award")):
        with pytest.raises(NotFound):
            hall.do(choose_design, EVENT, organiser, kind=kind, name=name, folder=folder)
    with pytest.raises(NotAllowed):
        hall.do(choose_design, EVENT, hall.official("chief"), kind="award", name="blue", folder=folder)
    assert len(hall.ledger("design-chosen")) == 2


def test_a_design_that_is_gone_is_said_and_never_swapped(hall: Hall, folder: Path) -> None:
    hall.do(choose_design, EVENT, hall.official("organiser"), kind="award", name="blue", folder=folder)
    shutil.rmtree(folder / "blue")
    with pytest.raises(NotFound, match="blue"):
        hall.read(design_of, EVENT, folder)


def test_a_games_own_design_stands_before_everyones(hall: Hall, folder: Path) -> None:
    games = hall.read(lambda conn: conn.exec_driver_sql("SELECT games_id FROM event").scalar())
    own_design(folder / games / "award")
    own_design(folder / "other-games" / "red")
    known = hall.read(designs_for, EVENT, folder, "award")
    assert known.keys() == {"award", "blue"}
    assert hall.read(design_of, EVENT, folder).folder == folder / games / "award"
    assert known["award"].boxes == known["blue"].boxes


def test_whom_a_kind_names(hall: Hall) -> None:
    said = hall.read(bearers_of, EVENT, "participation")
    assert [one[0] for one in said.bearers] == sorted(NAMES)
    assert said.award == "参赛"
    units = hall.read(bearers_of, EVENT, "organising_unit")
    assert {one[0] for one in units.bearers} == {one[1] for one in said.bearers}
    assert hall.read(bearers_of, EVENT, "team").bearers == ()


def test_a_rule_file_may_name_one(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "scoring_rules"
    source = next(one for one in sorted(shipped.glob("*/rules.toml")) if one.parent.name != "bases")
    text = source.read_text("utf-8")
    named = text.replace("[event]\n", '[event]\ndesign = "blue"\n', 1)
    one, other = (rules.load_text(said, shipped / "bases").rules for said in (text, named))
    assert one is not None
    assert other is not None
    assert (one.design, other.design) == ("", "blue")
    assert one.digest != other.digest  # which paper is printed is part of the edition
