"""Check-in: numbers scanned or typed, late and absent, closed by the chief by counts; badges that scanners read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp

from competition import judging
from competition.errors import NotAllowed
from competition.judging import checkin
from competition.publish import barcode
from tests.judging.conftest import EVENT, NAMES, UNITS
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, Sealing, lay_out, served, words

PAGE = f"{BASE}/checkin"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def opened(stage: Sealing, minutes: int = 30) -> list[str]:
    """Check-in opened until then; the numbers in the order of the roll."""
    stage.do(checkin.open_check_in, EVENT, stage.now + timedelta(minutes=minutes), stage.official("clerk"))
    return [line.number for line in stage.read(checkin.roll, EVENT, stage.official("clerk")).lines]


def test_a_day_at_the_check_in_desk(stage: Sealing) -> None:
    assert "检录还没有开始" in words(stage.get("clerk", PAGE).text)
    assert stage.post("clerk", PAGE, {"number": "123"}).status_code == 409
    until = (stage.now + timedelta(hours=8, minutes=30)).strftime("%Y-%m-%dT%H:%M")  # venue time
    page = words(stage.post("clerk", f"{PAGE}/open", {"until": until}).text)
    assert "0 /3" in page
    first, second, third = (line.number for line in stage.read(checkin.roll, EVENT, stage.official("clerk")).lines)
    came = words(stage.post("clerk", PAGE, {"number": f" {first[:3]}{first[3:]}"}).text)
    line = stage.read(checkin.roll, EVENT, stage.official("clerk")).lines[0]
    assert f"{line.names[0]} {line.unit} 已到 {first}" in came
    wide = second.translate({ord("0") + n: 0xFF10 + n for n in range(10)})
    assert stage.post("clerk", PAGE, {"number": wide}).status_code == 200  # a Chinese keyboard's digits
    again = stage.read(checkin.roll, EVENT, stage.official("clerk")).lines[0].at
    stage.post("clerk", PAGE, {"number": first})
    assert stage.read(checkin.roll, EVENT, stage.official("clerk")).lines[0].at == again
    assert len(stage.ledger("arrival")) == 2
    assert stage.post("clerk", f"{PAGE}/undo", {"number": second, "reason": " "}).status_code == 422
    stage.post("clerk", f"{PAGE}/undo", {"number": second, "reason": "扫错"})
    stage.now += timedelta(hours=1)
    late = words(stage.post("clerk", PAGE, {"number": second}).text)
    assert "迟到" in late
    assert stage.read(checkin.came, EVENT) == (2, 3, False)
    chief = words(stage.get("chief", PAGE).text)
    assert "还有 1 个参赛未到" in chief
    assert not [name for name in (*NAMES, *UNITS.values()) if name in chief]
    assert stage.post("clerk", f"{PAGE}/close", {"sure": "yes"}).status_code == 403
    stage.post("chief", f"{PAGE}/close", {"sure": "yes"})
    assert sorted(line.status for line in stage.read(judging.entries, EVENT)) == ["", "", "dns"]
    assert "检录已经结束" in stage.post("clerk", PAGE, {"number": third}).text


def test_a_wrong_digit_and_another_events_number_are_noticed(stage: Sealing) -> None:
    first = opened(stage)[0]
    wrong = f"{first[:-1]}{(int(first[-1]) + 1) % 10}"
    assert "不是检录号" in stage.post("clerk", PAGE, {"number": wrong}).text
    swapped = first[:3] + first[4] + first[3] + first[5]
    if swapped != first:
        assert "检录号" in stage.post("clerk", PAGE, {"number": swapped}).text
    unknown = checkin.with_check_digit(19999)
    assert stage.post("clerk", PAGE, {"number": unknown}).status_code == 404
    stage.do(judging.open_event, "other", "g2026", stage.rules, stage.official("organiser"), rng_bytes=stage.rng)
    person = stage.do(judging.add_person, "某人", "u-north", stage.official("organiser"), rng_bytes=stage.rng)
    stage.do(judging.add_entry, "other", [person], "u-north", {}, stage.official("organiser"), rng_bytes=stage.rng)
    stage.do(checkin.open_check_in, "other", stage.now, stage.official("organiser"))
    theirs = stage.read(checkin.roll, "other", stage.official("organiser")).lines[0].number
    assert theirs not in (first, unknown)
    assert "请到那里检录" in stage.post("clerk", PAGE, {"number": theirs}).text
    assert stage.read(checkin.came, EVENT)[0] == 0


def test_names_are_for_the_desk_alone(stage: Sealing) -> None:
    opened(stage)
    for role in ("encryptor", "supervisor", "announcer", "stranger"):
        assert stage.get(role, PAGE).status_code == 403
    for role in ("chief", "encryptor", "supervisor", "announcer", "stranger"):
        for file in ("roll.pdf", "badges.pdf"):
            assert stage.get(role, f"{PAGE}/{file}").status_code == 403
        with pytest.raises(NotAllowed):
            stage.read(checkin.roll, EVENT, stage.official(role))
    assert not [name for name in NAMES if name in str(stage.ledger())]


def test_the_badges_are_read_by_a_scanner_and_the_roll_names_who_came(stage: Sealing) -> None:
    numbers = opened(stage)
    stage.post("clerk", PAGE, {"number": numbers[1]})
    badges = pypdfium2.PdfDocument(BytesIO(stage.get("clerk", f"{PAGE}/badges.pdf").content))
    read = {code.text for code in zxingcpp.read_barcodes(badges[0].render(scale=4).to_pil())}
    assert read == set(numbers)
    text = badges[0].get_textpage().get_text_range()
    assert all(unit in text for unit in UNITS.values())
    assert not re.search(r"[SGP]0\d", text)
    roll = pypdfium2.PdfDocument(BytesIO(stage.get("organiser", f"{PAGE}/roll.pdf").content))[0]
    said = roll.get_textpage().get_text_range()
    assert "1 / 3" in said
    assert said.count("未到") >= 2
    assert NAMES[1] in said


def test_set_c_takes_pairs_of_digits() -> None:
    for wrong in ("123", "12a4", "１２"):
        with pytest.raises(ValueError, match="pairs"):
            barcode.widths(wrong)


def test_every_wrong_digit_is_caught() -> None:
    number = checkin.with_check_digit(10001)
    for place in range(len(number)):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 :]
            assert (checkin._luhn(changed) == 0) == (changed == number)
