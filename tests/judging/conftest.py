"""A hall ready for marking: officials with their roles, one event, three entries with planted names, sheets laid out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select

from competition import judging, rules, store
from competition.judging import Device, MarkOp, Official, Receipt, SignOp, rulings
from competition.store import Ledger, Writer
from competition.store.sheets import SheetNow, event_sheets
from tests.laid_out import Dice, LaidOut

EVENT = "tea"
NAMES = ("欧阳植入", "Planted Name", "㛃示例")
UNITS = {"u-north": "植入单位北厂", "u-south": "植入单位南厂"}
MORNING = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
PIN = "482913"


@dataclass
class Hall:
    """A hall and the hands in it. `now` moves on a second with every act."""

    engine: Engine
    writer: Writer
    rng: Callable[[int], bytes] = field(default_factory=lambda: Dice("hall"))
    now: datetime = MORNING
    people: dict[str, Official] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)
    counter: int = 0

    def at(self, **later: float) -> datetime:
        self.now += timedelta(seconds=1) + timedelta(**later)
        return self.now

    def do(self, act: Callable, *args, **kwargs):  # type: ignore[no-untyped-def,type-arg]
        """An act through the writer, at the next moment."""
        at = self.at()
        return self.writer.do(lambda conn: act(conn, *args, at=at, **kwargs))

    def read(self, query: Callable, *args, **kwargs):  # type: ignore[no-untyped-def,type-arg]
        with store.reading(self.engine) as conn:
            return query(conn, *args, **kwargs)

    def official(self, role: str) -> Official:
        return self.people[role]

    def tablet(self, seat: str = "taste.1") -> Device:
        """A new device in a seat."""
        token, bearer = self.rng(16).hex(), self.rng(16).hex()
        self.do(judging.make_pairing, EVENT, seat, self.official("organiser"), token=token, pin=PIN)
        return self.do(judging.join, token, PIN, bearer, rng_bytes=self.rng)

    def sheets(self, seat: str | None = None, module: str = "cup") -> list[SheetNow]:
        labels = {line.id: line.label for line in self.read(judging.seats, EVENT)}
        every = self.read(event_sheets, EVENT).values()
        mine = [now for now in every if now.module == module and seat in (None, labels[now.seat_id])]
        return sorted(mine, key=lambda now: (self.entries.index(now.entry_id), now.seat_id))

    def sheet(self, sheet_id: str) -> SheetNow:
        return self.read(event_sheets, EVENT)[sheet_id]

    def op(self, sheet: str, item: str, value: str | None, **more: object) -> MarkOp:
        """A mark with a fresh id and the next counter."""
        self.counter += 1
        made = {"id": self.rng(16).hex(), "counter": self.counter, "edition": self.rules.digest} | more
        return MarkOp(sheet=sheet, item=item, value=value, **made)  # type: ignore[arg-type]

    @property
    def rules(self) -> rules.Rules:
        loaded = rules.load(Path(__file__).parent / "rules").rules
        assert loaded is not None
        return loaded

    def send(self, device: Device, *ops: MarkOp) -> list[Receipt]:
        return self.do(judging.record_marks, device, ops)

    def outcome(self, device: Device, *ops: MarkOp) -> list[str]:
        return [receipt.outcome for receipt in self.send(device, *ops)]

    def fill(self, device: Device, sheet: str, aroma: str = "6", taste: str = "7.5", variety: str = "龙井") -> None:
        """Mark every item of a tasting sheet."""
        values = {"aroma": aroma, "taste": taste, "variety": variety}
        outcomes = self.outcome(device, *(self.op(sheet, item, value) for item, value in values.items()))
        assert outcomes == ["accepted"] * 3

    def signature(self, sheet: str, pin: str = PIN, **more: object) -> SignOp:
        self.counter += 1
        marks = {item: cell[1] for item, cell in self.sheet(sheet).marks.items()}
        made = {"id": self.rng(16).hex(), "marks": marks, "strokes": [[[1.5, 2.0, 0.0], [3.0, 4.5, 8.0]]]} | more
        return SignOp(sheet=sheet, counter=self.counter, pin=pin, **made)  # type: ignore[arg-type]

    def sign(self, device: Device, sheet: str) -> Receipt:
        return self.do(judging.sign_sheet, device, self.signature(sheet))

    def ledger(self, kind: str | None = None) -> list[str]:
        """Bodies of the ledger, of one kind or all."""

        def bodies(conn: Connection) -> list[str]:
            query = select(Ledger.body).order_by(Ledger.seq)
            return list(conn.scalars(query if kind is None else query.where(Ledger.kind == kind)))

        return self.read(bodies)

    def findings(self) -> list[str]:
        return [str(one) for one in self.read(lambda conn: store.verify(conn, None, store.heads(conn)))]

    def mark_everything(self) -> None:
        """Draw, key, mark and sign every sheet; the first entry is best."""
        self.do(judging.commit_seed, EVENT, "encryptor's half", self.official("encryptor"), rng_bytes=self.rng)
        self.do(judging.commit_seed, EVENT, "supervisor's half", self.official("supervisor"), rng_bytes=self.rng)
        self.do(judging.draw_codes, EVENT, self.official("encryptor"))
        self.mark_everything_but_the_draw()

    def mark_everything_but_the_draw(self, theory_marks: tuple[int, ...] = (90, 85, 80)) -> None:
        """Key, mark and sign every sheet of an event whose codes are drawn."""
        key = {"variety": "龙井|西湖龙井"}
        self.do(judging.set_sample_key, EVENT, "cup", "senses", key, self.official("supervisor"), rng_bytes=self.rng)
        theory = {entry: {"mark": str(mark)} for entry, mark in zip(self.entries, theory_marks, strict=True)}
        self.do(judging.import_theory, EVENT, "theory", "paper", theory, self.official("clerk"))
        self.confirm_theory()
        for seat in ("taste.1", "taste.2"):
            device = self.tablet(seat)
            for n, now in enumerate(self.sheets(seat)):
                self.fill(device, now.id, aroma=str(8 - n))
                assert self.sign(device, now.id).outcome == "accepted"

    def confirm_theory(self, by: str = "checker") -> int:
        """The second person reads the numbers off the paper list, and they agree."""
        listed = self.read(judging.waiting_list, EVENT, "theory", "paper")
        read = judging.totals(self.rules, listed)
        versions = {now.id: now.version for now in listed}
        confirmed: int = self.do(judging.confirm_list, EVENT, versions, read, self.official(by))
        return confirmed

    def ruled(self, kind: str, reason: str, **what: object) -> None:
        """After locking: the chief asks for a ruling as previewed, the supervisor confirms it."""
        seen = self.read(rulings.preview_ruling, EVENT, kind, what, self.official("chief")).seen
        id = self.do(rulings.ask_ruling, EVENT, kind, what, seen, self.official("chief"), reason)
        self.do(rulings.confirm_ruling, EVENT, id, seen, self.official("supervisor"), rng_bytes=self.rng)

    def decode(self) -> None:
        """Lock and decode."""
        self.do(judging.lock_event, EVENT, self.official("chief"))
        self.do(judging.decode_event, EVENT, self.official("encryptor"), self.official("supervisor"))


@pytest.fixture
def hall(laid_out: LaidOut, tmp_path: Path) -> Iterator[Hall]:
    """A hall with nothing marked yet."""
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as hall:
        yield hall


def lay_out(engine: Engine, writer: Writer) -> Hall:
    """Everything up to the sheets."""
    hall = Hall(engine, writer)
    first = hall.do(judging.create_official, "organiser", "组委会甲", "long password", None, rng_bytes=hall.rng)
    hall.do(judging.grant, first.id, "organiser", None, None)
    hall.people["organiser"] = first
    for role in ("chief", "clerk", "checker", "third", "encryptor", "supervisor", "judge", "judge2"):
        made = hall.do(judging.create_official, role, f"官员{role}", None, first, rng_bytes=hall.rng)
        hall.people[role] = made
    hall.do(judging.add_games, "g2026", ("示例运动会", "Sample games"), "示例市", 2026, first)
    hall.do(judging.add_chain, "food", "g2026", ("绿色食品", "Green food"), first)
    hall.do(judging.add_job_type, "tea_taster", 42, ("评茶师", "Tea taster"), "food", first)
    for id, name in UNITS.items():
        hall.do(judging.add_unit, id, "g2026", (name, "Planted unit"), first)
    hall.do(judging.open_event, EVENT, "g2026", hall.rules, first, rng_bytes=hall.rng)
    for role in ("chief", "clerk", "encryptor", "supervisor", "judge"):
        hall.do(judging.grant, hall.people[role].id, role, EVENT, first)
    for other in ("checker", "third"):
        hall.do(judging.grant, hall.people[other].id, "clerk", EVENT, first)
    for n, who in ((1, "judge"), (2, "judge2")):
        hall.do(judging.seat_judge, EVENT, f"taste.{n}", hall.people[who].id, first)
    for name, unit in zip(NAMES, ("u-north", "u-south", "u-north"), strict=True):
        person = hall.do(judging.add_person, name, unit, first, rng_bytes=hall.rng)
        hall.entries.append(hall.do(judging.add_entry, EVENT, [person], unit, {}, first, rng_bytes=hall.rng))
    assert hall.do(judging.assign_sheets, EVENT, first, rng_bytes=hall.rng) == 9
    return hall
