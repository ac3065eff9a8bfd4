"""games.toml: chains, units and job types; every job type follows a rule file that is there."""

from pathlib import Path

from competition.rules.games import load_games

GAMES = """
[games]
id = "sample"
name = { zh = "示例运动会", en = "Sample games" }
year = 2026
host = "示例市"
[[chains]]
id = "food"
name = { zh = "绿色食品", en = "Green food" }
[[units]]
id = "u1"
name = { zh = "示例单位", en = "Sample unit" }
[[job_types]]
id = "barista"
name = { zh = "咖啡师", en = "Barista" }
chain = "CHAIN"
rules = "RULES"
[unit_table]
points = { first = 8, second = 4 }
best = 3
[chain_table]
points = { first = 8 }
"""


def write(tmp_path: Path, chain: str, rules: str) -> Path:
    (tmp_path / "barista").mkdir()
    (tmp_path / "barista" / "rules.toml").touch()
    file = tmp_path / "games.toml"
    file.write_text(GAMES.replace("CHAIN", chain).replace("RULES", rules), encoding="utf-8")
    return file


def test_job_types_are_numbered_in_order(tmp_path: Path) -> None:
    games, findings = load_games(write(tmp_path, "food", "barista"))
    assert games is not None, findings
    assert [(j.number, j.id, j.chain, j.rules) for j in games.job_types] == [(1, "barista", "food", "barista")]
    assert games.unit_table.points == {"first": 8, "second": 4}
    assert games.unit_table.best == 3


def test_unknown_chain_and_missing_rule_file_are_found_together(tmp_path: Path) -> None:
    games, findings = load_games(write(tmp_path, "steel", "nobody"))
    assert games is None
    assert {f.en.split(": ", 1)[1] for f in findings} == {"There is no chain steel.", "There is no nobody/rules.toml."}
