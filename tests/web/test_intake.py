"""The intake pages: what a file would do is shown before it is done, numbers stay covered, nobody but the organiser gets in."""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from competition import judging
from competition.web import intake_pages
from competition.workbook import read_bytes
from tests.laid_out import LaidOut
from tests.registers.books import book, csv_bytes, identity
from tests.web.clerk_stage import HTTPS, NAMES, UNITS, Desk, Stage, lay_out

HEAD = ("姓名", "身份证号", "手机", "单位", "赛项", "参赛属性")
CAKES = "糕点面包烘焙工"
ONE, TWO = identity(1), identity(2)
NORTH = UNITS["u-north"]
BAKER = ("新人甲", ONE, "13812345678", NORTH, CAKES, None)


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Stage]:
    """The tea tasters' contest, drawn, and a baker's one that isn't."""
    with laid_out.copy(_lay_out, tmp_path / "competition.sqlite", var=tmp_path / "var") as stage:
        yield stage


def _lay_out(engine: Any, writer: Any) -> Stage:
    from competition import rules
    from tests.web.clerk_stage import ROOT

    stage = lay_out(engine, writer)
    law = rules.load(ROOT / "scoring_rules" / "baker").rules
    assert law is not None
    stage.do(judging.open_event, "baker", "g2026", law, stage.people["organiser"], rng_bytes=stage.rng)
    return stage


@pytest.fixture
def organiser(stage: Stage) -> Iterator[Desk]:
    with stage.desk("organiser") as desk:
        yield desk


def send(desk: Desk, raw: bytes, name: str = "报名.xlsx") -> Any:
    """Upload; what the organiser then sees."""
    answer = desk.post("/desk/intake", {}, files={"file": (name, raw)})
    return desk.get(answer.headers["location"]) if answer.status_code == 303 else answer


def table(tmp_path: Path, *rows: Any) -> bytes:
    return book(tmp_path, {"选手": [HEAD, *rows]})


def text(answer: Any) -> str:
    """What the main part of a page says, without tags."""
    main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    assert main is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0])).split())


def address(answer: Any) -> str:
    return str(answer.url).removeprefix(HTTPS).partition("?")[0]


def seen(answer: Any) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', answer.text)
    assert found is not None
    return found[1]


def confirm(desk: Desk, shown: Any, **more: str) -> Any:
    return desk.post(f"{address(shown)}/confirm", {"seen": seen(shown), **more})


def counts(desk: Desk) -> dict[str, str]:
    """Register -> rows on record, as the first page says."""
    page = desk.get("/desk/intake").text
    return dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td class="num">(\d+)</td>', page))


def test_an_empty_house_says_what_to_do_first(laid_out: LaidOut, tmp_path: Path) -> None:
    with laid_out.copy(_empty, tmp_path / "c.sqlite", var=tmp_path / "var") as stage, stage.desk("organiser") as desk:
        first = desk.get("/desk/intake")
        assert "先填写运动会" in text(first)
        assert 'action="/desk/intake"' not in first.text
        refused = desk.post("/desk/intake/games", {"name": "示例", "host": "示例市", "year": "二六"})
        assert refused.status_code == 422
        assert "四位年份" in text(refused)
        assert (
            desk.post("/desk/intake/games", {"name": "示例运动会", "host": "示例市", "year": "2026"}).status_code == 303
        )
        then = desk.get("/desk/intake")
        assert "还没有导入过" in text(then)
        assert "示例运动会" in text(then)


def _empty(engine: Any, writer: Any) -> Stage:
    stage = Stage(engine, writer, Path())
    first = stage.do(judging.create_official, "organiser", "组委会甲", "a long password", None, rng_bytes=stage.rng)
    stage.do(judging.grant, first.id, "organiser", None, None)
    return stage


def test_faults_are_shown_by_cell_and_mended_on_the_page(organiser: Desk, tmp_path: Path) -> None:
    shown = send(organiser, table(tmp_path, BAKER, ("新人乙", "123", None, "没有的单位", CAKES, None)))
    said = text(shown)
    assert "有 2 处错误，改好之前不能导入" in said
    assert "选手!B3 ✕ 身份证号应为 18 位，这里有 3 位" in said
    assert "选手!D3 ✕ 没有“没有的单位”" in said
    assert "确认导入" not in said
    where = address(shown)
    assert organiser.post(f"{where}/mend", {"where": "选手!B3", "text": TWO}).status_code == 303
    assert "有 1 处错误" in text(organiser.get(where))
    organiser.post(f"{where}/mend", {"where": "选手!D3", "text": NORTH})
    fine = organiser.get(where)
    assert "没有错误，可以导入" in text(fine)
    assert "将新增 2 行，更改 0 行" in text(fine)
    assert confirm(organiser, fine).status_code == 303
    assert counts(organiser)["选手"] == "5"


