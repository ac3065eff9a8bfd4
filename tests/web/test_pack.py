"""The pack of a release: every output parsed back and equal to the release, the same bytes twice, and nobody named who may not be."""

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from functools import partial
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from competition import judging
from competition.publish.packing import packed
from competition.publish.release_papers import ReleasePaper, histogram, notice
from competition.workbook import read_bytes
from tests.publish.conftest import page_texts
from tests.web.conftest import Desk
from tests.web.test_pages import words
from tests.web.venue import FINAL, LOCKED, MARKING, NOON, ROOT, SECRETS, Venue

KEYS = ("rank", "name", "unit", "total", "award", "state")


@pytest.fixture(scope="module")
def final(desk: Desk) -> dict[str, bytes]:
    answer = desk("organiser").get(f"/desk/events/{FINAL}/pack.zip")
    assert answer.status_code == 200, answer.text
    with ZipFile(BytesIO(answer.content)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def flat(pdf: bytes) -> str:
    return "".join("".join(page_texts(pdf)).split())


def test_every_output_of_a_release_says_the_same(desk: Desk, venue: Venue, final: dict[str, bytes]) -> None:
    release = venue.read(judging.release_of, FINAL, "final")
    wanted = [
        (
            str(row.rank or ""),
            "、".join(row.names) if row.award else "",
            (row.unit or "") if row.award else "",
            row.total or "",
            row.award_name["zh"] if row.award_name else "",
        )
        for row in release.rows
    ]
    assert any(name for _, name, *_ in wanted)
    table = list(csv.DictReader(StringIO(final["公开/results.csv"].decode("utf-8-sig"))))
    assert [tuple(row.values())[:5] for row in table] == wanted
    data = json.loads(final["公开/results.json"])
    assert [tuple(row[key] for key in KEYS[:5]) for row in data["rows"]] == wanted
    assert data["about"]["revision"] == release.revision
    (sheet,) = read_bytes(final["公开/results.xlsx"], "results.xlsx")
    cells = [
        tuple(cell.text if (cell := sheet.own(row, column)) else "" for column in range(1, 6))
        for row in range(2, len(wanted) + 2)
    ]
    assert [(*row[:3], Decimal(row[3] or 0), row[4]) for row in cells] == [
        (*want[:3], Decimal(want[3] or 0), want[4]) for want in wanted
    ]
    book, page = flat(final["公开/成绩册.pdf"]), words(desk("").get(f"/results/{FINAL}").text)
    at = book.index("名次Rank")
    shown_at = page.index(wanted[0][1])
    for want in wanted:
        line = "".join("".join(want).split())
        at = book.index(line, at) + len(line)
        for said in want[1:]:
            shown_at = min(shown_at, page.index(said))
    printed = {(one.name, one.award_name["zh"]) for one in venue.read(judging.certificates, FINAL)}
    assert printed == {(name, award) for _, name, _, _, award in wanted if award}
    public = desk("").get(f"/results/{FINAL}/results.csv").content
    assert public == final["公开/results.csv"]


def test_the_sums_fit_and_the_same_store_gives_the_same_bytes(desk: Desk, final: dict[str, bytes]) -> None:
    said = dict(reversed(line.split("  ", 1)) for line in final["SHA256SUMS"].decode().splitlines())
    assert said == {name: sha256(content).hexdigest() for name, content in final.items() if name != "SHA256SUMS"}
    files = [(name, partial(bytes, content)) for name, content in final.items() if name != "SHA256SUMS"]
    first, again = (b"".join(packed(files, NOON)) for _ in range(2))
    assert first == again
    filled = f"/desk/events/{FINAL}/filled.pdf"
    assert desk("supervisor").get(filled).content == final["存档/评分表（已填）.pdf"]


def test_filled_sheets_are_by_code_and_hold_every_mark(venue: Venue, final: dict[str, bytes]) -> None:
    text = flat(final["存档/评分表（已填）.pdf"])
    assert not [secret for secret in SECRETS if "".join(secret.split()) in text]
    result = venue.read(judging.standings, FINAL)
    lines = venue.read(judging.progress, FINAL)
    assert {line.code for line in lines} == set(re.findall(r"评审号Code(P\d+)", text))
    for line in lines:
        if line.module == "cup":
            total = result.standing(line.entry).values[f"cup.senses@{line.seat.rpartition('.')[2]}"]
            assert f"小计Sub-total{total}" in text
    assert "龙井" in text
    assert "更正处须签名" in text


def test_the_heads_in_the_pack_are_those_on_the_paper(final: dict[str, bytes]) -> None:
    heads = json.loads(final["存档/台账链首.json"])
    paper = flat(final["存档/台账链首签字页.pdf"])
    assert heads["code"] in paper
    assert all(head["hash"] in paper for head in heads["heads"])


def test_a_notice_says_who_takes_objections_until_when() -> None:
    one = ReleasePaper(
        kind="notice",
        games="示例运动会",
        event="评茶员",
        venue="",
        host="示例市总工会",
        revision=1,
        at="2026-11-20 12:00",
        closes="2026-11-23 12:00",
        rows=[dict(zip(KEYS, ("1", "张伟", "北厂", "88.50", "一等奖", ""), strict=True))],
        digest="a" * 64,
        office="示例市总工会纪检组",
    )
    named, blank = (flat(notice(ROOT / "templates", replace(one, phone=phone))) for phone in ("010-12345678", ""))
    for said in ("示例市总工会纪检组", "2026-11-2312:00止", "逾期不予受理", "1张伟北厂88.50一等奖"):
        assert said in named
    assert "010-12345678" in named
    assert named.replace("010-12345678", "") == blank


def test_bars_count_every_total_once_and_name_where_they_lie() -> None:
    totals = [Decimal(text) for text in ("99.5", "90", "90", "61.25", "-3")]
    shown = histogram(totals)
    assert [(bar.label, bar.n) for bar in shown if bar.n] == [("80 – 100", 3), ("60 – 80", 1), ("-20 – 0", 1)]
    assert shown[0].length == 100
    assert histogram([]) == []
    assert [bar.n for bar in histogram([Decimal(5)] * 4)] == [4]


def test_before_locking_and_before_the_notice_there_is_nothing_to_print(desk: Desk) -> None:
    refused = desk("chief").get(f"/desk/events/{MARKING}/filled.pdf")
    assert refused.status_code == 409
    assert "未锁定" in words(refused.text)
    assert desk("organiser").get(f"/desk/events/{LOCKED}/pack.zip").status_code == 409
    one = desk("chief").get(f"/desk/events/{LOCKED}/filled.pdf?code=P02")
    assert one.status_code == 200
    assert set(re.findall(r"评审号Code(P\d+)", flat(one.content))) == {"P02"}


def test_the_archive_is_checked_with_python_alone(final: dict[str, bytes], tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, content in final.items():
        if name.startswith("存档/原始数据/"):
            (raw / name.rsplit("/", 1)[1]).write_bytes(content)
    assert checked(raw) == (0, "全部相符 / everything agrees")
    page = final["打开我.html"].decode()
    assert [name for name in final if name not in ("打开我.html", "SHA256SUMS") and f'href="{name}"' not in page] == []
    ledger = (raw / "ledger.jsonl").read_text("utf-8")
    lines = ledger.splitlines()
    marked = next(n for n, line in enumerate(lines) if '"kind": "mark"' in line)
    before, one, after = lines[:marked], lines[marked], lines[marked + 1 :]
    more = one.replace('\\"value\\":\\"', '\\"value\\":\\"1')
    assert more != one
    for harm, said in (
        ([*before, more, *after], f"第 {marked + 1} 行被改动"),
        ([*before, *after], f"第 {marked + 1} 行与上一行不相接"),
        (lines[:-1], "链尾与 heads.json 不同"),
    ):
        (raw / "ledger.jsonl").write_text("\n".join(harm), "utf-8")
        code, told = checked(raw)
        assert (code, said in told) == (1, True), told
    (raw / "ledger.jsonl").write_text(ledger, "utf-8")
    release = next(raw.glob("release-final-*.json"))
    release.write_bytes(release.read_bytes().replace(b'"rank":1', b'"rank":2', 1))
    assert f"{release.name} 不是账本里公布的内容" in checked(raw)[1]


def checked(raw: Path) -> tuple[int, str]:
    """The archive's own script in a Python that knows nothing of the program."""
    run = subprocess.run([sys.executable, "-I", str(raw / "核对.py")], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout.strip()
