"""The store: the ledger of marks and acts, the registers beside it, and the one writer.

Marks and acts are appended and never change; sheets are a projection of them, rebuilt at will. Names live in registers
that can be erased. This package knows tables and transactions; who may do what, and when, is for `competition.judging`.
"""

from competition.store import appeals, arrivals, codes, devices, games, games_releases, people, releases, sheets
from competition.store.audit import verify
from competition.store.editions import remember, thawed, thawed_edition
from competition.store.engine import Claim, claim, migrate, open_store, reading, scrub, writing
from competition.store.ledger import (
    Head,
    Ledger,
    Line,
    Rehearsal,
    append,
    append_all,
    canonical,
    digest_of,
    head,
    heads,
    own_origin,
    touch,
)
from competition.store.replay import compare_sheets, rebuild_sheets, replay, required_items
from competition.store.schema import HOUSE, Base, moment, stamp
from competition.store.sums import table_sums
from competition.store.writer import Writer

__all__ = [
    "HOUSE",
    "Base",
    "Claim",
    "Head",
    "Ledger",
    "Line",
    "Rehearsal",
    "Writer",
    "appeals",
    "append",
    "append_all",
    "arrivals",
    "canonical",
    "claim",
    "codes",
    "compare_sheets",
    "devices",
    "digest_of",
    "games",
    "games_releases",
    "head",
    "heads",
    "migrate",
    "moment",
    "open_store",
    "own_origin",
    "people",
    "reading",
    "rebuild_sheets",
    "releases",
    "remember",
    "replay",
    "required_items",
    "scrub",
    "sheets",
    "stamp",
    "table_sums",
    "thawed",
    "thawed_edition",
    "touch",
    "verify",
    "writing",
]
