"""`competition certificates`: verify without a network, hand out and change the key, lay down pages that outlive the server."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import click
from sqlalchemy import Connection, select

from competition import judging, store, words
from competition.cli.certificates_print import calibration, print_, proof, tray
from competition.cli.opened import opened
from competition.cli.scanned import scanned
from competition.cli.terminal import tell
from competition.errors import Conflict, NotFound
from competition.publish.addresses import check_public_address
from competition.publish.names import masked
from competition.publish.pades import sign_pdf
from competition.publish.proof_keys import change_key, public_text, read_keys, signer_in
from competition.publish.proofs import ProofRefused, read_proof
from competition.publish.static_pages import PageOf, write_pages
from competition.store.games import Event, Games

VENUE_TIME = timezone(timedelta(hours=8))
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
VAR = click.option(
    "--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]"
)


@click.group()
def certificates() -> None:
    """证书：离线核验、公钥、静态查验页 / certificates: verify offline, keys, static pages."""


@certificates.command()
@click.argument("source")
@click.option(
    "--keys", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None,
    help="颁发单位的公钥文件 / the issuer's public keys, from /c/keys.txt [var/keys/certificates.pub]",
)  # fmt: skip
@click.option("--name", default=None, help="证书上的姓名，一并核对 / the name on the paper, to check as well")
@click.pass_context
def verify(ctx: click.Context, source: str, keys: Path | None, name: str | None) -> None:
    """离线核验 / check a certificate without a network. SOURCE: a picture or PDF of it, a text file, or the QR's text.

    Ends with 1 when it isn't what the issuer signed. Whether it was revoked since, only the page it leads to knows.
    """
    file = keys or ctx.obj / "var" / "keys" / "certificates.pub"
    if not file.exists():
        raise NotFound(
            f"没有公钥文件 {file}。请用 --keys 指出从颁发单位取得的公钥文件。",
            f"There is no {file}. Name the issuer's key file with --keys.",
        )
    known = read_keys(file.read_text(encoding="utf-8-sig"))
    try:
        proof = read_proof(scanned(source), known)
    except ProofRefused as refusal:
        tell(f"✕ 不可信：{refusal.zh}", f"not to be trusted: {refusal.en}")
        ctx.exit(1)
    if name is not None and not proof.is_of(name):
        tell(f"✕ 签名有效，但签发的不是“{name}”", f"signed, but not for “{name}”")
        ctx.exit(1)
    if proof.sample:
        tell("✕ 样张，无效", "a sample, not valid")
    else:
        tell("✓ 确由持钥人签发", "signed by the holder of the key")
    tell(f"编号 {proof.number}，颁发日期 {proof.issued_on}", f"number {proof.number}, issued on {proof.issued_on}")
    tell(f"公钥 {proof.key_id}；现时状态见 {proof.address}", f"key {proof.key_id}; its status now: {proof.address}")
    if name is None:
        tell("姓名未核对（用 --name）", "the name was not checked (--name)")
    ctx.exit(1 if proof.sample else 0)


@certificates.command()
@click.option(
    "--change", is_flag=True, help="换一把新私钥，旧私钥销毁 / make a new key and destroy the old private one"
)
@VAR
@click.pass_context
def keys(ctx: click.Context, change: bool, var: Path | None) -> None:
    """公钥 / print the public keys, making the first key if there is none; hand them to whoever verifies offline."""
    folder, today = (var or ctx.obj / "var").absolute(), datetime.now(VENUE_TIME).date()
    if change:
        change_key(folder, today)
    else:
        signer_in(folder, today)
    click.echo(public_text(folder), nl=False)


@certificates.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--address", required=True, help="印在证书上的 https 网址 / the https address printed on certificates")
@VAR
@click.pass_context
def static(ctx: click.Context, folder: Path, address: str, var: Path | None) -> None:
    """静态查验页 / write the verification pages as files into FOLDER, for any web server; run it again after a change."""
    place = (var or ctx.obj / "var").absolute()
    with store.reading(opened(ctx, var)) as conn:
        pages = _pages(conn)
    base = check_public_address(address, sample=all(page.status == "sample" for page in pages))
    catalogue = words.load(ctx.obj)
    done = write_pages(folder, pages, ctx.obj / "templates", catalogue, base, _today().isoformat(), public_text(place))
    tell(
        f"{len(pages)} 张证书：{done.changed} 个文件有变化，{done.same} 个不变。网址根目录即 {folder}。",
        f"{len(pages)} certificates: {done.changed} files changed, {done.same} as they were. Serve {folder} as the root.",
    )


@certificates.command()
@click.argument("pdf", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--key", required=True, type=FILE, help="私钥（PEM） / the private key (PEM)")
@click.option("--cert", required=True, type=FILE, help="对应的证书（PEM） / its certificate (PEM)")
@click.option("--chain", multiple=True, type=FILE, help="中间证书，可多个 / intermediate certificates, repeatable")
@click.option("--passphrase", is_flag=True, help="私钥有口令，随后输入 / the key is locked: ask for its passphrase")
def sign(pdf: Path, out: Path, key: Path, cert: Path, chain: tuple[Path, ...], passphrase: bool) -> None:
    """给一份 PDF 电子签名 / sign one PDF (PAdES) with a given key, as OUT; needs the extra `sign`.

    Of several certificates in one file sign each copy by itself: a signature is on the whole file.
    """
    if out.exists():
        raise Conflict(f"{out} 已存在，请换个名字。", f"{out} is there already: choose another name.")
    secret = click.prompt("口令 / passphrase", hide_input=True).encode() if passphrase else None
    out.write_bytes(sign_pdf(pdf.read_bytes(), key, cert, chain, secret))
    tell(f"已签名：{out}", f"signed: {out}")


for _printing in (print_, proof, calibration, tray):
    certificates.add_command(_printing)


def _pages(conn: Connection) -> list[PageOf]:
    events = conn.execute(select(Event.id, Games.host).join(Games, Games.id == Event.games_id).order_by(Event.id)).all()
    return [_page(one, event.host) for event in events for one in judging.certificates(conn, event.id)]


def _page(one: judging.Certificate, issuer: str) -> PageOf:
    name = (one.name if one.kind == "organising_unit" else masked(one.name)) if one.name else "—"
    return PageOf(
        one.code, one.status, one.copies, name, dict(one.games_name),
        dict(one.event_name), dict(one.job_type_name or {}), dict(one.award_name), issuer, _day(one.issued_at), one.number,
    )  # fmt: skip


def _day(at: str) -> str:
    return store.moment(at).astimezone(VENUE_TIME).date().isoformat()


def _today() -> date:
    return datetime.now(UTC).astimezone(VENUE_TIME).date()