def test_faulty_rows_are_left_out_in_one_go(organiser: Desk, tmp_path: Path) -> None:
    shown = send(organiser, table(tmp_path, BAKER, ("新人乙", "123", None, NORTH, CAKES, None)))
    assert "略去有错的 1 行" in text(shown)
    organiser.post(f"{address(shown)}/mend", {"all": "1"})
    fine = organiser.get(address(shown))
    assert "将新增 1 行" in text(fine)
    confirm(organiser, fine)
    assert counts(organiser)["选手"] == "4"


def test_new_changed_and_gone_are_lists_with_numbers_covered(organiser: Desk, tmp_path: Path) -> None:
    confirm(organiser, send(organiser, table(tmp_path, BAKER)))
    shown = send(
        organiser,
        table(
            tmp_path,
            ("新人改", ONE, "13987654321", NORTH, CAKES, None),
            ("新人乙", TWO, None, NORTH, CAKES, None),
        ),
    )
    where = address(shown)
    changed = organiser.get(where, show="changed")
    assert f"新人甲 → 新人改 {'*' * 14}{ONE[-4:]} *******5678 → *******4321" in text(changed)
    assert "新人乙" in text(organiser.get(where, show="new"))
    gone = text(organiser.get(where, show="gone"))
    assert all(name in gone for name in NAMES)
    assert "已登记的 3 行不在文件里，会保留" in gone
    assert "茶类=绿茶" in gone
    assert not any(number in page for page in organiser.shown for number in (ONE, "13812345678", "13987654321"))


def test_only_what_was_shown_is_confirmed(organiser: Desk, stage: Stage, tmp_path: Path) -> None:
    shown = send(organiser, table(tmp_path, BAKER))
    stage.do(judging.add_unit, "u-new", "g2026", ("新来的单位", ""), stage.people["organiser"])
    refused = confirm(organiser, shown)
    assert refused.status_code == 409
    assert "在检查之后变了，没有写入" in text(refused)
    assert counts(organiser)["选手"] == "3"
    assert confirm(organiser, organiser.get(address(shown))).status_code == 303, "checked again, it may be confirmed"
    assert counts(organiser)["选手"] == "4"


def test_an_import_is_taken_back_from_the_page(organiser: Desk, tmp_path: Path) -> None:
    before = counts(organiser)
    done = confirm(organiser, send(organiser, table(tmp_path, BAKER)))
    first = organiser.get(done.headers["location"])
    assert "已导入" in text(first)
    assert "选手 ＋1" in text(first)
    id = re.search(r'/undo"><input type="hidden" name="id" value="([0-9a-f]+)"', first.text)
    assert id is not None
    assert organiser.post("/desk/intake/undo", {"id": id[1]}).headers["location"].endswith("undone")
    assert counts(organiser) == before
    again = organiser.post("/desk/intake/undo", {"id": id[1]})
    assert again.status_code == 409
    assert "不能撤销，或已经撤销" in text(again)


def test_nobody_joins_a_drawn_event_and_rows_in_use_are_not_removed(organiser: Desk, tmp_path: Path) -> None:
    late = ("迟到者", ONE, None, NORTH, "评茶师", "tea_class=green")
    assert "选手!E2 ✕ 这个赛项已经抽签" in text(send(organiser, table(tmp_path, late)))
    shown = send(organiser, table(tmp_path, BAKER))
    for typed, status, said in (("三", 422, "应是数字"), ("2", 409, "应为 3，您填的是 2"), ("3", 409, "已经用到的")):
        refused = confirm(organiser, organiser.get(address(shown)), **{"remove-contestants": typed})
        assert refused.status_code == status
        assert said in text(refused)
        assert counts(organiser)["选手"] == "3"


