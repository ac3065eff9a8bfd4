"""The chief's board: requests to correct, clashes, late marks, tablets, flags, the strip. By code; never a name or a value."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from competition import judging, store
from competition.judging import JottingRow, Pulse
from competition.settings import Settings
from competition.web import desk, matrix
from competition.web.overview import Tallies
from tests.laid_out import LaidOut
from tests.served import served
from tests.web.board_stage import ASKED, EVENT, PAGE, Board, lay_out
from tests.web.venue import ROLES, ROOT, SECRETS


@pytest.fixture
def board(laid_out: LaidOut, tmp_path: Path) -> Iterator[Board]:
    with (
        laid_out.copy(lay_out, tmp_path / "competition.sqlite") as venue,
        served(Settings(ROOT, tmp_path), venue.engine, venue.writer, venue.clock) as app,
    ):
        yield Board(venue, app)


def test_the_chief_reads_a_request_and_has_its_forms(board: Board) -> None:
    device = board.tablet()
    assert "没有等处理" in board.section("chief", "queue")
    board.ask(device, board.sheets(device)[0]["id"], "aroma", "taste")
    queue = board.section("chief", "queue")
    for said in (
        "申请更正",
        "P01",
        "感官裁判 1",
        "已签",
        "香气、滋味",
        "把 P02 看成了 P01",
        'value="15"',
        "requests/approve",
        "requests/refuse",
    ):
        assert said in queue
    assert "裁判申请更正 1 张评分表" in board.page("chief", "/desk")
    assert "申请更正" not in board.page("supervisor", "/desk")
    witnessed = board.section("supervisor", "queue")
    assert "把 P02 看成了 P01" in witnessed
    assert "<form" not in witnessed
    for role in ("organiser", "encryptor", "clerk"):
        page = board.page(role)
        assert 'id="queue"' not in page
        assert "把 P02 看成了 P01" not in page


def test_no_name_unit_or_value_is_in_the_queues_and_boards(board: Board) -> None:
    device, twin = board.tablet(), board.tablet()
    signed, _, free = (one["id"] for one in board.sheets(device))
    board.ask(device, signed)
    assert board.send(device, board.venue.op(signed, "taste", "1.5")) == ["late"]
    assert board.send(device, board.venue.op(free, "taste", "2.5")) == ["accepted"]
    assert board.send(twin, board.venue.op(free, "taste", "3.5")) == ["clash"]
    board.venue.do(judging.heartbeat, device, Pulse(open=free, unsent=1))
    board.venue.do(judging.keep_jottings, device, [JottingRow(free, "aroma", True, False, "机密小记", 1)])
    for role in ROLES:
        page = board.page(role)
        assert not [secret for secret in (*SECRETS, "机密小记") if secret in page]
        parts = board.section(role, "queue") + board.section(role, "matrix") + board.section(role, "devices")
        assert not [value for value in ("1.5", "2.5", "3.5") if value in parts]
        assert "整张评分表" in parts or role not in ("chief", "supervisor")
    for path in (f"{PAGE}/entries/P01", f"{PAGE}/entries/P03"):
        entry = board.page("supervisor", path)
        assert not [value for value in ("1.5", "2.5", "3.5", *SECRETS) if value in entry]
    assert "1.5" not in board.page("chief", f"{PAGE}/entries/P01")  # a late mark is decided unseen


def test_approving_opens_what_the_chief_ticks(board: Board) -> None:
    device = board.tablet()
    sheet = board.sheets(device)[0]["id"]
    board.ask(device, sheet, "aroma", "taste")
    answer = board.post("requests/approve", sheet=sheet, request=ASKED, items="taste", minutes="20", reason="杯号贴错")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}#queue")
    line = board.sheets(device)[0]
    until = store.stamp(board.venue.clock.now + timedelta(minutes=20))
    assert (line["state"], line["reopened"], line["asked"]) == ("complete", {"items": ["taste"], "until": until}, None)
    queue = board.section("chief", "queue")
    assert "正在更正" in queue
    assert "申请更正" not in queue
    assert "<form" not in board.section("supervisor", "queue")
    longer = board.post("requests/extend", sheet=sheet, request="", minutes="30", reason="裁判在路上")
    assert longer.status_code == 303
    until = store.stamp(board.venue.clock.now + timedelta(minutes=30))
    assert board.sheets(device)[0]["reopened"] == {"items": ["taste"], "until": until}
    again = board.post("requests/approve", sheet=sheet, request=ASKED, items="taste", minutes="20", reason="杯号贴错")
    assert again.status_code == 409
    assert "已经答复过" in again.text


@pytest.mark.parametrize(
    ("items", "minutes", "reason"),
    [
        (["taste"], "0", "杯号贴错"),
        (["taste"], "241", "杯号贴错"),
        (["taste"], "半小时", "杯号贴错"),
        ([], "15", "杯号贴错"),
        (["variety"], "15", "杯号贴错"),
        (["taste"], "15", " "),
    ],
)
def test_an_approval_that_makes_no_sense_opens_nothing(
    board: Board, items: list[str], minutes: str, reason: str
) -> None:
    device = board.tablet()
    sheet = board.sheets(device)[0]["id"]
    board.ask(device, sheet, "aroma", "taste")
    answer = board.post("requests/approve", sheet=sheet, request=ASKED, items=items, minutes=minutes, reason=reason)
    assert answer.status_code == 422
    assert board.sheets(device)[0]["state"] == "signed"


def test_refusing_leaves_the_sheet_and_tells_the_judge_why(board: Board) -> None:
    device = board.tablet()
    sheet = board.sheets(device)[0]["id"]
    board.ask(device, sheet, "aroma")
    assert board.post("requests/refuse", sheet=sheet, request=ASKED, reason="照片与分数相符").status_code == 303
    line = board.sheets(device)[0]
    assert (line["state"], line["refused"]["reason"]) == ("signed", "照片与分数相符")


@pytest.mark.parametrize("who", ["organiser", "clerk", "encryptor", "supervisor"])
def test_nobody_but_the_chief_does_what_is_the_chiefs(board: Board, who: str) -> None:
    device, twin = board.tablet(), board.tablet()
    sheet, _, free = (one["id"] for one in board.sheets(device))
    board.ask(device, sheet, "aroma")
    late, rival = board.venue.op(sheet, "aroma", "1"), board.venue.op(free, "taste", "3.5")
    assert board.send(device, late) == ["late"]
    assert board.send(device, board.venue.op(free, "taste", "2.5")) == ["accepted"]
    assert board.send(twin, rival) == ["clash"]
    of, why = {"sheet": sheet, "code": "P01"}, {"reason": "本人认为"}
    posts = {
        "lock": {"sure": "yes"},
        "unlock": of | why,
        "settle": {"sheet": free, "item": "taste", "mark": rival.id, "code": "P03"} | why,
        "requests/approve": {"sheet": sheet, "request": ASKED, "items": "aroma", "minutes": "15"} | why,
        "requests/refuse": {"sheet": sheet, "request": ASKED} | why,
        "requests/extend": {"sheet": sheet, "request": "", "minutes": "15"} | why,
        "late": {"mark": late.id, "code": "P01", "accept": "no"} | why,
        "absence": {"seat": "taste.2"} | why,
        "status": {"code": "P01", "status": "dsq"} | why,
        "strip": {"shown": ""},
    }
    before = (board.sheets(device), board.venue.read(judging.entries, EVENT), board.venue.read(store.heads))
    assert {path: board.post(path, who, **form).status_code for path, form in posts.items()} == dict.fromkeys(
        posts, 403
    )
    assert (board.sheets(device), board.venue.read(judging.entries, EVENT)) == before[:2]
    assert [one for one in board.venue.read(store.heads) if one.event_id == EVENT] == [
        one for one in before[2] if one.event_id == EVENT
    ]


def test_a_late_mark_is_decided_on_the_entrys_page(board: Board) -> None:
    device = board.tablet()
    sheet = board.sheets(device)[0]["id"]
    first, second = board.venue.op(sheet, "taste", "1.5"), board.venue.op(sheet, "aroma", "1")
    assert board.send(device, first, second) == ["late", "late"]
    queue = board.section("chief", "queue")
    assert "2 个迟到分数" in queue
    assert "2 个迟到分数等您裁定" in board.page("chief", "/desk")
    assert f'href="{PAGE}/entries/P01"' in queue
    entry = board.page("chief", f"{PAGE}/entries/P01")
    assert entry.count("不计入</button>") == 2
    assert "计入，请先解锁" in entry.replace("要让它", "")
    assert 'name="accept" value="yes"' not in entry  # still signed
    refused = board.post("late", mark=first.id, code="P01", accept="yes", reason="网络慢")
    assert refused.status_code == 409
    board.post("unlock", sheet=sheet, code="P01", reason="收迟到分数")
    assert 'name="accept" value="yes"' in board.page("chief", f"{PAGE}/entries/P01")
    answer = board.post("late", mark=first.id, code="P01", accept="yes", reason="网络慢")
    assert answer.headers["location"] == f"{PAGE}/entries/P01"
    assert board.post("late", mark=second.id, code="P01", accept="no", reason="改主意太晚").status_code == 303
    line = board.sheets(device)[0]
    assert (line["marks"]["taste"][0], line["marks"]["aroma"][0], line["late"]) == ("1.5", "8", 0)
    assert "迟到" not in board.section("chief", "queue").replace("冲突或迟到分数", "")


def test_a_clash_stands_in_the_queue_with_its_way_to_be_settled(board: Board) -> None:
    one, two = board.tablet(), board.tablet()
    sheet = board.sheets(one)[2]["id"]
    assert board.send(one, board.venue.op(sheet, "taste", "2.5")) == ["accepted"]
    assert board.send(two, board.venue.op(sheet, "taste", "3.5")) == ["clash"]
    queue = board.section("chief", "queue")
    for said in ("1 项冲突", "P03", "滋味", f"{PAGE}/entries/P03"):
        assert said in queue
    entry = board.page("chief", f"{PAGE}/entries/P03")
    assert "2.5" in entry  # who must choose sees what from
    assert "3.5" in entry
    stands = next(one.id for one in board.venue.read(judging.clashes, EVENT)[sheet, "taste"] if one.value == "2.5")
    board.post("settle", sheet=sheet, item="taste", mark=stands, code="P03", reason="看录像，第一张为准")
    assert [board.sheets(device)[2]["marks"]["taste"][0] for device in (one, two)] == ["2.5", "2.5"]
    assert [board.sheets(device)[2]["rivals"] for device in (one, two)] == [{}, {}]
    assert "没有等处理" in board.section("chief", "queue")


def test_the_board_of_tablets_says_what_to_look_at(board: Board) -> None:
    venue = board.venue
    venue.clock.now += timedelta(minutes=10)  # the tablets that signed have gone
    one, two, other = board.tablet(), board.tablet(), board.tablet("taste.2")
    sheet = board.sheets(one)[2]["id"]
    served = board.app.state.program.version
    venue.do(judging.heartbeat, one, Pulse(unsent=4, open=sheet, clock_ms=-7_200_000, battery=15, app="old"))
    venue.do(judging.heartbeat, two, Pulse(clock_ms=45_000, battery=80, app=served))
    venue.do(judging.heartbeat, other, Pulse(clock_ms=29_000, app=served))
    devices = board.section("chief", "devices")
    lines = {
        id: re.sub(r"<[^>]*>", " ", text) for id, text in re.findall(r'id="device-(\w+)">(.*?)</li>', devices, re.S)
    }
    for said in ("P03", "未上传 4", "时钟慢 120 分钟", "电量 15%", "程序不是最新", "同席另有平板在用", "在线"):
        assert said in lines[one.id]
    for said in ("时钟快 45 秒", "电量 80%", "同席另有平板在用"):
        assert said in lines[two.id]
    assert "最新" not in lines[two.id]
    for unsaid in ("时钟", "电量", "同席", "最新", "正在评"):
        assert unsaid not in lines[other.id]
    venue.clock.now += timedelta(seconds=30)
    assert "正在评" not in board.section("chief", "devices")  # the lease has run out
    venue.do(judging.revoke_device, two.id, venue.people["chief"], "多余")
    assert "同席另有平板在用" not in board.section("chief", "devices")
    venue.clock.now += timedelta(seconds=40)
    assert "后无消息" in board.section("chief", "devices")


def test_flags_are_counted_in_the_matrix(board: Board) -> None:
    device = board.tablet()
    sheet = board.sheets(device)[2]["id"]
    rows = [JottingRow(sheet, item, True, False, "机密小记", 1) for item in ("aroma", "taste")]
    board.venue.do(judging.keep_jottings, device, rows)
    for role in ("chief", "organiser"):
        matrix_html = board.section(role, "matrix")
        assert matrix_html.count("待定 2") == 1
        assert "机密小记" not in board.page(role)


def test_the_chief_switches_the_strip_for_the_event(board: Board) -> None:
    device = board.tablet()
    assert "关闭“本场已评”" in board.section("chief", "devices")
    assert 'action="/desk/events/marking/strip"' not in board.page("organiser")
    assert board.post("strip", shown="").status_code == 303
    assert "打开“本场已评”" in board.section("chief", "devices")
    assert board.venue.read(judging.session, device, board.venue.clock.now)["seat"]["strip"] is False
    board.post("strip", shown="yes")
    assert board.venue.read(judging.strip_shown, EVENT)


def test_one_stream_is_shared_only_by_those_who_see_the_same(board: Board) -> None:
    device = board.tablet()
    board.ask(device, board.sheets(device)[0]["id"], "aroma")
    roles = (*ROLES, "announcer")
    seen: dict[str, tuple[frozenset[str], object]] = {}
    for size in range(1, len(roles) + 1):
        for some in map(frozenset, combinations(roles, size)):
            view = board.venue.read(matrix.live, Tallies(), EVENT, some, board.venue.clock.now)
            name = desk.topic(EVENT, "zh", some)
            with suppress(KeyError):
                assert seen[name][1] == view, f"{sorted(some)} and {sorted(seen[name][0])} share {name}"
            seen[name] = (some, view)
    assert len(seen) > 3
