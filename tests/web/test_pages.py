"""What each page shows, and to whom: the table of roles and pages, and the secrets that stay sealed."""

import html
import re
from typing import Any

import pytest

from competition import judging
from tests.web.conftest import Desk
from tests.web.venue import EMPTY, FINAL, LOCKED, MARKING, NAMES, NOTICE, ROLES, SECRETS, Venue

SEALED = (MARKING, LOCKED)
BASE = "/desk/events/{event}"
TOTALS = {"organiser", "chief", "supervisor"}
ALLOWED: dict[str, set[str]] = {
    "/desk": {*ROLES, "stranger"},
    "/desk/events": {*ROLES, "stranger"},
    BASE: set(ROLES),
    f"{BASE}/entries/P01": set(ROLES),
    f"{BASE}/explain/P01": TOTALS,
    f"{BASE}/standings.csv": TOTALS,
    f"{BASE}/seats": set(ROLES),
    f"{BASE}/lock": set(ROLES),
    f"{BASE}/decisions": {"chief"},
    f"{BASE}/decode": set(ROLES),
    f"{BASE}/draw": set(ROLES),
    f"{BASE}/notice": set(ROLES),
    f"{BASE}/final": set(ROLES),
    f"{BASE}/certificates": {"organiser"},
}
"""Which roles may open which page of the desks; everybody else is refused. The acts behind the pages check again."""


