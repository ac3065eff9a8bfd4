"""The folder of rule files as it is on disk: what each would open, and which file an event was opened from."""

from collections.abc import Sequence
from pathlib import Path

from competition.rules import Rules, load


class Library:
    """Rule files by folder name, read when first asked for and again when they change. None: no such file, or a faulty one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[float, Rules | None]] = {}
        self._folders: dict[str, str] = {}

    def rules(self, name: str) -> Rules | None:
        """The rules in this folder."""
        file = self._folder / name / "rules.toml"
        if not file.is_file():
            return None
        changed = file.stat().st_mtime
        if name not in self._read or self._read[name][0] != changed:
            self._read[name] = changed, load(file.parent).rules
        return self._read[name][1]

    def folder_of(self, digest: str, likely: tuple[str | None, ...] = ()) -> str:
        """The folder whose rules have this digest, "" if none has; `likely` ones are looked into first, reading all takes seconds."""
        if digest not in self._folders:
            self._folders[digest] = self._holding(digest, [one for one in likely if one]) or self._holding(
                digest, self.names()
            )
        return self._folders[digest]

    def _holding(self, digest: str, names: Sequence[str]) -> str:
        every = ((name, self.rules(name)) for name in names)
        return next((name for name, rules in every if rules is not None and rules.digest == digest), "")

    def names(self) -> list[str]:
        """Every folder that holds a rule file."""
        return sorted(file.parent.name for file in self._folder.glob("*/rules.toml"))
