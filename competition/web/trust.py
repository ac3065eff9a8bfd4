"""Installing the venue's certificate authority: a page of its own on plain HTTP, beside a server that speaks HTTPS.

A tablet that does not trust the server yet cannot open it, so the page stands on another port and knows nothing of the
games. What it hands out is public: the authority's certificate, as a file and as an Apple profile, and its fingerprint, which
the person holding the tablet compares with the server's own screen: plain HTTP alone proves nothing.
"""

import plistlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from litestar import Litestar, Request, Response, get
from litestar.datastructures import State

from competition import store, words
from competition.settings import Settings
from competition.web import files, refusals
from competition.web.headers import HEADERS, with_headers
from competition.web.pages import Pages, page

Asked = Request[Any, Any, State]

DEVICES = ("ipad", "android", "harmony", "windows", "macos")
# The page may look whether an image of the HTTPS server loads: that is how it knows that the device trusts it now.
POLICY = HEADERS["Content-Security-Policy"].replace("img-src 'self' data:", "img-src 'self' data: https:")


@dataclass(frozen=True, slots=True)
class Trust:
    """The authority, the HTTPS server's port, whether its certificate covers a host, and a host that it covers."""

    certificate: x509.Certificate
    port: int
    covers: Callable[[str], bool]
    host: Callable[[], str]

    @property
    def name(self) -> str:
        """What a tablet lists it as."""
        (name,) = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(name.value)

    def address(self, asked_for: str) -> str:
        """The HTTPS server, under the name this page was opened with if its certificate has it."""
        host = asked_for if self.covers(asked_for) else self.host()
        return f"https://{f'[{host}]' if ':' in host else host}:{self.port}"


def create_trust_app(settings: Settings, trust: Trust, clock: Callable[[], datetime]) -> Litestar:
    """The application behind the trust page: four addresses and the styles."""
    catalogue, assets = words.sound(settings.root), files.read()
    state = State(
        {
            "settings": settings,
            "clock": clock,
            "trust": trust,
            "files": assets,
            "pages": Pages(settings.root, catalogue, assets),
        }
    )
    return Litestar(
        route_handlers=[trust_page, certificate, profile, *files.routes],
        state=state,
        exception_handlers=refusals.handlers,
        before_send=[with_headers],
        openapi_config=None,
        logging_config=None,
    )


@get("/", sync_to_thread=True)
def trust_page(request: Asked) -> Response[str]:
    """What to do on this kind of device, step by step; the fingerprint; whether it is done."""
    trust: Trust = request.app.state.trust
    address = trust.address(request.url.hostname or "")
    return page(
        request, "trust/trust.html", headers={"Content-Security-Policy": POLICY}, devices=DEVICES,
        device=device_of(request.headers.get("user-agent", "")), address=address, listed=trust.name,
        sha256=_lines(trust.certificate, hashes.SHA256()), sha1=_lines(trust.certificate, hashes.SHA1()),
        ends=trust.certificate.not_valid_after_utc, server_at=store.stamp(request.app.state.clock()),
        at=request.app.state.clock(), probe=f"{address}{request.app.state.files.url('icon.svg')}",
    )  # fmt: skip


@get("/competition-ca.crt", sync_to_thread=False)
def certificate(request: Asked) -> Response[bytes]:
    """The authority's certificate, as every system takes it (DER)."""
    return _download(der(request.app.state.trust.certificate), "application/x-x509-ca-cert", "competition-ca.crt")


@get("/competition-ca.mobileconfig", sync_to_thread=False)
def profile(request: Asked) -> Response[bytes]:
    """The same in an Apple configuration profile."""
    trust: Trust = request.app.state.trust
    return _download(
        mobile_profile(trust), "application/x-apple-aspen-config; charset=utf-8", "competition-ca.mobileconfig"
    )


def mobile_profile(trust: Trust) -> bytes:
    """An Apple configuration profile that holds the authority. The same authority gives the same identifiers, so that
    installing it again replaces it instead of adding a second."""
    digest = trust.certificate.fingerprint(hashes.SHA256()).hex()
    place = f"competition.venue.{digest[:16]}"
    payload = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{place}.root",
        "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{digest} root")).upper(),
        "PayloadDisplayName": trust.name,
        "PayloadCertificateFileName": "competition-ca.crt",
        "PayloadContent": der(trust.certificate),
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": place,
            "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_OID, digest)).upper(),
            "PayloadDisplayName": trust.name,
            "PayloadDescription": "让这台设备信任竞赛现场的服务器。赛后请移除。/ Lets this device trust the competition's server. "
            "Remove it afterwards.",
            "PayloadContent": [payload],
        }
    )


def device_of(agent: str) -> str:
    """Which of DEVICES a User-Agent speaks of; an iPad that calls itself a Macintosh is told apart on the page. "" if none."""
    marks = (
        ("harmony", ("HarmonyOS", "OpenHarmony", "ArkWeb")),
        ("ipad", ("iPad", "iPhone", "iPod")),
        ("android", ("Android",)),
        ("windows", ("Windows",)),
        ("macos", ("Macintosh",)),
    )
    return next((device for device, words_of in marks if any(word in agent for word in words_of)), "")


def der(certificate: x509.Certificate) -> bytes:
    """The certificate as bytes."""
    return certificate.public_bytes(Encoding.DER)


def _lines(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> list[str]:
    """The fingerprint, eight bytes a line, as one compares it by eye."""
    shown = certificate.fingerprint(algorithm).hex(":").upper()
    return [shown[start : start + 23] for start in range(0, len(shown), 24)]


def _download(content: bytes, kind: str, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
