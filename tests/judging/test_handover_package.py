"""A tablet's export as a file or a run of QR codes: read in any order, or refused with what to do."""

import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.errors import MarkError
from competition.judging import Device, MarkOp, read_package, read_text
from competition.judging.handover_package import LARGEST
from tests.judging.handed import codes, package

TABLET = Device("d" * 32, "tea", "seat", "taste.1", "taste", None, None, False, None)
OPS = [MarkOp(f"{n:032x}", "s" * 32, f"item_{n}", "龙井" if n % 3 else None, n, "e" * 64) for n in range(60)]
RAW = package(TABLET, OPS, ["s" * 32])


def test_a_file_holds_the_marks_and_names_what_was_signed() -> None:
    read = read_package(b"\xef\xbb\xbf" + RAW)
    assert (read.event, read.seat, read.device) == ("tea", "taste.1", "d" * 32)
    assert [(mark.id, mark.value, mark.counter) for mark in read.marks] == [(op.id, op.value, op.counter) for op in OPS]
    assert read.signed == ("s" * 32,)


@given(st.randoms(use_true_random=False), st.sampled_from("cp"), st.integers(50, 600))
def test_lines_come_in_any_order_repeated_and_with_blanks(dice: random.Random, form: str, size: int) -> None:
    lines = codes(RAW, size, form)
    lines += dice.choices(lines, k=3)
    dice.shuffle(lines)
    scanned = read_text("\r\n".join(f"  {line} " for line in lines) + "\n\n")
    assert [one.marks for one in scanned.packages] == [read_package(RAW).marks]
    assert (scanned.unfinished, scanned.faults) == ((), ())


def test_missing_parts_are_named() -> None:
    lines = codes(RAW, 100)
    scanned = read_text("\n".join(lines[2:5] + lines[6:]))
    assert scanned.packages == ()
    (run,) = scanned.unfinished
    assert (run.parts, run.missing) == (len(lines), (1, 2, 6))


def test_two_tablets_lines_may_be_mixed() -> None:
    other = package(Device("c" * 32, "tea", "seat", "taste.2", "taste", None, None, False, None), OPS[:3])
    one, two = codes(RAW, 200), codes(other, 200)
    scanned = read_text("\n".join([*two, *one[1:], one[0]]))
    assert sorted(found.seat for found in scanned.packages) == ["taste.1", "taste.2"]


def test_what_is_no_code_is_skipped_and_said() -> None:
    scanned = read_text("\n".join(["6901234567892", *codes(RAW), "JM1:00000000:3/2:c:AAAA"]))
    assert len(scanned.packages) == 1
    assert [(fault.line, "已跳过" in fault.zh) for fault in scanned.faults] == [(1, True), (len(codes(RAW)) + 2, True)]


def test_a_misread_part_is_found_by_the_check_sum_and_scanned_again() -> None:
    lines = codes(RAW, 100)
    wrong = lines[1][:-1] + ("A" if lines[1][-1] != "A" else "B")
    scanned = read_text("\n".join([lines[0], wrong, *lines[2:]]))
    assert scanned.packages == ()
    assert "校验不符" in scanned.faults[0].zh
    assert len(read_text("\n".join([lines[0], wrong, *lines[2:], lines[1]])).packages) == 1


def test_a_text_that_unfolds_without_end_is_refused() -> None:
    (fault,) = read_text("\n".join(codes(b'{"v":1,' + b" " * (LARGEST + 10), 100_000))).faults
    assert "解不开" in fault.zh


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"[1]", b"\xff\xfe", RAW[:-1], RAW.replace(b'"v": 1', b'"v": 2'), RAW.replace(b"judge-marks", b"other"),
     RAW.replace(b'"counter": 5,', b'"counter": 5.5,'), zlib.compress(RAW)],
)  # fmt: skip
def test_a_file_that_is_no_export_is_refused(raw: bytes) -> None:
    with pytest.raises(MarkError) as refusal:
        read_package(raw)
    assert "请在平板上重新导出" in refusal.value.zh
