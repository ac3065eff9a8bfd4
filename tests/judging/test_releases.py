"""Releases: blocked for every reason at once, frozen when made, numbered; certificates only from the final one."""

import hashlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from competition import judging, store
from competition.errors import Conflict, MarkError, NotAllowed, NotFound
from competition.judging import amending
from competition.judging.certificates import CHECKED, CROCKFORD, check_character
from competition.store.people import Person
from competition.store.releases import Release
from tests.judging.conftest import EVENT, NAMES, Hall
from tests.judging.test_walk import publish


@pytest.fixture
def done(hall: Hall) -> Hall:
    """Everything marked, locked and decoded."""
    hall.mark_everything()
    hall.decode()
    return hall


def issue(hall: Hall, **more: object) -> list[judging.Certificate]:
    by = hall.official("organiser")
    return hall.do(judging.issue_certificates, EVENT, by, rng_bytes=hall.rng, issuer="SL", year=2026, **more)


def test_every_blocker_is_named_at_once(hall: Hall) -> None:
    words = " ".join(str(one) for one in hall.read(judging.blockers, EVENT, hall.now))
    for fault in ("9 sheets are not locked", "3 entries have no total", "No codes were drawn", "There was no notice"):
        assert fault in words
    with pytest.raises(Conflict) as refusal:
        hall.do(judging.publish_notice, EVENT, hall.official("organiser"), closes_at=hall.now + timedelta(days=3))
    assert "未锁定" in refusal.value.zh
    assert "尚未抽签" in refusal.value.zh
    assert hall.read(judging.releases, EVENT) == []


def test_nothing_stands_in_the_way_of_a_finished_event(done: Hall) -> None:
    assert done.read(judging.blockers, EVENT, done.now, kind="notice") == []
    with pytest.raises(NotAllowed):
        done.do(judging.publish_notice, EVENT, done.official("chief"), closes_at=done.now + timedelta(days=1))
    with pytest.raises(Conflict):
        done.do(judging.publish_notice, EVENT, done.official("organiser"), closes_at=done.now)


def test_the_window_must_close_before_the_final_release(done: Hall) -> None:
    organiser, closes = done.official("organiser"), done.now + timedelta(days=3)
    notice = done.do(judging.publish_notice, EVENT, organiser, closes_at=closes)
    assert (notice.kind, notice.revision, notice.window_closes) == ("notice", 1, store.stamp(closes))
    with pytest.raises(Conflict, match="window closes"):
        done.do(judging.publish_final, EVENT, organiser)
    done.now = closes
    assert done.do(judging.publish_final, EVENT, organiser).kind == "final"
    line = done.read(judging.event_line, EVENT)
    assert (line.notice_until, line.final_at) == (store.stamp(closes), store.stamp(done.now))


def test_a_change_after_the_notice_needs_a_new_notice(done: Hall) -> None:
    organiser = done.official("organiser")
    done.do(judging.publish_notice, EVENT, organiser, closes_at=done.now + timedelta(days=3))
    done.ruled("status", "appeal", entry=done.entries[0], status="dsq")
    done.now += timedelta(days=4)
    with pytest.raises(Conflict, match="changed after the notice"):
        done.do(judging.publish_final, EVENT, organiser)
    second = done.do(judging.publish_notice, EVENT, organiser, closes_at=done.now + timedelta(days=3))
    assert second.revision == 2
    assert second.rows[0].entry == done.entries[1]
    done.now += timedelta(days=4)
    assert done.do(judging.publish_final, EVENT, organiser).revision == 1


def test_a_correction_that_waits_for_its_second_person_keeps_the_notice_back(done: Hall) -> None:
    sheet, chief = done.sheets("taste.1")[0].id, done.official("chief")
    seen = done.read(amending.preview_correction, sheet, "aroma", "7", chief).seen
    done.do(amending.ask_correction, sheet, "aroma", "7", seen, chief, "纸上是 7")
    with pytest.raises(Conflict, match="1 corrections wait"):
        done.do(judging.publish_notice, EVENT, done.official("organiser"), closes_at=done.now + timedelta(days=3))
    assert done.read(judging.releases, EVENT) == []


def test_a_revision_of_the_final_release_needs_a_reason(done: Hall) -> None:
    publish(done)
    organiser = done.official("organiser")
    with pytest.raises(MarkError):
        done.do(judging.publish_final, EVENT, organiser)
    assert done.do(judging.publish_final, EVENT, organiser, reason="a unit's name was wrong").revision == 2


def test_a_release_keeps_the_bytes_it_published_and_where_they_came_from(done: Hall) -> None:
    publish(done)
    with store.reading(done.engine) as conn:
        row = conn.execute(select(Release).where(Release.kind == "final")).one()
        head = store.head(conn, EVENT)
    assert hashlib.sha256(row.document).hexdigest() == row.document_digest
    assert row.document_digest in done.ledger("final")[0]
    assert row.rules_digest == done.rules.digest
    assert row.head_n == head.n - 1
    for name in NAMES:
        assert name not in row.rows
        assert name in row.document.decode()


def test_certificates_rest_on_a_final_release(done: Hall) -> None:
    with pytest.raises(Conflict):
        issue(done)
    publish(done)
    made = issue(done)
    assert [(one.name, one.award_name["zh"], one.status) for one in made] == [
        (NAMES[0], "一等奖", "valid"),
        (NAMES[1], "二等奖", "valid"),
    ]
    assert issue(done) == []
    assert done.read(judging.certificate_for, made[0].code) == made[0]
    assert done.read(judging.certificate_for, f" {made[0].number.lower()} ") == made[0]
    assert len(made[0].code) == 10
    assert set(made[0].code) <= set(CROCKFORD)
    with pytest.raises(NotFound):
        done.read(judging.certificate_for, "0000000000")


def test_a_sample_certificate_is_never_valid(done: Hall) -> None:
    publish(done)
    samples = issue(done, sample=True)
    assert {(one.status, one.sample) for one in samples} == {("sample", True)}
    assert {one.status for one in issue(done)} == {"valid"}


def test_no_certificate_when_the_standings_moved_on(done: Hall) -> None:
    publish(done)
    done.ruled("status", "appeal", entry=done.entries[0], status="void")
    with pytest.raises(Conflict, match="revision"):
        issue(done)


def test_a_certificate_outlives_the_name(done: Hall) -> None:
    publish(done)
    made = issue(done)[0]
    with store.writing(done.engine) as conn:
        conn.execute(Person.__table__.update().values(name=None))
    found = done.read(judging.certificate_for, made.code)
    assert (found.name, found.number, found.status) == (None, made.number, "valid")
    assert done.findings() == []


@pytest.mark.parametrize("issuer", ["", "S", "sl", "TOOLONGCODE", "示例", "S-L"])
def test_an_issuer_code_is_short_and_plain(done: Hall, issuer: str) -> None:
    publish(done)
    by = done.official("organiser")
    with pytest.raises(Conflict):
        done.do(judging.issue_certificates, EVENT, by, rng_bytes=done.rng, issuer=issuer, year=2026)


def test_the_check_character_is_that_of_the_standard() -> None:
    assert check_character("A12425GABC1234002") == "M"


@given(st.text(CHECKED, min_size=1, max_size=16), st.data())
def test_the_check_character_catches_every_single_slip(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from([one for one in CHECKED if one != text[place]]))
    assert check_character(text) != check_character(text[:place] + other + text[place + 1 :])
