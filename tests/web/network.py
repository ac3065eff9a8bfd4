"""Simulated tablets and a network that misbehaves, before the real application and its store.

A tablet here does what the real one does (assets/judge/book.js, sync.js): every tap goes into its outbox with an id, its own
counter and the mark it supersedes; a record leaves the outbox only with a receipt; a session is fetched only while nothing is
under way. The network may lose a request, lose the reply after the commit, bring it late, twice, or in another order.
"""

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import func, select

from competition import judging, store
from competition.judging.handover_package import HandedMark, HandedSign
from competition.store import Ledger
from competition.store.sheets import SheetNow, event_sheets
from tests.laid_out import Dice
from tests.web.judge_stage import CARDS, EVENT, PIN

Body = dict[str, Any]
Copy = tuple[str, str, Body]
"""A request under way: bearer token, path, body."""


@dataclass
class Server:
    """The application on a store that can be closed and opened again; `now` is its clock.

    Putting the application together takes longer than a hundred requests, so all runs share one (`client`) and only the
    store behind it is closed and opened; tests/browser kills whole processes.
    """

    client: TestClient[Litestar]
    file: Path
    now: datetime
    counted: Counter[str]
    stack: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        self.engine = store.open_store(f"sqlite:///{self.file}")
        self.stack.callback(self.engine.dispose)
        self.writer = self.stack.enter_context(store.Writer(self.engine))
        self.writer.on_commit(self.client.app.state.tallies.drop)
        self.client.app.state.update({"engine": self.engine, "writer": self.writer, "clock": lambda: self.now})

    def stop(self) -> None:
        self.stack.close()

    def call(self, copy: Copy) -> tuple[int, Body]:
        """One request that arrives. Its answer is checked against the ledger whether or not anybody will hear it."""
        token, path, body = copy
        self.counted["requests"] += 1
        self.now += timedelta(milliseconds=7)
        answer = self.client.post(f"/api/judge/{path}", json=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in (200, 401), answer.text
        told: Body = answer.json()
        if answer.status_code == 200:
            self._must_be_true(path, body, told)
        return answer.status_code, told

    def session(self, token: str) -> tuple[int, Body]:
        answer = self.client.get("/api/judge/session", headers={"Authorization": f"Bearer {token}"})
        told: Body = answer.json()
        return answer.status_code, told

    def act(self, name: str, *args: Any, **more: Any) -> Any:
        """An official's act."""
        self.now += timedelta(milliseconds=7)
        at = self.now
        return self.writer.do(lambda conn: getattr(judging, name)(conn, *args, at=at, **more))

    def sheets(self) -> dict[str, SheetNow]:
        with store.reading(self.engine) as conn:
            return event_sheets(conn, EVENT)

    def lines(self, ids: list[str] | None = None) -> dict[str, tuple[str, Body]]:
        """Lines of the ledger that tablets made, by id; an id is there once because of the store's own law, which `once` checks."""
        kinds = ("mark", "late", "sign", "ask-unlock")
        query = select(Ledger.id, Ledger.kind, Ledger.body).where(Ledger.event_id == EVENT, Ledger.kind.in_(kinds))
        query = query if ids is None else query.where(Ledger.id.in_(ids))
        with store.reading(self.engine) as conn:
            return {row.id: (row.kind, json.loads(row.body)) for row in conn.execute(query)}

    def once(self) -> bool:
        """Whether no id stands twice and no cell holds one device's counter twice."""
        with store.reading(self.engine) as conn:
            total, ids = conn.execute(select(func.count(), func.count(Ledger.id.distinct()))).one()
        marks = [body for kind, body in self.lines().values() if kind in ("mark", "late")]
        return total == ids and len({(one["device"], one["counter"]) for one in marks}) == len(marks)

    def findings(self) -> list[str]:
        with store.reading(self.engine) as conn:
            return [str(one) for one in store.verify(conn, None, store.heads(conn))]

    def _must_be_true(self, path: str, body: Body, told: Body) -> None:
        sent = body["marks"] if path == "marks" else [body] if path in ("sign", "ask") else []
        receipts = told["receipts"] if path == "marks" else [told] if sent else []
        found, sheets = self.lines([op["id"] for op in sent]), self.sheets()
        assert [one["id"] for one in receipts] == [op["id"] for op in sent]
        for op, receipt in zip(sent, receipts, strict=True):
            outcome = receipt["outcome"]
            self.counted[f"{path}: {outcome}"] += 1
            kind, line = found.get(op["id"], ("", {}))
            if outcome == "refused":
                assert kind == ""
                assert receipt["reason"]["zh"]
                assert receipt["reason"]["en"]
            elif path == "marks":
                assert kind == ("late" if outcome == "late" else "mark")
                assert all(line[key] == op[key] for key in ("sheet", "item", "value", "counter"))
                assert outcome != "clash" or op["item"] in sheets[op["sheet"]].clash
            else:
                assert kind == {"sign": "sign", "ask": "ask-unlock"}[path]
                assert line["sheet"] == op["sheet"]
                assert sheets[op["sheet"]].state == "signed"


@dataclass
class Tablet:
    """One tablet in a seat. `line` is the row of tablets that took over from each other; `fast` its clock's lead in hours."""

    server: Server
    seat: str
    card: int
    line: str
    fast: int
    ids: Any
    counter: int = 0
    outbox: list[Body] = field(default_factory=list)
    held: list[Body] = field(default_factory=list)
    acked: dict[tuple[str, str], tuple[str | None, str]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    told_of: Body = field(default_factory=dict)
    seen: datetime = field(init=False)

    def join(self, times: int = 1) -> None:
        """Scan the card; a lost reply means joining again with the same token."""
        self.token = f"{int(self.ids('token')):064x}"
        body = {"token": CARDS[self.seat][self.card], "pin": PIN, "device_token": self.token}
        for _ in range(times):
            assert self.server.client.post("/api/judge/join", json=body).status_code == 200
        self.refresh()

    def refresh(self) -> bool:
        """Fetch the session. False: this tablet has been revoked."""
        status, told = self.server.session(self.token)
        if status == 401:
            return False
        self.told_of, self.acked = told, {}
        now = self.server.sheets()
        for line in told["sheets"]:
            assert line["marks"] == {item: cell[:2] for item, cell in now[line["id"]].marks.items()}
            assert (line["state"], line["clash"]) == (now[line["id"]].state, sorted(now[line["id"]].clash))
        return True

    @property
    def sheets(self) -> list[Body]:
        return sorted(self.told_of["sheets"], key=lambda one: (one["slot"], one["id"]))

    def items(self, sheet: Body) -> list[Body]:
        form = self.told_of["forms"][f"{sheet['module']}/{sheet['sheet']}"]
        return [item for section in form["sections"] for item in section["items"] if item["control"] != "derived"]

    def cell(self, sheet: str, item: str) -> tuple[str | None, str | None]:
        """The value and mark id the judge sees: what waits, else what was confirmed, else what the session said."""
        for op in reversed([*self.outbox, *self.held]):
            if (op["kind"], op["sheet"], op.get("item")) == ("marks", sheet, item):
                return op["value"], op["id"]
        if (sheet, item) in self.acked:
            return self.acked[sheet, item]
        line = next(one for one in self.told_of["sheets"] if one["id"] == sheet)
        value, id = line["marks"].get(item, (None, None))
        return value, id

    def open(self, sheet: Body) -> bool:
        """Whether the judge may still mark it: not signed, and no signature waits."""
        queued = any(op["kind"] == "sign" and op["sheet"] == sheet["id"] for op in self.outbox)
        return sheet["state"] in ("draft", "complete") and not queued

    def tap(self, sheet: str, item: str, value: str | None) -> Body | None:
        """The judge taps; None where nothing changes."""
        before, supersedes = self.cell(sheet, item)
        if before == value:
            return None
        return self._put("marks", sheet=sheet, item=item, value=value, supersedes=supersedes)

    def sign(self, sheet: Body) -> None:
        """Sign what the judge sees; it queues behind the marks it names."""
        cells = {item["id"]: self.cell(sheet["id"], item["id"]) for item in self.items(sheet)}
        seen = {item: id for item, (value, id) in cells.items() if value is not None}
        self._put("sign", sheet=sheet["id"], marks=seen)

    def ask(self, sheet: Body) -> None:
        self._put("ask", sheet=sheet["id"], items=[], reason="看错一行")

    def request(self, ops: list[Body]) -> Copy:
        """These records of the outbox as one request: marks together, anything else alone."""
        op = ops[0]
        if op["kind"] == "marks":
            names = ("id", "sheet", "item", "value", "counter", "edition", "supersedes", "device_at")
            return self.token, "marks", {"marks": [{name: one[name] for name in names} for one in ops]}
        if op["kind"] == "sign":
            sent = {name: op[name] for name in ("id", "sheet", "counter", "marks")}
            return self.token, "sign", {**sent, "strokes": None, "pin": PIN}
        return self.token, "ask", {name: op[name] for name in ("id", "sheet", "items", "reason")}

    def leading(self) -> list[Body]:
        """What may go next: the marks before the first other record, or that record alone."""
        marks: list[Body] = []
        for op in self.outbox:
            if op["kind"] != "marks":
                return marks or [op]
            marks.append(op)
        return marks

    def heard(self, path: str, told: Body) -> None:
        """A reply: what is confirmed leaves the outbox, the rest is held with its reason."""
        for receipt in told["receipts"] if path == "marks" else [told]:
            for op in [one for one in self.outbox if one["id"] == receipt["id"]]:
                self.outbox.remove(op)
                self.told[op["id"]] = receipt["outcome"]
                if receipt["outcome"] not in ("accepted", "known"):
                    self.held.append(op)
                elif path == "marks":
                    self.acked[op["sheet"], op["item"]] = (op["value"], op["id"])
        if path != "marks":
            self.refresh()

    def package(self) -> judging.Package:
        """Its unsent marks for the desk, and everything that was turned away with them."""
        names = HandedMark.__struct_fields__
        marks = [op for op in self.outbox if op["kind"] == "marks"]
        signed = [HandedSign(op["sheet"]) for op in self.outbox if op["kind"] == "sign"]
        ops = tuple(HandedMark(**{name: op[name] for name in names if name in op}) for op in marks)
        seat = self.told_of["seat"]
        return judging.Package(
            1, "judge-marks", EVENT, seat["label"], seat["device"], "2026-01-01T00:00:00Z", (*ops, *signed)
        )

    def _put(self, kind: str, **more: Any) -> Body:
        self.counter += 1
        made = {"kind": kind, "id": f"{int(self.ids('op')):032x}", "counter": self.counter}
        wrong = store.stamp(
            self.server.now + timedelta(hours=self.fast)
        )  # this device's own clock, which orders nothing
        op = {**made, "edition": self.told_of["event"]["edition"], "device_at": wrong, **more}
        self.outbox.append(op)
        return op


def perfect(
    file: Path,
    edition: str,
    seat_of: dict[tuple[str, str], str],
    taps: dict[tuple[str, str], list[str | None]],
    at: datetime,
) -> Any:
    """The standings when the same taps, by sheet and item, come one after the other from one tablet a seat."""
    engine = store.open_store(f"sqlite:///{file}")
    devices, counter, chance = {}, count(1), Dice("perfect")
    with store.Writer(engine) as writer:
        for seat in sorted(set(seat_of.values())):
            args = (CARDS[seat][0], PIN, f"{seat:x>64}")
            devices[seat] = writer.do(lambda conn, args=args: judging.join(conn, *args, at, chance))
        for (sheet, item), values in taps.items():
            numbered = [(next(counter), value) for value in values]
            ops = [judging.MarkOp(f"{n:032x}", sheet, item, value, n, edition) for n, value in numbered]
            device = devices[seat_of[sheet, item]]
            done = writer.do(lambda conn, ops=ops, device=device: judging.record_marks(conn, device, ops, at))
            assert {one.outcome for one in done} == {"accepted"}
        with store.reading(engine) as conn:
            result = judging.standings(conn, EVENT).standings
    engine.dispose()
    return result
