"""A server started with --tls, and the page beside it that gives tablets its authority."""

import json
import plistlib
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener, urlopen

import pytest
from click.testing import CliRunner
from cryptography import x509

from competition.cli import group
from competition.cli.authority import fingerprint
from competition.web.trust import device_of
from tests.serving import VENUE, Server, free_port

IPAD = "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ("--no-sample", "--tls", "--name", VENUE, "--trust-port", str(free_port()))
    running = Server(tmp_path_factory.mktemp("tls") / "var", free_port(), options).start()
    yield running
    running.stop()


def trust_page(server: Server, path: str = "/", agent: str = "") -> tuple[str, bytes]:
    """Content type and body at the trust port."""
    request = Request(f"http://127.0.0.1:{server.options[-1]}{path}", headers={"User-Agent": agent})
    with urlopen(request, timeout=10) as answer:
        return answer.headers["content-type"], answer.read()


def own(server: Server) -> x509.Certificate:
    return x509.load_pem_x509_certificate((server.var / "tls" / "authority.crt").read_bytes())


def test_it_answers_those_who_trust_it_and_nobody_else(server: Server) -> None:
    with urlopen(f"{server.desk_url}/health", timeout=10, context=server.trust) as answer:
        assert json.load(answer)["ok"] is True
        assert answer.headers["strict-transport-security"] is None  # a venue may have to fall back to plain HTTP
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(f"{server.desk_url}/health", timeout=10, context=ssl.create_default_context())
    with pytest.raises((URLError, OSError)):
        urlopen(f"http://127.0.0.1:{server.port}/health", timeout=10)


def test_the_start_prints_https_and_the_fingerprint(server: Server) -> None:
    printed = server.log.read_text(encoding="utf-8")
    assert f"    https://{VENUE}:{server.port}/" in printed
    assert f"    http://{VENUE}:{server.options[-1]}/" in printed
    assert fingerprint(own(server)) in printed.replace("\n    ", "")
    assert "http://127.0.0.1" not in printed


def test_a_desk_signs_in_without_an_override_and_its_cookie_is_bound_to_https(server: Server) -> None:
    username, password = server.login("organiser")
    form = urlencode({"username": username, "password": password}).encode()
    request = Request(f"{server.desk_url}/login", data=form, headers={"Origin": server.desk_url})

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    assert server.trust is not None
    opener = build_opener(HTTPSHandler(context=server.trust), Stay)
    with pytest.raises(URLError) as answer:
        opener.open(request, timeout=10)
    cookie = answer.value.headers["set-cookie"]  # type: ignore[attr-defined]
    assert cookie.startswith("__Host-desk=")
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}


def test_health_asks_over_https(server: Server) -> None:
    asked = ["health", "--port", str(server.port), "--var", str(server.var)]
    fine = CliRunner().invoke(group, [*asked, "--tls"])
    assert (fine.exit_code, json.loads(fine.output)["ok"]) == (0, True)
    plain = CliRunner().invoke(group, asked)
    assert plain.exit_code == 1
    assert "--tls" in plain.output


def test_the_trust_page_shows_the_fingerprint_and_opens_this_device(server: Server) -> None:
    _, body = trust_page(server, agent=IPAD)
    page = body.decode()
    lines = [line for line in page.replace("<span>", "\n").replace("</span>", "\n").splitlines() if len(line) == 23]
    assert ":".join(lines[:4]) == fingerprint(own(server))
    assert f'href="https://127.0.0.1:{server.port}/"' in page  # the address it was opened at, which the certificate has
    assert [device for device in ("ipad", "android") if f'id="{device}" open' in page] == ["ipad"]
    assert "证书信任设置" in page
    assert "Certificate Trust Settings" in trust_page(server, "/?lang=en", IPAD)[1].decode()


def test_it_hands_out_the_authority_and_never_a_key(server: Server) -> None:
    kind, body = trust_page(server, "/competition-ca.crt")
    assert kind.startswith("application/x-x509-ca-cert")
    assert x509.load_der_x509_certificate(body) == own(server)
    kind, body = trust_page(server, "/competition-ca.mobileconfig")
    assert kind.startswith("application/x-apple-aspen-config")
    profile = plistlib.loads(body)
    (payload,) = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(payload["PayloadContent"]) == own(server)
    assert plistlib.loads(trust_page(server, "/competition-ca.mobileconfig")[1]) == profile  # installs over itself
    key = (server.var / "tls" / "authority.key").read_bytes().splitlines()[1]
    for path in ("/", "/competition-ca.crt", "/competition-ca.mobileconfig"):
        assert key not in trust_page(server, path)[1]


@pytest.mark.parametrize("path", ["/health", "/desk", "/judge", "/api/judge/ping"])
def test_it_knows_nothing_of_the_games(server: Server, path: str) -> None:
    with pytest.raises(URLError, match="404"):
        trust_page(server, path)


def test_devices_are_known_by_their_own_words() -> None:
    assert device_of(IPAD) == "ipad"
    assert device_of("Mozilla/5.0 (Linux; Android 12; HarmonyOS; AGS5) Chrome/99 HuaweiBrowser/14") == "harmony"
    assert device_of("Mozilla/5.0 (Linux; Android 13; SM-X200) Chrome/120") == "android"
    assert device_of("Mozilla/5.0 (Windows NT 10.0; Win64; x64)") == "windows"
    assert device_of("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)") == "macos"
    assert device_of("curl/8") == ""


def test_a_restart_keeps_the_authority(server: Server) -> None:
    before = own(server)
    server.stop()
    server.start()
    assert own(server) == before
    assert "新的根证书" in server.log.read_text(encoding="utf-8").partition("按 Ctrl-C")[0]
    assert "新的根证书" not in server.log.read_text(encoding="utf-8").partition("按 Ctrl-C")[2]


def test_a_given_certificate_with_a_fault_ends_the_start(server: Server, tmp_path: Path) -> None:
    key = server.var / "tls" / "server.key"
    asked = ["serve", "--port", str(free_port()), "--var", str(tmp_path / "var"), "--cert", str(key), "--key", str(key)]
    result = CliRunner().invoke(group, asked)
    assert result.exit_code == 1
    assert "holds no PEM certificate" in str(result.exception)
