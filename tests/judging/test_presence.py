"""What tablets say of themselves, who else sits in a seat, and the judge's own workings."""

from competition import judging, store
from competition.judging import Device, JottingRow, Pulse
from tests.judging.conftest import EVENT, Hall


def beat(hall: Hall, device: Device, **said: object) -> None:
    hall.do(judging.heartbeat, device, Pulse(**said))  # type: ignore[arg-type]


def twins(hall: Hall, device: Device) -> tuple[int, list[str]]:
    found: tuple[int, list[str]] = hall.read(judging.twins, device, hall.now)
    return found


def test_a_device_is_known_by_its_last_words(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    beat(hall, device, unsent=3, open=sheet, clock_ms=-7_200_000, battery=18, app="abc")
    line = hall.read(judging.devices, EVENT)[0]
    assert (line.unsent, line.open_sheet, line.clock_ms, line.battery, line.app) == (3, sheet, -7_200_000, 18, "abc")
    assert line.last_seen == line.open_at == store.stamp(hall.now)
    beat(hall, device)
    line = hall.read(judging.devices, EVENT)[0]
    assert (line.unsent, line.open_sheet, line.open_at, line.clock_ms, line.battery) == (0, None, None, None, None)


def test_another_seats_sheet_is_not_noted_as_open(hall: Hall) -> None:
    device, theirs = hall.tablet("taste.1"), hall.sheets("taste.2")[0].id
    for strange in (theirs, "nothing"):
        beat(hall, device, open=strange)
        assert hall.read(judging.devices, EVENT)[0].open_sheet is None


def test_a_clock_off_by_months_fits(hall: Hall) -> None:
    device = hall.tablet()
    beat(hall, device, clock_ms=10**13)
    clock_ms = hall.read(judging.devices, EVENT)[0].clock_ms
    assert clock_ms < 2**31
    assert judging.clock_is_off(clock_ms)
    assert [judging.clock_is_off(one) for one in (None, 0, 30_000, -30_000, 30_001, -30_001)] == [False] * 4 + [
        True
    ] * 2


def test_two_live_devices_of_a_seat_hear_of_each_other(hall: Hall) -> None:
    one, two, other = hall.tablet(), hall.tablet(), hall.tablet("taste.2")
    sheet = hall.sheets("taste.1")[0].id
    beat(hall, one, open=sheet)
    assert twins(hall, two) == (1, [sheet])
    assert twins(hall, one) == (1, [])  # joining is a sign of life
    assert twins(hall, other) == (0, [])
    hall.at(seconds=20)
    assert twins(hall, two) == (1, [])  # the lease has run out, the tablet is still there
    hall.at(seconds=40)
    assert twins(hall, two) == (0, [])
    beat(hall, one, open=sheet)
    hall.do(judging.revoke_device, one.id, hall.official("chief"), "lost")
    assert twins(hall, two) == (0, [])


def test_only_what_the_board_shows_wakes_it(hall: Hall) -> None:
    device, woken = hall.tablet(), []
    hall.writer.on_commit(woken.append)
    beat(hall, device, unsent=2, clock_ms=5)
    assert woken.pop() == {EVENT}
    beat(hall, device, unsent=2, clock_ms=9)
    assert woken == []
    beat(hall, device, unsent=2, clock_ms=40_000)
    assert woken.pop() == {EVENT}
    hall.at(minutes=2)
    beat(hall, device, unsent=2, clock_ms=40_000)
    assert woken.pop() == {EVENT}  # it was gone and is back


def jot(hall: Hall, device: Device, sheet: str, item: str, counter: int, flag: bool = True, note: str = "") -> int:
    kept: int = hall.do(judging.keep_jottings, device, [JottingRow(sheet, item, flag, False, note, counter)])
    return kept


def workings(hall: Hall, device: Device) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = hall.read(judging.session, device, hall.now)["jottings"]
    return found


def test_workings_come_back_on_another_tablet(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    assert jot(hall, device, sheet, "aroma", 4, note="杯壁有味") == 1
    assert jot(hall, device, sheet, "", 5, flag=False, note="第二泡更稳") == 1
    assert workings(hall, hall.tablet()) == {
        f"{sheet}|": {"flag": False, "zero": False, "note": "第二泡更稳"},
        f"{sheet}|aroma": {"flag": True, "zero": False, "note": "杯壁有味"},
    }
    assert workings(hall, hall.tablet("taste.2")) == {}
    assert not [body for body in hall.ledger() if "杯壁" in body]  # no evidence


def test_on_one_device_the_newer_working_wins_between_devices_the_later_to_arrive(hall: Hall) -> None:
    one, two, sheet = hall.tablet(), hall.tablet(), hall.sheets("taste.1")[0].id
    jot(hall, one, sheet, "aroma", 9, note="new")
    assert jot(hall, one, sheet, "aroma", 8, note="old") == 1
    assert workings(hall, one)[f"{sheet}|aroma"]["note"] == "new"
    jot(hall, two, sheet, "aroma", 1, note="theirs")
    assert workings(hall, one)[f"{sheet}|aroma"]["note"] == "theirs"


def test_the_chief_sees_how_many_are_flagged(hall: Hall) -> None:
    device, sheet = hall.tablet(), hall.sheets("taste.1")[0].id
    jot(hall, device, sheet, "aroma", 1)
    jot(hall, device, sheet, "taste", 2)
    jot(hall, device, sheet, "variety", 3, flag=False, note="?")
    assert {one.sheet: one.flags for one in hall.read(judging.progress, EVENT) if one.flags} == {sheet: 2}
    jot(hall, device, sheet, "taste", 4, flag=False)
    assert {one.flags for one in hall.read(judging.progress, EVENT) if one.sheet == sheet} == {1}


def test_workings_on_what_is_not_this_seats_are_passed_over(hall: Hall) -> None:
    device, mine, theirs = hall.tablet(), hall.sheets("taste.1")[0].id, hall.sheets("taste.2")[0].id
    assert [jot(hall, device, *place, 1) for place in ((theirs, "aroma"), (mine, "price"), ("f" * 32, ""))] == [0, 0, 0]
    assert workings(hall, device) == {}


def test_the_chief_alone_switches_the_strip(hall: Hall) -> None:
    device = hall.tablet()
    assert hall.read(judging.session, device, hall.now)["seat"]["strip"] is True
    hall.do(judging.set_strip, EVENT, False, hall.official("chief"))
    assert hall.read(judging.session, device, hall.now)["seat"]["strip"] is False
    assert hall.read(judging.strip_shown, EVENT) is False
    assert '"shown":false' in hall.ledger("strip")[0]
