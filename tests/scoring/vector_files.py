"""The field's vectors (../shared/reference/vectors), read with exact numbers; tests without them are skipped, saying so."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "vectors"


def vector(name: str) -> Any:
    """A vector file: parsed JSON, or the rows of a CSV."""
    file = FOLDER / name
    if not file.is_file():
        pytest.skip(f"../shared/reference/vectors is not here: {name} can't be compared")
    text = file.read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines())) if name.endswith(".csv") else json.loads(text, parse_float=Decimal)
