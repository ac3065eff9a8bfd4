"""What makes the pack of a release an archive that opens without the system: the event's ledger line by line, every release's bytes, the
rules in each edition, a page to begin with, and a script that checks it all with Python alone (row 48)."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import sqlalchemy as sa

from competition.judging.auditing import Export
from competition.publish import archive_check
from competition.publish.packing import Make
from competition.store import Ledger
from competition.store.games import Edition
from competition.store.releases import Release
from competition.words import Words

RAW = "存档/原始数据"
BEGIN = "打开我.html"
COLUMNS = ("event_id", "origin", "n", "kind", "id", "at", "prev", "hash", "body")


def raw_files(conn: sa.Connection, event_id: str, kept: Export) -> list[tuple[str, Make]]:
    """The evidence as data. Erased releases have no bytes left; their digest is in the ledger."""
    query = sa.select(Ledger).where(Ledger.event_id == event_id).order_by(Ledger.origin, Ledger.n)
    lines = [
        json.dumps({name: getattr(line, name) for name in COLUMNS}, ensure_ascii=False) for line in conn.execute(query)
    ]
    ours = [head for head in kept.stored()["heads"] if head["event_id"] == event_id]
    files = {
        "ledger.jsonl": ("\n".join(lines) + "\n").encode(),
        "heads.json": json.dumps({"heads": ours}, ensure_ascii=False, indent=2).encode(),
        "核对.py": Path(archive_check.__file__).read_bytes(),
    }
    for one in conn.execute(sa.select(Release).where(Release.event_id == event_id).order_by(Release.at)):
        if one.document is not None:
            files[f"release-{one.kind}-{one.revision}.json"] = bytes(one.document)
    for edition in conn.execute(sa.select(Edition).where(Edition.event_id == event_id).order_by(Edition.digest)):
        files[f"rules-{edition.digest[:16]}.json"] = bytes(edition.canonical)
    return [(f"{RAW}/{name}", lambda content=content: content) for name, content in files.items()]  # type: ignore[misc]


def first_page(name: str, files: Sequence[str], words: Words) -> bytes:
    """A page that opens in any browser and leads to every other file."""
    items = "".join(f'<li><a href="{escape(one)}">{escape(one)}</a></li>\n' for one in files)
    said = {key: escape(words.say(f"archive.{key}", "zh")) for key in ("title", "lead", "check", "sums")}
    return (
        f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(name)} · {said['title']}</title>\n"
        "<style>body{font:16px/1.6 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}li{margin:.3rem 0}</style></head>\n"
        f"<body><h1>{escape(name)} · {said['title']}</h1>\n<p>{said['lead']}</p>\n<ul>\n{items}</ul>\n"
        f"<p>{said['check']}</p>\n<p>{said['sums']}</p>\n</body></html>\n"
    ).encode()