def test_an_export_comes_back_unchanged_and_a_template_is_empty(organiser: Desk, tmp_path: Path) -> None:
    confirm(organiser, send(organiser, table(tmp_path, BAKER)))
    raw = organiser.client.get("/desk/intake/export.xlsx").content
    sheets = {sheet.name: sheet for sheet in read_bytes(raw, "a.xlsx")}
    assert list(sheets) == ["产业链", "单位", "工种", "裁判与工作人员", "选手", "选项"]
    assert not any(
        number in cell.text
        for sheet in sheets.values()
        for cell in sheet.cells.values()
        for number in (ONE, "13812345678")
    )
    shown = send(organiser, raw)
    assert "与已登记的完全相同" in text(shown)
    template = {
        sheet.name: sheet for sheet in read_bytes(organiser.client.get("/desk/intake/template.xlsx").content, "a.xlsx")
    }
    assert {row for row, _ in template["选手"].cells} == {1}
    assert NORTH in {cell.text for cell in template["选项"].cells.values()}
    one = read_bytes(organiser.client.get("/desk/intake/template.xlsx?register=contestants").content, "a.xlsx")
    assert [sheet.name for sheet in one] == ["选手", "选项"]


def test_long_lists_are_paged(organiser: Desk, tmp_path: Path) -> None:
    people = [
        (f"选手{chr(0x4E00 + n)}", identity(n % 1000, f"19{50 + n // 1000}0101"), None, NORTH, CAKES, None)
        for n in range(1250)
    ]
    shown = send(organiser, table(tmp_path, *people))
    page = organiser.get(address(shown), show="new", n="13")
    assert len(re.findall(r"<tr><td", page.text)) == 50
    assert "第 13/13 页，1201–1250 行，共 1250 行" in text(page)
    assert max(map(len, organiser.shown)) < 120_000
    assert organiser.get(address(shown), show="new", n="99").text.count("<tr><td") == 50


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"", "a.xlsx", "还没有选择文件"), (b"PK\x03\x04rubbish", "坏.xlsx", "坏.xlsx 不是可读的"),
        (b"\xd0\xcf\x11\xe0", "旧.xls", "旧版 .xls"), (b"\0\1\2", "图.png", "不是 .xlsx，也不是文本"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_before_it_is_kept(organiser: Desk, raw: bytes, name: str, said: str) -> None:
    refused = send(organiser, raw, name)
    assert refused.status_code in (400, 422)
    assert said in text(refused)


def test_a_csv_in_gbk_is_as_good(organiser: Desk) -> None:
    shown = send(organiser, csv_bytes([HEAD, tuple(one or "" for one in BAKER)], "gb18030"), "报名.csv")
    assert "将新增 1 行" in text(shown)


def test_what_a_file_says_cannot_break_the_page(organiser: Desk, tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    shown = send(organiser, table(tmp_path, (evil, ONE, None, evil, evil, None)), f"{evil}.xlsx")
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;" in shown.text


@pytest.mark.parametrize("who", ["chief", "clerk", "encryptor", "supervisor"])
def test_nobody_else_sees_or_does_any_of_it(stage: Stage, tmp_path: Path, who: str) -> None:
    with stage.desk("organiser") as organiser:
        shown = send(organiser, table(tmp_path, BAKER))
        where, digest = address(shown), seen(shown)
    with stage.desk(who) as other:
        for path in (
            "/desk/intake",
            where,
            f"{where}?show=new",
            "/desk/intake/export.xlsx",
            "/desk/intake/template.xlsx",
        ):
            assert other.get(path).status_code == 403, path
        for path, form in (
            (f"{where}/confirm", {"seen": digest}), (f"{where}/mend", {"where": "选手!A2", "text": "x"}),
            ("/desk/intake/undo", {"id": "x"}), ("/desk/intake/games", {"name": "a", "host": "b", "year": "2026"}),
        ):  # fmt: skip
            assert other.post(path, form).status_code == 403, path
        assert send(other, table(tmp_path, BAKER)).status_code == 403
        assert not any(name in page for page in other.shown for name in (*NAMES, "新人甲", ONE[-4:]))
        assert "/desk/intake" not in other.get("/desk").text
    with stage.desk("organiser") as organiser:
        assert counts(organiser)["选手"] == "3"


def test_the_fonts_that_warn_are_those_that_print_names() -> None:
    import tomllib

    from tests.web.clerk_stage import ROOT

    design: Mapping[str, Any] = tomllib.loads((ROOT / "certificates" / "award" / "design.toml").read_text("utf-8"))
    said = [(font["family"], font["style"]) for font in design["faces"]["name"]]
    assert said == [(font.family, font.style) for font in intake_pages.FACES]
