"""Blank sheets and answer cards of the rule files: the items of the tablet's form, in its order, numbered, each with a place to mark.

One rule file in five; `THOROUGH=1 pytest tests/publish/test_screen_order.py` takes all of them.
"""

import os
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from competition.publish import papers
from competition.publish.papers import SheetHead, score_sheets
from competition.rules import Rules, load, sheet_form

from .conftest import ROOT

RULES = sorted(file.parent for file in (ROOT / "scoring_rules").glob("*/rules.toml"))
TAKEN = RULES if "THOROUGH" in os.environ else [*RULES[::5], *(one for one in RULES if one.name.startswith("tea_"))]
ROW = re.compile(
    r'<tr class="section"><td colspan="3">(?P<section>.*?)</td>|<td class="n">(?P<n>\d+)</td>\s*'
    r'<td class="item">(?P<item>.*?)</td>\s*<td class="mark (?P<control>\w+)">(?P<blank>.*?)</td>',
    re.S,
)
PLACE = {"keypad": "box", "measure": "box", "count": "box", "time": "box", "order": "box", "steps": "step", "cards": "step",
         "yesno": "square", "choice": "square", "choices": "square", "note": "line", "answer": "line"}  # fmt: skip
"""What there is to mark on for each of the screen's controls; a derived item has nothing."""


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is drawn, as HTML: text has the order of the page, and 700 sheets aren't drawn for it."""

    def html_of(html: str, style: str, folder: Path) -> bytes:
        return html.encode()

    monkeypatch.setattr(papers, "draw", html_of)
    monkeypatch.setattr(papers, "batch_fonts", lambda strings: "")
    monkeypatch.setattr(papers, "page_count", lambda pdf: 1)
    return lambda form: score_sheets(ROOT / "templates", form, [SheetHead("g", "e", "a" * 64, "B07", "s.1")]).decode()


def forms(law: Rules) -> list[dict[str, Any]]:
    return [sheet_form(law, module.id, sheet.id) for module in law.modules for sheet in module.sheets]


def plain(text: str) -> str:
    return re.sub(r"<small.*?</small>|<[^>]*>|\s", "", unescape(text))


def test_every_sheet_has_the_screens_order(page: Any) -> None:
    controls = set()
    for folder in TAKEN:
        law = load(folder, tidy=False).rules
        assert law is not None
        for form in forms(law):
            own = law.sheet(form["module"], form["sheet"])
            shown = [item for section in form["sections"] for item in section["items"]]
            assert [item["id"] for item in shown] == [item.id for section in own.sections for item in section.items]
            rows = [row.groupdict() for row in ROW.finditer(page(form))]
            wanted: list[tuple[str, str]] = []
            for section in form["sections"]:
                wanted.append(("", _said(section)))
                wanted += [(item["control"], _said(item)) for item in section["items"]]
            assert [(row["control"] or "", plain(row["section"] or row["item"])) for row in rows] == wanted
            items = [row for row in rows if row["n"]]
            assert [int(row["n"]) for row in items] == list(range(1, len(shown) + 1))
            for row in items:
                assert row["control"] == "derived" or f'class="{PLACE[row["control"]]}' in row["blank"]
            controls |= {item["control"] for item in shown}
    assert controls >= PLACE.keys() - {"choices"}


def _said(part: dict[str, Any]) -> str:
    return "".join(part["name"]["zh"].split())
