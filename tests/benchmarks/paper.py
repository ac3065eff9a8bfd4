"""`make bench-paper`: 4,000 certificates by every way there is here, one run, into PAPER.md.

Each way runs in processes of its own, one after another, so that no way warms another's caches and each has its own peak of memory. Ways
that would take half an hour are run on few pages and multiplied, and the table says so. What isn't installed is named and left out.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from competition.publish.certificate import CertificateData
from competition.publish.certificates import printed, sheets_of
from competition.publish.design import load_design
from competition.publish.samples import load_samples

ROOT = Path(__file__).parents[2]
AWARD = ROOT / "certificates" / "award"
ADDRESS = "https://v.example.cn"
WANTED, EVENTS = 4000, 100
FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力玲宇浩凯健俊帆雪梅鑫波斌莉婷宁倩颖晨琳"
    "欣悦思雨佳怡嘉豪子轩涵梓萱若溪云舟远航志远清源㛃𬴊䶮𠮷𣲗喆堃垚淼"
)
RARE = "阿卜杜克热木·买买提依明"


def people(n: int) -> tuple[CertificateData, ...]:
    """Invented winners: mostly two and three characters, one in twenty a long minority name, rare characters among them."""
    random, (typical, *_) = Random(4000), load_samples(AWARD).certificates
    made = []
    for at in range(n):
        name = (
            RARE
            if at % 20 == 19
            else random.choice(FAMILY) + "".join(random.choices(GIVEN, k=random.choice((1, 2, 2))))
        )
        award = ("一等奖", "二等奖", "三等奖")[min(at % 10 // 2, 2)]
        made.append(
            replace(typical, number=f"SL-2026-{at:06d}", code=f"{at:010d}", name=name, award=award, place=at % 40 + 1,
                    event=f"示例工种{at * EVENTS // n + 1}", unit=f"示例市{random.choice(GIVEN)}{random.choice(GIVEN)}有限公司")
        )  # fmt: skip
    return tuple(made)


def plain(some: Sequence[CertificateData], out: Path) -> None:
    """WeasyPrint as most programs use it: each certificate a document, the art in it, the fonts as the system has them."""
    from competition.publish.drawing import draw, template
    from tests.publish.layered import PAGE, STYLE

    design = load_design(AWARD)
    fixed = {
        key: "'Noto Serif CJK SC'"
        for key in ("title", "title_en", "closing", "number_label", "scan", "sample", "sample_note")
    }
    page = f"@page {{ size: {design.width}mm {design.height}mm; margin: 0 }}"
    for n, sheet in enumerate(sheets_of(design, some, ADDRESS)):
        art = template(design.page).render(design=design, say=design.wording, award_class=sheet.award_class, sample=sheet.sample,
                                           addressed=True, stock=False, set=fixed)  # fmt: skip
        texts = (
            template(PAGE).render(sheets=[(sheet, "")], title="x", box=design.boxes["qr"]).split("<title>x</title>")[1]
        )
        html = art.replace("</section>", f"</section>{texts.replace('</html>', '')}")
        families = (
            "section + section { position: absolute; left: 0; top: 0 } p { font-family: 'LXGW WenKai' !important }"
        )
        (out / f"{n}.pdf").write_bytes(draw(html, "\n".join((page, design.style, STYLE, families)), AWARD))


def layered_way(some: Sequence[CertificateData], out: Path) -> None:
    """F: art once a class, texts set by WeasyPrint on cut-down fonts, merged; a hundred pages a document."""
    from tests.publish.layered import layered

    design = load_design(AWARD)
    for start in range(0, len(some), 100):
        sheets = sheets_of(design, some[start : start + 100], ADDRESS)
        (out / f"{start}.pdf").write_bytes(layered(design, sheets, "x"))


def stamped(some: Sequence[CertificateData], out: Path) -> None:
    """G: what the program does, one file."""
    (out / "all.pdf").write_bytes(printed(load_design(AWARD), some, ADDRESS))


def stamped_by_event(some: Sequence[CertificateData], out: Path) -> None:
    """G, one file an event."""
    design = load_design(AWARD)
    for event in dict.fromkeys(one.event for one in some):
        these = [one for one in some if one.event == event]
        (out / f"{event}.pdf").write_bytes(printed(design, these, ADDRESS))


def stamped_singly(some: Sequence[CertificateData], out: Path) -> None:
    """G, one file a person."""
    design = load_design(AWARD)
    for n, one in enumerate(some):
        (out / f"{n}.pdf").write_bytes(printed(design, [one], ADDRESS))


def typst_way(some: Sequence[CertificateData], out: Path) -> None:
    """Typst, one document, the art as an SVG of its own, without the QR (it has none built in)."""
    import typst

    for name in ("frame.svg", "ground.svg"):
        shutil.copy(AWARD / "art" / name, out / name)
    shown = "\n".join(
        f'#place(image("frame.svg", width: 297mm))#place(dx: 73.5mm, dy: 32mm, image("ground.svg", width: 150mm))'
        f"#place(dx: 41mm, dy: 72mm)[#text(30pt)[{one.name}]（{one.unit}）：]#place(dx: 120mm, dy: 112mm)[#text(38pt)[{one.award}]]"
        f"#place(dx: 41mm, dy: 92mm)[在{one.games}“{one.event}”职业技能竞赛中成绩优异，荣获]#place(dx: 61mm, dy: 160mm)[{one.number}]"
        "#pagebreak(weak: true)"
        for one in some
    )
    source = f'#set page(width: 297mm, height: 210mm, margin: 0mm)\n#set text(font: ("LXGW WenKai", "Noto Serif CJK SC"), 19pt)\n{shown}'
    (out / "all.typ").write_text(source, "utf-8")
    typst.compile(str(out / "all.typ"), output=str(out / "all.pdf"))


def libreoffice(some: Sequence[CertificateData], out: Path) -> None:
    """What a mail merge leaves, a document with a page a person, made into a PDF; without art and QR."""
    body = "".join(
        f'<text:p text:style-name="P">{one.name}（{one.unit}）：</text:p><text:p>在{one.games}“{one.event}”职业技能竞赛中成绩优异，荣获'
        f"</text:p><text:p>{one.award}（第{one.place}名）</text:p><text:p>{one.number}</text:p>"
        for one in some
    )
    names = ["office", "text", "style", "fo"]
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{"xsl-fo-compatible" if name == "fo" else name}:1.0"'
        for name in names
    )
    (out / "all.fodt").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles><style:style style:name="P" '
        'style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style></office:automatic-styles>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document>",
        "utf-8",
    )
    profile = f"-env:UserInstallation={(out / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(out / "all.fodt")],
        check=True, capture_output=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One way to print: what it is called, how many pages are really printed, in how many processes, its target for 4,000 in seconds."""

    says: str
    prints: Callable[[Sequence[CertificateData], Path], None]
    pages: int = WANTED
    processes: int = 1
    target: float | None = None
    there: Callable[[], bool] = lambda: True


