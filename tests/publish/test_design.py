"""Design folders: what is wrong with one is said with its file; nothing outside the folder is read."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from competition.errors import CompetitionError
from competition.publish.certificates import preview
from competition.publish.design import Design, load_design
from competition.publish.samples import Samples

from .conftest import AWARD


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("[boxes.qr]", "[boxes.other]"), "qr"),
        (lambda text: text.replace("[texts.name]", "[texts.other]"), "name"),
        (lambda text: text + "\n= nonsense", "TOML"),
        (lambda text: text.replace("keep = 7", "kept = 7"), "kept"),
    ],
)
def test_a_faulty_design_is_named(tmp_path: Path, change: object, said: str) -> None:
    folder = shutil.copytree(AWARD, tmp_path / "mine")
    file = folder / "design.toml"
    file.write_text(change(file.read_text("utf-8")), "utf-8")  # type: ignore[operator]
    with pytest.raises(CompetitionError) as refused:
        load_design(folder)
    assert "mine/design.toml" in refused.value.zh
    assert said in refused.value.zh


@pytest.mark.parametrize(
    "outside", ["http://example.org/seal.png", "file:///etc/hostname", "../secret.svg", "art/missing.svg"]
)
def test_a_design_loads_only_what_is_in_its_folder(design: Design, samples: Samples, outside: str) -> None:
    curious = replace(design, page=design.page.replace("art/frame.svg", outside))
    with pytest.raises(CompetitionError, match="outside its folder"):
        preview(curious, samples.certificates[0])


def test_no_emblem_or_seal_is_shipped() -> None:
    """Curves only: no pictures, no text in the art, and the seal's area is left to the real seal."""
    assert {file.suffix for file in (AWARD / "art").iterdir()} <= {".svg", ".py"}
    assert not [
        file for file in (AWARD / "art").glob("*.svg") if "<text" in file.read_text() or "<image" in file.read_text()
    ]
