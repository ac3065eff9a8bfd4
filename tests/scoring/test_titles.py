"""Who is put forward: places by size of the entry, awards, having passed, properties; what nobody can tell is left open, not decided."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from competition.rules.games import read_across
from competition.rules.titles import Title
from competition.scoring import Result, score
from competition.scoring.titles import Entrant, check_titles, nominees
from tests.rule_text import legal, one_sheet
from tests.scoring.test_tables import PRIZES, given

NAME = 'id = "t"\nname = { zh = "称号", en = "Title" }\n'


@pytest.fixture
def result(tmp_path: Path) -> Result:
    """a 90, b and c 80 (tied), d 50 (not passed), e with a status."""
    rules = legal(tmp_path, one_sheet('{ id = "t", scale = "points", max = 100, step = 0.5 }', more=PRIZES))
    each = given(rules, "a:90 b:80 c:80 d:50 e:dns")
    return score(each.rules, each.marks, each.entries.drop("unit"))


def title(text: str) -> Title:
    across, findings = read_across(f"[[titles]]\n{NAME}{text}", "games.toml")
    assert across is not None, [str(one) for one in findings]
    return across.titles[0]


def listed(
    result: Result, text: str, people: Mapping[str, int] | None = None, said: Mapping[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    entrants = {
        entry: Entrant((people or {}).get(entry, 1), {"standing": said[entry]} if said and entry in said else {})
        for entry in "abcde"
    }
    found = nominees([title(text)], {"event": result}, {"event": entrants}, {"event": "welder"})
    return {one.entry: one.open for one in found}


def test_places_go_by_the_size_of_the_entry_and_ties_go_in_together(result: Result) -> None:
    assert listed(result, "places = [1, 2]") == {"a": (), "b": (), "c": ()}
    assert listed(result, "places = [1, 1]") == {"a": ()}
    spans = "places = [1, 1]\npairs = [1, 2]\ntrios = [3, 4]"
    assert listed(result, spans, {"b": 2, "d": 5}) == {"a": (), "b": (), "d": ()}
    assert listed(result, "places = [1, 4]", {"b": 2, "d": 5}) == {"a": (), "b": (), "c": (), "d": ()}
    assert listed(result, "pairs = [1, 4]") == {}


def test_awards_passing_and_job_types(result: Result) -> None:
    assert listed(result, 'awards = ["second"]') == {"b": (), "c": ()}
    assert listed(result, "places = [1, 9]\npassed = true") == {"a": (), "b": (), "c": ()}
    assert listed(result, 'places = [1, 9]\njob_types = ["baker"]') == {}


def test_what_an_entry_does_not_say_is_to_be_checked(result: Result) -> None:
    asked = 'places = [1, 9]\nattributes = { standing = ["worker", "teacher"] }'
    said = {"a": "worker", "b": "student", "c": "teacher"}
    assert listed(result, asked, said=said) == {"a": (), "c": (), "d": ("standing",)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "one of the two"),
        ('places = [1, 2]\nawards = ["first"]', "one of the two"),
        ("places = [0, 2]", "[from, to]"),
        ("places = [1, 2]\nplacse = [1, 2]", "no such key"),
    ],
)
def test_a_title_that_cannot_be_read_is_refused(text: str, says: str) -> None:
    across, findings = read_across(f"[[titles]]\n{NAME}{text}", "games.toml")
    assert across is None
    assert any(says in one.en for one in findings), findings


def test_what_no_rule_file_has_is_said(result: Result) -> None:
    one = title('awards = ["fourth"]\nattributes = { standing = ["worker"] }')
    said = " ".join(found.en for found in check_titles([one], {"welder": result.rules}))
    assert "No event gives an award fourth" in said
    assert "No event records standing" in said
