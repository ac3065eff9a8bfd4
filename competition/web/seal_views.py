"""What the pages of drawing and opening show, as values."""

from dataclasses import dataclass

from competition.web.gate_views import Blocker
from competition.web.views import Text


@dataclass(frozen=True, slots=True)
class HalfView:
    """One role's half of the seed. `mine`: the official at this desk may give it without signing in again."""

    role: str
    digest: str | None
    by: str
    at: str
    mine: bool


@dataclass(frozen=True, slots=True)
class LayerView:
    """One layer: 3 评审号, 2 工位号, 1 参赛号. `state` is open, next or sealed; `rows` only once it is open.

    beneath: the layer that its codes were drawn over, 0 for the names themselves.
    """

    layer: int
    beneath: int
    state: str
    at: str = ""
    by: tuple[str, str] = ("", "")
    rows: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DrawPage:
    """/desk/events/{id}/draw."""

    id: str
    name: Text
    may: frozenset[str]
    entries: int
    halves: tuple[HalfView, ...]
    drawn_at: str
    decoded: bool
    digest: str
    layers: tuple[int, ...]

    @property
    def committed(self) -> bool:
        """Whether both halves are there."""
        return all(half.digest for half in self.halves)


@dataclass(frozen=True, slots=True)
class DecodePage:
    """/desk/events/{id}/decode."""

    id: str
    name: Text
    may: frozenset[str]
    blockers: tuple[Blocker, ...]
    layers: tuple[LayerView, ...]
    next_layer: int | None
    drawn_at: str
    decoded_at: str
    digest: str
