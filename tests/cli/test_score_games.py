"""`competition score` of several events at once: every job type's standings, and the tables of units and chains."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from competition.cli import group
from competition.errors import CompetitionError
from tests.cli.test_readme import example

GAMES = """
[games]
id = "sample"
name = { zh = "示例运动会", en = "Sample games" }
year = 2026
host = "示例市"

[[tables]]
id = "units"
name = { zh = "单位榜", en = "Units" }
per = "unit"
count = "award_points"
points = { first = 8 }
average = true
listed = "all"
keys = [{ by = "points", best = "high" }, { by = "entries", best = "low" }]

[[chains]]
id = "food"
name = { zh = "绿色食品", en = "Green food" }

[[units]]
id = "steel"
name = { zh = "钢铁厂", en = "Steelworks" }
short = "钢厂"
[[units]]
id = "mill"
name = { zh = "面粉厂", en = "Flour mill" }

[[job_types]]
id = "waiter"
name = { zh = "餐厅服务员", en = "Waiter" }
chain = "food"
rules = "tray_service"
[[job_types]]
id = "butler"
name = { zh = "管家", en = "Butler" }
chain = "food"
rules = "silver_service"
[[job_types]]
id = "porter"
name = { zh = "行李员", en = "Porter" }
chain = "food"
rules = "tray_service"
"""

ENTRIES = """event,entry,unit,status
waiter,A01,steel,
餐厅服务员,A02,面粉厂,
butler,B01,钢厂,
butler,B02,steel,dns
"""

ANSWER = example("answer")


@pytest.fixture
def games(tmp_path: Path) -> Path:
    """Games of three job types, marks for two of them: the README's, twice."""
    for event in ("tray_service", "silver_service"):
        (tmp_path / "rules" / event).mkdir(parents=True)
        text = example("rules.toml").replace('"tray_service"', f'"{event}"')
        (tmp_path / "rules" / event / "rules.toml").write_text(text, encoding="utf-8")
    (tmp_path / "rules" / "games.toml").write_text(GAMES, encoding="utf-8")
    head, *rows = example("MARKS.csv").splitlines()
    waiters = [f"waiter,{row}" for row in rows]
    butlers = [f"管家,{row.replace('A01', 'B01')}" for row in rows if row.startswith("A01")]
    write(tmp_path / "MARKS.csv", [f"event,{head}", *waiters, *butlers])
    (tmp_path / "ENTRIES.csv").write_text(ENTRIES, encoding="utf-8")
    return tmp_path


def write(file: Path, lines: list[str]) -> None:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def score(folder: Path, *options: str, rules: str = "rules", entries: bool = True) -> Result:
    where = [str(folder / name) for name in rules.split()]
    files = ["--marks", str(folder / "MARKS.csv")]
    files += ["--entries", str(folder / "ENTRIES.csv")] if entries else []
    return CliRunner().invoke(group, ["score", *where, *files, *options])


def test_standings_of_every_event_and_the_tables(games: Path) -> None:
    result = score(games)
    assert (result.exit_code, result.stderr) == (0, "")
    waiters, butlers, units, rest = result.stdout.split("\n\n")
    assert waiters == f"# waiter 托盘服务\n{ANSWER}".rstrip("\n")
    assert butlers.splitlines()[2:] == [ANSWER.splitlines()[1].replace("A01", "B01"), butlers.splitlines()[3]]
    assert butlers.splitlines()[3].startswith(",,B02,dns,,")
    # steel: two first prizes in two events, three entries; mill: nothing in one
    assert units == (
        "# units 单位榜\n"
        "rank,tied,unit,name,points,average,first,entries,events,decided_by,open\n"
        "1,,steel,钢铁厂,16,8,2,3,2,,\n"
        "2,,mill,面粉厂,0,0,0,1,1,,"
    )
    assert rest == ""


def test_out_is_a_folder_with_a_file_for_each(games: Path) -> None:
    result = score(games, "--out", str(games / "out"))
    assert "3 files written" in result.stdout
    found = sorted(path.relative_to(games / "out").as_posix() for path in (games / "out").rglob("*.csv"))
    assert found == ["butler.csv", "tables/units.csv", "waiter.csv"]
    assert (games / "out" / "waiter.csv").read_text(encoding="utf-8-sig") == ANSWER
    assert (games / "out" / "tables" / "units.csv").read_bytes().startswith(b"\xef\xbb\xbfrank,tied,unit")


