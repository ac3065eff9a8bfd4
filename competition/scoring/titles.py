"""Who is put forward for a title, event by event, from final standings (rules.md 14). A list for those who grant it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.titles import Title
from competition.scoring.result import Result, Standing

PASS = "passed"
"""What stands in `Nominee.open` when the event's rules say nothing about passing."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """What is known of an entry beside its standing: how many people it has, and its attributes."""

    people: int
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Nominee:
    """An entry that is put forward. open: conditions that nobody can tell from the marks; somebody looks at the papers."""

    title: str
    event: str
    entry: str
    rank: int | None
    tied: bool
    award: str | None
    open: tuple[str, ...]


def nominees(
    titles: Sequence[Title], results: Mapping[str, Result], entrants: Mapping[str, Mapping[str, Entrant]],
    jobs: Mapping[str, str | None],
) -> list[Nominee]:  # fmt: skip
    """Everybody put forward, title by title and event by event in the order given. jobs: event -> its job type."""
    return [
        found
        for title in titles
        for event, result in results.items()
        if not title.job_types or jobs.get(event) in title.job_types
        for standing in result.standings
        if (found := _nominee(title, event, standing, entrants[event][standing.entry])) is not None
    ]


def _nominee(title: Title, event: str, standing: Standing, entrant: Entrant) -> Nominee | None:
    if standing.status or not _reached(title, standing, entrant.people):
        return None
    unknown = []
    if title.passed and standing.passed is not True:
        if standing.passed is False:
            return None
        unknown.append(PASS)
    for name, values in title.attributes.items():
        said = entrant.attributes.get(name, "")
        if said and said not in values:
            return None
        if not said:
            unknown.append(name)
    return Nominee(
        title.id, event, standing.entry, standing.rank, standing.tied, standing.award, tuple(unknown)
    )  # fmt: skip


def _reached(title: Title, standing: Standing, people: int) -> bool:
    if title.awards:
        return standing.award in title.awards
    span = title.span(people)
    return span is not None and standing.rank is not None and span[0] <= standing.rank <= span[1]


def check_titles(titles: Sequence[Title], rules: Mapping[str, Rules]) -> Iterator[Finding]:
    """What the titles and the rules of their events don't say alike; rules by job type, as many as are known."""
    for title in titles:
        of = {job: each for job, each in rules.items() if not title.job_types or job in title.job_types}
        where = f"title {title.id}"
        given = {award.id for each in of.values() for award in each.awards}
        for award in title.awards:
            if of and award not in given:
                zh, en = (
                    f"没有赛项设奖项 {award}，请核对拼写。",
                    f"No event gives an award {award}; check its spelling.",
                )
                yield Finding(where, zh, en, "warning")
        for name, values in title.attributes.items():
            yield from _attribute(where, name, values, of)


def _attribute(where: str, name: str, values: Sequence[str], rules: Mapping[str, Rules]) -> Iterator[Finding]:
    """An attribute that no event has is often a misspelling; of one that some events have, the others' entries are to be looked into."""
    known = [one for each in rules.values() for one in each.attributes if one.id == name]
    if rules and not known:
        zh = f"没有赛项登记属性 {name}，名单上都会标“待核实”；请核对拼写。"
        yield Finding(
            where, zh, f"No event records {name}, so everybody is listed to be checked; mind its spelling.", "warning"
        )
    for value in values:
        if known and not any(one.any or value in one.values for one in known):
            zh, en = f"属性 {name} 没有值 {value}，请核对拼写。", f"{name} has no value {value}; check its spelling."
            yield Finding(where, zh, en, "warning")
