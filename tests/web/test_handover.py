"""The desk for a failed tablet: its marks taken once and told one by one, another tablet in its seat; no value, no name."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from competition import judging, store
from competition.judging import Device, MarkOp
from tests.judging.handed import codes, package
from tests.laid_out import LaidOut
from tests.web.clerk_stage import EVENT, PIN, SECRETS, Desk, Stage, lay_out, words

HANDOVER = f"/desk/events/{EVENT}/handover"
SEATS = f"/desk/events/{EVENT}/seats"
NOTHING = {"file": ("", b"")}


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Stage]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite", var=tmp_path) as stage:
        yield stage


@pytest.fixture
def desk(stage: Stage) -> Iterator[Desk]:
    """The clerk's browser. Whatever a test does, no page it was shown tells a name or a unit."""
    with stage.desk("clerk") as desk:
        yield desk
    assert not [secret for secret in SECRETS for page in desk.shown if secret in page]


def unsent(stage: Stage) -> tuple[Device, list[MarkOp]]:
    """A judge's tablet and what it could not send for P01: three marks."""
    law = stage.read(store.thawed, EVENT)
    seat = next(panel.labels[0] for panel in law.panels if panel.kind == "judge")
    device = stage.tablet(seat)
    sheet = next(one for one in stage.read(judging.progress, EVENT) if (one.code, one.seat) == ("P01", seat))
    items = [one for one in law.sheet(sheet.module, sheet.name).items if one.scale and one.scale.values][:3]
    values = [str(item.scale.values[-1]) for item in items if item.scale]
    return device, [
        MarkOp(f"{n:032x}", sheet.sheet, item.id, value, n, law.digest)
        for n, (item, value) in enumerate(zip(items, values, strict=True), 1)
    ]


def send(desk: Desk, raw: bytes = b"", text: str = "", reason: str = "平板进水") -> Any:
    file = {"file": ("marks.json", raw, "application/json")} if raw else NOTHING
    return desk.post(HANDOVER, {"text": text, "reason": reason}, files=file)


def test_a_file_is_taken_once_and_told_mark_by_mark(stage: Stage, desk: Desk) -> None:
    device, ops = unsent(stage)
    page = words(send(desk, package(device, ops, signed=[ops[0].sheet])).text)
    assert "已收下 3" in page
    assert page.count("P01") == 4  # once a mark, and once to be signed anew
    assert "有 1 张表在旧平板上签过，要重新签名" in page
    again = words(send(desk, package(device, ops)).text)
    assert "早已收到 3" in again
    assert "已收下" not in again.replace("早已收到", "")
    assert stage.kinds().count("mark") == 3
    assert [one.outcome for one in stage.do(judging.record_marks, device, ops)] == ["known"] * 3
    assert stage.kinds().count("mark") == 3


def test_codes_are_scanned_until_none_is_missing(stage: Stage, desk: Desk) -> None:
    device, ops = unsent(stage)
    lines = codes(package(device, ops), 120)
    some = "\n".join(lines[:1] + lines[2:])
    answer = send(desk, text=some)
    assert "二维码还不全" in words(answer.text)
    assert "请再扫第 2 段" in words(answer.text)
    assert lines[0] in answer.text
    assert 'value="平板进水"' in answer.text
    assert "mark" not in stage.kinds()
    whole = send(desk, text=f"{some}\n{lines[1]}")
    assert "已收下 3" in words(whole.text)
    assert lines[0] not in whole.text
    assert stage.kinds()[-1] == "hand-over"


def test_what_cannot_be_read_says_what_to_do_and_stays(stage: Stage, desk: Desk) -> None:
    device, ops = unsent(stage)
    assert "还没有内容" in words(send(desk).text)
    wrong = send(desk, b"<html>")
    assert wrong.status_code == 422
    assert "这不是平板导出的分数" in words(wrong.text)
    stray = send(desk, text="6901234567892")
    assert "第 1 行： 这一行不是平板上的二维码" in words(stray.text)
    assert "6901234567892</textarea>" in stray.text
    other = send(desk, package(device, ops, event="another"))
    assert other.status_code == 409
    assert "属于另一个赛项" in words(other.text)
    assert "请写明理由" in words(send(desk, package(device, ops), reason=" ").text)
    assert "mark" not in stage.kinds()


