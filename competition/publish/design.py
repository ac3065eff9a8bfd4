"""A certificate design: a folder with design.toml (geometry, fields, fonts, wording), page.html, style.css and art/.

A design may name a `base`, a folder beside it: what its design.toml leaves out is the base's, its style.css comes after the base's,
and a page or a piece of art that it lacks is the base's.

A games may have designs of its own: `certificates/<games>/<design>/`. They stand beside everyone's, and before one of the same name.
"""

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
    """What a design folder says, checked. Plain values: it travels to a worker process as it is.

    folders: where its files are looked for, its own folder first, then its base's.
    kind: what it certifies, one of KINDS.
    """

    folder: Path
    folders: tuple[Path, ...]
    kind: str
    name: Mapping[str, str]
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

    @property
    def art(self) -> tuple[Path, ...]:
        """The files of the art."""
        return tuple(
            file for folder in self.folders if (folder / "art").is_dir() for file in sorted((folder / "art").iterdir())
        )


OWN = "design.toml"
KINDS = ("award", "participation", "team", "organising_unit", "practice")
"""What a certificate can be for; the folder of the same name is the design of whoever chose none."""
TEXTS = ("name", "unit", "body", "award", "place", "issuer", "date", "number", "address")
BOXES = ("title", "main", "award", "closing", "issuers", "date", "qr", "record", "number", "address")


def load_design(folder: Path) -> Design:
    """Read and check a design; `CompetitionError` names the file and what is wrong with it."""
    where = f"{folder.name}/{OWN}"
    try:
        folders, said = _said(folder)
        return _design(folders, said)
    except FileNotFoundError as missing:
        raise _wrong(folder.name, f"缺少文件 {Path(missing.filename).name}", "a file is missing") from missing
    except tomllib.TOMLDecodeError as error:
        raise _wrong(where, f"TOML 写法不对（{error}）", str(error)) from error
    except KeyError as missing:
        raise _wrong(where, f"缺少 {missing}", f"{missing} is missing") from missing
    except TypeError as error:
        raise _wrong(where, f"字段不对（{error}）", str(error)) from error


def designs(root: Path, games: str = "") -> dict[str, Design]:
    """Every design of a `certificates` folder by its folder's name; with the id of a games, its own before everyone's."""
    files = [*sorted(root.glob(f"*/{OWN}")), *(sorted((root / games).glob(f"*/{OWN}")) if games else ())]
    return {file.parent.name: load_design(file.parent) for file in files}


def _said(folder: Path) -> tuple[tuple[Path, ...], dict[str, Any]]:
    """What the folder and its base say together, and both folders, its own first."""
    said = tomllib.loads((folder / OWN).read_text("utf-8"))
    base = said.pop("base", None)
    if base is None:
        return (folder,), said
    above = (folder.parent, folder.parent.parent)  # a games' own design may rest on everyone's
    places = [one / str(base) for one in above]
    beside = next((place for place in places if place != folder and (place / OWN).exists()), places[0])
    if beside.name != base or beside == folder:
        raise _wrong(f"{folder.name}/{OWN}", f"base “{base}” 不是旁边的文件夹", f"base “{base}” is no folder beside it")
    under = tomllib.loads((beside / OWN).read_text("utf-8"))
    if "base" in under:
        raise _wrong(f"{folder.name}/{OWN}", f"base “{base}” 自己也有 base", f"base “{base}” has a base itself")
    return (folder, beside), _over(under, said)


def _over(under: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """`said` laid over `under`, table by table; a list replaces a list."""
    both = dict(under)
    for key, value in said.items():
        below = both.get(key)
        both[key] = _over(below, value) if isinstance(value, dict) and isinstance(below, dict) else value
    return both


def _design(folders: tuple[Path, ...], said: dict[str, Any]) -> Design:
    pages = [folder / "page.html" for folder in folders]
    styles = [folder / "style.css" for folder in reversed(folders)]
    design = Design(
        folder=folders[0],
        folders=folders,
        kind=said["kind"],
        name=said["name"],
        width=said["page"]["width"],
        height=said["page"]["height"],
        boxes={name: Box(**box) for name, box in said["boxes"].items()},
        faces={name: tuple(FontName(**font) for font in chain) for name, chain in said["faces"].items()},
        texts={name: Field(**field) for name, field in said["texts"].items()},
        wording=said["wording"],
        classes=said.get("classes", {}),
        required=tuple(said["required"]["fields"]),
        page=next((page for page in pages if page.exists()), pages[-1]).read_text("utf-8"),
        style="\n".join(style.read_text("utf-8") for style in styles if style.exists() or style == styles[0]),
    )
    if design.kind not in KINDS:
        raise _wrong(
            f"{folders[0].name}/{OWN}", f"kind 只能是 {'、'.join(KINDS)}", f"kind is one of {', '.join(KINDS)}"
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
