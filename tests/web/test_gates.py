"""Signing in, the guards of the desks, and one event walked through every gate to its certificates."""

import re
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text

from competition import judging
from competition.publish.names import masked, same_name
from competition.settings import Settings
from competition.web.app import create_app
from competition.web.release import working_days_after
from tests.web.conftest import HTTPS, Desk
from tests.web.test_pages import words
from tests.web.venue import FINAL, LOCKED, MARKING, NAMES, NOON, PASSWORD, ROOT, WALK, Venue

OURS = {"origin": HTTPS}
POSTS = (
    "/login", "/logout", "/desk/password", "/desk/intake", "/desk/intake/undo", "/desk/intake/games", "/desk/intake/programme",
    "/desk/safety",
    "/desk/games/tables/rules", "/desk/games/tables/notice", "/desk/games/tables/final", "/desk/games/tables/make",
    "/desk/board/messages", "/desk/board/messages/end",
    "/desk/people", "/desk/people/passwords", "/desk/people/{official_id:str}/duty", "/desk/people/{official_id:str}/account",
    "/desk/intake/{id:str}/confirm", "/desk/intake/{id:str}/mend",
    f"/desk/events/{MARKING}/lock", f"/desk/events/{MARKING}/unlock", f"/desk/events/{MARKING}/settle",
    f"/desk/events/{MARKING}/requests/approve", f"/desk/events/{MARKING}/requests/refuse",
    f"/desk/events/{MARKING}/requests/extend", f"/desk/events/{MARKING}/late", f"/desk/events/{MARKING}/strip",
    f"/desk/events/{MARKING}/messages", f"/desk/events/{MARKING}/messages/end",
    f"/desk/events/{MARKING}/lock/undo",
    f"/desk/events/{MARKING}/spread", f"/desk/events/{MARKING}/corrections",
    f"/desk/events/{MARKING}/corrections/confirm", f"/desk/events/{MARKING}/corrections/refuse",
    f"/desk/events/{MARKING}/absence", f"/desk/events/{MARKING}/status", f"/desk/events/{MARKING}/decode",
    f"/desk/events/{MARKING}/draw", f"/desk/events/{MARKING}/draw/seed", f"/desk/events/{MARKING}/draw/map.pdf",
    f"/desk/events/{MARKING}/checkin", f"/desk/events/{MARKING}/checkin/open", f"/desk/events/{MARKING}/checkin/undo",
    f"/desk/events/{MARKING}/rulings", f"/desk/events/{MARKING}/rulings/confirm", f"/desk/events/{MARKING}/rulings/refuse",
    f"/desk/events/{MARKING}/slots", f"/desk/events/{MARKING}/checkin/close", f"/desk/events/{MARKING}/order/{{module:str}}",
    f"/desk/events/{MARKING}/order/{{module:str}}/swap", f"/desk/events/{MARKING}/order/{{module:str}}/move",
    f"/desk/events/{MARKING}/order/{{module:str}}/undo", f"/desk/events/{MARKING}/judges",
    f"/desk/events/{MARKING}/judges/interest", f"/desk/events/{MARKING}/setup/slots",
    f"/desk/events/{MARKING}/setup/postpone", f"/desk/events/{MARKING}/setup/drop", f"/desk/events/{MARKING}/setup/name",
    f"/desk/events/{MARKING}/setup/open", f"/desk/events/{MARKING}/rules", f"/desk/events/{MARKING}/rules/bring",
    f"/desk/events/{MARKING}/appeals", f"/desk/events/{MARKING}/appeals/answer",
    f"/desk/events/{MARKING}/objections", f"/desk/events/{MARKING}/objections/answer",
    f"/desk/events/{MARKING}/recheck", f"/desk/events/{MARKING}/recheck/found",
    f"/desk/events/{MARKING}/rules/adopt", f"/desk/events/{MARKING}/rules/answer", f"/desk/events/{MARKING}/rules/blank.pdf",
    f"/desk/events/{MARKING}/keys",
    f"/desk/events/{MARKING}/notice", f"/desk/events/{MARKING}/final", f"/desk/events/{MARKING}/certificates",
    f"/desk/events/{MARKING}/certificates/ask", f"/desk/events/{MARKING}/certificates/confirm",
    f"/desk/events/{MARKING}/certificates/refuse", f"/desk/events/{MARKING}/certificates/print",
    f"/desk/events/{MARKING}/certificates/designs", f"/desk/events/{MARKING}/certificates/trays",
    f"/desk/events/{MARKING}/seats/card", f"/desk/events/{MARKING}/seats/cards", f"/desk/events/{MARKING}/seats/revoke",
    f"/desk/events/{MARKING}/seats/replace", f"/desk/events/{MARKING}/handover",
    f"/desk/events/{MARKING}/theory", f"/desk/events/{MARKING}/theory/check",
    f"/desk/events/{MARKING}/cards/{{sheet_id:str}}",
    f"/desk/events/{MARKING}/decisions/input", f"/desk/events/{MARKING}/decisions/admit", f"/desk/events/{MARKING}/decisions/order",
)  # fmt: skip


