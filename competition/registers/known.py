"""What an import may refer to: the chains, units and events that are there, or that earlier sheets of the same file bring."""

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

STAND_IN = "演练选手"
"""What a rehearsal copy calls people whose names were not asked for, with a number behind it."""
Values = Mapping[str, str]
"""A row's values by field id, in stored form: references are ids."""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What a row needs to know of an event.

    attributes: attribute id -> its legal values {id: name}, or None for any text. said: attribute id -> its name.
    """

    id: str
    names: tuple[str, ...]
    attributes: Mapping[str, Mapping[str, str] | None] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    seats: frozenset[str] = frozenset()
    drawn: bool = False


@dataclass
class Known:
    """What is there, by register: rows of stored values, and the names that references are known by.

    rule_facts: folder of a rule file -> the event it would open, or None if there is no such usable file.
    unprintable: the characters of a text that no font of the certificates has. rehearsal: what is there is a rehearsal copy.
    """

    rows: Mapping[str, list[Values]]
    events: dict[str, EventFacts]
    rule_facts: Callable[[str], EventFacts | None]
    unprintable: Callable[[str], Iterable[str]] = lambda text: ()
    rehearsal: bool = False
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    _called: dict[tuple[str, str], str] = field(default_factory=dict)
    _written: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for list_name in ("chains", "units"):
            for row in self.rows.get(list_name, []):
                self.learn(list_name, row["id"], row["id"], row["name"])
        for event in self.events.values():
            self.learn("events", event.id, event.id, *event.names)

    def learn(self, list_name: str, id: str, *names: str) -> None:
        """A name, or several, that stand for this id. A name that two share stands for neither."""
        table = self.names.setdefault(list_name, {})
        self._called.setdefault((list_name, id), next((name for name in names if name and name != id), id))
        for name, written in {fold(name): name for name in names if name}.items():
            table[name] = id if table.get(name, id) == id else ""
            self._written[list_name, name] = written

    def find(self, list_name: str, said: str) -> str | None:
        """The id behind a name or code; "" when the name belongs to several; None when nothing is called so."""
        return self.names.get(list_name, {}).get(fold(said))

    def near(self, list_name: str, said: str) -> str:
        """What was probably meant; "" when nothing is like it."""
        found = difflib.get_close_matches(fold(said), self.names.get(list_name, {}), 1, 0.6)
        return self._written[list_name, found[0]] if found else ""

    def name_of(self, list_name: str, id: str) -> str:
        """What an id is called: the first name it was learned by, unless that stands for several."""
        said = self._called.get((list_name, id), id)
        return said if self.find(list_name, said) == id else id


def fold(name: str) -> str:
    """A name for comparing: no spaces, no case, brackets and letters of either width."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
