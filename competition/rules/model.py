"""A contest's rules, read and checked: what is marked, by whom, on which scale, and what it is worth.

Words (DESIGN.md section 2): parts hold modules, modules hold sheets, a sheet holds sections of items and is marked by one
seat for one entry. A *cell* is one item of one seat. These values are frozen; `competition.rules.read` builds them.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from competition.errors import Finding, NotFound
from competition.rules.nodes import Node
from competition.rules.scales import Scale

STATUSES = ("dns", "dnf", "dsq", "void", "withdrawn")
"""缺赛, 未完成, 取消资格, 成绩无效, 弃权: five different things, none of them a zero."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and English."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True)
class KeyRule:
    """An answer against the sealed key: points if right, and only if the item `requires` is right too.

    wrong: what a wrong answer costs (None: nothing). several: how a multiple choice is marked ("all", "each", "share",
    "half"; "" for a single answer). each: points per right option chosen, for "each". options: how many there are.
    """

    points: Fraction
    requires: str | None = None
    wrong: Fraction | None = None
    several: str = ""
    each: Fraction = Fraction(0)
    options: int = 0

    @property
    def den(self) -> int:
        """A denominator of every number of points that a multiple choice can earn."""
        given = [self.points, self.each, self.wrong or Fraction(0), self.points / 2]
        return math.lcm(
            *(p.denominator for p in given), *((self.points / n).denominator for n in range(1, self.options + 1))
        )


@dataclass(frozen=True, slots=True)
class Item:
    """The smallest thing marked. `id` is "item" or "item@sample"; `base` is the id without the sample.

    scale is None for a derived item (nobody marks it). `blank`: what an untouched item counts as, if the rule says so.
    key, order: how an answer is worth points (matched before the arithmetic starts). `worth`: the printed maximum.
    """

    id: str
    base: str
    sample: str | None
    name: Text
    help: Text | None
    scale: Scale | None
    blank: Fraction | None
    key: KeyRule | None
    order: tuple[tuple[int, Fraction], ...] | None
    scores: bool
    expert: bool = False
    max: Fraction | None = None
    by_pairs: bool = False

    @property
    def den(self) -> int:
        """The denominator of the item's recorded number."""
        if self.key:
            return self.key.den if self.key.several else 1
        return 1 if self.order is not None or self.scale is None else self.scale.den

    @property
    def answered(self) -> bool:
        """Compared with the sealed key: worth nothing known before the key is there."""
        return self.key is not None or self.order is not None

    @property
    def required(self) -> bool:
        """Must be marked before the sheet can be signed."""
        return self.scale is not None and self.scale.type != "note" and self.blank is None

    def parse(self, text: str) -> str:
        """The canonical text of a legal value. Raises MarkError for anything else, full-width digits included."""
        if self.scale is None:
            raise NotFound(
                f"“{self.name.zh}”由系统计算，不能打分。", f'"{self.name.en}" is computed; it can\'t be marked.'
            )
        return self.scale.parse(text, self.name.zh, self.name.en)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a sheet with its items and its printed maximum; floor and cap limit a seat's points of it."""

    id: str
    name: Text
    max: Fraction | None
    items: tuple[Item, ...]
    floor: Fraction | None = None
    cap: Fraction | None = None

    @property
    def limited(self) -> bool:
        return self.floor is not None or self.cap is not None


@dataclass(frozen=True, slots=True)
class Panel:
    """Who marks the same sheet. Seat labels are f"{id}.{n}", n from 1; a seat is a place, not a person."""

    id: str
    name: Text
    seats: int
    kind: str

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"{self.id}.{n}" for n in range(1, self.seats + 1))


@dataclass(frozen=True, slots=True)
class Spread:
    """Seats further apart than `limit` (recorded values of an item, or totals of the sheet).

    then: "report" them; "hold" the sheet without a value until they agree; or let the panel's last seat decide as a "third".
    """

    limit: Fraction
    by: str
    then: str = "report"


@dataclass(frozen=True)
class Sheet:
    """What one seat marks for one entry in one module.

    opens_after: sheets of the same module that the same seat signs first (two-phase marking). only: attribute values of the
    entries it is for.
    """

    id: str
    module: str
    name: Text
    panel: Panel
    max: Fraction | None
    sections: tuple[Section, ...]
    spread: Spread | None
    opens_after: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{self.module}.{self.id}"

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for section in self.sections for item in section.items)

    def item(self, item: str) -> Item:
        """The item of this id. Raises NotFound."""
        for each in self.items:
            if each.id == item:
                return each
        raise NotFound(f"评分表“{self.name.zh}”没有评分项 {item}。", f'Sheet "{self.name.en}" has no item {item}.')


