"""What the public pages and the big screen show, as values: one dataclass a page. What is not here cannot leak."""

from dataclasses import dataclass
from typing import Literal

from competition.web.views import Text


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One line of a public result. name and unit are None where the public may not see them."""

    rank: int | None
    tied: bool
    name: str | None
    unit: str | None
    status: str
    total: str | None
    award: Text | None


@dataclass(frozen=True, slots=True)
class PublicResult:
    """/results/{event}: progress only, a notice, or a final release; `revision` counts final releases. over: of a notice, the revision
    that it is about to correct, 0 for the first notice."""

    id: str
    name: Text
    chain: Text
    games: Text
    venue: str
    kind: Literal["progress", "notice", "final"]
    finished: int
    entries: int
    revision: int
    at: str | None
    window_closes: str | None
    phone: str
    rows: tuple[PublicRow, ...]
    hidden: int
    q: str = ""
    orders: tuple[tuple[str, Text], ...] = ()
    over: int = 0


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """/c/{code}. status: valid, reissued, corrected, revoked, unknown, sample. name is masked until `matched`."""

    code: str
    status: str
    name: str = ""
    matched: bool | None = None
    issuer: str = ""
    games: Text | None = None
    event: Text | None = None
    award: Text | None = None
    number: str = ""
    issued_on: str = ""
    address: str = ""
    job: Text | None = None
    copies: int = 0


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One row of the big screen."""

    rank: int | None
    code: str
    name: str | None
    unit: str | None
    total: str | None
    award: Text | None
    status: str
    marked: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """/board/{event}: progress by codes before the notice, the ranking after. `pages` hold eight to ten rows each."""

    id: str
    name: Text
    games: Text
    mode: Literal["progress", "ranking"]
    final: bool
    finished: int
    entries: int
    pages: tuple[tuple[BoardRow, ...], ...]
