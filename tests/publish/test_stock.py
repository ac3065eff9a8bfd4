"""Pre-printed stock: what is measured on the calibration page becomes the tray's correction, exactly."""

from decimal import Decimal as D
from fractions import Fraction
from io import BytesIO

import pypdfium2
import pytest

from competition.errors import MarkError
from competition.publish.stock import LINE, SPAN, Tray, calibration_page, measured


@pytest.mark.parametrize(
    ("left", "top", "right", "down"),
    [("20", "20", 0, 0), ("17.0", "22.0", 30, -20), ("20.3", "19.8", -3, 2), ("20.04", "20.06", 0, -1)],
)
def test_things_move_by_what_is_lacking_to_twenty_millimetres(left: str, top: str, right: int, down: int) -> None:
    tray = measured("HP", "手送", D(left), D(top))
    assert (tray.right, tray.down, tray.across, tray.along) == (right, down, 1, 1)


def test_a_page_printed_too_small_is_stretched_and_both_lines_stand_right() -> None:
    """A driver that prints at 99 %: 20 mm come out as 19.8, 200 as 198."""
    tray = measured("HP", "1", D("19.8"), D("20"), across=D("198"))
    assert tray.across == Fraction(200, 198)
    for line in (LINE, LINE + SPAN[0]):
        sent, _ = tray.moved(line, 0)
        assert sent * 0.99 == pytest.approx(line, abs=0.1)


def test_what_no_printer_does_is_refused_with_what_to_do() -> None:
    for wrong in (
        {"left": D("31"), "top": D(20)},
        {"left": D(20), "top": D("9.9")},
        {"left": D(20), "top": D(20), "across": D("187.5")},
        {"left": D(20), "top": D(20), "along": D(0)},
    ):
        with pytest.raises(MarkError, match="100 %") as refused:
            measured("HP", "1", **wrong)
        assert "实际大小 100%" in refused.value.zh


def test_the_calibration_page_has_its_lines_at_twenty_millimetres() -> None:
    """Looked for in the picture, at ten dots a millimetre."""
    page = pypdfium2.PdfDocument(BytesIO(calibration_page(("校准页", "量两条线"))))[0]
    picture = page.render(scale=254 / 72, grayscale=True).to_pil()
    edge = 5  # dots from the paper's edge, where only the lines are
    dark_x = [x for x in range(picture.width) if picture.getpixel((x, edge)) < 128]
    dark_y = [y for y in range(picture.height) if picture.getpixel((edge, y)) < 128]
    for dark, meant in ((dark_x, (LINE, LINE + SPAN[0])), (dark_y, (LINE, LINE + SPAN[1]))):
        middles = [(lines[0] + lines[-1] + 1) / 20 for lines in runs(dark)]
        assert middles == [pytest.approx(line, abs=0.06) for line in meant]


def runs(numbers: list[int]) -> list[list[int]]:
    """Numbers that follow each other, together."""
    found: list[list[int]] = []
    for n in numbers:
        if found and found[-1][-1] == n - 1:
            found[-1].append(n)
        else:
            found.append([n])
    return found


def test_a_true_tray_moves_nothing() -> None:
    assert Tray("HP", "1").moved(12.5, 99.25) == (12.5, 99.25)
