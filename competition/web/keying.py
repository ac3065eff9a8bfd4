"""What a person types at a desk, as a mark: the canonical text of a legal value, or a refusal that says what is wrong."""

import re
import unicodedata

from competition.errors import MarkError
from competition.rules import Item
from competition.rules.scales import UNANSWERED, Scale

WIDE = re.compile(r"[！-～　]")  # the full-width forms of ASCII, and the full-width blank
ZEROS = re.compile(r"(-?[0-9]+)\.(?:([0-9]*[1-9])0+|0+)")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
DASHES = ("-", "－", "–", "——", "未答")  # ways of keying that a question was left blank
PARTED = re.compile(r"[\s,，、;；>＞→-]+")


def keyed(item: Item, typed: str) -> str:
    """The canonical value of what was typed for `item`. MarkError names the item and what is legal.

    Forgiven: blanks around it, zeros after the point (a spreadsheet's 88.50), a ranking without blanks. Full-width digits
    are refused by name: whoever checks the card must see on the screen what the ledger holds.
    """
    text = unicodedata.normalize("NFC", typed).strip()
    if item.scale is not None and not item.scale.numeric and text in DASHES:
        text = UNANSWERED
    elif item.scale is not None and item.scale.numeric:
        if wide := wide_part(text):
            plain = unicodedata.normalize("NFKC", text).strip()
            raise MarkError(
                f"“{text}”里的“{wide}”是全角字符，请改成半角“{plain}”。",
                f"“{wide}” in “{text}” is full-width; write “{plain}”.",
            )
        text = _without_zeros(text)
    elif item.scale is not None and (item.scale.type == "order" or letters_of(item.scale)):
        text = _options(text, item.scale.options)
    elif item.scale is not None and item.scale.type == "choices":
        # “BAC”, “b,a,c” and “AABC” are all the choice "A B C".
        named = _options(text, item.scale.options).split(" ")
        known = set(named) <= set(item.scale.options)
        text = " ".join(option for option in item.scale.options if option in named) if known else text
    return item.parse(text)


def keyed_number(typed: str) -> str:
    """A number read off a paper list, without blanks and idle zeros. MarkError for full-width digits and what is none."""
    text = typed.strip()
    if wide := wide_part(text):
        plain = unicodedata.normalize("NFKC", text).strip()
        raise MarkError(
            f"“{text}”里的“{wide}”是全角字符，请改成半角“{plain}”。",
            f"“{wide}” in “{text}” is full-width; write “{plain}”.",
        )
    if not NUMBER.fullmatch(text):
        raise MarkError(
            f"“{text}”不是数。请填纸质名单上的数。", f"“{text}” is no number. Enter the paper list's number."
        )
    return _without_zeros(text)


def letters_of(scale: Scale) -> str:
    """The letters of a choice whose options are single letters, such as "A B C D": typed quicker than chosen; else ""."""
    if scale.type != "choice" or any(len(option) > 1 for option in scale.options):
        return ""
    return " ".join(scale.options)


def wide_part(text: str) -> str:
    """The full-width characters of a text, as they stand; "" when there are none."""
    return "".join(WIDE.findall(text))


def _without_zeros(text: str) -> str:
    found = ZEROS.fullmatch(text)
    return text if found is None else f"{found[1]}.{found[2]}" if found[2] else found[1]


def _options(text: str, options: tuple[str, ...]) -> str:
    """“bac”, “B、A、C” and “B>A>C” are the ranking "B A C"; what is none stays as typed and is refused in its own words."""
    words = [word for word in PARTED.split(unicodedata.normalize("NFKC", text)) if word]
    if len(words) == 1 and max(map(len, options)) == 1:
        words = list(words[0])
    known = {option.casefold(): option for option in options}
    named = [known.get(word.casefold()) for word in words]
    return " ".join(word for word in named if word) if all(named) and named else text
