"""One click: everything of an event's release as one ZIP, and score sheets as they were marked.

`公开` (public) names nobody but the awarded (DESIGN, law 12); `存档` (archive) is for the organiser's and the supervisor's shelf, and can
be read and checked without this program.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from litestar import Response, Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import Conflict
from competition.judging.auditing import Export, exported
from competition.publish.packing import Make, packed
from competition.publish.records import record
from competition.publish.release_papers import ReleasePaper, filled_sheets, notice, result_book
from competition.publish.tables import Column, csv_table, json_table, xlsx_table
from competition.web import overview, pack_papers, public, registers
from competition.web.archive_files import BEGIN, first_page, raw_files
from competition.web.auth import Asked, encrypted, person, read, signed_in
from competition.web.desk import at_event, download, totals_allowed
from competition.web.filled_sheets import filled
from competition.web.pages import local, moment
from competition.web.public_views import PublicResult
from competition.web.seal_papers import draw_paper, layer_record
from competition.words import Words

LONGEST = 60
"""Characters of what is printed as the supervising unit or its phone."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a pack is made with: where the templates are, their words, the address in QR codes, who takes objections."""

    templates: Path
    words: Words
    address: str | None = None
    office: str = ""
    phone: str = ""


@get("/pack.zip", sync_to_thread=True)
def pack_zip(
    request: Asked, event_id: FromPath[str], office: FromQuery[str] = "", phone: FromQuery[str] = ""
) -> Stream:
    """The pack of the newest release, streamed while its papers are drawn."""
    state = request.app.state
    asking = Asking(
        state.settings.root / "templates", state.words, state.settings.public_address,
        office.strip()[:LONGEST], phone.strip()[:LONGEST],
    )  # fmt: skip

    def look(conn: sa.Connection) -> Iterator[bytes]:
        at_event(conn, person(request), event_id)
        judging.permit(conn, person(request).official, "pack", event_id)
        return pack(conn, event_id, asking)

    headers = {"Content-Disposition": f'attachment; filename="{event_id}-pack.zip"', "Cache-Control": "no-store"}
    return Stream(read(request, look), media_type="application/zip", headers=headers)


@get("/filled.pdf", sync_to_thread=True)
def filled_pdf(request: Asked, event_id: FromPath[str], code: FromQuery[str] = "") -> Response[bytes]:
    """Score sheets as marked, of one code or of all, to be signed in ink."""
    settings = request.app.state.settings

    def look(conn: sa.Connection) -> bytes:
        totals_allowed(at_event(conn, person(request), event_id))
        judging.permit(conn, person(request).official, "print_filled", event_id)
        sheets = filled(conn, event_id, settings.public_address, code)
        if not sheets:
            raise Conflict(f"没有评审号 {code[:12]} 的评分表。", f"There is no sheet of code {code[:12]}.")
        return filled_sheets(settings.root / "templates", sheets)

    return download(read(request, look), "application/pdf", f"{event_id}-filled.pdf")


def pack(conn: sa.Connection, event_id: str, asking: Asking) -> Iterator[bytes]:
    """The ZIP of the newest release, piece by piece; all is read before the first piece. Conflict before there is a notice."""
    release = judging.release_of(conn, event_id)
    if release is None:
        raise Conflict("还没有公示，没有可打包的成绩。", "There is no notice yet: nothing can be packed.")
    of, kept = pack_papers.setting(conn, release), exported(conn)
    files = [
        *release_files(conn, release, asking),
        *heads_files(of, kept, asking.templates),
        *raw_files(conn, event_id, kept),
    ]
    page = partial(first_page, of.event, [name for name, _ in files], asking.words)
    return packed([(BEGIN, page), *files], moment(release.at))


def heads_files(of: pack_papers.Setting, kept: Export, templates: Path) -> list[tuple[str, Make]]:
    """The ends of all chains: to be signed, and as data."""
    heads = json.dumps(kept.stored(), ensure_ascii=False, indent=2).encode()
    return [
        ("存档/台账链首签字页.pdf", partial(record, templates, pack_papers.heads_record(of, kept))),
        ("存档/台账链首.json", partial(bytes, heads)),
    ]


def release_files(conn: sa.Connection, release: judging.Release, asking: Asking) -> list[tuple[str, Make]]:
    """Every file of one event with what makes it; what needs the store is read here, what is only drawn waits."""
    id, templates = release.event_id, asking.templates
    view, of = public.released(conn, overview.Tallies(), id, release=release), pack_papers.setting(conn, release)
    one = _paper(conn, view, release, asking)
    records = {
        "裁判签字表": pack_papers.judges_record(conn, id, of),
        "更正与裁定记录": pack_papers.corrections_record(conn, id, of),
    }
    if release.kind == "final":
        records["证书登记册"] = pack_papers.certificates_record(conn, id, of)
    seal, at = judging.seal_state(conn, id), moment(release.at)
    sealing: list[tuple[str, Make]] = [("抽签记录", partial(bytes, draw_paper(conn, templates, id, at, "as_of")))]
    for layer in sorted(opened.layer for opened in seal.opened):
        paper = layer_record(conn, templates, id, layer, at, "as_of")
        sealing.append((f"解密记录-{layer}", partial(bytes, paper)))
    first: Make = partial(notice, templates, one)
    notices = [("公开/成绩公示.pdf", first)] if one.closes else []
    return [
        *notices,
        ("公开/成绩册.pdf", partial(result_book, templates, one)),
        *_tables(view, one, asking.words),
        *((f"存档/{name}.pdf", partial(record, templates, kind)) for name, kind in records.items()),
        *((f"存档/{name}.pdf", make) for name, make in sealing),
        ("存档/评分表（已填）.pdf", partial(filled_sheets, templates, filled(conn, id, asking.address))),
    ]


def _tables(view: PublicResult, one: ReleasePaper, words: Words) -> list[tuple[str, Make]]:
    """The open data, byte for byte what the public page offers, and the same as a workbook."""
    columns = [Column(key, title) for key, title in public.columns_of(words, "zh")]
    about = {"event": view.id, "kind": view.kind, "revision": view.revision, "released_at": view.at}
    assert view.at is not None
    return [
        ("公开/results.csv", partial(csv_table, columns, one.rows)),
        ("公开/results.json", partial(json_table, columns, one.rows, about)),
        ("公开/results.xlsx", partial(xlsx_table, columns, one.rows, title="成绩", at=moment(view.at))),
    ]


def _paper(conn: sa.Connection, view: PublicResult, release: judging.Release, asking: Asking) -> ReleasePaper:
    told = judging.release_of(conn, release.event_id, "notice")
    closes = told.window_closes if told and told.window_closes else ""
    return ReleasePaper(
        kind=release.kind,
        games=view.games["zh"],
        event=view.name["zh"],
        venue=view.venue,
        host=registers.host_of(conn, release.event_id),
        revision=release.revision,
        at=local(release.at),
        closes=local(closes) if closes and release.kind == "notice" else "",
        rows=public.rows_of(view, asking.words, "zh"),
        digest=release.document_digest,
        phone=asking.phone,
        office=asking.office,
    )


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[pack_zip, filled_pdf], guards=[encrypted, signed_in])
]
