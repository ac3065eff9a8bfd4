"""Batches: stopped, killed or printed twice, the folder ends up with the same bytes; another batch is never mixed in."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random

import pikepdf
import pytest

from competition.errors import Conflict
from competition.publish.batches import (
    Batch,
    digest_of,
    draw_file,
    in_hand_out_order,
    print_batch,
    progress_of,
    put_whole,
)
from competition.publish.certificate import CertificateData
from competition.publish.certificates import NotPrintable
from competition.publish.design import Design
from competition.publish.samples import Samples
from competition.publish.stock import Tray

from .conftest import ROOT, page_texts

TEMPLATES = ROOT / "templates"
ADDRESS = "https://v.example.cn"


class Killed(BaseException):
    """What a process that ends at once looks like from inside: nothing after it runs."""


class Dying:
    """Writes like `put_whole`, but the process ends at a random byte of one file, or just before or after it is renamed."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.left = rng, rng.randrange(5)

    def __call__(self, file: Path, content: bytes) -> None:
        self.left -= 1
        if self.left >= 0:
            put_whole(file, content)
            return
        if self.rng.random() < 0.2:
            put_whole(file, content)
        else:
            file.with_name(f"{file.name}.part").write_bytes(content[: self.rng.randrange(len(content) + 1)])
        raise Killed


@pytest.fixture(scope="module")
def people(samples: Samples) -> tuple[CertificateData, ...]:
    """Six of one unit and event: little to draw, several files."""
    first = samples.certificates[0]
    return tuple(replace(first, number=f"A-{n}", code=f"7K3M9QX2T{n}", name=f"张明远{n}", place=n) for n in range(1, 7))


@pytest.fixture(scope="module")
def batch(design: Design, people: tuple[CertificateData, ...]) -> Batch:
    return Batch(design, people, ADDRESS, chunk=2)


