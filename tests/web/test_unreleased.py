"""Other judges' marks and unreleased totals: planted, and looked for in every answer of every role (law 7; issue 7).

Totals by code are read by those who run the event; a single mark by nobody before all is locked, and then only where it is corrected or
looked into. The routes are read off the application, so that a page made tomorrow is asked too.
"""

import pytest

from competition import judging
from competition.judging import Device
from tests.judging.conftest import EVENT, Hall
from tests.web.seal_stage import BASE, ROLES, Sealing
from tests.web.test_sealed import filled, paths, stage, told

__all__ = ["stage"]

MARK = "龙井植入答案"
WATCH = {f"{BASE}/standings.csv", BASE, f"{BASE}/live"}
RUN = ("organiser", "chief", "supervisor")
"""Who reads totals by code while the event runs."""


@pytest.fixture
def marked(stage: Sealing, monkeypatch: pytest.MonkeyPatch) -> Sealing:
    """Every sheet marked and signed; the first seat wrote what no other did."""
    usual = Hall.fill

    def fill(hall: Hall, device: Device, sheet: str, aroma: str = "6") -> None:
        usual(hall, device, sheet, aroma=aroma, variety=MARK if device.seat == "taste.1" else "龙井")

    monkeypatch.setattr(Hall, "fill", fill)
    stage.mark_everything_but_the_draw()
    return stage


def shown(stage: Sealing, role: str) -> tuple[set[str], set[str]]:
    """The addresses that tell this role the planted mark, and those that tell a total."""
    assert stage.app is not None
    totals = [one.total for one in stage.read(judging.standings, EVENT).standings]
    assert None not in totals
    marks, sums = set(), set()
    for path in paths(stage.app, "GET"):
        for one in filled(stage, path):
            if one.endswith("nothing"):
                continue
            answer = told(stage.get(role, one))
            marks |= {one} if MARK in answer else set()
            sums |= {one} if any(total in answer for total in totals if total) else set()
    return marks, sums


@pytest.mark.parametrize("role", ["", *ROLES])
def test_before_locking_nobody_reads_a_mark(marked: Sealing, role: str) -> None:
    assert shown(marked, role) == (set(), WATCH if role in RUN else set())


@pytest.mark.parametrize("role", ["", *ROLES])
def test_after_locking_marks_are_read_where_they_are_corrected_or_looked_into(marked: Sealing, role: str) -> None:
    marked.do(judging.lock_event, EVENT, marked.official("chief"))
    marks, sums = shown(marked, role)
    first = {"supervisor": {f"{BASE}/timeline", f"{BASE}/timeline.csv"}}.get(role, set())
    assert {one for one in marks if "/corrections/" not in one} == first
    assert role == "chief" or marks == first
    assert sums == (WATCH | {f"{BASE}/explain/P01"} if role in RUN else set())


def test_a_tablet_is_told_no_other_seats_marks(marked: Sealing) -> None:
    token, bearer, pin = "planted-token", "planted-bearer", "482913"
    marked.do(judging.make_pairing, EVENT, "taste.2", marked.official("organiser"), token=token, pin=pin)
    marked.do(judging.join, token, pin, bearer, rng_bytes=marked.rng)
    answer = told(marked.get("", "/api/judge/session", headers={"authorization": f"Bearer {bearer}"}))
    assert "P01" in answer
    assert MARK not in answer
