"""What is on at the sample games: chains, units and job types from games.toml, an event for each, 4,000 invented entries."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from competition import judging
from competition.cli.sample.chance import one_of
from competition.cli.sample.names import person
from competition.cli.sample.people import Team
from competition.errors import RuleError
from competition.rules import Rules, Text, load
from competition.rules.games import GamesFile, load_games

CONTESTS = ("barista", "tea_taster", "drink_mixologist")
"""Half marked: a living day."""
CONTEST_ENTRIES = 36
FINISHED = ("baker", "welder")
"""Over, released, with certificates."""
FINISHED_ENTRIES = 20
ENTRIES = 4_000


def read_programme(root: Path) -> GamesFile:
    """games.toml. Raises RuleError when it cannot be read."""
    games, findings = load_games(root / "scoring_rules" / "games.toml")
    if games is None:
        said = "\n".join(map(str, findings))
        raise RuleError(f"games.toml 有错误：\n{said}", f"games.toml is faulty:\n{said}")
    return games


def programme(conn: Connection, games: GamesFile, root: Path, team: Team, at: datetime) -> None:
    """Register everything. Every person gives consent on registering, as on the real form."""
    by = team.organiser
    judging.add_games(conn, games.id, _both(games.name), games.host, games.year, by, at)
    for chain in games.chains:
        judging.add_chain(conn, chain.id, games.id, _both(chain.name), by, at)
    for unit in games.units:
        judging.add_unit(conn, unit.id, games.id, _both(unit.name), by, at)
    units = [unit.id for unit in games.units]
    sizes = _sizes([job.id for job in games.job_types])
    registered = 0
    for job in games.job_types:
        judging.add_job_type(conn, job.id, job.number, _both(job.name), job.chain, by, at)
        rules = _rules(root / "scoring_rules" / job.rules)
        judging.open_event(conn, job.id, games.id, rules, by, at, team.rng_bytes)
        entrants = [_entrant(rules, number, units) for number in range(registered, registered + sizes[job.id])]
        judging.enter_list(conn, job.id, entrants, by, at, team.rng_bytes, consent_at=at)
        registered += len(entrants)


def _entrant(rules: Rules, number: int, units: list[str]) -> judging.Entrant:
    """One person of one unit, with attributes the rules allow."""
    attributes = {rule.id: one_of(tuple(rule.values), rule.id, number) for rule in rules.attributes}
    return judging.Entrant(person(number), one_of(units, "unit", number), attributes)


def _sizes(events: list[str]) -> dict[str, int]:
    """How many entries each event has; those that are not held yet share the rest of 4,000 evenly."""
    sizes = {event: CONTEST_ENTRIES for event in CONTESTS} | {event: FINISHED_ENTRIES for event in FINISHED}
    others = [event for event in events if event not in sizes]
    each, over = divmod(ENTRIES - sum(sizes.values()), len(others))
    return sizes | {event: each + (place < over) for place, event in enumerate(others)}


def _rules(folder: Path) -> Rules:
    loaded = load(folder)
    if loaded.rules is None:
        name = folder.name
        raise RuleError(
            f"{name} 有错误，请运行 competition rules check", f"{name} is faulty: run competition rules check"
        )
    return loaded.rules


def _both(name: Text) -> tuple[str, str]:
    return name.zh, name.en
