"""What one certificate says and how each of its strings is set: values in, a `Composition` out for the page to draw."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from competition.publish.addresses import short_address
from competition.publish.certificate import CertificateData, chinese_date
from competition.publish.design import Design
from competition.publish.fitting import STEPS, Fitted, fit
from competition.publish.proofs import qr_text

ISSUER_GAP = 5.0  # mm


@dataclass(frozen=True, slots=True)
class Composition:
    """The fitted strings of one certificate. `stacked`: the unit stands on a line of its own under the name."""

    name: Fitted
    unit: Fitted
    stacked: bool
    body: Fitted
    award: Fitted
    place: Fitted | None
    members: Fitted | None
    issuers: tuple[Fitted, ...]
    date: Fitted
    number: Fitted
    address: Fitted | None
    qr: str | None

    def texts(self) -> Iterator[tuple[str, Fitted]]:
        """Every fitted string with the field it is for, in reading order."""
        yield "name", self.name
        yield "unit", self.unit
        yield "body", self.body
        yield "award", self.award
        if self.place:
            yield "place", self.place
        if self.members:
            yield "members", self.members
        for issuer in self.issuers:
            yield "issuer", issuer
        yield "date", self.date
        yield "number", self.number
        if self.address:
            yield "address", self.address


def compose(design: Design, data: CertificateData, base: str | None) -> Composition:
    """Set one certificate. Nothing is refused here: what does not fit or has no glyph is marked on the string."""
    say = design.wording
    name, unit, stacked = _heading(design, data)
    place = None if data.place is None else _fit(design, "place", say["place"].format(place=data.place))
    return Composition(
        name=name,
        unit=unit,
        stacked=stacked,
        body=_fit(design, "body", say["body"].format(games=data.games, event=data.event)),
        award=_award(design, say["award"].format(award=data.award), placed=place is not None),
        place=place,
        members=_members(design, data.members),
        issuers=_issuers(design, data.issuers),
        date=_fit(design, "date", chinese_date(data.issued_on)),
        number=_fit(design, "number", say["number"].format(number=data.number)),
        address=_fit(design, "address", short_address(base, data.code)) if base else None,
        qr=qr_text(base, data.code, data.proof) if base else None,
    )


def _members(design: Design, members: tuple[str, ...]) -> Fitted | None:
    """The team's people, where the design has a place for them."""
    if not members or "members" not in design.texts:
        return None
    return _fit(design, "members", design.wording["members"].format(members="、".join(members)))


def _fit(design: Design, field: str, text: str) -> Fitted:
    return fit(text, design.texts[field], design.faces[design.texts[field].face])


def _award(design: Design, text: str, *, placed: bool) -> Fitted:
    """The award has the whole box to itself when no place follows it."""
    field = design.texts["award"]
    return fit(text, field if placed else replace(field, width=design.boxes["award"].w), design.faces[field.face])


def _heading(design: Design, data: CertificateData) -> tuple[Fitted, Fitted, bool]:
    """Name and unit on one line if both can shrink alike to fit it, else one above the other."""
    name_text = design.wording["name"].format(name=data.name)
    unit_text = design.wording["unit"].format(unit=data.unit) if data.unit else design.wording["alone"]
    name, unit = _fit(design, "name", name_text), _fit(design, "unit", unit_text)
    room = design.texts["name"].width
    for step in STEPS:
        sized = [replace(text, size=design.texts[field].size * step, lines=(text.text,))
                 for field, text in (("name", name), ("unit", unit))]  # fmt: skip
        if sized[0].width + sized[1].width <= room:
            return sized[0], sized[1], False
    return name, unit, True


def _issuers(design: Design, issuers: tuple[str, ...]) -> tuple[Fitted, ...]:
    """The issuers share the width, with a gap; all are set at the size of the longest."""
    field = design.texts["issuer"]
    share = replace(field, width=field.width / max(len(issuers), 1) - ISSUER_GAP)
    chain = design.faces[field.face]
    smallest = min((fit(issuer, share, chain).size for issuer in issuers), default=field.size)
    alike = replace(share, size=smallest)
    return tuple(fit(issuer, alike, chain, steps=(1.0,)) for issuer in issuers)