def test_refused_marks_are_told_with_the_reason_and_no_value(stage: Stage, desk: Desk) -> None:
    device, (one, *_) = unsent(stage)
    bad = MarkOp("e" * 32, one.sheet, one.item, one.value, 50, "0" * 64)
    page = words(send(desk, package(device, [bad, one])).text)
    assert "不能收" in page
    assert "评分规则已更新" in page
    assert "已收下 1" in page
    assert f">{one.value}<" not in page


@pytest.mark.parametrize("role", ["organiser", "encryptor", "supervisor"])
def test_nobody_else_takes_marks(stage: Stage, role: str) -> None:
    device, ops = unsent(stage)
    before = stage.kinds()
    with stage.desk(role) as other:
        assert other.get(HANDOVER).status_code == 403
        assert send(other, package(device, ops)).status_code == 403
        assert HANDOVER not in other.get(f"/desk/events/{EVENT}").text
    assert stage.kinds() == before


def test_the_chief_takes_marks_too(stage: Stage) -> None:
    device, ops = unsent(stage)
    with stage.desk("chief") as chief:
        assert HANDOVER in chief.get(f"/desk/events/{EVENT}").text
        assert "已收下 3" in words(send(chief, package(device, ops)).text)


def test_a_clerk_replaces_a_tablet_and_is_told_what_the_old_one_holds(stage: Stage, desk: Desk) -> None:
    device, ops = unsent(stage)
    stage.do(judging.heartbeat, device, judging.Pulse(unsent=3))
    assert "换平板" in words(desk.get(SEATS).text)
    answer = desk.post(f"{SEATS}/replace", {"seat": device.seat, "reason": "黑屏"})
    page = words(answer.text)
    assert "旧平板已停用" in page
    assert "当时还有 3 条没有上传" in page
    assert "口令不变" in page
    assert HANDOVER in answer.text
    token = re.search(r"/join/([A-Za-z0-9_-]+)</span>", answer.text)
    assert token is not None
    assert 'src="data:image/svg+xml;base64,' in answer.text
    new = stage.do(judging.join, token[1], PIN, "c" * 64, rng_bytes=stage.rng)
    assert (new.seat, new.id != device.id) == (device.seat, True)
    assert [one.revoked_at is not None for one in stage.read(judging.devices, EVENT)] == [True, False]
    assert "已收下 3" in words(send(desk, package(device, ops)).text)


def test_a_clerk_makes_no_new_pin_and_no_first_card(stage: Stage, desk: Desk) -> None:
    device, _ = unsent(stage)
    assert 'name="new_pin"' not in desk.get(SEATS).text
    assert desk.post(f"{SEATS}/replace", {"seat": device.seat, "reason": "忘了", "new_pin": "yes"}).status_code == 403
    assert desk.post(f"{SEATS}/card", {"seat": device.seat}).status_code == 403
    assert [one.revoked_at for one in stage.read(judging.devices, EVENT)] == [None]
    with stage.desk("chief") as chief:
        assert 'name="new_pin"' in chief.get(SEATS).text
        answer = chief.post(f"{SEATS}/replace", {"seat": device.seat, "reason": "忘了", "new_pin": "yes"})
        assert re.search(r'class="num pin">\d{3} \d{3}<', answer.text)


@pytest.mark.parametrize("role", ["encryptor", "supervisor"])
def test_nobody_else_replaces_a_tablet(stage: Stage, role: str) -> None:
    device, _ = unsent(stage)
    with stage.desk(role) as other:
        assert "换平板" not in words(other.get(SEATS).text)
        assert other.post(f"{SEATS}/replace", {"seat": device.seat, "reason": "黑屏"}).status_code == 403
    assert [one.revoked_at for one in stage.read(judging.devices, EVENT)] == [None]


def test_two_tablets_in_one_seat_are_pointed_out(stage: Stage, desk: Desk) -> None:
    device, _ = unsent(stage)
    assert "台平板同时在用" not in words(desk.get(SEATS).text)
    other = stage.tablet(device.seat)
    assert "2 台平板同时在用" in words(desk.get(SEATS).text)
    stage.now += timedelta(seconds=61)
    stage.do(judging.heartbeat, other, judging.Pulse(unsent=0))
    assert "台平板同时在用" not in words(desk.get(SEATS).text)