def test_games_toml_itself_may_be_named(games: Path) -> None:
    assert score(games, rules="rules/games.toml").stdout == score(games).stdout


def test_an_open_event_makes_the_table_partial(games: Path) -> None:
    text = (games / "MARKS.csv").read_text(encoding="utf-8")
    write(games / "MARKS.csv", [line for line in text.splitlines() if "B01,import.1" not in line])
    result = score(games, "--lang", "en")
    assert result.exit_code == 0
    assert "# units Units (partial)\n" in result.stdout
    assert "1,,steel,Steelworks,8,8,1,1,1,,butler\n" in result.stdout
    assert "This table is partial: 1 events have no final standings and count nothing yet: butler." in result.stderr


def test_entries_without_a_list_have_no_unit(games: Path) -> None:
    result = score(games, entries=False)
    assert result.exit_code == 0
    assert "waiter\n" in result.stderr
    assert "These entries have no unit and count for none: A01, A02." in result.stderr


@pytest.mark.parametrize(
    ("file", "row", "says"),
    [
        ("MARKS.csv", "waitress,A01,import.1,mark,88", 'there is no event "waitress"'),
        ("MARKS.csv", ",A01,import.1,mark,88", 'there is no event ""'),
        ("MARKS.csv", "butler,B01,import.1,marc,88", "seat import.1 has no item marc"),
        ("MARKS.csv", "butler,B09,import.1,mark,88", "B09 has marks but is not in this list"),
        ("ENTRIES.csv", "butler,B03,stele,", 'there is no unit "stele"'),
        ("ENTRIES.csv", "butler,B03,steel,away", "no status away"),
    ],
)
def test_faulty_rows_of_any_event_are_named_and_nothing_is_computed(
    games: Path, file: str, row: str, says: str
) -> None:
    lines = (games / file).read_text(encoding="utf-8").splitlines()
    write(games / file, [*lines, row])
    result = score(games)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "B09" in row or f"{file}:{len(lines) + 1}\n" in result.stderr
    assert "rank" not in result.stdout


def test_without_the_column_event_nothing_can_be_told_apart(games: Path) -> None:
    (games / "MARKS.csv").write_text(example("MARKS.csv"), encoding="utf-8")
    result = score(games)
    assert isinstance(result.exception, CompetitionError)
    assert "lacks the columns event" in result.exception.en


def test_several_rule_folders_have_standings_and_no_tables(games: Path) -> None:
    head, *rows = example("MARKS.csv").splitlines()
    marks = [f"{event},{row}" for event in ("silver_service", "tray_service") for row in rows]
    write(games / "MARKS.csv", [f"event,{head}", *marks])
    result = score(games, rules="rules/silver_service rules/tray_service", entries=False)
    assert result.stderr == ""
    assert result.stdout == "".join(f"# {event} 托盘服务\n{ANSWER}\n" for event in ("silver_service", "tray_service"))


def test_one_entry_of_one_event_is_explained(games: Path) -> None:
    assert "82.04" in score(games, "--explain", "butler/B01").stdout
    assert "EVENT/ENTRY" in str(score(games, "--explain", "B01").exception)


def test_a_faulty_rule_file_of_an_event_with_marks_stops_all(games: Path) -> None:
    file = games / "rules" / "silver_service" / "rules.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("edition =", "editoin ="), encoding="utf-8")
    result = score(games)
    assert result.exit_code == 2
    assert "editoin" in result.stderr
    # an event that no row speaks of is not even read
    (games / "ENTRIES.csv").write_text("\n".join(ENTRIES.splitlines()[:3]), encoding="utf-8")
    text = (games / "MARKS.csv").read_text(encoding="utf-8")
    write(games / "MARKS.csv", [line for line in text.splitlines() if not line.startswith("管家")])
    assert score(games).exit_code == 0


def test_a_file_is_no_folder_and_a_folder_no_file(games: Path) -> None:
    assert "is a file" in str(score(games, "--out", str(games / "MARKS.csv")).exception)
    one = CliRunner().invoke(
        group,
        ["score", str(games / "rules" / "tray_service"), "--marks", str(games / "MARKS.csv"), "--out", str(games)],
    )
    assert "is a folder" in str(one.exception)
