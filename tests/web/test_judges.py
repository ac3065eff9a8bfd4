"""Substitutes by name and time; a judge of an entry's unit is shown to the encryptor alone, taken out or kept with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from competition import judging
from competition.errors import Conflict, NotAllowed
from competition.judging import interests
from competition.store import people
from tests.judging.conftest import EVENT, UNITS
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, Sealing, lay_out, served, words

PAGE = f"{BASE}/judges"
NORTH = UNITS["u-north"]


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def of_the_north(stage: Sealing, role: str) -> None:
    """This official works for a unit with two entries."""
    who = stage.official(role).id
    stage.writer.do(
        lambda conn: conn.execute(update(people.Official).where(people.Official.id == who).values(unit_id="u-north"))
    )


def sitting(stage: Sealing) -> str | None:
    """Who is in taste.1."""
    return next(one.judge for one in stage.read(judging.seats, EVENT) if one.label == "taste.1")


def test_a_judge_of_the_same_unit_is_the_encryptors_to_know(stage: Sealing) -> None:
    assert "没有需要处理的回避" in words(stage.get("encryptor", PAGE).text)
    of_the_north(stage, "judge")
    mine = words(stage.get("encryptor", PAGE).text)
    assert f"官员judge {NORTH} 2" in mine
    for role in ("organiser", "chief", "clerk", "supervisor", "announcer"):
        theirs = stage.get(role, PAGE).text
        assert NORTH not in theirs
        assert "回避" not in words(theirs)
        with pytest.raises(NotAllowed):
            stage.read(interests.interests, EVENT, stage.official(role))
        for do in ("keep", "recuse"):
            refused = stage.post(role, f"{PAGE}/interest", {"seat": "taste.1", "do": do, "reason": "x"})
            assert refused.status_code == 403
    assert NORTH not in str(stage.ledger())


def test_the_judge_is_taken_out_and_another_put_in_by_name(stage: Sealing) -> None:
    of_the_north(stage, "judge")
    device = stage.tablet("taste.1")
    stage.post("encryptor", f"{PAGE}/interest", {"seat": "taste.1", "do": "recuse"})
    assert sitting(stage) is None
    assert stage.read(interests.unsettled, EVENT) == 0
    assert [one.revoked_at is not None for one in stage.read(judging.devices, EVENT) if one.id == device.id] == [True]
    first = stage.official("organiser")
    stage.do(judging.grant, stage.official("judge2").id, "judge", EVENT, first)
    form = {"seat": "taste.1", "official": stage.official("judge2").id, "reason": ""}
    assert stage.post("chief", PAGE, form).status_code == 422
    assert stage.post("clerk", PAGE, form | {"reason": "临时替补"}).status_code == 403
    page = words(stage.post("chief", PAGE, form | {"reason": "临时替补"}).text)
    newest, recused, *_ = stage.read(interests.seatings, EVENT)
    assert (newest.before, newest.after, newest.by, newest.reason) == (None, "官员judge2", "官员chief", "临时替补")
    assert (recused.before, recused.after, recused.by) == ("官员judge", None, "官员encryptor")
    assert "临时替补" in page
    assert "已经在这个席位上" in stage.post("chief", PAGE, form | {"reason": "again"}).text


def test_a_judge_kept_with_a_reason_no_longer_holds_up_the_decoding(stage: Sealing) -> None:
    stage.mark_everything()
    stage.do(judging.lock_event, EVENT, stage.official("chief"))
    of_the_north(stage, "judge")
    both = stage.official("encryptor"), stage.official("supervisor")
    with pytest.raises(Conflict, match="1 conflicts"):
        stage.do(judging.open_layer, EVENT, 3, *both)
    assert stage.post("encryptor", f"{PAGE}/interest", {"seat": "taste.1", "do": "keep"}).status_code == 422
    why = "全市只有两名考评员"
    page = words(stage.post("encryptor", f"{PAGE}/interest", {"seat": "taste.1", "do": "keep", "reason": why}).text)
    assert why in page
    assert why not in str(stage.ledger())
    assert why not in stage.get("chief", PAGE).text
    stage.do(judging.open_layer, EVENT, 3, *both)
    assert stage.read(judging.seal_state, EVENT).next_layer == 2


def test_whoever_seals_codes_never_sits_and_who_sits_never_seals(stage: Sealing) -> None:
    first, encryptor, judge = (stage.official(role) for role in ("organiser", "encryptor", "judge2"))
    with pytest.raises(Conflict, match="never scores"):
        stage.do(judging.seat_judge, EVENT, "taste.1", encryptor.id, first)
    with pytest.raises(Conflict, match="never scores"):
        stage.do(interests.substitute, EVENT, "taste.1", encryptor.id, first, "替补")
    assert sitting(stage) == "官员judge"
    for event in (EVENT, None):
        with pytest.raises(Conflict, match="never scores"):
            stage.do(judging.grant, judge.id, "encryptor", event, first)
