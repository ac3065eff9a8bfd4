"""Many tablets before the real server on a bad network: nothing lost, nothing doubled, nothing untrue, the same standings."""

import os
import shutil
from collections import Counter
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from litestar import Litestar
from litestar.testing import TestClient

from competition import judging, store
from competition.settings import Settings
from competition.web.app import create_app
from tests.laid_out import LaidOut
from tests.web.judge_stage import CARDS, EVENT, ROOT, SEATS, Stage, lay_out
from tests.web.network import Body, Copy, Server, Tablet, perfect

TWINS = "sensory.1"
"""The seat in which two tablets are live at once; there nobody signs, so that the chief can settle what clashes."""
FATES = ("ok", "lost", "reply lost", "slow", "twice", "slow too")
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
HOW = settings(
    max_examples=int(os.environ.get("NETWORK_EXAMPLES", "150")) if THOROUGH else 7,
    stateful_step_count=120 if THOROUGH else 45,
    deadline=None,
    derandomize=not THOROUGH,
    database=None,
    print_blob=True,
    phases=(Phase.generate,),  # shrinking takes minutes here and a run is read well enough as it stands
    suppress_health_check=list(HealthCheck),
)
index = st.integers(min_value=0, max_value=10**6)


class Venue(RuleBasedStateMachine):
    """Seven tablets in six seats. `straggling` are copies of requests that are still somewhere in the network."""

    laid_out: LaidOut
    folder: Path
    client: TestClient[Litestar]
    counted: Counter[str]

    @initialize(hours=st.lists(st.sampled_from([-26, -2, 0, 0, 3]), min_size=7, max_size=7), doubled=index)
    def open_the_doors(self, hours: list[int], doubled: int) -> None:
        file = self.folder / f"{next(NUMBER)}.sqlite"
        with self.laid_out.copy(lay_out, file) as stage:
            self.stage: Stage = stage
        shutil.copy(file, file.with_suffix(".perfect"))
        self.server = Server(self.client, file, stage.now, self.counted)
        self.server.start()
        ids = count(1)
        self.ids = lambda _: next(ids)
        self.cards = dict.fromkeys(SEATS, 0)
        self.straggling: list[Copy] = []
        self.gone: list[Tablet] = []
        self.taps: list[tuple[Tablet, Body]] = []
        self.tablets = [
            self.pair(seat, f"{seat}/{n}", fast)
            for n, (seat, fast) in enumerate(zip((TWINS, *SEATS), hours, strict=True))
        ]
        self.tablets[doubled % 7].refresh()

    def pair(self, seat: str, line: str, fast: int) -> Tablet:
        tablet = Tablet(self.server, seat, self.cards[seat], line, fast, self.ids)
        self.cards[seat] += 1
        tablet.join(times=1 + fast % 2)
        tablet.seen = self.server.now
        return tablet

    @rule(which=index, sheet=index, taps=st.lists(st.tuples(index, index, index), min_size=1, max_size=5))
    def tap(self, which: int, sheet: int, taps: list[tuple[int, int, int]]) -> None:
        tablet = self.tablets[which % 7]
        for item, value, more in taps:
            self._tap(tablet, self._pick(tablet, sheet), item, value, more % 4)

    @rule(sheet=index, item=index, values=st.tuples(index, index), first=st.booleans())
    def tap_the_same_on_both_twins(self, sheet: int, item: int, values: tuple[int, int], first: bool) -> None:
        pair = self.tablets[:2] if first else self.tablets[1::-1]
        for tablet, value in zip(pair, values, strict=True):
            self._tap(tablet, self._pick(tablet, sheet), item, value, 0)

    @precondition(lambda self: any(tablet.outbox for tablet in self.tablets))
    @rule(tries=st.lists(st.tuples(index, st.sampled_from(FATES), index, index), min_size=1, max_size=6))
    def send(self, tries: list[tuple[int, str, int, int]]) -> None:
        """Requests: the leading marks, some of them, in any order; a judge sees only what comes back."""
        for which, fate, order, some in tries:
            waiting = [tablet for tablet in self.tablets if tablet.outbox]
            if not waiting:
                return
            tablet = waiting[which % len(waiting)]
            ops = tablet.leading()
            if ops[0]["kind"] == "marks":
                ops = ops[order % len(ops) :] + ops[: order % len(ops)]
                ops = ops[: 1 + some % len(ops)]
            self._carry(tablet, tablet.request(ops), fate)

    @precondition(lambda self: self.straggling)
    @rule(which=index, again=st.booleans())
    def arrive_late(self, which: int, again: bool) -> None:
        """A copy that was under way arrives now; nobody waits for the answer any more."""
        copy = self.straggling[which % len(self.straggling)]
        if not again:
            self.straggling.remove(copy)
        self.server.call(copy)

    @rule(which=index)
    def fetch(self, which: int) -> None:
        tablet = self.tablets[which % 7]
        if not [op for op in tablet.outbox if op["kind"] == "marks"]:
            assert tablet.refresh()

    @rule(which=index, sheet=index, value=index)
    def fill_and_sign(self, which: int, sheet: int, value: int) -> None:
        """A judge who is alone in a seat marks everything and signs; the signature queues behind the marks."""
        tablet = self.tablets[2 + which % 5]
        line = self._pick(tablet, sheet)
        if not tablet.open(line):
            return
        for n, item in enumerate(tablet.items(line)):
            if tablet.cell(line["id"], item["id"])[0] is None:
                self._tap(tablet, line, n, value + n, 1)
        tablet.sign(line)

    @rule(which=index, sheet=index)
    def ask_to_correct(self, which: int, sheet: int) -> None:
        tablet = self.tablets[2 + which % 5]
        line = self._pick(tablet, sheet)
        if line["state"] == "signed" and line["asked"] is None and not tablet.outbox:
            tablet.ask(line)

    @rule(which=index, seconds=st.integers(0, 100), battery=st.integers(0, 100))
    def ping(self, which: int, seconds: int, battery: int) -> None:
        """A sign of life; who else sits in the seat is told by the server's clock, however wrong the tablets' are."""
        tablet = self.tablets[which % 7]
        self.server.now += timedelta(seconds=seconds)
        said = {"unsent": len(tablet.outbox), "open": tablet.sheets[0]["id"], "clock_ms": tablet.fast * 3_600_000}
        status, told = self.server.call((tablet.token, "ping", {**said, "battery": battery}))
        others = [one for one in self.tablets if one.seat == tablet.seat and one is not tablet]
        alive = [one for one in others if self.server.now - one.seen <= judging.ALIVE]
        assert (status, told["twins"]) == (200, len(alive))
        tablet.seen = self.server.now

    @rule(now=st.integers(0, 5))
    def restart(self, now: int) -> None:
        """The server's process ends and another opens the same file."""
        if now:
            return
        self.server.stop()
        self.server.start()
        self.counted["restarts"] += 1
        assert self.server.findings() == []

    @rule(which=index, broken=st.booleans(), now=st.integers(0, 2))
    def replace(self, which: int, broken: bool, now: int) -> None:
        """A tablet fails: revoked, its unsent marks handed over at the desk, another takes the seat."""
        place = which % 7
        old = self.tablets[place]
        if now or self.cards[old.seat] == len(CARDS[old.seat]):
            return
        chief = self.stage.people["chief"]
        self.straggling += [old.request(old.leading())] if old.outbox and broken else []
        self.server.act("revoke_device", old.told_of["seat"]["device"], chief, "掉进水里")
        assert not old.refresh()
        handed = self.server.act("hand_over", EVENT, old.package(), chief, "平板进水")
        assert [line.receipt.id for line in handed.lines] == [op["id"] for op in old.outbox if op["kind"] == "marks"]
        old.told |= {line.receipt.id: line.receipt.outcome for line in handed.lines}
        assert "refused" not in [line.receipt.outcome for line in handed.lines]
        self.gone.append(old)
        self.tablets[place] = self.pair(old.seat, old.line, -old.fast)
        self.counted["replaced"] += 1

    def teardown(self) -> None:
        if not hasattr(self, "tablets"):
            return
        try:
            self._heal()
            self._nothing_is_lost_doubled_or_untrue()
            self._the_standings_are_those_of_a_perfect_network()
        finally:
            self.server.stop()

    def _pick(self, tablet: Tablet, n: int) -> Body:
        return tablet.sheets[n % len(tablet.sheets)]

    def _tap(self, tablet: Tablet, sheet: Body, item: int, value: int, more: int) -> None:
        if not tablet.open(sheet):
            return
        items = tablet.items(sheet)
        one = items[item % len(items)]
        values = [each["value"] for each in one.get("values") or ()] or ["3", "7", "12"]
        op = tablet.tap(sheet["id"], one["id"], values[value % len(values)] if more or value % 5 else None)
        if op is not None:
            self.taps.append((tablet, op))
            self.counted["taps"] += 1

    def _carry(self, tablet: Tablet, copy: Copy, fate: str) -> None:
        self.counted[fate] += 1
        if fate in ("slow", "slow too"):
            self.straggling.append(copy)
        if fate in ("lost", "slow"):
            return
        for _ in range(2 if fate == "twice" else 1):
            status, told = self.server.call(copy)
        assert status == 200
        if copy[1] == "sign":
            assert told["outcome"] in ("accepted", "known"), told
        if fate != "reply lost":
            tablet.heard(copy[1], told)

    def _heal(self) -> None:
        """The network is good again: everything is sent, and whatever was still under way arrives as well."""
        for tablet in self.tablets:
            while ops := tablet.leading():
                self._carry(tablet, tablet.request(ops), "ok")
            assert tablet.refresh()
        before = self.server.lines()
        for copy in [*self.straggling, *self.straggling]:
            self.server.call(copy)
        assert self.server.lines() == before  # everything had been told already

    def _nothing_is_lost_doubled_or_untrue(self) -> None:
        self.server.stop()
        self.server.start()
        found = self.server.lines()
        assert self.server.findings() == []
        assert self.server.once()
        marks = {id for id, (kind, _) in found.items() if kind in ("mark", "late")}
        assert marks == {op["id"] for _, op in self.taps}  # all of them, and no other
        for tablet, op in self.taps:
            kind, line = found[op["id"]]
            outcome = tablet.told[op["id"]]
            assert kind == {"accepted": "mark", "known": "mark", "clash": "mark"}[outcome]
            assert (line["value"], line["counter"], line["seat"]) == (op["value"], op["counter"], tablet.seat)

    def _the_standings_are_those_of_a_perfect_network(self) -> None:
        seat_of: dict[tuple[str, str], str] = {}
        wanted: dict[tuple[str, str], list[str | None]] = {}
        lines: dict[tuple[str, str], set[str]] = {}
        for tablet, op in self.taps:
            cell = (op["sheet"], op["item"])
            seat_of[cell] = tablet.seat
            wanted.setdefault(cell, []).append(op["value"])
            lines.setdefault(cell, set()).add(tablet.line)
        chief = self.stage.people["chief"]
        for sheet, now in self.server.sheets().items():
            for item, rivals in now.clash.items():
                assert len(lines[sheet, item]) == 2  # no tablet clashes with itself or with the one it replaced
                self.server.act("settle_clash", sheet, item, rivals[0][1], chief, "看录像")
                self.counted["settled"] += 1
        after = self.server.sheets()
        for (sheet, item), values in wanted.items():
            stands = after[sheet].marks[item][0]
            if len(lines[sheet, item]) == 2:
                values[:] = [stands]  # what the chief, or the judge who saw both, let stand
            assert stands == values[-1]
        with store.reading(self.server.engine) as conn:
            noisy = judging.standings(conn, EVENT).standings
        file, edition = self.server.file.with_suffix(".perfect"), self.tablets[0].told_of["event"]["edition"]
        assert noisy == perfect(file, edition, seat_of, wanted, self.server.now)


NUMBER = count(1)


def test_whatever_the_network_does(laid_out: LaidOut, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counted: Counter[str] = Counter()
    with (
        laid_out.copy(lay_out, tmp_path / "first.sqlite") as stage,
        TestClient(create_app(Settings(ROOT, tmp_path), stage.engine, stage.writer, lambda: stage.now)) as client,
    ):
        given = {"laid_out": laid_out, "folder": tmp_path, "client": client, "counted": counted}
        run_state_machine_as_test(type("AVenue", (Venue,), given), settings=HOW)
    with capsys.disabled():
        print("\nnetwork:", ", ".join(f"{name} {n}" for name, n in sorted(counted.items())))
    assert counted["marks: known"]
    assert counted["marks: clash"]
    assert counted["sign: accepted"]
    assert counted["restarts"]
    assert counted["replaced"]
