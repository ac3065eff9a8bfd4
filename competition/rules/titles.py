"""`[[titles]]` of games.toml: who is put forward for a title (技术能手, 技师). Lists only; others grant it.

A title is given by place, by size of the entry, or by award; it may ask for having passed and for properties of the entry (职工).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from competition.rules.model import Text
from competition.rules.table import Table

SIZES = ("places", "pairs", "trios")
"""Keys of the spans of places: of individuals, of pairs, of trios and larger teams."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Title:
    """A title and who is put forward for it.

    spans: first and last place by the key of `SIZES`; `places` alone is for entries of any size. A place that is shared counts for all
    who share it. awards: or by award.
    passed: only who met the event's condition of passing. attributes: only entries that have one of these values.
    job_types: only in these; empty for all.
    """

    id: str
    name: Text
    spans: Mapping[str, Span]
    awards: tuple[str, ...]
    passed: bool
    attributes: Mapping[str, tuple[str, ...]]
    job_types: tuple[str, ...]

    def span(self, people: int) -> Span | None:
        """The places for an entry of so many people; None when the title has none for it."""
        if set(self.spans) == {"places"}:
            return self.spans["places"]
        return self.spans.get(SIZES[min(max(people, 1), len(SIZES)) - 1])


def read_titles(top: Table, job_types: frozenset[str] | None = None) -> tuple[Title, ...]:
    """Every title of the file. job_types: the ids there are; None where the file is read without them."""
    titles = tuple(_title(row, job_types) for row in top.rows("titles"))
    ids = [title.id for title in titles]
    for twice in sorted({id for id in ids if ids.count(id) > 1}):
        top.fault("titles", f"{twice} 出现了两次。", f"{twice} appears twice.")
    return titles


def _title(row: Table, job_types: frozenset[str] | None) -> Title:
    spans = {key: _span(row, key) for key in SIZES if row.has(key)}
    made = Title(
        row.ident(), row.text("name"), spans, row.strings("awards"), row.flag("passed", False), _attributes(row),
        row.strings("job_types"),
    )  # fmt: skip
    if bool(spans) == bool(made.awards):
        zh = "请写名次（places、pairs、trios）或 awards，二者取一。"
        row.fault(None, zh, "Write places (places, pairs, trios) or awards: one of the two.")
    for job in made.job_types:
        if job_types is not None and job not in job_types:
            row.unknown("job_types", "工种", "job type", job, job_types)
    row.done()
    return made


def _span(row: Table, key: str) -> Span:
    """A span of places, [from, to]."""
    places = row.listed(key)
    if len(places) != 2 or not all(type(n) is int for n in places) or not 1 <= places[0] <= places[1]:
        row.fault(key, "应写成 [起, 止]，从 1 起的整数。", "Write [from, to], whole numbers from 1.")
        return (1, 1)
    return (places[0], places[1])


def _attributes(row: Table) -> dict[str, tuple[str, ...]]:
    """attributes = { standing = ["worker", "teacher"] }: the values that fit, by attribute."""
    table = row.table("attributes")
    return {name: table.strings(name, needed=True) for name in list(table.data)}
