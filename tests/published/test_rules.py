"""The rule files that reproduce published results are in order, their worked cases too."""

from click.testing import CliRunner

from competition.cli import group
from tests.published.published import RULES


def test_rule_files_and_their_cases_are_in_order() -> None:
    ran = CliRunner().invoke(group, ["rules", "check", str(RULES)])
    assert ran.exit_code == 0, ran.output


def test_every_rule_file_has_worked_cases() -> None:
    files = list(RULES.glob("*/rules.toml"))
    assert len(files) == 17
    assert [file.parent.name for file in files if not (file.parent / "cases.toml").is_file()] == []
