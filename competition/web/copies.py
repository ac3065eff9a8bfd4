"""The holder's own electronic copy: the certificate's PDF for whoever knows both the code on the paper and the full name."""

import asyncio
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from litestar import Response, Router, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import Conflict, NotAllowed, NotFound
from competition.judging.certificates import STATUS_NAMES
from competition.judging.designs import design_of
from competition.publish.certificates import CertificateData, batch_in_process
from competition.publish.design import Design
from competition.publish.names import same_name
from competition.publish.proof_keys import signer_in
from competition.web import registers
from competition.web.auth import Asked, Form, read
from competition.web.desk import download
from competition.web.limits import Limit
from competition.web.pages import moment
from competition.web.release import printed_as, signed
from competition.web.verify import NameForm, TooMany, tidy

FROM_ONE = Limit(3, 600)  # copies in ten minutes from one address: a page costs seconds of a processor
OF_ONE = Limit(6, 3600)  # tries an hour for one code, from wherever: names are not guessed by a crowd either
PRESS = asyncio.Semaphore(1)  # one at a time; whoever waits, waits behind the tablets, not before them


@post("/{code:str}/copy", status_code=200)
async def copy(request: Asked, code: FromPath[str], data: Form[NameForm]) -> Response[Any]:
    """The PDF of one certificate in force. The same refusal for a wrong name and a wrong code: neither tells of the other."""
    wanted, at = tidy(code), request.app.state.clock()
    host = request.client.host if request.client else ""
    if not (FROM_ONE.allow(host, at) and OF_ONE.allow(wanted, at)):
        raise TooMany("下载太频繁，请十分钟后再试。", "Too many downloads. Wait ten minutes and try again.")
    settings = request.app.state.settings
    folder = settings.root / "certificates"
    found, design = await asyncio.to_thread(read, request, lambda conn: _copy_of(conn, wanted, data.name, folder))
    signer = signer_in(settings.var, moment(at).date())
    async with PRESS:
        proven = [signed(found, signer, settings.public_address)]
        printed = await asyncio.to_thread(batch_in_process, design, proven, settings.public_address)
    return download(printed, "application/pdf", f"{found.number}.pdf")


def _copy_of(conn: sa.Connection, code: str, name: str, folder: Path) -> tuple[CertificateData, Design]:
    """What the copy prints, and on which design. A certificate is found by its code alone: numbers can be counted through, codes can't."""
    try:
        one = judging.certificate_for(conn, code)
    except NotFound:
        raise _refused() from None
    if one.code != code or not one.name or not same_name(name, one.name):
        raise _refused()
    if one.status not in ("valid", "sample"):
        zh, en = STATUS_NAMES[one.status]
        raise Conflict(
            f"这一份证书{zh}，不再提供电子件。请用新证上的查验码下载，或联系颁发单位。",
            f"This certificate is {en}, so there is no copy of it. Use the new one's code, or ask the issuer.",
        )
    return printed_as(one, registers.host_of(conn, one.event_id)), design_of(conn, one.event_id, folder, one.kind)


def _refused() -> NotAllowed:
    return NotAllowed(
        "查验码与姓名不一致，没有下载。请核对证书上的查验码和姓名全名。",
        "Code and name do not belong together; nothing was downloaded. Check both on the paper.",
    )


routes: list[ControllerRouterHandler] = [Router("/c", route_handlers=[copy])]
