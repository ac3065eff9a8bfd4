"""One event of the sample games, held through the acts of its officials: draw, tablets, marks, signatures, release."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from competition import judging
from competition.cli.sample.marks import marks_of, theory
from competition.cli.sample.people import Team
from competition.errors import CompetitionError
from competition.judging.devices import Device
from competition.rules import Module, Rules
from competition.store import thawed

CARDS = (
    "西湖龙井",
    "碧螺春",
    "信阳毛尖",
    "祁门红茶",
    "正山小种",
    "铁观音",
    "大红袍",
    "白毫银针",
    "君山银针",
    "普洱熟茶",
)
KEYS: Mapping[tuple[str, str, str], Mapping[str, str]] = {
    ("tea_taster", "paper", "cards"): {
        "class_given": "green",
        "name_given": "六安瓜片",
        "ranking": "B A C",
        **{f"name@{n}": name for n, name in enumerate(CARDS, start=1)},
        **{f"batch@{n}": str(1 + n % 3) for n in range(1, 11)},
    }
}
"""The sealed right answers of the tea taster's cards, by event, module and sheet."""
STATIONS = ("A", "B", "C")


def hold(conn: Connection, event: str, team: Team, start: datetime, *, done: int | None) -> None:
    """Hold an event: all its entries, or `done` of them whole, one begun, and the rest still to come."""
    rules = thawed(conn, event)
    _prepare(conn, event, rules, team, start)
    for (whose, module, sheet), answers in KEYS.items():
        if whose == event:
            judging.set_sample_key(conn, event, module, sheet, answers, team.supervisor, start, team.rng_bytes)
    absent, *present = [line.id for line in judging.entries(conn, event)]
    judging.set_status(conn, absent, "dns", team.chief, "未到场检录（示例）", start)
    _theory(conn, event, rules, present, team, start)
    for panel in rules.panels:
        for seat in panel.labels if panel.kind != "import" else ():
            _sit(conn, event, rules, seat, team, start, done)


def release(conn: Connection, event: str, team: Team, start: datetime) -> None:
    """Lock, decode, give notice for two days, release for good, and issue certificates that say 样张."""
    evening = start + timedelta(hours=9)
    judging.lock_event(conn, event, team.chief, evening)
    judging.decode_event(conn, event, team.encryptor, team.supervisor, evening + timedelta(minutes=10))
    notice = start + timedelta(days=1)
    judging.publish_notice(conn, event, team.organiser, notice + timedelta(days=2), notice)
    final = notice + timedelta(days=2, hours=1)
    judging.publish_final(conn, event, team.organiser, final)
    judging.issue_certificates(
        conn, event, team.organiser, final + timedelta(hours=1), team.rng_bytes, "SLS", final.year, sample=True
    )


def _prepare(conn: Connection, event: str, rules: Rules, team: Team, start: datetime) -> None:
    """Judges in their seats, codes drawn from two seeds, every sheet laid out with its slot."""
    for panel in rules.panels:
        for seat in panel.labels:
            person = team.clerk if panel.kind == "import" else team.judge(conn, event, start)
            judging.seat_judge(conn, event, seat, person.id, team.organiser, start)
    judging.commit_seed(conn, event, f"山高水长 {event}", team.encryptor, start, team.rng_bytes)
    judging.commit_seed(conn, event, f"春种秋收 {event}", team.supervisor, start, team.rng_bytes)
    judging.draw_codes(conn, event, team.encryptor, start)
    entries = [line.id for line in judging.entries(conn, event)]
    for module in rules.modules:
        slots = _slots(conn, event, module, entries, team, start) if module.minutes else None
        judging.assign_sheets(conn, event, team.chief, start, team.rng_bytes, module=module.id, slots=slots)


def _slots(
    conn: Connection, event: str, module: Module, entries: list[str], team: Team, start: datetime
) -> dict[str, str]:
    """Three stations, one entry each at a time."""
    slots: dict[str, str] = {}
    for place, entry in enumerate(entries):
        n, station = divmod(place, len(STATIONS))
        opens = start + n * timedelta(minutes=(module.minutes or 0) + 5)
        slots[entry] = judging.add_slot(
            conn, event, module.id, n + 1, STATIONS[station], opens, team.organiser, start, team.rng_bytes
        )
    return slots


def _theory(conn: Connection, event: str, rules: Rules, present: list[str], team: Team, start: datetime) -> None:
    """Import the paper marks of everybody who came; a second clerk checks the list and signs it."""
    for sheet in rules.sheets:
        if sheet.panel.kind == "import":
            rows = {entry: {item.id: theory(item, entry) for item in sheet.items if item.required} for entry in present}
            judging.import_theory(conn, event, sheet.module, sheet.id, rows, team.clerk, start)
            listed = judging.waiting_list(conn, event, sheet.module, sheet.id)
            read = judging.totals(rules, listed)
            judging.confirm_list(conn, event, {now.id: now.version for now in listed}, read, team.checker, start)


def _sit(conn: Connection, event: str, rules: Rules, seat: str, team: Team, start: datetime, done: int | None) -> None:
    """One seat's day: join with card and PIN, then mark and sign sheet after sheet, in the order of the codes."""
    token, bearer = team.rng_bytes(16).hex(), team.rng_bytes(16).hex()
    pin = f"{int.from_bytes(team.rng_bytes(4)) % 10**6:06d}"
    judging.make_pairing(conn, event, seat, team.organiser, start, token, pin)
    device = judging.join(conn, token, pin, bearer, start, team.rng_bytes)
    work = judging.session(conn, device, start)
    away = {code for line in judging.entries(conn, event) if line.status for code in line.codes}
    here = sorted((sheet for sheet in work["sheets"] if sheet["code"] not in away), key=lambda sheet: sheet["code"])
    codes = sorted({sheet["code"] for sheet in here})
    for sheet in here:
        place = codes.index(sheet["code"])
        at = start + timedelta(minutes=4 * place + 2)
        if done is None or place < done:
            _mark(conn, rules, device, sheet, team, at, pin)
        elif place == done:
            _mark(conn, rules, device, sheet, team, at, None)


def _mark(
    conn: Connection, rules: Rules, device: Device, sheet: Mapping[str, Any], team: Team, at: datetime, pin: str | None
) -> None:
    """Mark one sheet and sign it; without a PIN only its first half is marked."""
    form = rules.sheet(sheet["module"], sheet["sheet"])
    key = KEYS.get((device.event_id, form.module, form.id), {})
    values = list(marks_of(rules, form, f"{device.event_id} {sheet['code']}", device.seat, key).items())
    if pin is None:
        values = values[: len(values) // 2]
    counter = team.next_counter(len(values) + 1)
    ops = [
        judging.MarkOp(team.rng_bytes(16).hex(), sheet["id"], item, value, counter + n, rules.digest)
        for n, (item, value) in enumerate(values)
    ]
    receipts = judging.record_marks(conn, device, ops, at) if ops else []
    if pin is not None:
        seen = {op.item: op.id for op in ops}
        op = judging.SignOp(team.rng_bytes(16).hex(), sheet["id"], counter + len(ops), seen, None, pin)
        receipts.append(judging.sign_sheet(conn, device, op, at + timedelta(minutes=1)))
    refused = [receipt for receipt in receipts if receipt.outcome != "accepted"]
    if refused:
        raise CompetitionError(f"示例装入失败：{refused[0]}", f"The sample games could not be loaded: {refused[0]}")
