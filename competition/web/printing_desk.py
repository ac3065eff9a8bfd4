"""Printing at the desk (打印): the organiser picks what, sees what is in the way, prints file by file, stops, goes on, downloads."""

import re
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError, Conflict, Finding, NotFound
from competition.judging.designs import design_of
from competition.publish.batches import (
    AT_THE_DESK,
    MANIFEST,
    Batch,
    Progress,
    begin,
    digest_of,
    in_hand_out_order,
    print_batch,
    progress_of,
)
from competition.publish.certificate import CertificateData
from competition.publish.design import KINDS
from competition.publish.lists import proof_list
from competition.publish.preflight import preflight
from competition.publish.proof_keys import signer_in
from competition.publish.stock import Tray
from competition.publish.trays import trays
from competition.web import gates, registers
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in, write
from competition.web.desk import at_event, download
from competition.web.gate_views import Blocker
from competition.web.pages import moment, page
from competition.web.release import printed_as, signed
from competition.web.seats import tablet_base
from competition.web.views import Text

FILE = re.compile(r"\d{4,5}-\d{4,5}\.pdf|list\.pdf|SHA256SUMS")
BATCH = re.compile(r"[0-9a-f]{16}")


class PrintForm(msgspec.Struct):
    """What is to be printed, and whether to print or to stop. Empty award or unit: all; empty tray: plain paper, art and all."""

    do: str = "print"
    kind: str = "award"
    award: str = ""
    unit: str = ""
    order: str = "event"
    printer: str = ""
    tray: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A batch as the organiser chose it, and everything that is wrong with it."""

    batch: Batch
    digest: str
    folder: Path
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether anything forbids the print; warnings don't."""
        return any(one.severity == "error" for one in self.findings)


@dataclass(frozen=True, slots=True)
class PrintPage:
    """/desk/events/{id}/certificates/print. `running`: a process prints this batch now."""

    id: str
    name: Text
    asked: PrintForm
    query: str
    awards: tuple[tuple[str, Text], ...]
    kinds: tuple[tuple[str, int], ...]
    trays: tuple[str, ...]
    units: tuple[str, ...]
    design: Text
    blockers: tuple[Blocker, ...]
    warnings: tuple[Blocker, ...]
    certificates: tuple[CertificateData, ...]
    batch: str
    progress: Progress | None
    running: bool
    files: tuple[str, ...]
    log: tuple[judging.Printed, ...]


class Presses:
    """The one batch this server prints at a time, in a process of its own. Killing it is safe: a batch goes on where it was."""

    def __init__(self) -> None:
        self._at: tuple[Path, BaseProcess] | None = None

    def running(self) -> Path | None:
        """The folder being printed into, or None."""
        return self._at[0] if self._at and self._at[1].is_alive() else None

    def start(self, folder: Path, batch: Batch, templates: Path) -> None:
        """Print, or go on printing. Conflict while another batch is on the press."""
        if self.running() == folder:
            return
        if self.running():
            raise Conflict(
                "另一批证书正在打印：请等它打完，或先停止它。",
                "Another batch is being printed: wait for it, or stop it.",
            )
        process = get_context("spawn").Process(target=print_batch, args=(folder, batch, templates), daemon=True)
        process.start()
        self._at = folder, process

    def stop(self, folder: Path) -> None:
        """Stop at once; the files that are there are whole."""
        if self._at and self._at[0] == folder:
            self._at[1].terminate()
            self._at[1].join()


@get("/certificates/print", sync_to_thread=True)
def print_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """What would be printed, what is in the way, how far it is, and its files."""
    return _page(request, event_id, _asked(request))


@post("/certificates/print", sync_to_thread=True, status_code=200)
def print_now(request: Asked, event_id: FromPath[str], data: Form[PrintForm]) -> Response[Any]:
    """Put the print on record and begin, go on, or stop."""
    by, state = person(request).official, request.app.state
    chosen = read(request, lambda conn: _chosen(conn, request, event_id, data))
    try:
        if data.do == "stop":
            state.presses.stop(chosen.folder)
        elif chosen.blocked:
            raise Conflict("还有问题没有解决，没有打印。", "There are faults to clear first; nothing was printed.")
        else:
            numbers = [one.number for one in chosen.batch.certificates]
            begin(chosen.folder, chosen.batch, state.settings.root / "templates")
            write(
                request,
                lambda conn, at: judging.log_print(
                    conn, event_id, by, at, numbers, chosen.digest, data.printer.strip() or data.tray
                ),
            )
            state.presses.start(chosen.folder, chosen.batch, state.settings.root / "templates")
    except CompetitionError as refusal:
        return _page(request, event_id, data, refusal)
    return Redirect(f"/desk/events/{event_id}/certificates/print?{_query(data)}", status_code=303)


@get("/certificates/proof.pdf", sync_to_thread=True)
def proof(request: Asked, event_id: FromPath[str]) -> Response[bytes]:
    """The proof list: each unit's names large, to be signed before anything is printed."""
    chosen = read(request, lambda conn: _chosen(conn, request, event_id, _asked(request)))
    if not chosen.batch.certificates:
        raise Conflict("没有证书可校对。", "There are no certificates to check.")
    made = proof_list(request.app.state.settings.root / "templates", chosen.batch.design, chosen.batch.certificates)
    return download(made, "application/pdf", f"{event_id}-proof.pdf")


