"""The guide for rule authors: its worked example is a rule file that checks, with cases that come out."""

import re
from pathlib import Path

from competition.scoring import check

GUIDE = Path(__file__).parents[2] / "scoring_rules" / "README.md"


def test_the_guides_example_stands_as_it_is_printed(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n#:example (\w+)\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    folder = tmp_path / "bed_making"
    folder.mkdir()
    for name, text in blocks:
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    report = check([folder])
    assert [str(finding) for finding in report.findings] == []
    assert (report.files, report.cases) == (1, 1)
