"""Single cells of a marking scheme's table, understood: what an item is worth, of which kind it is, what its criteria say."""

from decimal import Decimal

from competition.rules.drafting.scheme import Scheme, kind_of, number_in, percent_in
from competition.rules.drafting.table import Columns
from competition.workbook import Worksheet

KNOWN = ("应为：测量 M、评价 J、是否、扣分、打分。", "use measurement M, judgement J, yes/no, deduction or points.")


class Cells:
    """The cells of one table by row and by what their column holds. Doubts go to the scheme's findings."""

    def __init__(self, sheet: Worksheet, columns: Columns, scheme: Scheme) -> None:
        self.sheet, self.columns, self.scheme = sheet, columns, scheme
        self.shared: set[tuple[int, int]] = set()

    def at(self, row: int, name: str) -> str:
        """The address of a row's cell in a column that the table has."""
        return self.sheet.at(row, self.columns.of[name])

    def own(self, row: int, name: str) -> str:
        """The text that stands in this row itself; "" if there is none or no such column."""
        column = self.columns.get(name)
        cell = self.sheet.own(row, column) if column else None
        return cell.text if cell else ""

    def seen(self, row: int, name: str) -> str:
        """The text a reader sees in this row, also of a merged cell that starts above."""
        column = self.columns.get(name)
        cell = self.sheet.seen(row, column) if column else None
        return cell.text if cell else ""

    def percent(self, row: int, name: str) -> Decimal | None:
        """A percentage, written as 20, "20%", or 0.2 shown as 20%."""
        column = self.columns.get(name)
        cell = self.sheet.seen(row, column) if column else None
        if cell is None:
            return None
        if isinstance(cell.value, Decimal):
            return (cell.value * 100).normalize() if cell.percent else cell.value
        return percent_in(cell.text)[1]

    def criteria(self, row: int) -> str:
        """What the columns of criteria say, line breaks kept."""
        cells = [self.sheet.own(row, column) for column in self.columns.texts]
        return "\n".join(cell.value if isinstance(cell.value, str) else cell.text for cell in cells if cell)

    def legend(self, row: int) -> dict[int, str]:
        """The descriptors of the scores 0 to 3 that have columns of their own."""
        cells = {score: self.sheet.own(row, column) for score, column in self.columns.scores.items()}
        return {score: cell.text for score, cell in cells.items() if cell and cell.text}

    def number(self, row: int, column: int) -> Decimal | None:
        """The number in a cell; a number typed as text is taken with a note, anything else is a finding."""
        cell, where = self.sheet.cells[row, column], self.sheet.at(row, column)
        if isinstance(cell.value, Decimal):
            return cell.value
        if cell.value is None:
            zh = "公式没有存下结果。请在 Excel 中打开并保存一次，或直接写数。"
            en = "A formula without a stored result. Open the workbook in Excel and save it, or write the number."
            self.scheme.error(where, zh, en)
            return None
        number = number_in(cell.value)
        if number is None:
            self.scheme.error(
                where, f"“{cell.text}”不是数。请只写数。", f'"{cell.text}" is not a number; write the number alone.'
            )
        else:
            zh = f"文字“{cell.text}”按数 {number:f} 读。"
            self.scheme.note(where, zh, f'The text "{cell.text}" was read as the number {number:f}.')
        return number

    def points(self, row: int) -> Decimal | None:
        """What an item is worth; None, with a finding, where that isn't clear. A deduction may say it in its criteria."""
        column = self.columns.of["points"]
        cell = self.sheet.own(row, column)
        if cell is None:
            if self.sheet.covered(row, column):
                self._one_for_several(self.sheet.merged[row, column])
            elif self.kind(row) != "deducted":
                self.scheme.error(self.sheet.at(row, column), "没有配分。请填写。", "No points. Fill them in.")
            return None
        if cell.percent:
            zh = f"{cell.text} 的格式是百分比，不是分值。"
            self.scheme.error(self.sheet.at(row, column), zh, f"{cell.text} is formatted as a percentage, not points.")
            return None
        number = self.number(row, column)
        if number == 0:
            zh = "配分为 0。请改正或删去这一项。"
            self.scheme.error(self.sheet.at(row, column), zh, "Worth 0 points. Correct it or delete the item.")
        return number or None

    def _one_for_several(self, top: tuple[int, int]) -> None:
        if top not in self.shared:
            self.shared.add(top)
            zh = "几个评分项合用一格配分，不知道各值几分。请拆分单元格。"
            en = "Several items share one cell of points; split it and say what each is worth."
            self.scheme.error(self.sheet.at(*top), zh, en)

    def kind(self, row: int) -> str:
        """The kind that the type cell names; "" where it names none."""
        return kind_of(self.seen(row, "type"))

    def settled(self, row: int, points: Decimal | None) -> str:
        """The kind of an item. Without a column of types a number below 0 is a deduction, everything else is points."""
        if self.columns.get("type") is None:
            return "deducted" if points is not None and points < 0 else "points"
        kind, said = self.kind(row), self.seen(row, "type")
        if not kind:
            zh = f"类型“{said}”不认识，{KNOWN[0]}" if said else f"没有类型，{KNOWN[0]}"
            self.scheme.error(
                self.at(row, "type"), zh, f'Unknown type "{said}"; {KNOWN[1]}' if said else f"No type; {KNOWN[1]}"
            )
        return kind or "points"
