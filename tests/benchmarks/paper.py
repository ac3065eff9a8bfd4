"""`make bench-paper`: 4,000 certificates by every way there is here, one run, into PAPER.md.

Each way runs in processes of its own, one after another, so that no way warms another's caches and each has its own peak of memory. Ways
that would take half an hour are run on few pages and multiplied, and the table says so. What isn't installed is named and left out.
The others' ways are in `paper_peers`; Typst comes from `.venv-bench`, never from the program's own environment.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from competition.publish.certificate import CertificateData
from competition.publish.certificates import printed, sheets_of
from competition.publish.design import load_design
from competition.publish.papers import page_count
from competition.publish.samples import load_samples
from tests.benchmarks.paper_peers import ADDRESS, AWARD, libreoffice, plain, typst_singly, typst_way

ROOT = Path(__file__).parents[2]
PEERS = ROOT / ".venv-bench" / "bin" / "python"
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


@dataclass(frozen=True, slots=True)
class Way:
    """One way to print: what it is called, how many pages are really printed, in how many processes, how often (the best counts: the
    machine may be slow for a while), its target for 4,000 in seconds, and what Typst took where that target was set."""

    says: str
    prints: Callable[[Sequence[CertificateData], Path], None]
    pages: int = WANTED
    processes: int = 1
    rounds: int = 1
    target: float | None = None
    beside: tuple[str, float] = ("", 0)
    there: Callable[[], bool] = lambda: True
    python: Path = Path(sys.executable)


def _typst_is_there() -> bool:
    return PEERS.exists() and subprocess.run([PEERS, "-c", "import typst"], capture_output=True).returncode == 0


Row = tuple[Way, float, float, float, float]
_NEVER: dict[str, float] = {"seconds": float("inf")}

WAYS = {
    "plain": Way("WeasyPrint, a document a person", plain, pages=20),
    "layered": Way("layered (F)", layered_way, processes=2, target=60, beside=("typst-2", 5.25)),
    "stamped": Way(
        "stamped (G), one file a process", stamped, processes=2, rounds=3, target=4, beside=("typst-2", 5.25)
    ),
    "stamped-1": Way("stamped (G), one file, one process", stamped, rounds=3),
    "by-event": Way(
        "stamped (G), one file an event", stamped_by_event, processes=2, rounds=3, target=7, beside=("typst-2", 5.25)
    ),
    "singly": Way(
        "stamped (G), one file a person", stamped_singly, processes=2, target=40, beside=("typst-singly", 40)
    ),
    "typst": Way("Typst, one file, art as a PDF image", typst_way, rounds=3, there=_typst_is_there, python=PEERS),
    "typst-2": Way("Typst, one file a process", typst_way, processes=2, rounds=3, there=_typst_is_there, python=PEERS),
    "typst-singly": Way(
        "Typst, one file a person", typst_singly, pages=400, processes=2, there=_typst_is_there, python=PEERS
    ),
    "libreoffice": Way(
        "LibreOffice, merged document, no QR", libreoffice, pages=400, there=lambda: shutil.which("soffice") is not None
    ),
}
"""`beside`: stack.md (section 2) had Typst print 4,000 in 4.5–6 s at its best and singly in 35–45 s, where it set the targets."""


def main() -> None:
    """Every way in turn, or one share of one way (for the processes this starts)."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    said.add_argument("--pages", type=int, default=WANTED, help="print no more than so many, to try it out")
    said.add_argument("--share", nargs=4, metavar=("WAY", "FROM", "TO", "FOLDER"), help=argparse.SUPPRESS)
    said.add_argument("--out", type=Path, default=Path(__file__).with_name("PAPER.md"))
    asked = said.parse_args()
    if asked.share:
        _share(*asked.share)
        return
    ways = {name: replace(WAYS[name], pages=min(WAYS[name].pages, asked.pages)) for name in asked.ways}
    missing = [way.says for way in ways.values() if not way.there()]
    there = {name: way for name, way in ways.items() if way.says not in missing}
    found: dict[str, dict[str, float]] = {}
    for turn in range(max(way.rounds for way in there.values())):
        for name, way in there.items():
            if turn < way.rounds:
                found[name] = min(found.get(name, _NEVER), _measured(name, way), key=itemgetter("seconds"))
    rows = {name: _row(way, found[name]) for name, way in there.items()}
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


def _measured(name: str, way: Way) -> dict[str, float]:
    """All shares at once: the slowest's time, the bytes of all, the largest peak in MB. Every page must be there."""
    cuts = [way.pages * n // way.processes for n in range(way.processes + 1)]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(way.processes) as threads:
        shares = list(
            threads.map(lambda n: _started(name, way, cuts[n : n + 2], Path(folder) / str(n)), range(way.processes))
        )
        pages = sum(page_count(file.read_bytes()) for file in Path(folder).glob("*/*.pdf"))
    if pages != way.pages:
        raise RuntimeError(f"{way.says}: {pages} pages instead of {way.pages}")
    return {
        "seconds": max(one["seconds"] for one in shares),
        "peak": max(one["peak"] for one in shares),
        "bytes": sum(one["bytes"] for one in shares),
    }


def _started(name: str, way: Way, cut: Sequence[int], folder: Path) -> dict[str, float]:
    folder.mkdir()
    command = [way.python, "-m", "tests.benchmarks.paper", "--share", name, *map(str, cut), folder]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def _row(way: Way, found: Mapping[str, float]) -> Row:
    """The way, its seconds for 4,000, pages a second, bytes a page, peak in MB."""
    rate = way.pages / found["seconds"]
    return way, WANTED / rate, rate, found["bytes"] / way.pages, found["peak"]


def _page(rows: Mapping[str, Row], missing: Sequence[str], load: float) -> str:
    lines = [
        "# Printing 4,000 certificates",
        "",
        f"One run of `make bench-paper`, {os.cpu_count()} processors, load {load:.1f} at the end. Times include loading what draws; "
        "where a way was printed several times, in turn with the others, the best counts.",
        "",
        "| way | processes | pages printed | rounds | 4,000 in | pages/s | bytes/page | peak MB a process "
        "| target | times Typst | its target |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|--:|---|",
    ]
    for way, seconds, rate, size, peak in rows.values():
        counted = "" if way.pages == WANTED else " (extrapolated)"
        kept = "" if way.target is None else f"{way.target:g} s: {_verdict(seconds, way.target)}"
        lines.append(
            f"| {way.says} | {way.processes} | {way.pages} | {way.rounds} | {seconds:.1f} s{counted} | {rate:.1f} | {size:,.0f} "
            f"| {peak:.0f} | {kept} | {_beside(way, seconds, rows)} |"
        )
    if missing:
        lines += ["", f"Not installed here, so not measured: {', '.join(missing)}."]
    return "\n".join(lines) + "\n"


def _beside(way: Way, seconds: float, rows: Mapping[str, Row]) -> str:
    """How many times Typst's time of this run, and how many times it the target was where it was set; empty when there is none."""
    peer, then = way.beside
    if peer not in rows or way.target is None:
        return "|"
    times, wanted = seconds / rows[peer][1], way.target / then
    return f"{times:.2f} | {wanted:.2f}: {_verdict(times, wanted)}"


def _verdict(found: float, wanted: float) -> str:
    return "met" if found <= wanted else "MISSED"


if __name__ == "__main__":
    main()
