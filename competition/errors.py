"""What can go wrong, said to a person: what happened, where, and what to do next, in Chinese and English.

`CompetitionError` and its children are for people (the web maps each to a status, the command line to an exit code).
A `Finding` is for checks that can notice many faults at once: they return findings and raise nothing.
A bug is an ordinary exception.
"""

from dataclasses import dataclass
from typing import Any, Literal


class CompetitionError(Exception):
    """A refusal that a person can act on. `zh` and `en` say what, where, and what to do next."""

    status = 400
    keeps_changes = False
    """Whether what the act wrote before refusing stays (a counted wrong PIN)."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[Any, ...]:
        # Both texts, so that a refusal raised in a printing worker arrives whole.
        return type(self), (self.zh, self.en)


class RuleError(CompetitionError):
    """A rule file is wrong; the command line exits with 2."""

    status = 422


class MarkError(CompetitionError):
    """The mark cannot stand: not a legal value of its item, or not for this sheet."""

    status = 422


class NotAllowed(CompetitionError):
    """This person or device may not do this."""

    status = 403


class NotFound(CompetitionError):
    """Nothing is there under this name."""

    status = 404


class Conflict(CompetitionError):
    """The sheet, event or release moved on meanwhile, or is not in the state the act needs."""

    status = 409


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a check noticed. `where` is a file with its line, a cell or a name; both texts say what to do."""

    where: str
    zh: str
    en: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.zh} / {self.en}"
