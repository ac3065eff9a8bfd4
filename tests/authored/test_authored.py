"""Contests written from the guide alone: they still check, and their hand-worked cases still come out."""

from pathlib import Path

import pytest

from competition.scoring import check

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["ski_jumping", "sheepdog_trial", "debate_bp"])
def test_an_authored_contest_comes_out_as_worked_by_hand(name: str) -> None:
    report = check([HERE / name])
    assert [str(finding) for finding in report.findings if finding.severity == "error"] == []
    assert (report.files, report.cases >= 3) == (1, True)
