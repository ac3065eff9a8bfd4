"""Marks and rules in; points, totals, standings, awards and explanations out. Pure: no database, clock or chance.

The wide frame has one row an entry and an integer column a cell; steps of the plan add columns to it. See `frames` for the
shape of what comes in, `result` for what goes out.
"""

from competition.scoring.checking import Report, check
from competition.scoring.frames import ABSENCES, MARKS
from competition.scoring.piles import Given, Pile
from competition.scoring.plan import plan
from competition.scoring.result import Result, Standing
from competition.scoring.score import score, score_piles

__all__ = [
    "ABSENCES",
    "MARKS",
    "Given",
    "Pile",
    "Report",
    "Result",
    "Standing",
    "check",
    "plan",
    "score",
    "score_piles",
]
