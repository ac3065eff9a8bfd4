"""Rehearsal copies (演练): the games again in a file of their own, that can never be taken for, or mixed with, the real one.

What makes a copy a rehearsal is written into it before anybody can open it: its lines go on under a chain of their own, its
certificates are samples, every page and paper says 演练, and a server opens it only when told that it is one. Tokens, cards and
sessions of the real games don't work in it; numbers of people's documents aren't in it, and names only if asked for.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from competition.errors import Conflict
from competition.judging.acts import RngBytes, new_id
from competition.registers.known import STAND_IN
from competition.store import Rehearsal, releases, stamp
from competition.store.appeals import Appeal
from competition.store.devices import DeskSession, Device, Pairing
from competition.store.people import Entry, Identity, Intake, Person, Signature


def become_rehearsal(conn: Connection, at: datetime, rng_bytes: RngBytes, *, names: bool) -> str:
    """Make this copy a rehearsal for good; answers its id. Only ever called on a copy. Conflict when it is one already."""
    if rehearsal_of(conn) is not None:
        raise Conflict("这已经是演练副本。请从正式库制作。", "This is a rehearsal already. Copy the real one.")
    id, when = new_id(rng_bytes), stamp(at)
    conn.execute(insert(Rehearsal).values(id=id, at=when))
    conn.info.pop("origin", None)
    conn.execute(delete(DeskSession))
    conn.execute(delete(Pairing))
    conn.execute(update(Device).where(Device.revoked_at.is_(None)).values(revoked_at=when))
    conn.execute(delete(Identity))
    conn.execute(delete(Intake))
    conn.execute(update(Appeal).values(said=None))
    conn.execute(update(Signature).values(strokes=None, erased_at=when))
    conn.execute(update(releases.Certificate).where(releases.Certificate.status == "valid").values(status="sample"))
    if not names:
        _mask(conn)
    return id


def rehearsal_of(conn: Connection) -> str | None:
    """The id of the rehearsal that this store is; None for the real one."""
    return conn.scalar(select(Rehearsal.id))


def check_kind(conn: Connection, rehearsal: bool) -> None:
    """Conflict unless the store is what it is opened as."""
    there = rehearsal_of(conn) is not None
    if there and not rehearsal:
        raise Conflict(
            "这个数据目录是演练副本，不能当正式库启动。演练请加 --rehearsal，正式比赛请换回正式数据目录。",
            "This data folder is a rehearsal copy and is not served as the real games. Add --rehearsal, or name the real folder.",
        )
    if rehearsal and not there:
        raise Conflict(
            "这个数据目录是正式库，不能用来演练。请先用 competition rehearse 制作演练副本。",
            "This data folder is the real games and not for rehearsing. Make a copy with competition rehearse first.",
        )


def _mask(conn: Connection) -> None:
    """Nobody's name is needed to rehearse."""
    for n, id in enumerate(conn.scalars(select(Person.id).order_by(Person.id)).all(), start=1):
        conn.execute(update(Person).where(Person.id == id).values(name=f"{STAND_IN}{n:04d}"))
    conn.execute(update(Entry).values(team=None))
    conn.execute(update(releases.Release).values(people=None, document=None))
