"""Open data: CSV that no spreadsheet runs, JSON that stays exact, xlsx with numbers as numbers."""

import json
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

from competition.publish.tables import Column, csv_table, json_table, xlsx_table

COLUMNS = (Column("rank", "名次"), Column("code", "评审号"), Column("total", "总分"), Column("unit", "单位"))
ROWS = [
    {"rank": 1, "code": "007", "total": "86.50", "unit": "云溪，饮品"},
    {"rank": None, "code": "B-2", "total": "-3.25", "unit": '=HYPERLINK("http://x")'},
    {"rank": 3, "code": "@SUM", "total": "123456789012.123456", "unit": "＝1+1"},
]
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_csv_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    data = csv_table(COLUMNS, ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n") == [
        "名次,评审号,总分,单位",
        "1,007,86.50,云溪，饮品",
        ',B-2,-3.25,"\'=HYPERLINK(""http://x"")"',
        "3,'@SUM,123456789012.123456,'＝1+1",
        "",
    ]


def test_json_keeps_decimals_as_they_are() -> None:
    said = json.loads(json_table(COLUMNS, ROWS, {"event": "咖啡师"}))
    assert said["about"] == {"event": "咖啡师"}
    assert said["rows"][0] == {"rank": 1, "code": "007", "total": "86.50", "unit": "云溪，饮品"}
    assert said["rows"][1]["rank"] is None


def test_xlsx_writes_numbers_with_their_places_and_no_formulas() -> None:
    data = xlsx_table(COLUMNS, ROWS, title="成绩/汇总", at=AT)
    with ZipFile(BytesIO(data)) as book:
        sheet, styles, workbook = (
            book.read(f"xl/{name}.xml").decode() for name in ("worksheets/sheet1", "styles", "workbook")
        )
    assert "<f>" not in sheet
    assert "<v>86.5</v>" in sheet
    assert 'formatCode="0.00"' in styles or 'numFmtId="2"' in styles
    assert 'name="成绩 汇总"' in workbook
    assert xlsx_table(COLUMNS, ROWS, title="成绩/汇总", at=AT) == data


def test_xlsx_leaves_codes_and_long_decimals_as_text() -> None:
    with ZipFile(BytesIO(xlsx_table(COLUMNS, ROWS, title="t", at=AT))) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<t>007</t>" in strings
    assert "123456789012.123456" in strings