def test_every_post_is_in_the_table(app: Litestar) -> None:
    """A new POST route must be listed above, or be guarded by a bearer token, or change nothing."""
    known = {path.replace(MARKING, "{event_id:str}") for path in POSTS}
    found = {
        route.path
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if "POST" in handler.http_methods and not route.path.startswith(("/api/judge/", "/c/"))
    }
    assert found == known


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": HTTPS, "sec-fetch-site": "cross-site"},
    ],
)
def test_a_post_from_elsewhere_is_refused(desk: Desk, path: str, headers: dict[str, str]) -> None:
    answer = desk("chief").post(path, data={"sure": "yes"}, headers=headers)
    assert answer.status_code == 403
    assert "不是从本系统的页面发出的" in answer.text


def test_a_wrong_password_says_so_and_keeps_the_name(desk: Desk) -> None:
    answer = desk("").post("/login", data={"username": "clerk", "password": "wrong"}, headers=OURS)
    assert answer.status_code == 403
    assert "用户名或密码不对" in answer.text
    assert 'value="clerk"' in answer.text
    assert "wrong" not in answer.text


def test_signing_in_leads_only_inside(desk: Desk) -> None:
    for target in ("https://elsewhere.example/desk", "//elsewhere.example", "/desk//elsewhere.example", "/desk\\x"):
        form = {"username": "clerk", "password": PASSWORD, "next": target}
        answer = desk("").post("/login", data=form, headers=OURS, follow_redirects=False)
        assert answer.headers["location"] == "/desk"
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "secure" in cookie
        desk("").cookies.clear()


def test_signing_out_ends_the_session_on_the_server(app: Litestar) -> None:
    client = TestClient(app, base_url=HTTPS)
    client.post("/login", data={"username": "clerk", "password": PASSWORD}, headers=OURS)
    cookie = client.cookies["__Host-desk"]
    assert client.get("/desk").status_code == 200
    client.post("/logout", headers=OURS)
    again = client.get("/desk", headers={"cookie": f"__Host-desk={cookie}"}, follow_redirects=False)
    assert again.status_code == 303


def test_desks_are_shut_on_plain_http(app: Litestar, venue: Venue) -> None:
    plain = TestClient(app, base_url="http://10.0.0.5:8000")
    for path in ("/desk", "/login", f"/desk/events/{MARKING}"):
        answer = plain.get(path)
        assert answer.status_code == 403
        assert "请使用加密连接" in answer.text
        assert "--allow-plain-desks" in answer.text
    assert plain.get("/").status_code == 200
    assert plain.get(f"/board/{MARKING}").status_code == 200
    open_settings = Settings(ROOT, ROOT, allow_plain_desks=True)
    allowed = TestClient(
        create_app(open_settings, venue.engine, venue.writer, venue.clock), base_url="http://10.0.0.5:8000"
    )
    assert allowed.get("/login").status_code == 200


def test_headers_stand_on_pages_files_and_refusals(desk: Desk) -> None:
    for path in ("/", "/nothing", "/health", "/login", f"/desk/events/{MARKING}"):
        headers = desk("").get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-type"].count("charset") <= 1
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-robots-tag"] == "noindex, nofollow"


