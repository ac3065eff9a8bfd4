"""Faults of rule files: every one at once, each with file and line, what is wrong and what to do."""

from pathlib import Path

import pytest

from competition.rules import load, sheet_form, thaw
from tests.rule_text import legal, one_sheet, read

YN = '{ id = "a", scale = "yesno" }'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (one_sheet(YN).replace("language = 1", "language = 2"), "Only language version 1"),
        (one_sheet(YN) + "\n[colour]\n", "no such key"),
        (one_sheet('{ id = "a", scale = "yesno", wieght = 2 }'), "wieght: There is no such key"),
        (one_sheet('{ id = "a", scale = "nix" }'), "There is no scale nix"),
        (
            one_sheet('{ id = "a", scale = "yesno", weight = 2, max = 3 }'),
            "printed maximum is 3, items and weights make 2",
        ),
        (one_sheet(YN, seats=3), "combine is missing"),
        (one_sheet(YN, seats=3, combine='{ method = "mean", least = 2 }'), "absent is missing"),
        (one_sheet(YN, seats=3, combine='{ method = "mean", absent = "exclude" }'), "least is missing"),
        (one_sheet(YN, seats=3, combine='{ method = "mean", least = 4, absent = "exclude" }'), "only 3 seats"),
        (
            one_sheet(YN, seats=5, combine='{ method = "trimmed", from = 2, least = 2, absent = "exclude" }'),
            "Nothing is left after dropping",
        ),
        (one_sheet(f"{YN}, {YN}"), "item a appears twice"),
        (one_sheet('{ id = "d", formula = "nobody + 1" }'), "Nothing is called nobody"),
        (one_sheet('{ id = "d", formula = "1 +" }'), "can't be read at character 4"),
        (one_sheet('{ id = "d", formula = "1 / 0" }'), "Division by zero"),
        (one_sheet('{ id = "d", formula = "exec(1)" }'), "no function exec"),
        (one_sheet('{ id = "a", scale = "yesno", weight = "rows" }'), "no set of weight rows rows"),
        (one_sheet('{ id = "a", scale = "yesno", bands = [ { upto = 1, points = 2 } ] }'), "last row has no upto"),
        (
            one_sheet(YN, more='[quantities]\nq = { name = { zh = "量", en = "q" }, formula = "q + 1" }\n'),
            "in a circle",
        ),
        (one_sheet(YN).replace('by = "total"', 'by = "luck"'), "ranking key luck does not exist"),
        (one_sheet(YN).replace("weight = 100", "weight = 90"), "don't add up to 100"),
        (one_sheet(YN).replace("decide_on", "decides"), "Did you mean decide_on?"),
        (one_sheet(YN, module="out_of = 2"), "printed maximum is 2, items and weights make 1"),
        (one_sheet(YN, module="rescale = { from = 5, to = 100 }"), "most attainable is 1"),
        (one_sheet('{ id = "a", scale = "yesno", blank = "no" }'), "not a number"),
        (one_sheet("{ id = 'a', scale = 'yesno'"), "Not TOML"),
        (
            one_sheet(
                YN, more='[[vetoes]]\nid = "v"\nname = { zh = "否", en = "V" }\nwhen = "m.s.a == 1"\nzero = ["m.t"]\n'
            ),
            "There is no m.t",
        ),
    ],
)
def test_a_fault_says_what_and_where(tmp_path: Path, text: str, says: str) -> None:
    rules, findings = read(tmp_path, text)
    assert rules is None
    found = [f for f in findings if says in f.en]
    assert found, [str(f) for f in findings]
    assert found[0].where.startswith("probe/rules.toml")


def test_the_line_is_the_line(tmp_path: Path) -> None:
    text = one_sheet('{ id = "a", scale = "nix" }')
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "nix" in row)
    _, findings = read(tmp_path, text)
    assert findings[0].where == f"probe/rules.toml:{line}"


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    text = one_sheet('{ id = "a", scale = "nix" }, { id = "b", scale = "nor" }').replace('edition = "1"', "")
    _, findings = read(tmp_path, text)
    assert len(findings) == 3


def test_a_base_gives_what_the_file_leaves_out_and_the_file_wins(tmp_path: Path) -> None:
    (tmp_path / "bases").mkdir()
    (tmp_path / "bases" / "low.toml").write_text(one_sheet(YN), encoding="utf-8")
    (tmp_path / "event").mkdir()
    head = 'language = 1\nextends = "low"\n[event]\nid = "event"\nname = { zh = "新", en = "New" }\nedition = "7"\n'
    (tmp_path / "event" / "rules.toml").write_text(head, encoding="utf-8")
    rules = load(tmp_path / "event").rules
    assert rules is not None
    assert (rules.id, rules.edition, rules.name.en, rules.job_type) == ("event", "7", "New", "probe")


def test_an_edition_thaws_to_the_same_rules(tmp_path: Path) -> None:
    rules = legal(tmp_path, one_sheet('{ id = "a", scale = "yesno", weight = 1.10 }'))
    again = thaw(rules.canonical)
    assert again.digest == rules.digest
    assert again.max_total == rules.max_total
    assert b"1.1" in rules.canonical


def test_the_legend_of_a_keyed_number_names_its_bands(tmp_path: Path) -> None:
    text = one_sheet(
        '{ id = "a", scale = "grade" }',
        more='[scales.grade]\ntype = "points"\n[scales.grade.legend]\n'
        '"90" = { zh = "优", en = "excellent" }\n"60" = { zh = "合格", en = "pass" }\n',
    )
    [item] = sheet_form(legal(tmp_path, text), "m", "s")["sections"][0]["items"]
    assert item["control"] == "keypad"
    assert [(band["low"], band["label"]["zh"]) for band in item["bands"]] == [("60", "合格"), ("90", "优")]


def test_a_form_carries_integer_points_or_says_that_the_server_computes(tmp_path: Path) -> None:
    text = one_sheet(
        '{ id = "a", scale = "two", weight = 0.3 }, { id = "d", formula = "a * a" }',
        more='[scales.two]\ntype = "steps"\nto = 2\nstep = 0.5\n',
    )
    form = sheet_form(legal(tmp_path, text), "m", "s")
    known, derived = form["sections"][0]["items"]
    assert form["denominator"] == 20
    assert [(v["value"], v["points"]) for v in known["values"]] == [
        ("0", 0),
        ("0.5", 3),
        ("1", 6),
        ("1.5", 9),
        ("2", 12),
    ]
    assert derived["control"] == "derived"
    assert "bands" not in known
    assert derived["values"] == []
