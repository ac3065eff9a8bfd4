"""Diving: the middle three of seven awards × difficulty, to the published points of every dive, totals and final ranks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest

from tests.published.published import Contest, Line, by_command, published

Heat = tuple[str, str, str]
"""meet, event, round"""

SETTLED = ("2015_World_Series_London", "women's 3m springboard", "final")
"""The heat in which two divers have equal points and different ranks."""


@dataclass
class Diver:
    """One diver's list in one heat: the lines of the source in the order of the dives."""

    entry: str
    heat: Heat
    dives: list[Line] = field(default_factory=list)


@pytest.fixture(scope="module")
def divers() -> list[Diver]:
    """Everybody in every heat."""
    found: dict[tuple[str, ...], Diver] = {}
    for row in published("diving/dives.csv"):
        heat = (row["meet"], row["event"], row["round"])
        who = (*heat, row["name"], row["nation"])
        found.setdefault(who, Diver(f"D{len(found)}", heat)).dives.append(row)
    for diver in found.values():
        diver.dives.sort(key=lambda row: int(row["dive_no"]))
    return list(found.values())


def enter(contest: Contest, diver: Diver, *decision: str) -> None:
    """The diver's awards and list; the points of a dive whose awards are lost are what the official total grew by."""
    contest.enter(diver.entry, "", " | ".join(diver.heat), *decision)
    before = Fraction(0)
    for row in diver.dives:
        n, total = row["dive_no"], Fraction(row["official_total"])
        record = {"dd": row["dd"], "restart": "1" if row["status"] == "restart" else ""}
        if row["status"] == "unparsed":
            record["given"] = f"{float(total - before):.2f}"
        for item, value in record.items():
            contest.mark(diver.entry, "dives.referee", "referee.1", f"{item}@{n}", value)
        for j in range(1, 8):
            contest.mark(diver.entry, "dives.judges", f"judges.{j}", f"award@{n}", row[f"j{j}"])
        before = total


@pytest.fixture(scope="module")
def standings(divers: list[Diver], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Line]:
    """All heats by one run of the command; the rule file ranks within each heat."""
    contest = Contest("heat")
    for diver in divers:
        enter(contest, diver)
    assert contest.given_by("judges") == 78183
    return {row["entry"]: row for row in by_command("diving", contest, tmp_path_factory.mktemp("diving"))}


def complete(divers: list[Diver]) -> set[Heat]:
    """The heats whose final ranks can be compared: no dive unparsed, and nobody ranked who is not in the file."""
    size = Counter(diver.heat for diver in divers)
    left_out = {
        diver.heat
        for diver in divers
        for row in diver.dives
        if row["status"] == "unparsed" or int(row["official_final_rank"]) > size[diver.heat]
    }
    assert len(left_out) == 11
    return set(size) - left_out


def test_every_dive_and_every_total(divers: list[Diver], standings: Mapping[str, Line]) -> None:
    seen: Counter[str] = Counter()
    agree: Counter[str] = Counter()
    for diver in divers:
        got = standings[diver.entry]
        for row in diver.dives:
            n = row["dive_no"]
            seen["total"] += 1
            agree["total"] += Fraction(got[f"after_{n}"]) == Fraction(row["official_total"])
            if row["status"] != "unparsed":
                seen["dive"] += 1
                agree["dive"] += Fraction(got[f"dive_{n}"]) == Fraction(row["official_points"])
    assert seen == {"total": 11180, "dive": 11169}
    assert agree == seen


def test_final_ranks(divers: list[Diver], standings: Mapping[str, Line]) -> None:
    """All but one: a tie on points for third place, which was settled off the sheet."""
    heats = complete(divers)
    ranked = [diver for diver in divers if diver.heat in heats]
    other = [diver for diver in ranked if standings[diver.entry]["place"] != official_rank(diver)]
    assert (len(heats), len(ranked), len(ranked) - len(other)) == (282, 1987, 1986)
    level = [diver for diver in ranked if diver.heat == SETTLED and standings[diver.entry]["place"] == "3"]
    assert [official_rank(diver) for diver in level] == ["3", "4"]
    assert other == level[1:]


def official_rank(diver: Diver) -> str:
    return diver.dives[-1]["official_final_rank"]


def test_a_recorded_decision_settles_the_tie(divers: list[Diver], tmp_path: Path) -> None:
    """What was settled off the sheet is the chief's decision; with it every rank of that heat is the official one."""
    contest = Contest("heat", "decision")
    heat = [diver for diver in divers if diver.heat == SETTLED]
    for diver in heat:
        enter(contest, diver, official_rank(diver))
    ranks = {row["entry"]: row["rank"] for row in by_command("diving", contest, tmp_path)}
    assert ranks == {diver.entry: official_rank(diver) for diver in heat}