def words(text: str) -> str:
    """A page as it is read: tags gone, blanks one."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize("role", ROLES)
def test_home_says_what_is_due(desk: Desk, role: str) -> None:
    said = words(desk(role).get("/desk").text)
    assert "今日工作" in said
    due = {
        "organiser": "公示中", "chief": "看进度", "encryptor": "可解密", "supervisor": "可解密", "clerk": "现在没有需要您处理的事项",
    }  # fmt: skip
    assert due[role] in said


def test_all_events_by_chain_and_filter(desk: Desk) -> None:
    page = words(desk("organiser").get("/desk/events").text)
    assert "绿色食品 6" in page
    assert "6 / 6 个赛项" in page
    only = words(desk("organiser").get("/desk/events?stage=notice").text)
    assert "1 / 6 个赛项" in only
    none = words(desk("organiser").get("/desk/events?q=没有这个").text)
    assert "没有符合条件的赛项" in none


def test_an_event_shows_matrix_devices_and_standings_by_code(desk: Desk) -> None:
    page = words(desk("chief").get(f"/desk/events/{MARKING}").text)
    for said in ("评分进度", "P01", "P02", "P03", "已签", "未开始", "裁判平板", "当前名次", "姓名已加密", "缺 "):
        assert said in page, said
    assert "7/9" in page.replace(" ", "")


def test_an_empty_event_says_what_comes_next(desk: Desk) -> None:
    page = words(desk("organiser").get(f"/desk/events/{EMPTY}").text)
    assert "还没有分配评分表" in page
    assert "还没有成绩" in page
    assert "还没有平板接入" in page


def test_the_encryptor_sees_no_totals_before_decoding(desk: Desk) -> None:
    page = words(desk("encryptor").get(f"/desk/events/{MARKING}").text)
    assert "锁定后显示" in page
    assert desk("encryptor").get(f"/desk/events/{MARKING}/standings.csv").status_code == 403


def test_names_stand_in_the_standings_after_decoding(desk: Desk) -> None:
    page = words(desk("organiser").get(f"/desk/events/{NOTICE}").text)
    for name in NAMES:
        assert name in page


def test_an_explanation_waits_for_the_lock(desk: Desk) -> None:
    early = words(desk("chief").get(f"/desk/events/{MARKING}/explain/P01").text)
    assert "尚未全部锁定" in early
    assert "7.5" not in early
    late = words(desk("chief").get(f"/desk/events/{LOCKED}/explain/P01").text)
    assert "7.5" in late
    assert "P01" in late


def test_lock_page_lists_who_is_missing(desk: Desk) -> None:
    page = words(desk("chief").get(f"/desk/events/{MARKING}/lock").text)
    assert "2 件事没有完成" in page
    assert "还有 1 张未签名：P03" in page


def test_an_entry_shows_states_and_no_values(desk: Desk) -> None:
    page = words(desk("chief").get(f"/desk/events/{MARKING}/entries/P01").text)
    assert "已签" in page
    assert "7.5" not in page


@pytest.mark.parametrize("role", ["stranger", *ROLES])
@pytest.mark.parametrize("path", ALLOWED)
def test_who_may_open_which_page(desk: Desk, role: str, path: str) -> None:
    answer = desk(role).get(path.format(event=MARKING), follow_redirects=False)
    assert answer.status_code == (200 if role in ALLOWED[path] else 403)


@pytest.mark.parametrize("path", ALLOWED)
def test_nobody_is_asked_to_sign_in(desk: Desk, path: str) -> None:
    answer = desk("").get(path.format(event=MARKING), follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={path.format(event=MARKING)}"


@pytest.mark.parametrize("role", ["", "stranger", *ROLES])
def test_sealed_means_sealed(desk: Desk, role: str, venue: Venue) -> None:
    """No page, file or refusal about a sealed event holds a name or a unit, whoever asks."""
    for event in SEALED:
        for path in [*desk_paths(event), *public_paths(event)]:
            for lang in ("zh", "en"):
                text = desk(role).get(path, params={"lang": lang}).text
                assert not [secret for secret in SECRETS if secret in text], (role, path)


def test_the_public_sees_progress_only_before_the_notice(desk: Desk) -> None:
    page = words(desk("").get(f"/results/{MARKING}").text)
    assert "2 /3" in page
    assert "7.5" not in page
    assert "名次" not in page.replace("成绩和名次在公示时公布", "")
    assert desk("").get(f"/results/{MARKING}/results.csv").status_code == 404
    assert desk("").get(f"/results/{LOCKED}/results.json").json()["error"]["zh"].startswith("成绩尚未公示")
    board = words(desk("").get(f"/board/{MARKING}").text)
    assert "P01" in board
    assert "只显示进度" in board


def test_only_the_awarded_are_named(desk: Desk, venue: Venue) -> None:
    """The first entry has an award; whoever has none stays without a name on page, file and board."""
    release = venue.read(judging.release_of, NOTICE)
    awarded = {name for row in release.rows if row.award for name in row.names}
    others = set(NAMES) - awarded
    assert awarded
    for path in (
        f"/results/{NOTICE}",
        f"/results/{NOTICE}/results.csv",
        f"/results/{NOTICE}/results.json",
        f"/board/{NOTICE}",
    ):
        text = desk("").get(path).text
        assert all(name in text for name in awarded), path
        assert not any(name in text for name in others), path


def test_notice_and_final_say_what_they_are(desk: Desk) -> None:
    notice = words(desk("").get(f"/results/{NOTICE}").text)
    assert "公示 · 非最终成绩" in notice
    assert "2026-11-23 12:00" in notice
    final = words(desk("").get(f"/results/{FINAL}").text)
    assert "正式公布" in final
    assert "修订号" in final
    assert "成绩未最终确认" in words(desk("").get(f"/board/{NOTICE}").text)
    assert "成绩未最终确认" not in words(desk("").get(f"/board/{FINAL}").text)


def test_csv_opens_in_a_spreadsheet(desk: Desk) -> None:
    answer = desk("").get(f"/results/{FINAL}/results.csv")
    assert answer.content.startswith("\ufeff".encode())
    assert "名次,姓名,单位,总分,奖项" in answer.text


def test_language_switch_is_kept(desk: Desk) -> None:
    client = desk("supervisor")
    assert "Today&#39;s work" in client.get("/desk?lang=en").text
    assert "Today&#39;s work" in client.get("/desk").text
    assert "今日工作" in client.get("/desk?lang=zh").text


def test_health(desk: Desk) -> None:
    health: dict[str, Any] = desk("").get("/health").json()
    assert health["ok"] is True
    assert health["ledger"] > 100
    assert health["schema"]


def desk_paths(event: str) -> list[str]:
    """Every page and file of the desks about an event."""
    return [path.format(event=event) for path in ALLOWED]


def public_paths(event: str) -> list[str]:
    """Every public page and file about an event, a search for a planted name too (only its own echo may hold it)."""
    return [
        "/", f"/results/{event}", f"/results/{event}/results.csv", f"/results/{event}/results.json", f"/board/{event}",
        "/c/", "/c/ABCDEFGH12", "/login", "/health", f"/results/{event}/nothing",
    ]  # fmt: skip
