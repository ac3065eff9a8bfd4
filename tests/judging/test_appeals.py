"""Appeals keep the final release back until they are answered and put right; late ones are kept and not heard."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from competition import judging
from competition.errors import Conflict, MarkError, NotAllowed, NotFound
from competition.store import Writer
from competition.store.appeals import Appeal
from tests.judging.conftest import EVENT, Hall, lay_out
from tests.laid_out import LaidOut

WORDS = "欧阳植入认为香气一项少打了一分"


def noticed(engine: Engine, writer: Writer) -> Hall:
    """A notice whose window is open for three days."""
    hall = lay_out(engine, writer)
    hall.mark_everything()
    hall.decode()
    hall.do(judging.publish_notice, EVENT, hall.official("organiser"), closes_at=hall.now + timedelta(days=3))
    return hall


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    with laid_out.copy(noticed, tmp_path / "competition.sqlite") as hall:
        yield hall
        assert hall.findings() == []


def lodge(hall: Hall, code: str = "P01", said: str = WORDS, by: str = "clerk") -> judging.AppealLine:
    line: judging.AppealLine = hall.do(judging.lodge, EVENT, code, said, hall.official(by), rng_bytes=hall.rng)
    return line


def final(hall: Hall) -> judging.Release:
    made: judging.Release = hall.do(judging.publish_final, EVENT, hall.official("organiser"))
    return made


def test_the_final_release_waits_for_every_appeal(hall: Hall) -> None:
    assert lodge(hall).state == "open"
    assert lodge(hall, code="").code is None
    hall.at(days=4)
    with pytest.raises(Conflict, match="2 appeals are open"):
        final(hall)
    supervisor = hall.official("supervisor")
    hall.do(judging.hear, EVENT, 1, False, supervisor, "录像与评分表一致")
    hall.do(judging.hear, EVENT, 2, True, supervisor, "计时应重新核对")
    with pytest.raises(Conflict, match="1 appeals are open"):
        final(hall)
    hall.do(judging.put_right, EVENT, 2, supervisor, "已核对，无须更改成绩")
    assert [line.state for line in hall.read(judging.appeals, EVENT)] == ["dismissed", "done"]
    assert final(hall).revision == 1


def test_after_the_window_an_appeal_is_kept_and_not_heard(hall: Hall) -> None:
    hall.at(days=4)
    line = lodge(hall)
    assert (line.state, line.deadline is not None) == ("late", True)
    with pytest.raises(Conflict):
        hall.do(judging.hear, EVENT, 1, True, hall.official("supervisor"), "x")
    assert final(hall).revision == 1


def test_the_ledger_tells_what_became_of_it_and_never_its_words(hall: Hall) -> None:
    lodge(hall)
    hall.do(judging.hear, EVENT, 1, False, hall.official("supervisor"), "评分表无误")
    assert [one for one in hall.ledger() if WORDS in one or "欧阳" in one] == []
    assert "评分表无误" in hall.ledger("appeal-heard")[0]
    assert hall.read(judging.appealed, EVENT) == set()
    row = hall.read(lambda conn: conn.scalar(select(Appeal.said)))
    assert row == WORDS


def test_only_whose_result_is_open_is_shown_as_appealed(hall: Hall) -> None:
    code = {line.codes[-1]: line.id for line in hall.read(judging.entries, EVENT)}
    lodge(hall, code="p02")
    assert hall.read(judging.appealed, EVENT) == {code["P02"]}
    assert hall.read(judging.waiting_appeals) == {EVENT: 1}


@pytest.mark.parametrize("role", ["chief", "encryptor", "judge"])
def test_who_judges_or_seals_neither_lodges_nor_answers(hall: Hall, role: str) -> None:
    with pytest.raises(NotAllowed):
        lodge(hall, by=role)
    lodge(hall)
    for other in (role, "clerk", "organiser"):
        with pytest.raises(NotAllowed):
            hall.do(judging.hear, EVENT, 1, True, hall.official(other), "x")
    assert [line.state for line in hall.read(judging.appeals, EVENT)] == ["open"]


def test_what_is_wrong_is_said(hall: Hall) -> None:
    with pytest.raises(NotFound, match="no code Z99"):
        lodge(hall, code="Z99")
    for said in ("", " x ", "长" * 1001):
        with pytest.raises(MarkError):
            lodge(hall, said=said)
    with pytest.raises(NotFound, match="no appeal 7"):
        hall.do(judging.hear, EVENT, 7, True, hall.official("supervisor"), "x")
    assert hall.read(judging.appeals, EVENT) == []
