"""Bringing registers in: nothing before the confirmation, exactly what was shown by it, everything back by the undo."""

import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from competition import judging, store
from competition.errors import CompetitionError, Conflict, NotAllowed
from competition.judging import intake
from competition.judging.on_record import Facts, counted, exported, known, rows
from competition.registers import REGISTERS, write_workbook
from competition.store.backup import carry_keys
from competition.store.games import Event, Seat
from competition.store.people import Entry, EntryMember, Identity, Intake, Official, Person
from competition.workbook import read_bytes
from tests.judging.conftest import EVENT, MORNING, NAMES, UNITS, Hall
from tests.registers.books import book, identity

ROOT = Path(__file__).parents[2]
HEAD = ("姓名", "身份证号", "手机", "单位", "赛项", "队")
TEA = "评茶师"
NEW = (
    ("新人甲", identity(1), "13800001234", UNITS["u-north"], TEA, None),
    ("新人乙", identity(2), None, UNITS["u-south"], TEA, None),
)


THERE = tuple(
    (name, None, None, UNITS[unit], TEA, None)
    for name, unit in zip(NAMES, ("u-north", "u-south", "u-north"), strict=True)
)


@dataclass
class Office:
    """An organiser's office in a hall."""

    hall: Hall
    facts: Facts
    folder: Path

    def bring(self, sheets: Mapping[str, Sequence[Sequence[Any]]], name: str = "报名.xlsx") -> str:
        return self.bring_bytes(book(self.folder, sheets), name)

    def bring_bytes(self, raw: bytes, name: str = "报名.xlsx") -> str:
        hall = self.hall
        return hall.do(intake.bring, raw, name, hall.official("organiser"), rng_bytes=hall.rng, vault=self.facts.vault)

    def plan(self, id: str) -> intake.Plan:
        def look(conn: Connection) -> intake.Plan:
            return intake.plan(
                conn, intake.draft(conn, id, self.hall.official("organiser"), self.facts.vault), self.facts
            )

        return self.hall.read(look)

    def confirm(self, id: str, remove: Mapping[str, int] | None = None, plan: intake.Plan | None = None) -> Any:
        made, hall = plan or self.plan(id), self.hall
        return hall.do(intake.confirm, id, made, made.digest, remove or {}, hall.official("organiser"),
                       rng_bytes=hall.rng, facts=self.facts)  # fmt: skip

    def take(self, *people: Sequence[Any]) -> str:
        """Bring contestants and confirm them."""
        id = self.bring({"选手": [HEAD, *people]})
        self.confirm(id)
        return id

    def registers(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every table but the ledger, the drafts and who is signed in."""
        apart = {"ledger", "intake", "desk_session"}

        def dump(conn: Connection) -> dict[str, list[tuple[Any, ...]]]:
            tables = [table for table in store.Base.metadata.sorted_tables if table.name not in apart]
            return {table.name: sorted(map(tuple, conn.execute(select(table))), key=repr) for table in tables}

        return self.hall.read(dump)

    def on_record(self) -> list[Mapping[str, str]]:
        return self.hall.read(rows, self.facts)["contestants"]

    def export(self) -> bytes:
        def look(conn: Connection) -> bytes:
            there = rows(conn, self.facts)
            shown = exported(there, known(conn, self.facts))
            return write_workbook([(one, shown[one.id]) for one in REGISTERS], {}, MORNING)

        return self.hall.read(look)


@pytest.fixture
def office(hall: Hall, tmp_path: Path) -> Office:
    vault = hall.read(lambda conn: judging.open_vault(tmp_path / "keys" / "identity.key", conn, hall.rng))
    return Office(hall, Facts(vault, judging.Library(ROOT / "scoring_rules")), tmp_path)


def said(plan: intake.Plan) -> list[str]:
    return [f"{one.where} {one.zh}" for one in plan.reading.faults if one.severity == "error"]


def test_a_dry_run_writes_nothing_and_a_confirmation_what_it_showed(office: Office) -> None:
    before = office.registers()
    id = office.bring({"选手": [HEAD, *NEW]})
    plan = office.plan(id)
    assert plan.counts["contestants"] == {"new": 2, "changed": 0, "gone": 3, "same": 0}
    assert office.registers() == before
    assert office.confirm(id) == {"contestants": {"new": 2, "changed": 0, "removed": 0}}
    people = {row["name"]: row for row in office.on_record()}
    assert set(people) == {*NAMES, "新人甲", "新人乙"}, "who is not in the file stays"
    assert people["新人甲"]["identity"] == identity(1)
    assert (people["新人乙"]["unit"], people["新人乙"]["event"]) == ("u-south", EVENT)
    assert office.plan(office.bring({"选手": [HEAD, *NEW]})).counts["contestants"] == {
        "new": 0, "changed": 0, "gone": 3, "same": 2,
    }  # fmt: skip


def test_numbers_are_nowhere_in_the_database_in_the_clear_and_names_not_in_the_ledger(office: Office) -> None:
    office.take(*NEW)
    with office.hall.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        raw = Path(office.hall.engine.url.database or "").read_bytes()
    assert "新人甲".encode() in raw, "the search would find something"
    for secret in (identity(1), identity(1)[-6:], "13800001234"):
        assert secret.encode() not in raw
    ledger = "".join(office.hall.ledger())
    for secret in ("新人甲", UNITS["u-north"], "u-north", identity(1), "P0"):
        assert secret not in ledger
    assert office.hall.findings() == []


def test_an_import_is_taken_back_whole(office: Office) -> None:
    before = office.registers()
    office_file = {
        "单位": [("单位名称",), ("新单位",)],
        "选手": [HEAD, *NEW, ("新人丙", identity(3), None, "新单位", TEA, "一队")],
    }
    id = office.bring(office_file)
    office.confirm(id)
    changed = office.bring(
        {"选手": [HEAD, *THERE, ("新人改", identity(1), "13900001234", UNITS["u-south"], TEA, "二队")]}
    )
    middle = office.registers()
    office.confirm(changed, {"contestants": 2})
    assert office.registers() != middle
    for one, back in ((changed, middle), (id, before)):
        lines = office.hall.read(intake.intakes, office.facts.vault)
        assert [line.undoable for line in lines if line.id == one] == [True]
        office.hall.do(intake.undo, one, office.hall.official("organiser"), vault=office.facts.vault)
        assert office.registers() == back
    assert [line.undone_at is not None for line in office.hall.read(intake.intakes, office.facts.vault)] == [True, True]
    assert office.hall.findings() == []
    with pytest.raises(Conflict, match="can't be taken back, or has been already"):
        office.hall.do(intake.undo, id, office.hall.official("organiser"), vault=office.facts.vault)


def test_what_others_built_on_is_not_taken_back(office: Office) -> None:
    id, hall = office.take(*NEW), office.hall
    organiser = hall.official("organiser")
    hall.do(judging.assign_sheets, EVENT, organiser, rng_bytes=hall.rng)
    after = office.registers()
    with pytest.raises(Conflict, match="in use already"):
        hall.do(intake.undo, id, organiser, vault=office.facts.vault)
    assert office.registers() == after


def test_changed_since_is_not_taken_back(office: Office) -> None:
    office.take(*NEW)
    id = office.take(("新人改", identity(1), None, UNITS["u-north"], TEA, None), NEW[1])
    office.take(("新人又改", identity(1), None, UNITS["u-north"], TEA, None), NEW[1])
    with pytest.raises(Conflict, match="changed again"):
        office.hall.do(intake.undo, id, office.hall.official("organiser"), vault=office.facts.vault)


def test_only_the_plan_that_was_shown_is_confirmed(office: Office) -> None:
    id = office.bring({"选手": [HEAD, *NEW]})
    plan = office.plan(id)
    hall, organiser = office.hall, office.hall.official("organiser")
    before = office.registers()
    with pytest.raises(Conflict, match="changed after the check"):
        hall.do(intake.confirm, id, plan, "another", {}, organiser, rng_bytes=hall.rng, facts=office.facts)
    hall.do(judging.add_unit, "u-new", "g2026", ("新来的", ""), organiser)
    with pytest.raises(Conflict, match="changed after the check"):
        office.confirm(id, plan=plan)
    office.hall.do(intake.mend, id, {"选手!A2": "新人丁"}, organiser, vault=office.facts.vault)
    with pytest.raises(Conflict, match="changed after the check"):
        office.confirm(id, plan=plan)
    assert {k: v for k, v in office.registers().items() if k != "unit"} == {
        k: v for k, v in before.items() if k != "unit"
    }
    office.confirm(id)
    assert "新人丁" in {row["name"] for row in office.on_record()}
    with pytest.raises(Conflict, match="imported already"):
        office.confirm(id, plan=plan)


def test_one_error_keeps_everything_back_until_it_is_mended_or_left_out(office: Office) -> None:
    wrong = (
        *NEW,
        ("新人丙", "123", None, UNITS["u-north"], TEA, None),
        ("新人戊", identity(5), None, "没有的单位", TEA, None),
    )
    id = office.bring({"选手": [HEAD, *wrong]})
    assert [one.split()[0] for one in said(office.plan(id))] == ["选手!B4", "选手!D5"]
    before = office.registers()
    with pytest.raises(Conflict, match="2 errors are left"):
        office.confirm(id)
    assert office.registers() == before
    office.hall.do(
        intake.mend, id, {"选手!B4": identity(3)}, office.hall.official("organiser"), vault=office.facts.vault
    )
    assert [one.split()[0] for one in said(office.plan(id))] == ["选手!D5"]
    office.hall.do(intake.mend, id, {"选手!5": ""}, office.hall.official("organiser"), vault=office.facts.vault)
    office.confirm(id)
    assert {row["name"] for row in office.on_record()} == {*NAMES, "新人甲", "新人乙", "新人丙"}


def test_rows_that_are_gone_are_removed_only_by_their_number(office: Office) -> None:
    office.take(*NEW, ("新人丙", identity(3), None, UNITS["u-north"], TEA, None))
    table = {"选手": [HEAD, NEW[0], *THERE]}
    id = office.bring(table)
    assert office.plan(id).counts["contestants"]["gone"] == 2
    with pytest.raises(Conflict, match="2 rows would be removed, you typed 3"):
        office.confirm(id, {"contestants": 3})
    assert len(office.on_record()) == 6
    office.confirm(id, {"contestants": 2})
    assert {row["name"] for row in office.on_record()} == {*NAMES, "新人甲"}
    numbers = office.hall.read(lambda conn: conn.scalars(select(Identity.person_id)).all())
    assert len(numbers) == 1, "who is removed leaves no number behind"


def test_who_has_sheets_is_not_removed(office: Office) -> None:
    """The three of the hall have sheets already."""
    id = office.bring({"选手": [HEAD, *NEW]})
    before = office.registers()
    with pytest.raises(Conflict, match="in use"):
        office.confirm(id, {"contestants": 3})
    assert office.registers() == before


def test_a_team_is_one_entry_and_a_person_of_two_events_one_person(office: Office) -> None:
    rows = [(f"队员{n}", identity(n), None, UNITS["u-north"], TEA, "一队") for n in (1, 2, 3)]
    office.take(*rows)

    def entries(conn: Connection) -> list[tuple[str, int]]:
        query = select(Person.name, EntryMember.position, Entry.team).join(
            EntryMember, EntryMember.person_id == Person.id
        )
        found = conn.execute(query.join(Entry, Entry.id == EntryMember.entry_id).where(Entry.team.is_not(None)))
        return sorted((row.name, row.position) for row in found)

    assert office.hall.read(entries) == [("队员1", 1), ("队员2", 2), ("队员3", 3)]
    count = office.hall.read(lambda conn: conn.scalars(select(Entry.id).where(Entry.team == "一队")).all())
    assert len(count) == 1
    office.take(*rows[:2], ("队员3", identity(3), None, UNITS["u-north"], TEA, "二队"))
    teams = {row["name"]: row["team"] for row in office.on_record() if row["team"]}
    assert teams == {"队员1": "一队", "队员2": "一队", "队员3": "二队"}


def test_a_telephone_changed_in_one_row_changes_the_person_once(office: Office) -> None:
    office.take(*NEW)
    office.take(("新人甲", identity(1), "13911112222", UNITS["u-north"], TEA, None), NEW[1])
    assert {row["name"]: row["phone"] for row in office.on_record()}["新人甲"] == "13911112222"
    assert {row["name"]: row["identity"] for row in office.on_record()}["新人甲"] == identity(1)


def test_officials_come_with_roles_units_and_seats(office: Office) -> None:
    head = ("用户名", "姓名", "单位", "角色", "赛项", "裁判席")
    table = {
        "裁判": [
            head,
            ("zhang", "裁判张", UNITS["u-south"], "裁判", TEA, "taste.2"),
            ("zhang", "裁判张", None, "裁判", TEA, None),
        ][:2]
    }
    office.confirm(office.bring(table))
    seated = office.hall.read(
        lambda conn: conn.execute(
            select(Official.username, Official.unit_id)
            .join(Seat, Seat.official_id == Official.id)
            .where(Seat.panel == "taste", Seat.n == 2)
        ).one()
    )
    assert tuple(seated) == ("zhang", "u-south")
    assert office.plan(office.bring(table)).counts["officials"]["same"] == 1
    encryptor = {"裁判": [head, ("encryptor", "官员encryptor", None, "裁判", TEA, None)]}
    with pytest.raises(Conflict, match="encryptor never scores"):
        office.confirm(office.bring(encryptor))


def test_a_whole_games_from_nothing_but_its_workbook(office: Office) -> None:
    sheets = {
        "产业链": [("代码", "产业链名称"), ("build", "建筑产业链")],
        "单位": [("代码", "单位名称"), ("u9", "示例建工")],
        "工种": [
            ("序号", "工种代码", "工种名称", "产业链", "规则文件"),
            (7, "bricklayer", "砌筑工", "建筑产业链", "bricklayer"),
            (8, "tiler", "镶贴工", "build", None),
        ],
        "选手": [HEAD, ("砌筑甲", identity(1), None, "示例建工", "砌筑工", None)],
    }
    id = office.bring(sheets)
    assert said(office.plan(id)) == []
    assert office.confirm(id)["programme"] == {"new": 2, "changed": 0, "removed": 0}
    events = office.hall.read(
        lambda conn: conn.execute(select(Event.id, Event.job_type_id).where(Event.id != EVENT)).all()
    )
    assert [tuple(row) for row in events] == [("bricklayer", "bricklayer")]
    assert {"砌筑甲"} <= {row["name"] for row in office.on_record()}
    assert office.plan(office.bring(sheets)).counts["programme"] == {"new": 0, "changed": 0, "gone": 1, "same": 2}
    swapped = {
        "工种": [
            sheets["工种"][0],
            (8, "bricklayer", "砌筑工", "build", "bricklayer"),
            (7, "tiler", "镶贴工", "build", None),
        ]
    }
    office.confirm(office.bring(swapped))
    assert [row["number"] for row in office.hall.read(rows, office.facts)["programme"]] == ["7", "8", "42"]
    wrong = {"工种": [sheets["工种"][0], (8, "bricklayer", "砌筑工", "build", "welder")]}
    assert said(office.plan(office.bring(wrong))) == ["工种!E2 赛项已按另一份规则建立，请在赛项页更换规则"]


def test_an_export_brought_back_changes_nothing_and_covers_the_numbers(office: Office) -> None:
    office.take(*NEW)
    raw = office.export()
    plan = office.plan(office.bring_bytes(raw))
    assert said(plan) == []
    assert {change for counts in plan.counts.values() for change, n in counts.items() if n} == {"same"}
    assert plan.counts["contestants"]["same"] == 5
    texts = {cell.text for sheet in read_bytes(raw, "a.xlsx") for cell in sheet.cells.values()}
    assert f"{'*' * 14}{identity(1)[-4:]}" in texts
    assert not any(secret in text for text in texts for secret in (identity(1), "13800001234"))


@pytest.mark.parametrize("role", ["chief", "clerk", "encryptor", "supervisor", "judge"])
def test_only_the_organiser_brings_registers(office: Office, role: str) -> None:
    hall, id = office.hall, office.bring({"选手": [HEAD, *NEW]})
    who, plan = hall.official(role), office.plan(id)
    vault = office.facts.vault
    for act in (
        lambda: hall.do(intake.bring, b"x", "a.csv", who, rng_bytes=hall.rng, vault=vault),
        lambda: hall.read(intake.draft, id, who, vault),
        lambda: hall.do(intake.mend, id, {}, who, vault=vault),
        lambda: hall.do(intake.confirm, id, plan, plan.digest, {}, who, rng_bytes=hall.rng, facts=office.facts),
        lambda: hall.do(intake.undo, id, who, vault=vault),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert len(office.on_record()) == 3


# The vault


def test_the_key_lies_outside_the_database_for_its_owner_alone(office: Office) -> None:
    key = office.folder / "keys" / "identity.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 32
    office.take(*NEW)
    raw = key.read_bytes()
    key.unlink()
    with pytest.raises(Conflict, match="is gone"):
        office.hall.read(lambda conn: judging.open_vault(key, conn, office.hall.rng))
    key.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    other = office.hall.read(lambda conn: judging.open_vault(key, conn, office.hall.rng))
    with pytest.raises(Conflict, match="can't be read"):
        office.hall.read(rows, Facts(other, office.facts.library))


def test_a_twin_without_the_key_makes_none_and_reads_with_the_one_carried_to_it(office: Office, tmp_path: Path) -> None:
    """What `carry_keys` leaves at home is brought by hand; a key made anew at the twin would lock every number for good."""
    office.take(*NEW)
    twin = tmp_path / "twin"
    twin.mkdir()
    carry_keys(office.folder, twin)
    key = twin / "keys" / "identity.key"
    with pytest.raises(Conflict, match=r"keys/identity\.key is gone") as refused:
        office.hall.read(lambda conn: judging.open_vault(key, conn, office.hall.rng))
    assert "请从备份恢复" in refused.value.zh
    assert not key.exists()
    key.parent.mkdir(exist_ok=True)
    key.write_bytes((office.folder / "keys" / "identity.key").read_bytes())
    there = office.hall.read(lambda conn: judging.open_vault(key, conn, office.hall.rng))
    assert office.hall.read(rows, Facts(there, office.facts.library)) == office.hall.read(rows, office.facts)


def test_a_number_moved_to_somebody_else_or_changed_is_noticed(office: Office) -> None:
    vault = office.facts.vault
    sealed = vault.seal(identity(1), "one", "document")
    assert vault.open(sealed, "one", "document").decode() == identity(1)
    for bad in (
        (sealed, "two", "document"),
        (sealed, "one", "phone"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "one", "document"),
    ):
        with pytest.raises(CompetitionError, match="can't be read"):
            vault.open(*bad)
    assert vault.seal(identity(1), "one", "document") != sealed, "never the same twice"
    assert vault.match(identity(1)) == vault.match(identity(1)) != vault.match(identity(2))


def test_drafts_are_encrypted_and_emptied(office: Office) -> None:
    first = office.bring({"选手": [HEAD, *NEW]})
    second = office.bring({"选手": [HEAD, *NEW]})
    contents = dict(office.hall.read(lambda conn: conn.execute(select(Intake.id, Intake.content)).all()))
    assert contents[first] is None
    assert contents[second] is not None
    assert not contents[second].startswith(b"PK")
    assert b"PK\x03\x04" not in contents[second]
    office.confirm(second)
    assert office.hall.read(lambda conn: conn.scalar(select(Intake.content).where(Intake.id == second))) is None


def test_a_files_name_is_encrypted_too_and_said_again_in_the_list(office: Office) -> None:
    hall = office.hall
    raw = "姓名,身份证号,手机,单位,赛项,队\n" + ",".join(str(cell or "") for cell in NEW[0])
    by = hall.official("organiser")
    id = hall.do(intake.bring, raw.encode(), "欧阳某某的名册.csv", by, rng_bytes=hall.rng, vault=office.facts.vault)
    stored = hall.read(lambda conn: conn.scalar(select(Intake.file_name).where(Intake.id == id)))
    assert "欧阳".encode() not in stored
    office.confirm(id)
    assert [one.file_name for one in hall.read(intake.intakes, office.facts.vault)] == ["欧阳某某的名册.csv"]


def test_registers_are_counted_as_they_are_listed(office: Office) -> None:
    office.take(*NEW)
    listed = office.hall.read(rows, office.facts)
    assert office.hall.read(counted) == {register: len(each) for register, each in listed.items()}
