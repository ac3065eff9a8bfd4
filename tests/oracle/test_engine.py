"""The engine and the oracle say the same of every rule file and all marks that chance brings up."""

from pathlib import Path

from hypothesis import given

from .comparing import by_engine, by_oracle, differences
from .strategies import Case, cases


@given(case=cases())
def test_engine_says_what_the_oracle_says(case: Case, folder: Path) -> None:
    lines = differences(by_oracle(case), by_engine(case, folder))
    assert not lines, "\n".join(["", *lines, repr(case)])