@get("/certificates/batches/{batch:str}/{file:str}", sync_to_thread=True)
def batch_file(request: Asked, event_id: FromPath[str], batch: FromPath[str], file: FromPath[str]) -> Response[bytes]:
    """One file of a batch of this event."""
    read(request, lambda conn: _may(conn, request, event_id))
    place = _batches(request, event_id) / batch / file
    if not BATCH.fullmatch(batch) or not FILE.fullmatch(file) or not place.is_file():
        raise NotFound("没有这个文件：可能还没有打完。", "There is no such file: perhaps it isn't printed yet.")
    kind = "application/pdf" if file.endswith(".pdf") else "text/plain"
    return download(place.read_bytes(), kind, f"{event_id}-{file}")


def _asked(request: Asked) -> PrintForm:
    said = {name: request.query_params.get(name) for name in ("kind", "award", "unit", "order", "printer", "tray")}
    return PrintForm(**{name: value for name, value in said.items() if value is not None})


def _query(asked: PrintForm) -> str:
    return urlencode({name: getattr(asked, name) for name in ("kind", "award", "unit", "order", "printer", "tray")})


def _may(conn: sa.Connection, request: Asked, event_id: str) -> None:
    at_event(conn, person(request), event_id)
    judging.permit(conn, person(request).official, "certificates", event_id)


def _batches(request: Asked, event_id: str) -> Path:
    var: Path = request.app.state.settings.var
    return var / AT_THE_DESK / event_id


def _tray(var: Path, name: str) -> Tray | None:
    """The measured tray of that name; None for plain paper."""
    known = trays(var)
    if name and name not in known:
        raise NotFound(
            f"纸盒“{name}”还没有校准，不能套打。请先打印校准页并记下量得的数。",
            f"Tray “{name}” isn't calibrated: print its calibration page and keep the figures first.",
        )
    return known.get(name)


def _chosen(conn: sa.Connection, request: Asked, event_id: str, asked: PrintForm) -> Chosen:
    _may(conn, request, event_id)
    settings, by = request.app.state.settings, person(request).official
    wanted, found = judging.to_print(conn, event_id, by, asked.award or None, asked.unit or None, asked.kind)
    address = settings.public_address or (
        tablet_base(request) if wanted and all(one.sample for one in wanted) else None
    )
    signer = signer_in(settings.var, moment(request.app.state.clock()).date())
    host = registers.host_of(conn, event_id)
    data = [signed(printed_as(one, host), signer, address) for one in wanted]
    order = asked.order if asked.order in ("event", "unit") else "event"
    design = design_of(conn, event_id, settings.root / "certificates", asked.kind)
    batch = Batch(design, in_hand_out_order(data, order), address, _tray(settings.var, asked.tray))
    digest = digest_of(batch, settings.root / "templates")
    findings = (*found, *preflight(batch.design, batch.certificates, address))
    return Chosen(batch, digest, _batches(request, event_id) / digest[:16], findings)


def _page(request: Asked, event_id: str, asked: PrintForm, problem: CompetitionError | None = None) -> Response[str]:
    view = read(request, lambda conn: _view(conn, request, event_id, asked))
    headers = {"Refresh": "2"} if view.running else {}
    status = problem.status if problem else 200
    return page(request, "certificates/print.html", status=status, headers=headers, view=view, problem=problem)


def _view(conn: sa.Connection, request: Asked, event_id: str, asked: PrintForm) -> PrintPage:
    chosen = _chosen(conn, request, event_id, asked)
    known = [one for one in judging.certificates(conn, event_id) if one.status in judging.PRINTABLE and one.name]
    every = [one for one in known if one.kind == asked.kind]
    folder = chosen.folder
    begun = (folder / MANIFEST).exists()
    return PrintPage(
        id=event_id,
        name=gates.event_name(conn, event_id),
        asked=asked,
        query=_query(asked),
        awards=tuple({one.award: one.award_name for one in every}.items()),
        trays=tuple(trays(request.app.state.settings.var)),
        kinds=tuple((kind, sum(one.kind == kind for one in known)) for kind in KINDS),
        units=tuple(sorted({one.unit for one in every if one.unit})),
        design=dict(chosen.batch.design.name),
        blockers=tuple(_line(one) for one in chosen.findings if one.severity == "error"),
        warnings=tuple(_line(one) for one in chosen.findings if one.severity != "error"),
        certificates=chosen.batch.certificates,
        batch=folder.name,
        progress=progress_of(folder) if begun else None,
        running=request.app.state.presses.running() == folder,
        files=tuple(sorted(file.name for file in folder.iterdir() if FILE.fullmatch(file.name))) if begun else (),
        log=judging.prints(conn, event_id),
    )


def _line(one: Finding) -> Blocker:
    """A finding with whom it is about in front."""
    about = "" if one.where in ("batch", "public_address") else one.where
    return Blocker({"zh": f"{about}：{one.zh}" if about else one.zh, "en": f"{about}: {one.en}" if about else one.en})


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[print_page, print_now, proof, batch_file],
        guards=[encrypted, signed_in],
    )
]
