"""The reference's vectors, kept beside the repository; without them the tests that need them are skipped."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[3] / "shared" / "reference" / "vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.is_dir(), reason="../shared/reference/vectors is not here")


def vectors(name: str) -> Any:
    """A JSON file with its numbers exact."""
    return json.loads((VECTORS / name).read_text("utf-8"), parse_float=Decimal)


def table(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
