"""Every doubt about a marking scheme in Excel is a finding with its cell, and the draft is TOML whatever is wrong."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competition.errors import CompetitionError
from competition.rules import load
from competition.rules.drafting.text import draft_text
from competition.rules.from_workbook import read_scheme
from tests.workbooks import (
    HEAD,
    JUDGES,
    LEGEND,
    MERGED,
    WELDING,
    Cell,
    Rows,
    drafted,
    errors,
    notes,
    save,
    scheme_of,
)


def changed(row: int, column: int, value: Cell) -> list[list[Cell]]:
    """The welding workbook with one cell (both from 1) changed, and its totals left out."""
    rows = [list(each) for each in WELDING]
    rows[row - 1] += [None] * (column - len(rows[row - 1]))
    rows[row - 1][column - 1] = value
    return [[] if n in (8, 12, 14) else each for n, each in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("row", "column", "value", "where", "says"),
    [
        (5, 4, None, "模块A!D5", "No points"),
        (5, 4, "约20", "模块A!D5", '"约20" is not a number'),
        (5, 4, "0-20", "模块A!D5", "is not a number"),
        (5, 4, 0, "模块A!D5", "Worth 0 points"),
        (5, 4, -20, "模块A!C5", "A measurement below 0"),
        (5, 4, "=20*1", "模块A!D5", "formula without a stored result"),
        (9, 5, "观察", "模块A!E9", 'Unknown type "观察"'),
        (9, 5, "测量/评价", "模块A!E9", "Unknown type"),
        (9, 5, None, "模块A!E9", "No type"),
        (9, 3, None, "模块A!C9", "Points without the name"),
        (6, 3, "余高", "模块A!C6", "has the name of 模块A!C5. Is it counted twice?"),
        (7, 6, "看整体", "模块A!C7", "lacks the descriptor of 0, 1, 2, 3"),
        (7, 6, "0分：差；1分：一般；3分：优秀", "模块A!C7", "lacks the descriptor of 2"),
        (11, 4, None, "", ""),
        (11, 6, None, "", ""),
        (2, 1, None, "评分表.xlsx", "how many judges there are"),
        (2, 1, "由裁判打分取平均", "评分表.xlsx", "how many judges there are"),
        (13, 1, "理论", "评分表.xlsx", "don't make 100 %"),
        (13, 1, "理论（30%）", "评分表.xlsx", "don't make 100 %"),
        (5, 2, "外观（55分）", "模块A!B5", "外观 says 55, the items add up to 60"),
    ],
)  # fmt: skip
def test_every_doubt_is_a_finding_with_its_cell(
    tmp_path: Path, row: int, column: int, value: Cell, where: str, says: str
) -> None:
    scheme = scheme_of(tmp_path, changed(row, column, value), MERGED)
    # A wrong number also makes a printed sum wrong, which is said at the sum.
    found = [each for each in errors(scheme) if "add up" in says or "add up" not in each[1]]
    assert [at for at, _ in found] == ([where] if where else [])
    assert all(says in en for _, en in found)
    # Whatever is wrong, the draft is TOML.
    tomllib.loads(draft_text(scheme, "draft"))


@pytest.mark.parametrize(
    ("row", "value", "where", "says"),
    [
        (8, 59, "模块A!D8", "小计 says 59, the items add up to 60"),
        (8, "=SUM(D5:D7)→59", "模块A!D8", "小计 says 59, the items add up to 60"),
        (12, 25, "模块A!D12", "小计 says 25, the items add up to 20"),
        (14, 90, "模块A!D14", "合计 says 90, the items add up to 100"),
    ],
)
def test_subtotals_and_totals_are_checked(tmp_path: Path, row: int, value: Cell, where: str, says: str) -> None:
    rows = [list(each) for each in WELDING]
    rows[row - 1][3] = value
    assert errors(scheme_of(tmp_path, rows, MERGED)) == [(where, f"{says}. Change one of them.")]


def test_a_subtotal_that_was_never_computed_is_said_not_refused(tmp_path: Path) -> None:
    rows = [list(each) for each in WELDING]
    rows[7][3], rows[11][3] = "=SUM(D5:D7)", "=SUM(D9:D11)→0"
    scheme = scheme_of(tmp_path, rows, MERGED)
    assert errors(scheme) == []
    assert [where for where, says in notes(scheme) if "without a stored result" in says] == ["模块A!D8", "模块A!D12"]


@pytest.mark.parametrize("typed", ["２０", "20分", " 20 ", "20.0"])
def test_a_number_typed_as_text_is_taken_with_a_note(tmp_path: Path, typed: str) -> None:
    scheme = scheme_of(tmp_path, changed(5, 4, typed), MERGED)
    assert errors(scheme) == []
    assert (notes(scheme)[1][0], scheme.aspects[0].points) == ("模块A!D5", 20)


def test_hidden_rows_are_read_and_hidden_worksheets_are_not(tmp_path: Path) -> None:
    book = save(tmp_path / "b.xlsx", {"A": WELDING, "旧": WELDING}, MERGED, hidden=("旧",), hidden_rows=(6, 7))
    scheme = read_scheme(book)
    assert len(scheme.aspects) == 7
    assert [f for f in notes(scheme) if "idden" in f[1]] == [
        ("A!6:7", "Hidden rows 6, 7 were read too. Delete those that don't count."),
        ("旧", "A hidden worksheet; it was not read. Unhide it if it counts."),
    ]


def test_points_shared_by_several_items_are_refused_once(tmp_path: Path) -> None:
    rows = changed(6, 4, None)
    rows[6][3] = None
    scheme = scheme_of(tmp_path, rows, (*MERGED, "D5:D7"))
    assert errors(scheme) == [
        ("模块A!D5", "Several items share one cell of points; split it and say what each is worth.")
    ]


def test_without_a_word_on_the_judges_the_draft_is_refused_until_somebody_decides(tmp_path: Path) -> None:
    rows: Rows = [("评分项", "配分", "类型", "评分标准"), ("观感", 100, "J", LEGEND)]
    scheme = scheme_of(tmp_path, rows)
    assert [where for where, _ in errors(scheme)] == ["评分表.xlsx"]
    text = draft_text(scheme, "draft")
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    assert ["combine is missing" in finding.en for finding in load(file).findings] == [True]
    file.write_text(text.replace('# combine = { method = "mean"', 'combine = { method = "mean"'), encoding="utf-8")
    assert load(file).rules is not None


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"\xd0\xcf\x11\xe0" + b"0" * 100, "old .xls or has a password"), (b"a,b\n1,2\n", "no readable .xlsx")],
)
def test_what_is_no_workbook_is_refused_in_words(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "b.xlsx"
    file.write_bytes(content)
    with pytest.raises(CompetitionError, match=says):
        read_scheme(file)


def test_a_workbook_without_items_says_so(tmp_path: Path) -> None:
    scheme = scheme_of(tmp_path, [("姓名", "单位"), ("张三", "一厂")])
    assert [says for _, says in errors(scheme)] == [
        "No items found. The heading row needs a column of items and one of points."
    ]


TEXTS = st.sampled_from(
    [
        "",
        None,
        "小计",
        "合计",
        "模块一",
        "余高",
        "M",
        "J",
        "扣分",
        "5分",
        "每处扣2分",
        LEGEND,
        *JUDGES,
        "注：取平均",
        '"引\\',
        "20%",
        "A1",
    ]
)
CELLS = st.one_of(TEXTS, st.integers(-5, 100), st.sampled_from([0.5, 7.25]), st.text(max_size=5))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, max_size=7), max_size=12),
    merged=st.sampled_from([(), ("A2:A4",), ("D2:D3", "A5:F5")]),
)
def test_whatever_stands_in_the_table_the_draft_is_toml(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Cell]], merged: Sequence[str]
) -> None:
    """No workbook makes the reader fall over, and one without an error is legal at once."""
    rows = [[None if isinstance(c, str) and c.startswith(("=", "{")) else c for c in row] for row in rows]
    folder = tmp_path_factory.mktemp("any")
    scheme = scheme_of(folder, [HEAD, *rows], merged)
    tomllib.loads(draft_text(scheme, "draft"))
    if not errors(scheme):
        drafted(folder, scheme)
