"""Two ways in, one table: marks row by row (CSV, command line) and sheets in piles as the store hands them over."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

import polars as pl
import pytest

from competition.errors import Finding
from competition.rules import Rules, load
from competition.rules.scales import UNANSWERED, decimal_text
from competition.scoring import ABSENCES, MARKS, Given, Pile, score, score_piles
from competition.scoring.compact import decode, encode
from competition.scoring.entries import Wide
from competition.scoring.frames import wide
from competition.scoring.piles import wide as wide_of_piles
from tests.rule_text import legal, one_sheet

RULES = Path(__file__).parents[2] / "scoring_rules"
ANSWERS = """
{ id = "name", scale = "words", key = { points = 2, wrong = -1 } },
{ id = "batch", scale = "words", key = { points = 1, requires = "name" } },
{ id = "order", scale = "abc", order = { right = { "0" = 0, "1" = 1, "2" = 2, "3" = 4 } } },
{ id = "many", scale = "letters", key = { points = 3, several = "share" } },
{ id = "dose", scale = "grams", tolerance = { target = "key", bands = [ { within = 0.5, points = 3 }, { points = 0 } ] } },
{ id = "tidy", scale = "yesno", blank = 1 },
{ id = "said", scale = "note" }"""
SCALES = """
[scales.words]
type = "answer"
[scales.abc]
type = "order"
options = ["A", "B", "C"]
[scales.letters]
type = "choices"
options = ["A", "B", "C", "D"]
[scales.grams]
type = "measure"
unit = "g"
decimals = 1
to = 20
"""
HALF = """
[scales.half]
type = "steps"
to = 6
step = 0.5
except = [0.5]
"""
KEY = {"name": "西湖龙井|龙井", "batch": "2", "order": "B A C", "many": "A C", "dose": "7.5"}
EXCLUDE = '{ method = "mean", least = 1, absent = "exclude" }'

Row = tuple[str, str, str, str, str, str]


def piled(rules: Rules, rows: Sequence[Row], entries: pl.DataFrame, gone: Sequence[tuple[str, str]] = ()) -> Given:
    """The marks as the store would keep them: a list a sheet, a pile for each form and seat."""
    forms = {(sheet.module, sheet.id): sheet for sheet in rules.sheets}
    sheets: dict[tuple[str, str, str], list[tuple[str, dict[str, str]]]] = {}
    sealed = []
    for entry, module, sheet, seat, item, value in rows:
        if seat in ("key", "input"):
            sealed.append((module, sheet, seat, item, value))
            continue
        pile = sheets.setdefault((module, sheet, seat), [])
        if not any(name == entry and item not in marks for name, marks in pile):
            pile.append((entry, {}))
        next(marks for name, marks in pile if name == entry and item not in marks)[item] = value
    piles = [
        Pile(
            *where,
            "\n".join(entry for entry, _ in pile),
            "\n".join(
                encode(forms[where[:2]], marks) if where[:2] in forms else json.dumps([marks]) for _, marks in pile
            ),
        )
        for where, pile in sheets.items()
    ]
    said = {name: entries[name].to_list() for name in entries.columns if name not in ("entry", "status")}
    return Given(piles, entries["entry"].to_list(), entries["status"].to_list(), said, sealed, gone)


def both(rules: Rules, rows: Sequence[Row], entries: pl.DataFrame, gone: Sequence[tuple[str, str]] = ()) -> list[str]:
    """The findings, after seeing that both ways give the same columns, findings and standings."""
    frame = pl.DataFrame(rows, schema=MARKS, orient="row")
    absences = pl.DataFrame(list(gone), schema=ABSENCES, orient="row")
    given = piled(rules, rows, entries, gone)
    (one, noticed), (other, seen) = wide(rules, frame, entries, absences), wide_of_piles(rules, given)
    assert columns(one) == columns(other)
    assert texts(noticed) == texts(seen)
    long, short = score(rules, frame, entries, absences=absences), score_piles(rules, given)
    assert [described(each) for each in long.standings] == [described(each) for each in short.standings]
    assert texts(long.findings) == texts(short.findings)
    return texts(noticed)


def columns(table: Wide) -> Mapping[str, list[object]]:
    return {name: table.values(name) for name in sorted(table.columns)}


def texts(findings: Sequence[Finding]) -> list[str]:
    return sorted(str(finding) for finding in findings)


def described(standing: object) -> list[object]:
    values = standing.values  # type: ignore[attr-defined]
    names = ("entry", "rank", "tied", "decided_by", "status", "total", "award", "missing", "expected", "passed")
    return [*(getattr(standing, name) for name in names), dict(values)]


def field(names: str, **more: str) -> pl.DataFrame:
    entries = pl.DataFrame({"entry": names.split(), "status": [""] * len(names.split())})
    return entries.with_columns([pl.lit(value).alias(name) for name, value in more.items()])


def on_sheet(text: str) -> list[Row]:
    """Lines of `entry seat item=value …` as marks of the one sheet m/s; "_" is a space."""
    rows: list[Row] = []
    for line in text.strip().splitlines():
        entry, seat, *marks = line.split()
        for mark in marks:
            item, value = mark.replace("_", " ").split("=", 1)
            rows.append((entry, "m", "s", seat if seat in ("key", "input") else f"p.{seat}", item, value))
    return rows


@pytest.fixture
def answers(tmp_path: Path) -> Rules:
    return legal(tmp_path, one_sheet(ANSWERS, more=SCALES))


def key() -> list[Row]:
    return [("*", "m", "s", "key", item, value) for item, value in KEY.items()]


@pytest.mark.parametrize("folder", ["welder", "barista", "tea_taster", "drink_mixologist", "dairy_taster"])
def test_real_rule_files_give_the_same_table_both_ways(folder: str) -> None:
    rules = load(RULES / folder).rules
    assert rules is not None
    random = Random(folder)
    names = [f"e{n}" for n in range(6)]
    attributes = {each.id: [random.choice(list(each.values)) for _ in names] for each in rules.attributes}
    entries = pl.DataFrame({"entry": names, "status": ["", "", "", "", "dns", ""], **attributes})
    rows = [row for entry in names[:-1] for row in _marks(rules, entry, random) if random.random() < 0.995]
    rows += [("*", s.module, s.id, "key", i.id, "A") for s in rules.sheets for i in s.items if i.key]
    assert both(rules, rows, entries, [("e1", rules.panels[-1].labels[0])]) == []


def _marks(rules: Rules, entry: str, random: Random) -> Iterator[Row]:
    for sheet, seat, item in rules.cells():
        scale = item.scale
        assert scale is not None
        value = "A" if scale.type in ("answer", "note") else " ".join(scale.options)
        if scale.numeric:
            steps = int((scale.high - scale.low) / scale.step)
            number = scale.low + random.randint(0, steps) * scale.step
            value = decimal_text(scale.high if number in scale.without else number)
        elif scale.type == "choice":
            value = scale.options[0]
        yield entry, sheet.module, sheet.id, seat, item.id, value


def test_answers_experts_numbers_and_blanks(answers: Rules) -> None:
    marks = """
        a 1 name=龙井 batch=2 order=A_B_C many=A dose=7.1 tidy=0 said=1.5
        b 1 name=毛峰 batch=2 order=B_A_C many=A_B dose=8.1
        c 1 name=— order=— many=— dose=0"""
    assert both(answers, on_sheet(marks) + key(), field("a b c d")) == []
    assert both(answers, on_sheet(marks), field("a b c d")) == [], "without the key nothing is right or wrong"


def test_an_absent_seat_and_one_that_has_not_marked(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet('{ id = "a", scale = "half" }', seats=3, combine=EXCLUDE, more=HALF))
    marks = on_sheet("a 1 a=4.5\na 2 a=5\nb 1 a=1\nb 2 a=6\nb 3 a=1.5\nc 3 a=2")
    assert both(rules, marks, field("c b a"), [("a", "p.3"), ("*", "p.2"), ("z", "p.1"), ("a", "q.1")]) == []


@pytest.mark.parametrize(
    ("line", "finding"),
    [
        ("a 1 b=7", "m/s/p.1/b"),  # an item that the form doesn't have
        ("a 9 a=1", "m/s/p.9/a"),  # a seat that the panel doesn't have
        ("z 1 a=1", "entry z"),  # an entry that isn't there
        ("a 1 a=0.5", "m/s/p.1/a"),  # left out of the scale
        ("a 1 a=1.25", "m/s/p.1/a"),  # between two steps
        ("a 1 a=6.5", "m/s/p.1/a"),  # beyond the scale
        ("a 1 a=1.50", "m/s/p.1/a"),  # not canonical
        ("a 1 a=x", "m/s/p.1/a"),  # no number
        ("a 1 a=1 a=2", "a/m/s/p.1/a"),  # marked twice
        ("a key a=1", "m/s/key/a"),  # nothing here has a key
        ("a input a=1", "m/s/input/a"),  # no such input
    ],
)
def test_what_is_wrong_is_noticed_both_ways(tmp_path: Path, line: str, finding: str) -> None:
    rules = legal(tmp_path, one_sheet('{ id = "a", scale = "half" }', seats=2, combine=EXCLUDE, more=HALF))
    rows = [("*" if row[3] in ("key", "input") else row[0], *row[1:]) for row in on_sheet(line)]
    (found,) = both(rules, on_sheet("b 1 a=4.5\nb 2 a=5\na 2 a=6") + rows, field("a b"))  # type: ignore[operator]
    assert found.startswith(finding)


def test_a_form_that_the_rules_do_not_have(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet('{ id = "a", scale = "yesno" }'))
    assert len(both(rules, [*on_sheet("a 1 a=1"), ("a", "m", "old", "p.1", "a", "1")], field("a b"))) == 1


@pytest.mark.parametrize(
    "mark", ["name=茶", "order=A_B", "many=B_A", "dose=7.55", pytest.param("name=" + "长" * 61, id="long")]
)
def test_an_answer_that_is_not_legal(answers: Rules, mark: str) -> None:
    assert len(both(answers, on_sheet(f"a 1 {mark}\nb 1 name={UNANSWERED}") + key(), field("a b"))) == (
        "茶" not in mark
    )


def test_a_text_keeps_every_mark(answers: Rules) -> None:
    (form,) = answers.sheets
    marks = {"name": '龙"井', "dose": "7.5", "tidy": "0", "order": "—", "many": "1.0", "strange": "7", "said": "a\nb"}
    text = encode(form, marks)
    assert "\n" not in text
    assert dict(decode(form, text)) == marks
    assert encode(form, {}) == "[]"