@dataclass(frozen=True, slots=True)
class Module:
    """A timed piece of a part."""

    id: str
    name: Text
    part: str
    minutes: int | None
    out_of: Fraction | None
    sheets: tuple[Sheet, ...]
    round: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Theory or practical: weight in percent of the total."""

    id: str
    name: Text
    weight: Fraction
    out_of: Fraction | None


@dataclass(frozen=True, slots=True)
class AttributeRule:
    """A property of an entry: with legal values (tea class, category), or any text (heat, group, team)."""

    id: str
    name: Text
    values: Mapping[str, Text]
    any: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A number that an official gives for the whole event (a cut-off)."""

    id: str
    name: Text
    scale: Scale

    @property
    def cell(self) -> str:
        return f"event.inputs.{self.id}"


@dataclass(frozen=True, slots=True)
class RoundRule:
    """A round of the event: `id` is the step of its points, `id.reached` the step that says who is in it."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Listing:
    """A table beside the standings: the best taste, a popularity vote, or a row per team.

    per: attribute whose values are the rows ("" for entries); method, take, least: how members make a row.
    """

    id: str
    name: Text
    of: Node
    best: str
    keys: tuple["RankKey", ...]
    needs: Node | None
    per: str = ""
    method: str = ""
    take: int | None = None
    least: int = 1


@dataclass(frozen=True, slots=True)
class Needed:
    """Cells that are required only while `when` holds: of a sheet, or of its one seat or item."""

    sheet: str
    when: Node
    seat: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Entrants:
    """What competes: a person, a pair or a team of so many."""

    kind: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class RankKey:
    """One key of the ranking: a quantity and whether high or low is better."""

    by: str
    best: str


@dataclass(frozen=True, slots=True)
class Award:
    """What a standing earns: by places from-to, or by share of the field in percent; `needs` is a condition quantity.

    ties: whether those tied over its border all get it ("extend") or none of them ("leave"). least: smallest field for it.
    """

    id: str
    name: Text
    places: tuple[int, int] | None
    share: Fraction | None
    rounding: str
    of: str
    needs: Node | None
    ties: str = "extend"
    least: int = 0


@dataclass(frozen=True, slots=True)
class Out:
    """A condition under which the rules themselves give an entry a status (disqualified by overtime, void by veto)."""

    id: str
    name: Text
    when: Node
    status: str


@dataclass(frozen=True, eq=False)
class Rules:
    """One event's rules, one edition. `canonical` is the merged file as bytes; its SHA-256 is the `digest`.

    steps: the named quantities in an order in which each needs only earlier ones; what the engine computes.
    passed: the condition of passing; ranked_passed: whether only those who pass get a place. medals: the WorldSkills edition
    whose rule gives positions and medals, and the quantity it reads. needed: cells that not every entry has to have.
    design: the design of its award certificates, a folder's name; "" for none named.
    """

    id: str
    job_type: str
    name: Text
    edition: str
    code: str
    template: bool
    notes: tuple[Text, ...]
    sources: tuple[Mapping[str, str], ...]
    digest: str
    canonical: bytes
    parts: tuple[Part, ...]
    modules: tuple[Module, ...]
    panels: tuple[Panel, ...]
    attributes: tuple[AttributeRule, ...]
    steps: Mapping[str, Node]
    names: Mapping[str, Text]
    decide_on: str
    total_places: int | None
    shared: bool
    keys: tuple[RankKey, ...]
    after: tuple[str, ...]
    awards: tuple[Award, ...]
    outs: tuple[Out, ...]
    detail: Mapping[str, Node] = field(repr=False)
    inputs: tuple[Input, ...] = ()
    rounds: tuple[RoundRule, ...] = ()
    numbering: str = "1224"
    except_places: tuple[int, int] | None = None
    passed: Node | None = None
    ranked_passed: bool = False
    lists: tuple[Listing, ...] = ()
    medals: tuple[str, str] | None = None
    needed: tuple[Needed, ...] = ()
    entrants: Entrants | None = None
    design: str = ""
    warnings: tuple[Finding, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rules) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def max_total(self) -> Fraction:
        """The highest total that the rules allow."""
        return self.steps["total"].shape.hi

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet for module in self.modules for sheet in module.sheets)

    def sheet(self, module: str, sheet: str) -> Sheet:
        """The sheet of this module and id. Raises NotFound."""
        for each in self.sheets:
            if (each.module, each.id) == (module, sheet):
                return each
        raise NotFound(
            f"赛项“{self.name.zh}”没有评分表 {module}/{sheet}。", f"{self.name.en} has no sheet {module}/{sheet}."
        )

    def cells(self) -> Iterator[tuple[Sheet, str, Item]]:
        """Every markable cell: sheet, seat label, item."""
        for sheet in self.sheets:
            for seat in sheet.panel.labels:
                for item in sheet.items:
                    if item.scale is not None:
                        yield sheet, seat, item

    def may_share(self, place: int) -> bool:
        """Whether two entries may stand in this place."""
        inside = self.except_places is not None and self.except_places[0] <= place <= self.except_places[1]
        return self.shared != inside

    def award(self, award: str) -> Award:
        """The award of this id. Raises NotFound."""
        for each in self.awards:
            if each.id == award:
                return each
        raise NotFound(f"规则里没有奖项 {award}。", f"The rules have no award {award}.")
