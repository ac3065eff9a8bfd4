"""The judge's own sheet added up by the server tells nothing that another seat or a key knows (sums: tests/web/test_judge_seat)."""

import pytest

from competition import judging
from competition.errors import NotFound
from competition.judging.own_total import own_total
from tests.judging.conftest import EVENT, Hall


def test_what_rests_on_the_sealed_key_stays_unknown(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    key = {"variety": "龙井"}
    hall.do(judging.set_sample_key, EVENT, "cup", "senses", key, hall.official("supervisor"), rng_bytes=hall.rng)
    hall.fill(device, sheet, variety="龙井")
    right = hall.read(own_total, device, sheet)
    hall.fill(device, sheet, variety="碧螺春")
    wrong = hall.read(own_total, device, sheet)
    assert (right.points, wrong.points) == (None, None)


def test_another_seats_sheet_is_not_there(hall: Hall) -> None:
    device = hall.tablet("taste.1")
    other = hall.sheets("taste.2")[0].id
    for sheet in (other, "f" * 32):
        with pytest.raises(NotFound):
            hall.read(own_total, device, sheet)
