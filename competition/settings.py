"""Where things are and how the server was started. Built once, at the edge (`competition.cli`), and passed in."""

from dataclasses import dataclass
from pathlib import Path

FILE = "competition.sqlite"
"""The store's name in the data folder."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one running copy.

    root: the folder that holds scoring_rules/, templates/ and certificates/.
    var: the folder for the database, keys and printed batches.
    public_address: what QR codes on certificates point to, `https://…`; None while none is configured.
    allow_plain_desks: people at desks may sign in over plain HTTP from other machines (a recorded override).
    secure: the server itself speaks HTTPS.
    tablet_host: the name or address that tablets are to open, where the certificate decides it; None where any will do.
    backups: folders of copies beside var/backups: another disk, a stick, a share of the twin machine.
    """

    root: Path
    var: Path
    host: str = "0.0.0.0"
    port: int = 8000
    public_address: str | None = None
    allow_plain_desks: bool = False
    secure: bool = False
    tablet_host: str | None = None
    backups: tuple[Path, ...] = ()

    @property
    def scheme(self) -> str:
        """How browsers speak to this server."""
        return "https" if self.secure else "http"

    @property
    def database_url(self) -> str:
        """SQLAlchemy address of the embedded database file."""
        return f"sqlite:///{self.var / FILE}"
