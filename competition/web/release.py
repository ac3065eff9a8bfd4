"""The organiser's gates to the public: the notice with its window, the final release after it, then the certificates."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, store
from competition.errors import CompetitionError
from competition.judging.issuing import units_there
from competition.publish.certificates import CertificateData
from competition.publish.design import KINDS
from competition.publish.names import called
from competition.publish.proof_keys import signer_in
from competition.publish.proofs import Signer
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, signed_in
from competition.web.gate_views import Gate, Issued, MovedLine
from competition.web.pages import local, local_input, moment, venue_moment
from competition.web.views import Text

WINDOW = 3  # working days; holidays are for the organiser to mind, the field can be changed


class NoticeForm(msgspec.Struct):
    """When the window closes, as the browser's field gives it: venue time without a zone."""

    closes: str
    sure: str


class FinalForm(msgspec.Struct):
    """Sure, and for a later revision why."""

    sure: str
    reason: str = ""


class CertificatesForm(msgspec.Struct):
    """The issuer's short code, the first letters of every number; whether they are samples; of which kind, and to which units."""

    issuer: str
    sample: str = ""
    kind: str = "award"
    units: list[str] | str = ""


@get("/notice", sync_to_thread=True)
def notice_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """What stands before the notice, or the form with the window's end."""
    return _notice(request, event_id)


@post("/notice", sync_to_thread=True, status_code=200)
def notice(request: Asked, event_id: FromPath[str], data: Form[NoticeForm]) -> Response[Any]:
    """Freeze the standings and make them public until the window closes."""
    by = person(request).official
    return gates.through(
        request,
        event_id,
        "notice",
        lambda conn, at: judging.publish_notice(conn, event_id, by, venue_moment(data.closes), at),
        lambda refusal: _notice(request, event_id, refusal),
    )


@get("/final", sync_to_thread=True)
def final_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """What stands before the final release, or the form."""
    return _final(request, event_id)


@post("/final", sync_to_thread=True, status_code=200)
def final(request: Asked, event_id: FromPath[str], data: Form[FinalForm]) -> Response[Any]:
    """Release the final results, numbered revision by revision."""
    by = person(request).official
    return gates.through(
        request,
        event_id,
        "final",
        lambda conn, at: judging.publish_final(conn, event_id, by, at, data.reason or None),
        lambda refusal: _final(request, event_id, refusal),
    )


