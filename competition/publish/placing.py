"""Where each string of a certificate stands: a `Composition` in, runs of text at baselines out.

Coordinates in mm from the page's top left corner. Widths are those of the fonts themselves, so a run that was
measured to fit its box is printed inside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from competition.publish.composing import Composition
from competition.publish.design import Box, Design
from competition.publish.fitting import MM_PER_POINT, Field, Fitted
from competition.publish.typefaces import Setting, width

MIDDLE_OF_TYPE = 0.38  # ems from the baseline up to the middle of a Chinese character
BRACKET_AIR = 0.45  # ems: the empty half of a full-width opening bracket


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text from (x, baseline), `size` in points, `spacing` in points between characters."""

    text: str
    setting: Setting
    size: float
    x: float
    baseline: float
    colour: str
    spacing: float = 0.0

    @property
    def width(self) -> float:
        """In mm, the spacing after the last character left out."""
        return (width(self.text, self.setting) * self.size + self.spacing * (len(self.text) - 1)) * MM_PER_POINT


def place(design: Design, page: Composition) -> list[Run]:
    """Every run of one certificate in reading order."""
    runs = [
        *_main(design, page),
        *_award(design, page),
        *(_left(design, "members", page.members, design.boxes["members"]) if page.members else ()),
        *_issuers(design, page),
        *_centred(design, "date", page.date, _under_issuers(design, page)),
        *_left(design, "number", page.number, design.boxes["number"]),
        *(_left(design, "address", page.address, design.boxes["address"]) if page.address else ()),
    ]
    return [run for run in runs if run.text]


def _main(design: Design, page: Composition) -> Iterator[Run]:
    """Name, unit and wording, together in the upright middle of their box."""
    box, name, unit, body = design.boxes["main"], design.texts["name"], design.texts["unit"], design.texts["body"]
    below = unit.leading if page.stacked and page.unit.text else 0
    height = name.leading * len(page.name.lines) + below + body.leading * len(page.body.lines)
    top = box.y + (box.h - height) / 2
    for n, line in enumerate(page.name.lines):
        yield _run(name, page.name, line, box.x, top + n * name.leading)
    top += (len(page.name.lines) - 1) * name.leading
    if below:
        air = BRACKET_AIR * page.unit.size * MM_PER_POINT if page.unit.text.startswith("（") else 0
        yield _run(unit, page.unit, page.unit.text, box.x - air, top + name.leading)
        top += unit.leading
    elif page.unit.text:
        # Small type beside large stands on the large type's baseline.
        baseline = _baseline(name, page.name, top)
        yield Run(page.unit.text, page.unit.setting, page.unit.size, box.x + page.name.width, baseline, unit.colour)
    top += name.leading
    for n, line in enumerate(page.body.lines):
        indent = body.indent * page.body.size * MM_PER_POINT if n == 0 else 0
        yield _run(body, page.body, line, box.x + indent, top + n * body.leading)


def _award(design: Design, page: Composition) -> Iterator[Run]:
    """Award and place on one baseline, centred together."""
    box, field = design.boxes["award"], design.texts["award"]
    award = _run(field, page.award, page.award.text, 0, box.y)
    place_width = page.place.width if page.place else 0
    x = box.x + (box.w - award.width - place_width) / 2
    yield _run(field, page.award, page.award.text, x, box.y)
    if page.place:
        colour = design.texts["place"].colour
        yield Run(page.place.text, page.place.setting, page.place.size, x + award.width, award.baseline, colour)


def _issuers(design: Design, page: Composition) -> Iterator[Run]:
    """Side by side in order of rank, each in the middle of its share; one alone stands to the right."""
    box, field = _under_issuers(design, page), design.texts["issuer"]
    share = box.w / max(len(page.issuers), 1)
    for n, issuer in enumerate(page.issuers):
        height = field.leading * len(issuer.lines)
        column = Box(box.x + n * share, box.y + (box.h - height) / 2, share, height)
        yield from _centred(design, "issuer", issuer, column)


def _under_issuers(design: Design, page: Composition) -> Box:
    """The issuers' box, or its right part when there is one; the date stands under the middle of it."""
    box = design.boxes["issuers"]
    cut = box.w * 0.3 if len(page.issuers) == 1 else 0
    return Box(box.x + cut, box.y, box.w - cut, box.h)


def _centred(design: Design, field_name: str, text: Fitted, box: Box) -> Iterator[Run]:
    field = design.texts[field_name]
    top = design.boxes[field_name].y if field_name in design.boxes else box.y
    for n, line in enumerate(text.lines):
        run = _run(field, text, line, 0, top + n * field.leading)
        yield _run(field, text, line, box.x + (box.w - run.width) / 2, top + n * field.leading)


def _left(design: Design, field_name: str, text: Fitted, box: Box) -> Iterator[Run]:
    field = design.texts[field_name]
    for n, line in enumerate(text.lines):
        yield _run(field, text, line, box.x, box.y + n * field.leading)


def _run(field: Field, text: Fitted, line: str, x: float, top: float) -> Run:
    return Run(line, text.setting, text.size, x, _baseline(field, text, top), field.colour, field.spacing * text.size)


def _baseline(field: Field, text: Fitted, top: float) -> float:
    return top + field.leading / 2 + MIDDLE_OF_TYPE * text.size * MM_PER_POINT
