"""The audit at the desk: clean on an untouched store, loud on a changed one, for supervisor and organiser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from competition.judging.auditing import read_export
from tests.laid_out import LaidOut
from tests.web.seal_stage import SECRETS, Sealing, lay_out, served, words


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        stage.seal()
        stage.mark_everything_but_the_draw()
        yield open_stage


def test_everything_agrees_until_somebody_touches_the_file(stage: Sealing) -> None:
    assert "核对全部" in words(stage.get("supervisor", "/desk/audit").text)
    page = stage.get("supervisor", "/desk/audit?run=1").text
    assert "0 次公布全部相符" in words(page)
    kept = read_export(stage.get("supervisor", "/desk/audit/heads.json").json())
    assert kept.code in page
    with stage.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE judging_code SET code = 'P77' WHERE code = 'P01'")
    page = stage.get("supervisor", "/desk/audit?run=1").text
    assert "1 处不符" in words(page)
    assert "编号对照表或种子" in page
    assert [secret for secret in SECRETS if secret in page] == []


def test_it_is_for_supervisors_and_organisers(stage: Sealing) -> None:
    for role in ("chief", "clerk", "encryptor", "announcer", "stranger"):
        for page in ("/desk/audit", "/desk/audit?run=1", "/desk/audit/heads.json"):
            assert stage.get(role, page).status_code == 403
