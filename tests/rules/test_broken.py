"""Deliberately broken rule files, one fault each: exactly that finding comes out, at its line, in both languages.

A file begins with a line about its fault, then `# expect: LINE`, `# zh: …` and `# en: …`: where the finding stands (in a base:
`# expect: FILE:LINE`; `(warning)` behind it if it is one) and all of its words; they say what to do.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from competition.rules import load

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))

DO_ZH = re.compile("请|至少|至多|要|应|可以是|只写|不写|只认识|改|写")
DO_EN = re.compile(
    r"\b(add|at least|at most|ask|break|change|check|correct|declare|delete|did you mean|give|leave|list|make|mend|move|name|rename"
    r"|rescale|reduce|say|show|sort|start|such as|use|write)\b",
    re.IGNORECASE,
)
"""Words that tell somebody what to do next (code-style.md section 10, principle 9)."""


@dataclass(frozen=True)
class Expected:
    """What the first lines of a broken file say must come out."""

    where: str
    severity: str
    zh: str
    en: str


def expected(text: str) -> Expected:
    found = re.search(r"^# expect: (.+?)( \(warning\))?\n# zh: (.+)\n# en: (.+)\n", text, re.MULTILINE)
    assert found, "the file doesn't say what to expect"
    return Expected(found[1], "warning" if found[2] else "error", found[3], found[4])


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_gives_its_one_finding(path: Path) -> None:
    says = expected(path.read_text(encoding="utf-8"))
    loaded = load(path)
    assert len(loaded.findings) == 1, [str(finding) for finding in loaded.findings]
    found = loaded.findings[0]
    where = f"broken/{path.name}:{says.where}" if says.where.isdecimal() else says.where
    assert (found.where, found.severity) == (where, says.severity)
    assert found.zh == says.zh
    assert found.en == says.en
    assert (loaded.rules is None) == (says.severity == "error")


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_the_finding_says_what_to_do(path: Path) -> None:
    says = expected(path.read_text(encoding="utf-8"))
    assert DO_ZH.search(says.zh)
    assert DO_EN.search(says.en)


def test_there_are_enough_of_them_and_no_two_alike() -> None:
    assert len(BROKEN) >= 45
    faults = [path.read_text(encoding="utf-8").partition("\n")[0] for path in BROKEN]
    assert len(set(faults)) == len(faults)
