"""From an empty hall to certificates, and what must hold at the end of it."""

from datetime import timedelta

import msgspec

from competition import judging
from tests.judging.conftest import EVENT, NAMES, UNITS, Hall


def publish(hall: Hall) -> None:
    """Notice, then the final release after the window."""
    organiser = hall.official("organiser")
    hall.do(judging.publish_notice, EVENT, organiser, closes_at=hall.now + timedelta(days=3))
    hall.now += timedelta(days=4)
    hall.do(judging.publish_final, EVENT, organiser)


def test_the_walk_through_the_house(hall: Hall) -> None:
    hall.mark_everything()
    hall.decode()
    publish(hall)
    final = hall.read(judging.release_of, EVENT)
    assert final is not None
    assert (final.kind, final.revision) == ("final", 1)
    # By hand: 20 % of the paper and 80 % of the cup: 18 + 15.6, 17 + 14.8, 16 + 14.
    assert [(row.rank, row.names, row.award, row.total) for row in final.rows] == [
        (1, (NAMES[0],), "first", "33.60"),
        (2, (NAMES[1],), "second", "31.80"),
        (3, (NAMES[2],), None, "30.00"),
    ]
    assert final.rows[0].unit == UNITS["u-north"]
    made = hall.do(
        judging.issue_certificates, EVENT, hall.official("organiser"), rng_bytes=hall.rng, issuer="SL", year=2026
    )
    assert [one.name for one in made] == list(NAMES[:2])
    assert made[0].number.startswith("SL-2026-042-1-0001-")
    assert hall.findings() == []


def test_no_name_or_unit_is_ever_in_the_ledger(hall: Hall) -> None:
    hall.mark_everything()
    hall.decode()
    publish(hall)
    hall.do(judging.issue_certificates, EVENT, hall.official("organiser"), rng_bytes=hall.rng, issuer="SL", year=2026)
    text = "\n".join(hall.ledger())
    for planted in (*NAMES, *UNITS, *UNITS.values()):
        assert planted not in text


def test_a_tablet_is_told_codes_and_no_names(hall: Hall) -> None:
    hall.mark_everything()
    device = hall.tablet()
    told = hall.read(judging.session, device, hall.now)
    text = msgspec.json.encode(told).decode()
    for planted in (*NAMES, *UNITS, *UNITS.values(), *hall.entries):
        assert planted not in text
    assert sorted(line["code"] for line in told["sheets"]) == ["P01", "P02", "P03"]
    assert told["event"]["edition"] == hall.rules.digest
    assert set(told["forms"]) == {"cup/senses"}
    assert told["seat"] == {
        "label": "taste.1",
        "panel": {"zh": "感官裁判", "en": "Sensory judges"},
        "judge": "官员judge",
        "trainee": False,
        "device": device.id,
        "strip": True,
    }