def test_no_page_holds_inline_script_or_style(desk: Desk) -> None:
    for role, path in (
        ("organiser", f"/desk/events/{MARKING}"),
        ("", "/"),
        ("", f"/board/{MARKING}"),
        ("chief", "/desk"),
    ):
        text = desk(role).get(path).text
        assert " style=" not in text
        assert not re.search(r"\son\w+=", text)
        assert not re.search(r"<script(?![^>]*src=)", text)


def test_assets_are_kept_for_ever_under_their_digest(desk: Desk) -> None:
    page = desk("").get("/").text
    address = re.search(r'href="(/assets/[0-9a-f]{12}/tokens.css)"', page)
    assert address
    first = desk("").get(address[1])
    assert "immutable" in first.headers["cache-control"]
    loose = desk("").get("/assets/tokens.css")
    assert loose.headers["cache-control"] == "no-cache"
    again = desk("").get("/assets/tokens.css", headers={"if-none-match": loose.headers["etag"]})
    assert again.status_code == 304
    assert desk("").get("/assets/../app.py").status_code == 404


def test_seat_cards_show_once_and_open_the_seat(desk: Desk, venue: Venue) -> None:
    base = f"/desk/events/{MARKING}/seats"
    refused = desk("clerk").post(f"{base}/card", data={"seat": "taste.1"}, headers=OURS)
    assert refused.status_code == 403
    answer = desk("chief").post(f"{base}/card", data={"seat": "taste.1"}, headers=OURS)
    said = words(answer.text)
    token = re.search(rf"{HTTPS}/join/(\S+)", said)
    pin = re.search(r"口令 (\d{3}) (\d{3})", said)
    assert token
    assert pin
    assert "data:image/svg+xml" in answer.text
    device = venue.do(judging.join, token[1], pin[1] + pin[2], "bearer-of-test", rng_bytes=venue.rng)
    assert device.seat == "taste.1"
    assert pin[1] + pin[2] not in desk("chief").get(base).text
    gone = desk("chief").post(f"{base}/revoke", data={"device": device.id, "reason": "测试"}, headers=OURS)
    assert gone.status_code == 200