@pytest.fixture(scope="module")
def whole(batch: Batch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch printed in one go."""
    folder = tmp_path_factory.mktemp("one") / "batch"
    assert print_batch(folder, batch, TEMPLATES).whole
    return folder


@pytest.fixture(scope="module")
def in_one_go(whole: Path) -> dict[str, str]:
    return files_of(whole)


def files_of(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def test_a_batch_is_files_of_a_chunk_a_list_and_its_sums(in_one_go: dict[str, str]) -> None:
    pdfs = ["0001-0002.pdf", "0003-0004.pdf", "0005-0006.pdf", "list.pdf"]
    assert sorted(in_one_go) == sorted([*pdfs, "manifest.json", "SHA256SUMS"])


def test_the_sums_are_those_of_the_files(whole: Path) -> None:
    lines = [line.split("  ") for line in (whole / "SHA256SUMS").read_text().splitlines()]
    said = {name: digest for digest, name in lines}
    found = files_of(whole)
    found.pop("SHA256SUMS")
    assert said == found


def test_killed_fifty_times_it_ends_with_the_same_bytes(
    batch: Batch, in_one_go: dict[str, str], tmp_path: Path
) -> None:
    """Fifty deaths over as many folders as it takes, each gone on with until it is whole."""
    rng, deaths, rounds = Random(6), 0, 0
    drawn = Drawn()
    while deaths < 50:
        rounds += 1
        folder = tmp_path / str(rounds)
        for _ in range(100):
            try:
                print_batch(folder, batch, TEMPLATES, put=Dying(rng), draw=drawn)
                break
            except Killed:
                deaths += 1
        assert without_pieces(folder) == in_one_go
    assert rounds > 3


class Drawn:
    """Draws each file once and remembers it: what is tried here is the writing, many times over."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def __call__(self, batch: Batch, templates: Path, name: str) -> bytes:
        if name not in self.known:
            self.known[name] = draw_file(batch, templates, name)
        return self.known[name]


def without_pieces(folder: Path) -> dict[str, str]:
    """The files, without what a death leaves beside them: a piece under another name, which nobody reads."""
    return {name: digest for name, digest in files_of(folder).items() if not name.endswith(".part")}


def test_the_list_says_whose_each_page_is(whole: Path, people: tuple[CertificateData, ...]) -> None:
    (text,) = page_texts((whole / "list.pdf").read_bytes())
    for n, one in enumerate(people, start=1):
        assert f"{n}{one.number}{one.name}{one.unit}{one.event}{one.award}" in text
    with pikepdf.open(whole / "0003-0004.pdf") as opened:
        assert [page.label for page in opened.pages] == ["3", "4"]


def test_a_stopped_batch_says_how_far_it_is_and_goes_on(
    batch: Batch, in_one_go: dict[str, str], tmp_path: Path
) -> None:
    asked: Iterator[bool] = iter([False, False, True])
    half = print_batch(tmp_path, batch, TEMPLATES, stopped=lambda: next(asked))
    assert (half.done, half.total, half.whole) == (4, 6, False)
    seen: list[int] = []
    assert print_batch(tmp_path, batch, TEMPLATES, tell=lambda progress: seen.append(progress.done)) == progress_of(
        tmp_path
    )
    assert seen == [4, 4, 6]
    assert files_of(tmp_path) == in_one_go


def test_another_batch_is_not_mixed_in(batch: Batch, people: tuple[CertificateData, ...], tmp_path: Path) -> None:
    print_batch(tmp_path, batch, TEMPLATES, stopped=lambda: True)
    before = files_of(tmp_path)
    for other in (
        replace(batch, certificates=(replace(people[0], name="张明元"), *people[1:])),
        replace(batch, address="https://w.example.cn"),
        replace(batch, tray=Tray("P", "1", right=3)),
        replace(batch, chunk=3),
    ):
        assert digest_of(other, TEMPLATES) != digest_of(batch, TEMPLATES)
        with pytest.raises(Conflict, match="another batch"):
            print_batch(tmp_path, other, TEMPLATES)
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("changed", ["cover_list.html", "paper.css", "words.toml"])
def test_a_changed_template_of_the_list_is_another_batch(batch: Batch, tmp_path: Path, changed: str) -> None:
    """The list would be drawn otherwise than the one that was signed for; a paper that isn't in the batch changes nothing."""
    templates, folder = tmp_path / "templates", tmp_path / "batch"
    shutil.copytree(TEMPLATES / "paper", templates / "paper")
    print_batch(folder, batch, templates, stopped=lambda: True)
    before = files_of(folder)
    for name, same in (("badges.html", True), (changed, False)):
        file = templates / "paper" / name
        file.write_bytes(file.read_bytes() + b"\n")
        assert (digest_of(batch, templates) == digest_of(batch, TEMPLATES)) is same
    with pytest.raises(Conflict, match="another batch"):
        print_batch(folder, batch, templates)
    assert files_of(folder) == before


def test_a_folder_with_other_things_is_refused(batch: Batch, tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(Conflict, match=r"thesis\.doc"):
        print_batch(tmp_path, batch, TEMPLATES)
    assert list(files_of(tmp_path)) == ["thesis.doc"]


def test_a_faulty_batch_leaves_no_file(batch: Batch, people: tuple[CertificateData, ...], tmp_path: Path) -> None:
    faulty = replace(batch, certificates=(*people, replace(people[0], number="A-7", code="7K3M9QX2T7", name="")))
    with pytest.raises(NotPrintable, match="A-7"):
        print_batch(tmp_path / "new", faulty, TEMPLATES)
    assert not (tmp_path / "new").exists()


def test_hand_out_order_is_by_place_in_each_event_or_by_unit(samples: Samples) -> None:
    first = samples.certificates[0]
    wanted = [("评茶师", 2, "乙厂"), ("调饮师", 1, "乙厂"), ("调饮师", 2, "甲厂"), ("调饮师", None, "甲厂")]
    rows = [replace(first, event=event, place=place, unit=unit) for event, place, unit in wanted]
    assert [(one.event, one.place) for one in in_hand_out_order(rows[::-1])] == [row[:2] for row in wanted]
    assert [one.unit for one in in_hand_out_order(rows, "unit")] == ["乙厂", "乙厂", "甲厂", "甲厂"]


def test_a_process_killed_by_the_system_goes_on_where_it_was(
    batch: Batch, in_one_go: dict[str, str], tmp_path: Path
) -> None:
    """SIGKILL once its first file is on disk, in a process of its own."""
    folder = tmp_path / "batch"
    program = (
        "import sys, pickle; from pathlib import Path; from competition.publish.batches import print_batch; "
        "print_batch(Path(sys.argv[1]), pickle.load(open(sys.argv[2], 'rb')), Path(sys.argv[3]))"
    )
    said = tmp_path / "batch.pickle"
    said.write_bytes(pickle.dumps(batch))
    child = subprocess.Popen([sys.executable, "-c", program, str(folder), str(said), str(TEMPLATES)], cwd=ROOT)
    while not (folder / "0001-0002.pdf").exists() and child.poll() is None:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert not progress_of(folder).whole
    print_batch(folder, batch, TEMPLATES)
    assert without_pieces(folder) == in_one_go


def test_pre_printed_stock_moves_every_field_by_the_trays_offset(batch: Batch, tmp_path: Path) -> None:
    """Three millimetres right and two up, read back from the page's own operators; none of the art is drawn."""
    real = replace(batch, certificates=tuple(replace(one, sample=False) for one in batch.certificates[:2]))
    print_batch(tmp_path / "true", replace(real, tray=Tray("P", "1")), TEMPLATES)
    print_batch(tmp_path / "moved", replace(real, tray=Tray("P", "1", right=30, down=-20)), TEMPLATES)
    before, after = (places((tmp_path / name / "0001-0002.pdf").read_bytes()) for name in ("true", "moved"))
    assert len(before) == len(after) > 7
    for (x0, y0), (x1, y1) in zip(before, after, strict=True):
        assert x1 - x0 == pytest.approx(3 * 72 / 25.4, abs=0.0011)
        assert y1 - y0 == pytest.approx(2 * 72 / 25.4, abs=0.0011)
    text = page_texts((tmp_path / "moved" / "0001-0002.pdf").read_bytes())[0]
    assert "张明远1" in text
    assert "荣誉证书" not in text
    assert "特发此证" not in text


def places(pdf: bytes) -> list[tuple[float, float]]:
    """Where each text and the QR of the first page begin, in points."""
    found = []
    with pikepdf.open(BytesIO(pdf)) as opened:
        for said in pikepdf.parse_content_stream(opened.pages[0]):
            numbers = [float(one) for one in said.operands] if str(said.operator) in ("Td", "cm") else []
            if numbers:
                found.append((numbers[-2], numbers[-1]))
    return found
