"""Strings in their places: smaller, then broken, then refused; dates in Chinese; fonts by coverage."""

from dataclasses import replace
from datetime import date

import pytest

from competition.errors import CompetitionError
from competition.publish.certificate import chinese_date
from competition.publish.fitting import MM_PER_POINT, Field, break_lines, fit
from competition.publish.typefaces import FontName, cut_down_slowly, glyph_numbers, setting, width

KAI = FontName("LXGW WenKai")
SERIF = FontName("Noto Serif CJK SC")
TEN = Field(face="name", size=20, width=10 * 20 * MM_PER_POINT, lines=2)


def test_full_size_then_smaller_then_two_lines_then_refused() -> None:
    sizes = [(fit("名" * n, TEN, (KAI,)).size, len(fit("名" * n, TEN, (KAI,)).lines)) for n in (10, 11, 12, 13, 20, 24)]
    assert sizes == [(20, 1), (18, 1), (16, 1), (20, 2), (20, 2), (16, 2)]
    assert not fit("名" * 25, TEN, (KAI,)).fits


def test_a_paragraph_takes_its_lines_before_it_shrinks() -> None:
    flowing = Field(face="text", size=20, width=TEN.width, lines=2, flowing=True)
    assert fit("文" * 12, flowing, (KAI,)).size == 20


def test_no_line_starts_or_ends_with_the_wrong_sign() -> None:
    chosen = setting("我们（技能）竞赛，优异。", [KAI])
    field = Field(face="text", size=10, width=1, keep=0)
    lines = break_lines("我们（技能）竞赛，优异。", chosen, 3, field)
    assert "".join(lines) == "我们（技能）竞赛，优异。"
    assert not [line for line in lines if line[0] in "，。）" or line[-1] in "（“"]


def test_numbers_and_words_are_not_cut() -> None:
    field = Field(face="text", size=10, width=1, keep=0)
    assert break_lines("编号2026年", setting("编号2026年", [KAI]), 3.8, field) == ("编号", "2026年")


def test_a_list_of_names_is_broken_between_names() -> None:
    field = replace(TEN, flowing=True, after="、：", keep=2)
    assert fit("队员：张明远、李若溪、王子涵", field, (KAI,)).lines == ("队员：张明远、", "李若溪、王子涵")
    too_long = "阿卜杜克热木买买提依明吐尔"
    assert fit(too_long, field, (KAI,)).lines == (too_long[:10], too_long[10:])


def test_a_label_is_broken_between_words_while_it_fits_so() -> None:
    """Words stay whole if the lines suffice; a name that fills both lines is broken where it must be."""
    assert fit("示例市现代饮品行业协会联合会", TEN, (KAI,)).lines == ("示例市现代饮品行业", "协会联合会")
    full = "示例市绿色食品行业职工技能竞赛组织委员会"
    assert fit(full, replace(TEN, width=TEN.width * 0.8), (KAI,)).lines == (full[:10], full[10:])


def test_one_hand_for_one_string() -> None:
    """A string goes to the first font that has all of it; only what no font has is missing."""
    assert setting("㛃𬴊䶮𠮷", [KAI, SERIF]).fonts == (KAI,)
    assert setting("王\U0003fffd", [KAI, SERIF]).missing == ("\U0003fffd",)


def test_a_font_that_is_not_there_says_what_to_install() -> None:
    with pytest.raises(CompetitionError, match="fonts-noto-cjk"):
        setting("王", [FontName("No Such Face")])


def test_fonttools_cuts_the_same_characters_when_harfbuzz_cannot() -> None:
    cut = cut_down_slowly(KAI, [ord("㛃"), ord("王")])
    assert len(cut) < 20_000
    assert all(glyph_numbers(cut, "㛃王").values())


def test_widths_are_the_fonts_own() -> None:
    assert width("王王", setting("王王", [KAI])) == 2.0


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 22), "二〇二六年十一月二十二日"),
        (date(2030, 10, 10), "二〇三〇年十月十日"),
        (date(2026, 1, 31), "二〇二六年一月三十一日"),
        (date(2026, 12, 20), "二〇二六年十二月二十日"),
    ],
)
def test_dates_in_chinese(day: date, said: str) -> None:
    assert chinese_date(day) == said