@get("/certificates", sync_to_thread=True)
def certificates_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The certificates of an event, and the form to number those that are missing."""
    return _certificates(request, event_id)


@post("/certificates", sync_to_thread=True, status_code=200)
def certificates(request: Asked, event_id: FromPath[str], data: Form[CertificatesForm]) -> Response[Any]:
    """Number a certificate for each of the awarded who has none."""
    by = person(request).official
    today = moment(request.app.state.clock()).date()
    key = signer_in(request.app.state.settings.var, today).public_key

    def act(conn: sa.Connection, at: datetime) -> None:
        units = [data.units] if isinstance(data.units, str) and data.units else data.units
        issuer, sample = data.issuer.strip().upper(), data.sample == "yes"
        judging.issue_certificates(
            conn, event_id, by, at, secrets.token_bytes, issuer, today.year,
            sample=sample, public_key=key, kind=data.kind, units=tuple(units),
        )  # fmt: skip

    return gates.through(
        request, event_id, "certificates", act, lambda refusal: _certificates(request, event_id, refusal)
    )


def working_days_after(at: datetime, days: int) -> datetime:
    """The same hour so many working days later; Saturdays and Sundays do not count."""
    day = at
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def _notice(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    at = request.app.state.clock()

    def build(conn: sa.Connection, gate: Gate) -> Gate:
        tally = request.app.state.tallies.of(conn, event_id)
        found = judging.blockers(conn, event_id, at, kind="notice")
        return replace(
            gate,
            blockers=gates.from_findings(found, event_id),
            facts=(("entries", str(tally.entries)), ("now", local(at))),
            closes=local_input(working_days_after(moment(at), WINDOW)),
            pack=_pack(conn, gate),
            earliest=local_input(at),
        )

    return gates.gate_page(request, event_id, "notice", build, problem=problem)


def _final(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    at = request.app.state.clock()

    def build(conn: sa.Connection, gate: Gate) -> Gate:
        last = judging.release_of(conn, event_id, "final")
        window = judging.release_of(conn, event_id, "notice")
        facts = [("now", local(at))]
        if window is not None and window.window_closes:
            facts.insert(0, ("window", local(window.window_closes)))
        if last is not None:
            facts += [("published_at", local(last.at)), ("revision", str(last.revision))]
        found = judging.blockers(conn, event_id, at, kind="final")
        return replace(
            gate,
            blockers=gates.from_findings(found, event_id),
            facts=tuple(facts),
            revision=last.revision if last else 0,
            pack=_pack(conn, gate),
            moved=() if found else tuple(_moved(one) for one in judging.revised_since(conn, event_id)),
        )

    return gates.gate_page(request, event_id, "final", build, problem=problem)


def _pack(conn: sa.Connection, gate: Gate) -> str:
    release = judging.release_of(conn, gate.id)
    return release.kind if release and "pack" in gate.may else ""


def _moved(one: judging.Revised) -> MovedLine:
    return MovedLine(called(one.names, one.team), _both(one.before), _both(one.after))


def _both(shown: tuple[str, str | None, Mapping[str, str] | None]) -> tuple[str, str | None, Text | None]:
    place, total, award = shown
    return place, total, {"zh": award["zh"], "en": award["en"]} if award else None


def _certificates(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    public = request.app.state.settings.public_address

    def build(conn: sa.Connection, gate: Gate) -> Gate:
        judging.permit(conn, person(request).official, "certificates", event_id)
        release = judging.release_of(conn, event_id, "final")
        issued = judging.certificates(conn, event_id)
        awarded = sum(bool(row.award) for row in release.rows) if release else 0
        no_release = gates.one(
            "还没有正式公布。正式公布之后才能制作证书。",
            "There is no final release. Certificates come after it.",
            f"/desk/events/{event_id}/final",
        )
        return replace(
            gate,
            blockers=() if release else (no_release,),
            facts=(("awarded", str(awarded)), ("revision", str(release.revision if release else 0))),
            issuer=issued[0].number.partition("-")[0] if issued else "",
            sample=public is None,
            kinds=KINDS,
            units=tuple(units_there(conn, event_id)),
            certificates=tuple(
                Issued(
                    one.number, one.code, one.name or "—", one.unit or "", one.award_name, one.status, bool(one.award)
                )
                for one in issued
            ),
        )

    return gates.gate_page(request, event_id, "certificates", build, template="desk/certificates.html", problem=problem)


def printed_as(one: judging.Certificate, host: str) -> CertificateData:
    """What a certificate prints, but for the proof in its QR."""
    return CertificateData(
        number=one.number,
        code=one.code,
        name=one.name or "",
        unit=one.unit or "",
        event=one.event_name["zh"],
        award=one.award_name["zh"],
        place=one.place,
        games=one.games_name["zh"],
        issuers=(host,),
        issued_on=_day(one.issued_at),
        sample=one.sample,
        members=one.members,
    )


def signed(data: CertificateData, signer: Signer, base: str | None) -> CertificateData:
    """The same with the signed proof for its QR; without an address there is no QR."""
    if base is None:
        return data
    proof = signer.proof(base, data.code, data.number, data.name, data.issued_on, data.sample)
    return replace(data, proof=proof)


def _day(text: str) -> date:
    return moment(store.moment(text)).date()


routes: list[ControllerRouterHandler] = [
    Router(
        "/desk/events/{event_id:str}",
        route_handlers=[notice_page, notice, final_page, final, certificates_page, certificates],
        guards=[encrypted, signed_in],
    )
]
