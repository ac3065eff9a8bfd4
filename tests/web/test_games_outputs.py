"""The games' book and pack: every output parsed back and equal to the releases, the same bytes twice, nobody named who may not be."""

import csv
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest

from competition import judging
from competition.cli import main
from competition.judging import games_releases as acts
from competition.publish import papers
from competition.publish.games_book import Book, BookEvent
from competition.web import games_outputs, games_press
from competition.workbook import read_bytes
from tests.publish.conftest import page_texts
from tests.web.games_stage import Stage, stage_on
from tests.web.test_pages import words
from tests.web.venue import NAMES, ROOT, UNITS, Venue

HERE = "/desk/games/tables"
FILES = "/desk/games/files"


@pytest.fixture(scope="module")
def stage(venue: Venue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The tables are noticed; what is ordered at the desk is made at once, in this process."""
    at_once = pytest.MonkeyPatch()
    at_once.setattr(games_press.Press, "start", lambda self, order: games_press.make(order))
    with stage_on(venue, tmp_path_factory.mktemp("games")) as stage:
        stage.notice()
        yield stage
    at_once.undo()


def finals(stage: Stage) -> list[judging.Release]:
    every = [stage.venue.read(judging.release_of, line.id, "final") for line in stage.venue.read(judging.all_events)]
    return [release for release in every if release is not None]


def named(stage: Stage) -> tuple[set[str], set[str]]:
    """Who earned an award in some event, and who earned none in any."""
    rows = [row for release in finals(stage) for row in release.rows]
    awarded = {name for row in rows if row.award for name in row.names}
    return awarded, {name for row in rows for name in row.names} - awarded


def flat(text: str) -> str:
    return "".join(text.split())


def test_the_book_holds_every_release_and_its_contents_lead_to_the_pages(stage: Stage) -> None:
    assert stage.get("organiser", f"{FILES}/games-book.pdf").status_code == 404
    page = words(stage.post("supervisor", f"{HERE}/make", what="book").text)
    book = stage.get("supervisor", f"{FILES}/games-book.pdf").content
    assert sha256(book).hexdigest()[:16] in page
    pages = [flat(text) for text in page_texts(book)]
    text = "".join(pages)
    release = stage.venue.read(acts.games_release)
    for table in release.rows["tables"]:
        for row in table["rows"]:
            name = {**release.names["units"], **release.names["chains"]}[row["who"]]["zh"]
            assert flat(f"{row['rank']}{name}{row['sum'] or ''}") in text
    for one in finals(stage):
        for row in one.rows:
            shown = (
                f"{row.rank}{'、'.join(row.names)}{row.unit}{row.total}{row.award_name['zh']}"
                if row.award_name
                else f"{row.rank}{row.total}"
            )
            assert flat(shown) in text
    assert release.document_digest in text
    assert f"{len(stage.missing)}个赛项尚未正式公布，本册未收" in text
    with pikepdf.open(BytesIO(book)) as opened, opened.open_outline() as outline:
        index = {page.objgen: n for n, page in enumerate(opened.pages)}
        leads = [(str(mark.title), index[mark.destination[0].objgen]) for mark in outline.root]
        front = min(n for _, n in leads)
    contents = pages[front - 1]
    assert len(leads) == len(release.rows["tables"]) + len(finals(stage))
    for title, n in leads:
        assert pages[n].startswith(flat(title))
        assert flat(f"{title}{n - front + 1}") in contents


def test_the_command_line_makes_the_same_book(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same contents go in; the desk's is drawn above, so that this one needn't be."""
    drawn: list[tuple[Book, list[BookEvent]]] = []

    def drawing(_: Path, book: Book, events: Iterator[BookEvent], tell: object) -> bytes:
        drawn.append((book, list(events)))
        return b"%PDF of the book"

    monkeypatch.setattr(games_outputs, "games_book", drawing)
    where = ("--root", str(ROOT), "results", "--var", str(stage.var))
    monkeypatch.setattr(sys, "argv", ["competition", *where, "games-book", str(tmp_path / "book.pdf")])
    with pytest.raises(SystemExit) as end:
        main()
    assert not end.value.code
    assert (tmp_path / "book.pdf").read_bytes() == b"%PDF of the book"
    ((book, events),) = drawn
    assert book.digest == stage.venue.read(acts.games_release).document_digest
    assert [len(event.rows) for event in events] == [len(one.rows) for one in finals(stage)]


@pytest.fixture(scope="module")
def pack(stage: Stage) -> Iterator[dict[str, bytes]]:
    """The pack with its papers left blank: what they look like is tested where they are made."""
    blank, sheet = pytest.MonkeyPatch(), BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(sheet)
    blank.setattr(papers, "draw", lambda *_: sheet.getvalue())
    blank.setattr(papers, "batch_fonts", lambda *_: "")
    blank.setattr(games_outputs, "book", lambda *_: b"%PDF of the book")
    assert stage.post("organiser", f"{HERE}/make", what="pack").status_code == 200
    first = stage.get("organiser", f"{FILES}/games-pack.zip")
    stage.post("organiser", f"{HERE}/make", what="pack")
    again = stage.get("supervisor", f"{FILES}/games-pack.zip")
    assert first.status_code == 200
    heads = "存档/台账链首.json"  # each making is on record, so that the house's chain has moved on
    with ZipFile(BytesIO(first.content)) as one, ZipFile(BytesIO(again.content)) as other:
        files = {name: one.read(name) for name in one.namelist()}
        assert [name for name in files if files[name] != other.read(name)] in ([heads, "SHA256SUMS"], [])
    yield files
    blank.undo()


def test_the_pack_has_every_final_event_whole(stage: Stage, pack: dict[str, bytes]) -> None:
    said = dict(reversed(line.split("  ", 1)) for line in pack["SHA256SUMS"].decode().splitlines())
    assert said == {name: sha256(content).hexdigest() for name, content in pack.items() if name != "SHA256SUMS"}
    listed = list(csv.DictReader(StringIO(pack["目录.csv"].decode("utf-8-sig"))))
    assert {row["公布内容摘要"] for row in listed} == {one.document_digest for one in finals(stage)}
    for row, one in zip(listed, finals(stage), strict=True):
        folder = f"赛项/{row['文件夹']}"
        for kind in ("csv", "json"):
            public = stage.get("", f"/results/{one.event_id}/results.{kind}").content
            assert pack[f"{folder}/公开/results.{kind}"] == public
        assert {
            f"{folder}/{name}" for name in ("公开/成绩册.pdf", "存档/证书登记册.pdf", "存档/评分表（已填）.pdf")
        } <= pack.keys()
    assert "总榜/总榜.pdf" in pack
    for table, name in (("units", "单位总分榜"), ("medals", "产业链奖牌榜")):
        for kind in ("csv", "json"):
            assert pack[f"总榜/{name}.{kind}"] == stage.get("", f"/tables/{table}/table.{kind}").content
        data = json.loads(pack[f"总榜/{name}.json"])
        (sheet,) = read_bytes(pack[f"总榜/{name}.xlsx"], name)
        for line, row in enumerate(data["rows"], start=2):
            cells = [sheet.own(line, n) for n in range(1, len(data["columns"]) + 1)]
            assert [cell.text if cell else "" for cell in cells] == [row[column["key"]] for column in data["columns"]]


def test_the_register_has_every_certificate(stage: Stage, pack: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(StringIO(pack["存档/证书登记册.csv"].decode("utf-8-sig"))))
    wanted = {
        one.number for release in finals(stage) for one in stage.venue.read(judging.certificates, release.event_id)
    }
    assert {row["编号"] if "编号" in row else next(iter(row.values())) for row in rows} == wanted
    assert wanted
    assert {head["event_id"] for head in json.loads(pack["存档/台账链首.json"])["heads"]} >= {
        one.event_id for one in finals(stage)
    }


def test_whoever_earned_no_award_stands_in_no_public_file(stage: Stage, pack: dict[str, bytes]) -> None:
    awarded, others = named(stage)
    assert awarded | others == set(NAMES)
    public = [
        content for name, content in pack.items() if "/公开/" in name or name.startswith("总榜/") or name == "目录.csv"
    ]
    assert not [name for name in others if any(name.encode() in content for content in public)]
    tables = [content for name, content in pack.items() if name.startswith("总榜/") and not name.endswith("xlsx")]
    assert not [name for name in NAMES if any(name.encode() in content for content in tables)]
    assert any(unit.encode() in content for unit in UNITS.values() for content in tables)


def test_what_was_made_is_of_the_games_as_they_are(stage: Stage) -> None:
    """A revision makes the old files nobody's: the desk offers to make them anew, and an unfinished one says so."""
    assert stage.get("organiser", f"{FILES}/games-book.pdf").status_code == 200
    stage.revise_event()
    assert stage.get("organiser", f"{FILES}/games-book.pdf").status_code == 404
    digest = stage.venue.read(games_outputs.present)
    order = games_press.Order("pack", "", stage.var, games_press.folder_of(stage.var, digest), None)
    order.folder.mkdir(parents=True)
    games_press._tell(order, games_press.Made(1, 2))
    assert "没有做完" in words(stage.get("organiser", HERE).text)
    for who in ("chief", "clerk"):
        assert stage.get(who, f"{FILES}/games-book.pdf").status_code == 403
        assert stage.post(who, f"{HERE}/make", what="pack").status_code == 403
