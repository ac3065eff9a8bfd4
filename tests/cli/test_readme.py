"""The README's example is run: what it prints is what the program answers."""

import re
from pathlib import Path

from click.testing import CliRunner

from competition.cli import group

README = Path(__file__).parents[2] / "README.md"


def example(name: str) -> str:
    """The fenced block that follows `<!-- example: name -->`."""
    (block,) = re.findall(
        rf"<!-- example: {re.escape(name)} -->\n```\w*\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    return str(block)


def test_example_scores_as_printed(tmp_path: Path) -> None:
    folder = tmp_path / "tray_service"
    folder.mkdir()
    for name in ("rules.toml", "MARKS.csv"):
        (folder / name).write_text(example(name), encoding="utf-8")
    result = CliRunner().invoke(group, ["score", str(folder), "--marks", str(folder / "MARKS.csv")])
    assert result.stderr == ""
    assert result.stdout == example("answer")
