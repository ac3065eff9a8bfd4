"""The rule language: a contest's rules as one readable text file, checked, typed and explained.

What is here: reading TOML with positions (`source`, `table`), the model (`model`, `scales`), formulas and the plan of exact
operations they become (`formula`, `nodes`, `resolve`), what tablets and paper show (`forms`), and the file in words (`explain`).
What is not: marks, standings, a database. Nothing is imported from the rest of the program.
"""

from competition.rules.explain import explain
from competition.rules.forms import sheet_form
from competition.rules.model import Input, Item, Module, Panel, Part, Rules, Section, Sheet, Text
from competition.rules.read import Loaded, load, load_text, thaw

__all__ = [
    "Input",
    "Item",
    "Loaded",
    "Module",
    "Panel",
    "Part",
    "Rules",
    "Section",
    "Sheet",
    "Text",
    "explain",
    "load",
    "load_text",
    "sheet_form",
    "thaw",
]