def test_one_event_through_every_gate(desk: Desk, venue: Venue) -> None:
    base = f"/desk/events/{WALK}"
    sure = {"sure": "yes"}
    assert "没有完成" in words(desk("supervisor").get(f"{base}/decode").text)
    refused = desk("organiser").post(f"{base}/lock", data=sure, headers=OURS)
    assert refused.status_code == 403
    locked = desk("chief").post(f"{base}/lock", data=sure, headers=OURS)
    assert "已锁定全部评分表" in words(locked.text)

    page = desk("chief").get(f"{base}/entries/P02").text
    sheet = re.search(r'name="sheet" value="(\w+)"', page)
    assert sheet
    reason = {"sheet": sheet[1], "code": "P02", "reason": ""}
    assert desk("chief").post(f"{base}/unlock", data=reason, headers=OURS).status_code == 422
    venue_says = desk("clerk").post(f"{base}/unlock", data=reason | {"reason": "误锁"}, headers=OURS)
    assert venue_says.status_code == 403

    both = {
        "encryptor_username": "encryptor",
        "supervisor_username": "supervisor",
        "encryptor_password": PASSWORD,
        "layer": "3",
    }
    wrong = desk("encryptor").post(f"{base}/decode", data=both | {"supervisor_password": "no"}, headers=OURS)
    assert "用户名或密码不对" in wrong.text
    assert not any(name in desk("chief").get(base).text for name in NAMES)
    for layer in ("3", "2", "1"):
        assert not any(name in desk("chief").get(f"{base}/decode").text for name in NAMES)
        form = both | {"supervisor_password": PASSWORD, "layer": layer}
        done = desk("encryptor").post(f"{base}/decode", data=form, headers=OURS)
        assert ("姓名与编号已对应" in words(done.text)) == (layer == "1")
    assert all(name in words(done.text) for name in NAMES)
    assert not any(name in desk("clerk").get(f"{base}/decode").text for name in NAMES)
    assert NAMES[0] in desk("chief").get(base).text

    closes = (venue.clock.now + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")  # venue time, an hour from now
    notice = desk("organiser").post(f"{base}/notice", data=sure | {"closes": closes}, headers=OURS)
    assert "公示已发布" in words(notice.text)
    early = desk("organiser").post(f"{base}/final", data=sure, headers=OURS)
    assert early.status_code == 409
    assert "公示期到" in early.text
    venue.clock.now += timedelta(hours=2)
    final = desk("organiser").post(f"{base}/final", data=sure, headers=OURS)
    assert "最终成绩已公布" in words(final.text)
    again = desk("organiser").post(f"{base}/final", data=sure | {"reason": "更正单位"}, headers=OURS)
    assert again.status_code == 200
    assert "更正" in words(desk("").get(f"/results/{WALK}").text)

    numbered = desk("organiser").post(f"{base}/certificates", data={"issuer": "sls", "sample": "yes"}, headers=OURS)
    assert "证书已编号" in words(numbered.text)
    assert "SLS-2026-042" in numbered.text
    told = desk("").get("/c/keys.txt").text.split()[-1]
    assert told in venue.read(
        lambda conn: conn.scalar(text("SELECT body FROM ledger WHERE kind = 'certificates' ORDER BY seq DESC"))
    )
    assert desk("organiser").get(f"{base}/certificates.pdf").status_code == 404  # nothing prints that isn't on record


def test_a_certificate_verifies_with_the_name_masked(desk: Desk, venue: Venue) -> None:
    one = venue.read(judging.certificates, FINAL)[0]
    page = desk("").get(f"/c/{one.code}").text
    assert "样张，无效" in words(page)
    assert one.name not in page
    assert masked(one.name) in page
    other = desk("").post(f"/c/{one.code}", data={"name": "某某"})
    assert "姓名不一致" in words(other.text)
    assert one.name not in other.text
    right = desk("").post(f"/c/{one.code.lower()}", data={"name": f" {one.name} "})
    assert "姓名一致" in words(right.text)
    assert one.name in right.text
    unknown = desk("").get("/c/ABCDEFGH12")
    assert unknown.status_code == 404
    assert "查无此证" in words(unknown.text)


def test_guessing_names_is_slowed(desk: Desk, venue: Venue) -> None:
    one = venue.read(judging.certificates, FINAL)[0]
    venue.clock.now += timedelta(minutes=2)
    answers = [desk("").post(f"/c/{one.code}", data={"name": f"试{n}"}).status_code for n in range(8)]
    assert answers[:6] == [200] * 6
    assert answers[6:] == [429] * 2
    venue.clock.now += timedelta(minutes=2)
    assert desk("").get(f"/c/{one.code}").status_code == 200


def test_names_are_masked_and_compared_as_people_write_them() -> None:
    assert masked("张伟") == "张*"
    assert masked("Ann Lee") == "A***"
    assert same_name("买买提·艾力", "买买提•艾力")
    assert same_name("Ann  Lee", "ann lee")
    assert not same_name("张伟", "张维")


def test_three_working_days_skip_the_weekend() -> None:
    friday = NOON
    assert working_days_after(friday, 3) == friday + timedelta(days=5)


def test_no_handler_is_wrapped_twice(app: Litestar) -> None:
    """Litestar 2.25 wraps handlers twice when two of one path are registered on the application itself."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            assert type(getattr(handler.fn, "func", None)).__name__ != "AsyncCallable", route.path


def test_the_chief_decides_the_order_of_equals(venue: Venue, desk: Desk) -> None:
    """What the page offers: nothing to decide while places may be shared; a code that isn't there is refused by name."""
    chief = desk("chief")
    said = words(chief.get(f"/desk/events/{LOCKED}/decisions").text)
    assert "没有需要裁定的并列" in said
    assert "锁定后" in words(chief.get(f"/desk/events/{MARKING}/decisions").text)
    answer = chief.post(
        f"/desk/events/{LOCKED}/decisions/order", data={"codes": "Q97 Q98", "reason": "why"}, headers=OURS
    )
    assert answer.status_code == 404
    assert "Q97" in words(answer.text)
