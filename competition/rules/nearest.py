"""What an unknown name was probably meant to be: a misspelt rule is answered with the word it resembles."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 12
"""So many names are listed when none resembles the unknown one; more would hide the answer."""


def alike(name: str, known: Iterable[str]) -> list[str]:
    """The known names that resemble `name`, most alike first."""
    return get_close_matches(name, sorted(set(known) - {name}), n=8, cutoff=0.6)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that resembles `name` most, if any does."""
    return next(iter(alike(name, known)), None)


def instead(name: str, known: Iterable[str]) -> tuple[str, str]:
    """What to write instead of an unknown name, as a sentence (zh, en)."""
    names = sorted(set(known))
    if meant := nearest(name, names):
        return f"是不是 {meant}？请改正。", f"Did you mean {meant}? Correct it."
    if not names:
        return "这里还没有声明任何一个，请先声明。", "None is declared yet; declare it first."
    shown = " | ".join(names[:_SHOWN]) + (" | …" if len(names) > _SHOWN else "")
    return f"请用其中之一：{shown}。", f"Use one of these: {shown}."
