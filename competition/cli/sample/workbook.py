"""The workbook an organiser would bring for the sample games: chains, units, 108 job types, officials, 4,000 contestants.

With faults planted on purpose, as real lists have them, it is what the import is shown and tested with. Everybody is invented, and
so is every number: no region 410000 gives out serials for people of these birthdays and check digits but by chance.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from competition.cli.sample.chance import below, one_of
from competition.cli.sample.names import person
from competition.cli.sample.programme import ENTRIES, read_programme
from competition.registers import REGISTERS, write_workbook
from competition.registers.identity import check_digit
from competition.registers.writing import Planted
from competition.rules import Rules, load
from competition.rules.games import GamesFile

Row = dict[str, str]
STAFF = (
    ("cheng", "裁判长"),
    ("lu", "录分员"),
    ("fuhe", "录分员"),
    ("jiami", "加密员"),
    ("jiandu", "监督仲裁"),
    ("jiexiao", "揭晓"),
)
FIRST_BORN = date(1966, 1, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault planted in a cell of the sheet 选手: what is put there, and a piece of what the check says (empty: it is mended)."""

    row: int
    field: str
    value: str | float
    said: str


FAULTS = (
    Fault(17, "identity", 410000199003070018.0, "只留 15 位"),
    Fault(42, "identity", "410000199003070000", "末尾是 000"),
    Fault(88, "identity", "4.10000199003071E+17", "科学记数法"),
    Fault(131, "unit", "示例市没有的单位", "没有“示例市没有的单位”"),
    Fault(208, "event", "糕点面包烘培工", "是不是“糕点面包烘焙工”"),
    Fault(305, "name", "", "没有填姓名"),
    Fault(777, "phone", "无", "电话应为"),
    Fault(1200, "consent", "上周五", "日期读不出来"),
    Fault(2500, "name", "欧　阳\u200b示", ""),
    Fault(2600, "identity", "FULL", ""),
    Fault(2700, "consent", 46086.0, ""),
)
"""FULL stands for the row's own number in full-width digits."""


def sample_workbook(root: Path, at: datetime, *, faults: bool) -> bytes:
    """The workbook's bytes: the same every time."""
    games = read_programme(root)
    rules = {job.id: _rules(root, job.rules) for job in games.job_types}
    tables = {
        "chains": [{"id": one.id, "name": one.name.zh, "name_en": one.name.en} for one in games.chains],
        "units": [{"id": one.id, "name": one.name.zh, "name_en": one.name.en} for one in games.units],
        "programme": [
            {"number": str(job.number), "id": job.id, "name": job.name.zh, "name_en": job.name.en,
             "chain": next(one.name.zh for one in games.chains if one.id == job.chain), "rules": job.rules}
            for job in games.job_types
        ],
        "officials": list(_officials(games, rules)),
        "contestants": list(_contestants(games, rules)),
    }  # fmt: skip
    choices = {
        "chains": [one.name.zh for one in games.chains],
        "units": [one.name.zh for one in games.units],
        "events": [job.name.zh for job in games.job_types],
    }
    planted = [_planted(one, tables["contestants"]) for one in FAULTS] if faults else []
    return write_workbook([(one, tables[one.id]) for one in REGISTERS], choices, at, planted)


def _officials(games: GamesFile, rules: Mapping[str, Rules]) -> Iterator[Row]:
    """One for each duty at a desk, and a judge in every seat that holds a tablet."""
    for username, role in STAFF:
        yield {"username": username, "name": f"{person(95_000 + len(username))}", "role": role}
    number = 0
    for job in games.job_types:
        for panel in rules[job.id].panels:
            for seat in panel.labels if panel.kind not in ("import", "clerk") else ():
                number += 1
                unit = one_of(games.units, "judge", number).name.zh
                yield {"username": f"judge{number}", "name": person(90_000 + number), "unit": unit, "role": "裁判",
                       "event": job.name.zh, "seats": seat}  # fmt: skip


def _contestants(games: GamesFile, rules: Mapping[str, Rules]) -> Iterator[Row]:
    for number in range(ENTRIES):
        job = games.job_types[number % len(games.job_types)]
        about = rules[job.id].attributes
        chosen = [
            f"{one.name.zh}={one_of(tuple(one.values.values()), one.id, number).zh}" for one in about if not one.any
        ]
        yield {
            "name": person(number), "identity": _identity(number), "phone": f"139{below(10**8, 'phone', number):08d}",
            "unit": one_of(games.units, "unit", number).name.zh, "event": job.name.zh, "attributes": "；".join(chosen),
            "consent": (date(games.year, 9, 1) + timedelta(days=number % 28)).isoformat(),
        }  # fmt: skip


def _identity(number: int) -> str:
    """Somebody's number: days of birth go round, serials count the rounds."""
    days, serial = number % 11_000, number // 11_000 + 10
    first = f"410000{FIRST_BORN + timedelta(days=days):%Y%m%d}{serial:03d}"
    return first + check_digit(first)


def _planted(fault: Fault, rows: list[Row]) -> Planted:
    value = fault.value
    if value == "FULL":
        value = "".join(chr(ord(c) + 0xFEE0) for c in rows[fault.row - 2]["identity"])
    return Planted("contestants", fault.row, fault.field, value)


def _rules(root: Path, folder: str) -> Rules:
    loaded = load(root / "scoring_rules" / folder).rules
    assert loaded is not None, folder
    return loaded
