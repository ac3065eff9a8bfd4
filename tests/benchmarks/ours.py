"""The program itself: from the file to standings with awards through the functions that the server calls."""

import importlib
from pathlib import Path
from typing import Any

from sqlalchemy import select

from competition import scoring, store
from competition.scoring import Result
from tests.benchmarks.peer_reading import Rows

# `competition.judging` exports a function of the same name.
live: Any = importlib.import_module("competition.judging.standings")


class Ours:
    """A store opened as the server opens it, with the rules of every event thawed and planned."""

    def __init__(self, path: Path) -> None:
        self.engine = store.open_store(f"sqlite:///{path}")
        with store.reading(self.engine) as conn:
            self.events = list(conn.scalars(select(store.games.Event.id).order_by(store.games.Event.id)))
            for event in self.events:
                scoring.plan(store.thawed(conn, event))

    def run(self) -> list[Result]:
        """The results of every event, none of them kept from before."""
        live._results.clear()
        with store.reading(self.engine) as conn:
            return [live.standings(conn, event) for event in self.events]

    def rows(self, results: list[Result]) -> Rows:
        """The results as the peers give theirs."""
        return [
            (event, s.entry, s.rank or 0, _hundredths(s.total), s.status, s.award or "")
            for event, result in zip(self.events, results, strict=True)
            for s in result.standings
        ]


def _hundredths(total: str | None) -> int:
    whole, _, decimals = (total or "0").partition(".")
    return int(whole + decimals.ljust(2, "0"))
