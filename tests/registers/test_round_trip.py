"""What is written is what is read: generated registers come back identical from a workbook and from CSV."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from competition.registers import REGISTERS, EventFacts, Known, compare, read_upload, write_workbook
from competition.registers.fields import ROLE_NAMES
from competition.registers.identity import check_digit
from tests.registers.books import csv_bytes, errors

AT = datetime(2026, 11, 22, tzinfo=UTC)
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("㛃䶮𬭎𠮷")
WORDS = st.text(HAN, min_size=1, max_size=12)
LATIN = st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}", fullmatch=True)
DOTTED = st.builds("{}·{}".format, WORDS, WORDS)
NAMES = WORDS | LATIN | DOTTED | st.sampled_from(["=SUM(A1)甲", "-甲", "甲（乙）", "甲(乙)"])
CODES = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)
EVENTS = {"tea": EventFacts("tea", ("评茶师",), {"class": {"green": "绿茶"}, "heat": None}, {}, frozenset({"a.1", "a.2"})),
          "cook": EventFacts("cook", ("中式烹调师",))}  # fmt: skip


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1950, 1, 1), date(2009, 12, 31)))
    first = f"{draw(st.sampled_from([110101, 410800, 650000]))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + check_digit(first)


@st.composite
def games(draw: st.DrawFn) -> dict[str, list[dict[str, str]]]:
    """Stored rows of every register, each consistent in itself."""
    units = [{"id": id, "name": f"{name}（{n}）", "name_en": ""} for n, (id, name) in enumerate(
        draw(st.lists(st.tuples(CODES, WORDS), min_size=1, max_size=5, unique_by=lambda one: one[0])))]  # fmt: skip
    people = draw(st.lists(st.tuples(identities(), NAMES), max_size=8, unique_by=lambda one: one[0]))
    contestants = []
    for n, (identity, name) in enumerate(people):
        unit = draw(st.sampled_from(units))["id"]
        phone, consent = draw(st.sampled_from(["", "13800001234", "03711234567"])), draw(st.just("") | DAYS)
        for event in draw(st.lists(st.sampled_from(["tea", "cook"]), min_size=1, max_size=2, unique=True)):
            contestants.append({
                "person": f"P{n}", "name": name, "identity": identity, "phone": phone, "unit": unit, "event": event, "team": "",
                "attributes": "class=green;heat=3" if event == "tea" else "", "consent": consent,
            })  # fmt: skip
    officials = [
        {"username": f"{name}{n}", "name": draw(NAMES), "unit": draw(st.sampled_from(["", units[0]["id"]])),
         "role": role, "event": draw(st.sampled_from(["", "tea"])), "seats": ""}
        for n, (name, role) in enumerate(draw(st.lists(st.tuples(CODES, st.sampled_from(sorted(ROLE_NAMES))), max_size=5)))
    ]  # fmt: skip
    return {"units": units, "officials": officials, "contestants": contestants}


def known(rows: dict[str, list[dict[str, str]]]) -> Known:
    return Known(rows, dict(EVENTS), lambda folder: None)


def shown(rows: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """As an export shows them: names for ids."""
    units = {row["id"]: row["name"] for row in rows["units"]}
    said = {"tea": "评茶师", "cook": "中式烹调师"}
    return {
        register: [
            {**row, **({"unit": units.get(row["unit"], ""), "event": said.get(row["event"], "")} if "unit" in row else {}),
             **({"role": ROLE_NAMES[row["role"]]} if "role" in row else {})}
            for row in each
        ]
        for register, each in rows.items()
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(games())
def test_an_export_read_again_changes_nothing(rows: dict[str, list[dict[str, str]]]) -> None:
    tables = [(one, shown(rows)[one.id]) for one in REGISTERS if one.id in rows]
    reading = read_upload(
        write_workbook(tables, {"units": [u["name"] for u in rows["units"]]}, AT), "a.xlsx", known(rows)
    )
    assert errors(reading) == []
    for register, stored in rows.items():
        own = reading.sheets.get(register)
        assert own is not None
        assert [row.values for row in own.rows] == stored
        assert {one.change for one in compare(own, known(rows))} <= {"same"}


def test_what_a_rehearsal_wrote_stays_in_rehearsals() -> None:
    """Its workbook and its template, whole; a CSV of it by the names that stand for people."""
    unit = {"id": "u1", "name": "示例单位"}
    tables = [(REGISTERS[1], [unit])]
    marked = write_workbook(tables, {}, AT, rehearsal=True)
    assert ["演练副本" in said for _, said in errors(read_upload(marked, "a.xlsx", known({})))] == [True]
    assert errors(read_upload(marked, "a.xlsx", replace(known({}), rehearsal=True))) == []
    assert errors(read_upload(write_workbook(tables, {}, AT), "a.xlsx", known({}))) == []
    people = csv_bytes([["姓名", "单位", "工种"], ["演练选手0001", "示例单位", "中式烹调师"]], "utf-8")
    here = known({"units": [unit]})
    assert ["代称" in said for _, said in errors(read_upload(people, "a.csv", here))] == [True]
    assert errors(read_upload(people, "a.csv", replace(here, rehearsal=True))) == []


@settings(max_examples=40, deadline=None)
@given(games())
def test_into_an_empty_house_the_same_file_brings_every_row_whole(rows: dict[str, list[dict[str, str]]]) -> None:
    exported = shown(rows)
    exported["contestants"] = [{**row, "person": ""} for row in exported["contestants"]]
    tables = [(one, exported[one.id]) for one in REGISTERS if one.id in rows]
    reading = read_upload(write_workbook(tables, {}, AT), "a.xlsx", known({}))
    assert errors(reading) == []
    for register, stored in rows.items():
        assert [{k: v for k, v in row.values.items() if k != "person"} for row in reading.sheets[register].rows] == [
            {k: v for k, v in row.items() if k != "person"} for row in stored
        ]


@settings(max_examples=40, deadline=None)
@given(games(), st.sampled_from(["utf-8-sig", "gb18030", "utf-16"]))
def test_csv_round_trip(rows: dict[str, list[dict[str, str]]], encoding: str) -> None:
    from competition.publish.tables import _harmless

    register = REGISTERS[-1]
    table = [[field.name["zh"] for field in register.fields]]
    table += [[_harmless(row[field.id]) for field in register.fields] for row in shown(rows)["contestants"]]
    reading = read_upload(csv_bytes(table, encoding), "a.csv", known(rows))
    assert errors(reading) == []
    assert [row.values for row in reading.sheets["contestants"].rows] == rows["contestants"]
