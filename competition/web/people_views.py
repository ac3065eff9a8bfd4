"""What the pages of officials show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from competition import judging
from competition.judging.accounts import STATES, Account
from competition.web.views import Text

SHOWN = 300
"""Lines of a page; a whole games has some seven hundred officials, and the filter finds the others."""


@dataclass(frozen=True, slots=True)
class DutyView:
    """A role as it is listed; `event` None is every event."""

    role: str
    event: str | None
    name: Text | None


@dataclass(frozen=True, slots=True)
class AccountView:
    """One line of the list. `more`: how many duties are not listed there; `desk`: whether any is done at a desk."""

    id: str
    name: str
    username: str
    unit: str
    state: str
    until: str | None
    duties: tuple[DutyView, ...]
    more: int
    seats: int
    desk: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """/desk/people. `unopened`: how many of those found have no password."""

    q: str
    role: str
    event: str
    state: str
    every: int
    found: int
    unopened: int
    people: tuple[AccountView, ...]
    events: tuple[tuple[str, Text], ...]
    roles: tuple[str, ...] = judging.ROLES
    states: tuple[str, ...] = STATES

    @classmethod
    def of(
        cls, every: Sequence[Account], events: Sequence[judging.EventLine], q: str, role: str, event: str, state: str
    ) -> "PeoplePage":
        """Those the filter asks for."""
        hits = found(every, q, role, event, state)
        return cls(
            q=q,
            role=role,
            event=event,
            state=state,
            every=len(every),
            found=len(hits),
            unopened=len(without_password(hits)),
            people=tuple(map(line, hits[:SHOWN])),
            events=_names(events),
        )


@dataclass(frozen=True, slots=True)
class PersonPage:
    """/desk/people/{id}. `mine`: the organiser looks at their own account."""

    one: AccountView
    events: tuple[tuple[str, Text], ...]
    mine: bool
    roles: tuple[str, ...] = judging.ROLES

    @classmethod
    def of(cls, one: Account, events: Sequence[judging.EventLine], *, mine: bool) -> "PersonPage":
        """One official, with every duty."""
        return cls(line(one, few=10**6), _names(events), mine)


@dataclass(frozen=True, slots=True)
class Slip:
    """What one official is handed."""

    name: str
    username: str
    unit: str
    password: str


@dataclass(frozen=True, slots=True)
class Slips:
    """One-time passwords just made, shown this once."""

    games: Text
    address: str
    until: str
    slips: tuple[Slip, ...]


def found(every: Iterable[Account], q: str, role: str, event: str, state: str) -> list[Account]:
    """Those of a name, user name or unit, with a role, in an event (or all), whose account is in a state; "" is any."""
    wanted = q.strip().casefold()

    def hit(one: Account) -> bool:
        duties = [d for d in one.duties if role in ("", d.role) and (not event or d.event in (None, event))]
        named = f"{one.name} {one.username} {one.unit}".casefold()
        return wanted in named and state in ("", one.state) and (bool(duties) or not (role or event))

    return [one for one in every if hit(one)]


def without_password(every: Iterable[Account]) -> list[Account]:
    """Those who have a duty at a desk and no password; a judge has a tablet and needs none."""
    return [one for one in every if one.state == "none" and _at_a_desk(one)]


def line(one: Account, few: int = 3) -> AccountView:
    """One official in a list, with so many duties."""
    duties = [DutyView(d.role, d.event, {"zh": d.event_zh, "en": d.event_en} if d.event else None) for d in one.duties]
    return AccountView(
        id=one.id,
        name=one.name,
        username=one.username,
        unit=one.unit,
        state=one.state,
        until=one.until,
        duties=tuple(duties[:few]),
        more=max(0, len(duties) - few),
        seats=len(one.seats),
        desk=_at_a_desk(one),
    )


def _at_a_desk(one: Account) -> bool:
    return any(duty.role != "judge" for duty in one.duties)


def _names(events: Sequence[judging.EventLine]) -> tuple[tuple[str, Text], ...]:
    return tuple((one.id, {"zh": one.name_zh, "en": one.name_en}) for one in events)
