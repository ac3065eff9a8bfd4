"""How many places a share comes to."""

from .awards import quota
from .vectors import needs_vectors, vectors

ROUNDINGS = {"half_up": "half_up", "ceil": "ceiling", "floor": "floor", "cumulative_half_up": "cumulative"}


@needs_vectors
def test_ten_twenty_thirty_percent_in_four_roundings() -> None:
    for case in vectors("award_quota_cases.json")["cases"]:
        for name, rounding in ROUNDINGS.items():
            awards = [{"share": share, "of": "entered", "rounding": rounding} for share in (10, 20, 30)]
            assert quota(awards, entered=case["n"], ranked=0) == case[name], (case["n"], name)
