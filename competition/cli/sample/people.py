"""The officials of the sample games: one for each duty at a desk, and judges as the panels need them."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from competition.cli.first_login import new_password
from competition.cli.sample.chance import sample_bytes
from competition.cli.sample.names import person
from competition.judging.acts import RngBytes
from competition.judging.officials import Official, create_official, grant

DUTIES = {  # username -> (role, name)
    "chief": ("chief", "裁判长（示例）"),
    "encryptor": ("encryptor", "加密员（示例）"),
    "supervisor": ("supervisor", "监督（示例）"),
    "clerk": ("clerk", "录分员（示例）"),
    "checker": ("clerk", "复核录分员（示例）"),
    "announcer": ("announcer", "揭晓（示例）"),
}


@dataclass
class Team:
    """Who holds the sample games. `logins` are the passwords to print; judges have none, they hold tablets."""

    organiser: Official
    chief: Official
    encryptor: Official
    supervisor: Official
    clerk: Official
    checker: Official
    logins: list[tuple[str, str]]
    rng_bytes: RngBytes = field(default_factory=lambda: sample_bytes("示例市"))
    judges: int = 0
    marks: int = 0

    def next_counter(self, count: int) -> int:
        """The first of `count` numbers that no device has used."""
        self.marks += count
        return self.marks - count + 1

    def judge(self, conn: Connection, event: str, at: datetime) -> Official:
        """One more judge, for one event."""
        self.judges += 1
        name = person(90_000 + self.judges)
        judge = create_official(conn, f"judge{self.judges}", name, None, self.organiser, at, self.rng_bytes)
        grant(conn, judge.id, "judge", event, self.organiser, at)
        return judge


def appoint(conn: Connection, organiser: Official, at: datetime) -> Team:
    """Make an official for each duty, with a password of chance: a real hall may stand on this file by mistake."""
    logins: list[tuple[str, str]] = []
    made: dict[str, Official] = {}
    for username, (role, name) in DUTIES.items():
        secret = new_password()
        official = create_official(conn, username, name, secret, organiser, at, secrets.token_bytes)
        grant(conn, official.id, role, None, organiser, at)
        logins.append((username, secret))
        made[username] = official
    return Team(
        organiser,
        chief=made["chief"],
        encryptor=made["encryptor"],
        supervisor=made["supervisor"],
        clerk=made["clerk"],
        checker=made["checker"],
        logins=logins,
    )
