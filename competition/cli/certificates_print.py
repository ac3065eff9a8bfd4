"""`competition certificates print, proof, calibration, tray`: batches on paper, and pre-printed stock."""

import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Connection, select

from competition import judging, store, words
from competition.cli.opened import official_called, opened
from competition.cli.terminal import tell
from competition.errors import Conflict, Finding
from competition.judging.designs import design_of, designs_for
from competition.publish.batches import Batch, Progress, begin, digest_of, in_hand_out_order, print_batch
from competition.publish.certificate import CertificateData
from competition.publish.certificates import NotPrintable
from competition.publish.design import KINDS, Design, load_design
from competition.publish.lists import proof_list
from competition.publish.preflight import preflight
from competition.publish.proof_keys import signer_in
from competition.publish.stock import calibration_page, measured
from competition.publish.trays import keep_tray, tray_of
from competition.store.games import Event, JobType

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
Command = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: events (all of them when none is named), and one award, unit or job type of them."""

    events: tuple[str, ...]
    award: str | None
    unit: str | None
    job_type: int | None
    kind: str = "award"


def _which(command: Command) -> Command:
    for option in (
        click.option("--event", "events", multiple=True, help="赛项，可多个 / event ids, repeatable [all]"),
        click.option("--award", default=None, help="只要这一奖项（规则里的 id） / only this award, by its id"),
        click.option(
            "--kind", type=click.Choice(KINDS), default="award", help="证书种类 / the kind of certificates [award]"
        ),
        click.option("--unit", default=None, help="只要这一单位 / only this unit, by its Chinese name"),
        click.option("--job-type", type=int, default=None, help="只要这一工种（编号） / only this job type, by number"),
        click.option(
            "--design", default=None, help="证书设计（certificates/ 下的文件夹） / the design's folder [the one chosen]"
        ),
        click.option(
            "--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]"
        ),
        click.option(
            "--by", "username", required=True, help="组委会的用户名 / the organiser's username, for the record"
        ),
    ):
        command = option(command)
    return command


@click.command("print")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_which
@click.option("--address", default=None, help="印在证书上的 https 网址 / the https address printed on certificates")
@click.option(
    "--order", type=click.Choice(["event", "unit"]), default="event", help="发放次序 / hand-out order [event]"
)
@click.option("--printer", default="", help="打印机，记录在案 / the printer, for the record")
@click.option("--tray", default=None, help="套打：纸盒（先校准） / on pre-printed stock from this calibrated tray")
@click.pass_context
def print_(
    ctx: click.Context, folder: Path, events: tuple[str, ...], award: str | None, unit: str | None, job_type: int | None, kind: str,
    design: str | None, var: Path | None, username: str, address: str | None, order: str, printer: str, tray: str | None,
) -> None:  # fmt: skip
    """打印一批证书 / print a batch of certificates into FOLDER, fifty a file, with a hand-out list. Stop the server first.

    Ctrl-C stops after the file in hand; the same command goes on where it was, and ends with the same bytes.
    """
    place = (var or ctx.obj / "var").absolute()
    engine, now = opened(ctx, var), datetime.now(UTC)
    stock = tray_of(place, printer, tray) if tray is not None else None
    with store.claim(place / "competition.sqlite"), store.Writer(engine) as writer:
        store.migrate(engine)
        with store.reading(engine) as conn:
            by = official_called(conn, username)
            found = _found(conn, by, Wanted(events, award, unit, job_type, kind), place, address, now)
            chosen = _design(conn, ctx.obj, found, kind, design)
        everything = tuple(one for some in found.values() for one in some)
        templates = ctx.obj / "templates"
        batch = Batch(chosen, in_hand_out_order(everything, order), address, stock)
        digest = digest_of(batch, templates)
        _refuse(preflight(chosen, batch.certificates, address))
        begin(folder, batch, templates)  # refuses a folder of another batch before anything is put on record
        for event_id, some in found.items():
            numbers = [one.number for one in some]
            writer.do(lambda conn, e=event_id, n=numbers: judging.log_print(conn, e, by, now, n, digest, printer))  # type: ignore[misc]
    _tell_end(_printed(folder, batch, templates), folder)


@click.command()
@click.argument("out", type=NEW_FILE)
@_which
@click.pass_context
def proof(
    ctx: click.Context, out: Path, events: tuple[str, ...], award: str | None, unit: str | None, job_type: int | None, kind: str,
    design: str | None, var: Path | None, username: str,
) -> None:  # fmt: skip
    """校对单 / write the proof list as OUT: each unit's names large, on a sheet of its own, to check and sign before printing."""
    _refuse_file(out)
    place = (var or ctx.obj / "var").absolute()
    with store.reading(opened(ctx, var)) as conn:
        by = official_called(conn, username)
        found = _found(conn, by, Wanted(events, award, unit, job_type, kind), place, None, datetime.now(UTC))
        chosen = _design(conn, ctx.obj, found, kind, design)
    everything = [one for some in found.values() for one in some]
    if not everything:
        raise Conflict("没有证书可校对。", "There are no certificates to check.")
    out.write_bytes(proof_list(ctx.obj / "templates", chosen, everything))
    tell(f"{len(everything)} 人：{out}", f"{len(everything)} people: {out}")


