"""A certificate design: a folder with design.toml (geometry, fields, fonts, wording), page.html, style.css and art/."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from competition.errors import CompetitionError
from competition.publish.fitting import Field
from competition.publish.typefaces import FontName


@dataclass(frozen=True, slots=True)
class Box:
    """A place on the page in mm from the top left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Design:
    """What a design folder says, checked. Plain values: it travels to a worker process as it is."""

    folder: Path
    width: float
    height: float
    boxes: Mapping[str, Box]
    faces: Mapping[str, tuple[FontName, ...]]
    texts: Mapping[str, Field]
    wording: Mapping[str, str]
    classes: Mapping[str, str]
    required: tuple[str, ...]
    page: str
    style: str

    def class_of(self, award: str) -> str:
        """The class of art an award is printed on."""
        return self.classes.get(award, "gold")


TEXTS = ("name", "unit", "body", "award", "place", "issuer", "date", "number", "address")
BOXES = ("title", "main", "award", "closing", "issuers", "date", "qr", "record", "number", "address")


def load_design(folder: Path) -> Design:
    """Read and check a design; `CompetitionError` names the file and what is wrong with it."""
    file = folder / "design.toml"
    try:
        return _design(folder, tomllib.loads(file.read_text("utf-8")))
    except FileNotFoundError as missing:
        raise _wrong(folder.name, f"缺少文件 {Path(missing.filename).name}", "a file is missing") from missing
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"{folder.name}/{file.name}", f"TOML 写法不对（{error}）", str(error)) from error
    except KeyError as missing:
        raise _wrong(f"{folder.name}/{file.name}", f"缺少 {missing}", f"{missing} is missing") from missing
    except TypeError as error:
        raise _wrong(f"{folder.name}/{file.name}", f"字段不对（{error}）", str(error)) from error


def _design(folder: Path, said: dict[str, Any]) -> Design:
    design = Design(
        folder=folder,
        width=said["page"]["width"],
        height=said["page"]["height"],
        boxes={name: Box(**box) for name, box in said["boxes"].items()},
        faces={name: tuple(FontName(**font) for font in chain) for name, chain in said["faces"].items()},
        texts={name: Field(**field) for name, field in said["texts"].items()},
        wording=said["wording"],
        classes=said.get("classes", {}),
        required=tuple(said["required"]["fields"]),
        page=(folder / "page.html").read_text("utf-8"),
        style=(folder / "style.css").read_text("utf-8"),
    )
    for name in TEXTS:
        design.faces[design.texts[name].face]
    for name in BOXES:
        design.boxes[name]
    return design


def _wrong(where: str, zh: str, en: str) -> CompetitionError:
    return CompetitionError(
        f"证书设计 {where}：{zh}。请改正后再试。", f"Certificate design {where}: {en}. Correct it and try again."
    )
