"""The catalogue: every key a template names is there, in both languages, with the same places."""

import re
from pathlib import Path

import pytest

from competition import words
from competition.errors import RuleError

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"""say\(["']([a-z_0-9.]+)["']\s*[,)]""")


def test_the_catalogue_has_no_faults() -> None:
    pages = ("board/", "desk/", "judge/", "public/", "shared/")
    assert [str(one) for one in words.load(ROOT).findings if one.where.startswith(pages)] == []


def test_every_key_in_a_template_is_known() -> None:
    catalogue = words.load(ROOT)
    for file in sorted((ROOT / "templates").glob("*/*.html")):
        for key in KEY.findall(file.read_text(encoding="utf-8")):
            assert catalogue.has(key), f"{file.name}: {key}"


def test_faults_are_found_with_their_place(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "desk"
    folder.mkdir(parents=True)
    (folder / "words.toml").write_text('[a.b]\nzh = "有{n}"\nen = "none"\n["c"]\nzh = "只有中文"\n', encoding="utf-8")
    found = [str(one) for one in words.load(tmp_path).findings]
    assert len(found) == 2
    assert found[0].startswith("desk/words.toml [a.b]")
    assert "language missing: en" in found[1]


def test_a_key_that_stands_twice_stops_the_start(tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "desk"
    folder.mkdir(parents=True)
    (folder / "words.toml").write_text(
        '["a.b"]\nzh = "一"\nen = "1"\n\n["a.b"]\nzh = "二"\nen = "2"\n', encoding="utf-8"
    )
    with pytest.raises(RuleError) as refused:
        words.sound(tmp_path)
    for said in (refused.value.zh, refused.value.en):
        assert "desk/words.toml" in said
        assert "a.b" in said
        assert "line 5" in said


def test_no_conflict_of_a_merge_stands_in_a_template_or_an_asset() -> None:
    marker = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)
    files = [file for folder in ("templates", "competition/web/assets") for file in (ROOT / folder).rglob("*.*")]
    assert len(files) > 100
    for file in files:
        if file.suffix in (".html", ".toml", ".css", ".js"):
            assert not marker.search(file.read_text(encoding="utf-8")), file
    assert marker.search("a\n<<<<<<< HEAD\n")


def test_pick_takes_whatever_has_two_languages() -> None:
    assert words.pick({"zh": "甲", "en": "A"}, "en") == "A"
    assert words.pick({"zh": "甲", "en": ""}, "en") == "甲"
    assert words.pick("plain", "zh") == "plain"