@click.command()
@click.argument("out", type=NEW_FILE)
@click.pass_context
def calibration(ctx: click.Context, out: Path) -> None:
    """套打校准页 / write the page that shows where a printer's tray really puts things, as OUT."""
    _refuse_file(out)
    catalogue = words.load(ctx.obj)
    lines = [catalogue.say(f"paper.calibration.{n}", lang) for n in range(1, 5) for lang in ("zh", "en")]
    out.write_bytes(calibration_page(tuple(lines)))
    tell(f"请按“实际大小 100%”打印：{out}", f"print at actual size, 100 %: {out}")


@click.command()
@click.argument("printer")
@click.argument("tray_name", metavar="TRAY")
@click.option(
    "--left", type=Decimal, required=True, help="左边到第一条竖线，毫米 / mm from the left edge to the first line"
)
@click.option(
    "--top", type=Decimal, required=True, help="上边到第一条横线，毫米 / mm from the top edge to the first line"
)
@click.option("--across", type=Decimal, default=None, help="两条竖线之间，毫米 / mm between the upright lines [200]")
@click.option("--along", type=Decimal, default=None, help="两条横线之间，毫米 / mm between the level lines [150]")
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data [var]")
@click.pass_context
def tray(
    ctx: click.Context, printer: str, tray_name: str, left: Decimal, top: Decimal, across: Decimal | None,
    along: Decimal | None, var: Path | None,
) -> None:  # fmt: skip
    """记下量得的数 / keep what was measured on the calibration page of PRINTER's TRAY."""
    found = measured(printer, tray_name, left, top, across, along)
    keep_tray((var or ctx.obj / "var").absolute(), found)
    tell(
        f"今后右移 {found.right / 10:+.1f} mm、下移 {found.down / 10:+.1f} mm",
        f"from now on {found.right / 10:+.1f} mm to the right, {found.down / 10:+.1f} mm down",
    )


def _found(
    conn: Connection, by: judging.Official, wanted: Wanted, var: Path, address: str | None, at: datetime
) -> dict[str, list[CertificateData]]:
    """What each event has to print, signed for its QR. NotPrintable with everything that forbids it."""
    from competition.web.registers import host_of
    from competition.web.release import printed_as, signed

    signer = signer_in(var, at.date())
    found: dict[str, list[CertificateData]] = {}
    findings: list[Finding] = []
    for event_id in _events(conn, wanted):
        some, wrong = judging.to_print(conn, event_id, by, wanted.award, wanted.unit, wanted.kind)
        if some:
            host = host_of(conn, event_id)
            found[event_id] = [signed(printed_as(one, host), signer, address) for one in some]
            findings += wrong
    _refuse(findings)
    return found


def _events(conn: Connection, wanted: Wanted) -> list[str]:
    query = select(Event.id).order_by(Event.id)
    if wanted.events:
        query = query.where(Event.id.in_(wanted.events))
    if wanted.job_type is not None:
        query = query.join(JobType, JobType.id == Event.job_type_id).where(JobType.number == wanted.job_type)
    return list(conn.scalars(query))


def _printed(folder: Path, batch: Batch, templates: Path) -> Progress:
    """Print, stopping after the file in hand when Ctrl-C is pressed."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        return print_batch(folder, batch, templates, stopped=lambda: bool(pressed), tell=_tell_progress)
    finally:
        signal.signal(signal.SIGINT, before)


def _tell_progress(progress: Progress) -> None:
    click.echo(f"\r{progress.done} / {progress.total}", nl=progress.done == progress.total)


def _tell_end(end: Progress, folder: Path) -> None:
    if end.whole:
        tell(f"{end.total} 张证书已在 {folder}", f"{end.total} certificates are in {folder}")
    else:
        tell(
            f"停在 {end.done} / {end.total}：再运行同一命令就继续",
            f"stopped at {end.done} of {end.total}: the same command goes on",
        )


def _design(conn: Connection, root: Path, events: Iterable[str], kind: str, name: str | None) -> Design:
    """The design by its name, else the one that all these events chose."""
    folder, chosen = root / "certificates", {}
    for event_id in events:
        if name is None:
            one = design_of(conn, event_id, folder, kind)
        elif name in (known := designs_for(conn, event_id, folder, kind)):
            one = known[name]
        else:
            raise Conflict(
                f"没有设计 {name}，现有：{'、'.join(known)}。",
                f"There is no design {name}; there are {', '.join(known)}.",
            )
        chosen[one.folder] = one
    if len(chosen) > 1:
        names = "、".join(one.name["zh"] for one in chosen.values())
        raise Conflict(
            f"这些赛项选定的设计不同（{names}）：请分开打印（--event），或用 --design 指定。",
            "These events chose different designs: print them apart (--event), or name one (--design).",
        )
    return next(iter(chosen.values()), None) or load_design(folder / (name or kind))


def _refuse(findings: Sequence[Finding]) -> None:
    if any(finding.severity == "error" for finding in findings):
        raise NotPrintable(findings)


def _refuse_file(out: Path) -> None:
    if out.exists():
        raise Conflict(f"{out} 已存在，请换个名字。", f"{out} is there already: choose another name.")