WAYS = {
    "plain": Way("WeasyPrint, a document a person", plain, pages=20),
    "layered": Way("layered (F)", layered_way, processes=2, target=60),
    "stamped": Way("stamped (G), one file a process", stamped, processes=2, target=4),
    "stamped-1": Way("stamped (G), one file, one process", stamped),
    "by-event": Way("stamped (G), one file an event", stamped_by_event, processes=2, target=7),
    "singly": Way("stamped (G), one file a person", stamped_singly, pages=400, processes=2, target=40),
    "typst": Way("Typst, one document, no QR", typst_way, there=lambda: find_spec("typst") is not None),
    "libreoffice": Way(
        "LibreOffice, merged document, no art, no QR", libreoffice, there=lambda: shutil.which("soffice") is not None
    ),
}


def main() -> None:
    """Every way in turn, or one share of one way (for the processes this starts)."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    said.add_argument("--share", nargs=4, metavar=("WAY", "FROM", "TO", "FOLDER"), help=argparse.SUPPRESS)
    said.add_argument("--out", type=Path, default=Path(__file__).with_name("PAPER.md"))
    asked = said.parse_args()
    if asked.share:
        _share(*asked.share)
        return
    rows = [_row(WAYS[name], _measured(name)) for name in asked.ways if WAYS[name].there()]
    missing = [WAYS[name].says for name in asked.ways if not WAYS[name].there()]
    load = os.getloadavg()[0]
    asked.out.write_text(_page(rows, missing, load), "utf-8")
    print(asked.out.read_text("utf-8"))


def _share(way: str, start: str, end: str, folder: str) -> None:
    """One process's share: prints its figures as JSON. The import of what draws is in the time, as a batch has it."""
    import resource

    some = people(WANTED)[int(start) : int(end)]
    begun = time.perf_counter()
    WAYS[way].prints(some, Path(folder))
    seconds = time.perf_counter() - begun
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    size = sum(file.stat().st_size for file in Path(folder).glob("*.pdf"))
    print(json.dumps({"seconds": seconds, "peak": peak / 1024, "bytes": size}))


def _measured(name: str) -> dict[str, float]:
    """All shares at once: the slowest's time, the bytes of all, the largest peak in MB."""
    way = WAYS[name]
    cuts = [way.pages * n // way.processes for n in range(way.processes + 1)]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(way.processes) as threads:
        shares = list(
            threads.map(lambda n: _started(name, cuts[n], cuts[n + 1], Path(folder) / str(n)), range(way.processes))
        )
    return {
        "seconds": max(one["seconds"] for one in shares),
        "peak": max(one["peak"] for one in shares),
        "bytes": sum(one["bytes"] for one in shares),
    }


def _started(name: str, start: int, end: int, folder: Path) -> dict[str, float]:
    folder.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.paper", "--share", name, str(start), str(end), str(folder)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def _row(way: Way, found: dict[str, float]) -> tuple[Way, float, float, float, float]:
    """The way, its seconds for 4,000, pages a second, bytes a page, peak in MB."""
    rate = way.pages / found["seconds"]
    return way, WANTED / rate, rate, found["bytes"] / way.pages, found["peak"]


def _page(rows: Sequence[tuple[Way, float, float, float, float]], missing: Sequence[str], load: float) -> str:
    best = min(seconds for _, seconds, *_ in rows)
    lines = [
        "# Printing 4,000 certificates",
        "",
        f"One run of `make bench-paper`, {os.cpu_count()} processors, load {load:.1f} at the end. Times include loading what draws.",
        "",
        "| way | processes | pages printed | 4,000 in | pages/s | bytes/page | peak MB a process | times the fastest | target |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    for way, seconds, rate, size, peak in rows:
        counted = "" if way.pages == WANTED else " (extrapolated)"
        kept = "" if way.target is None else f"{way.target:g} s: {'met' if seconds <= way.target else 'MISSED'}"
        lines.append(
            f"| {way.says} | {way.processes} | {way.pages} | {seconds:.1f} s{counted} | {rate:.1f} | {size:,.0f} | {peak:.0f} "
            f"| {seconds / best:.1f} | {kept} |"
        )
    if missing:
        lines += ["", f"Not installed here, so not measured: {', '.join(missing)}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
