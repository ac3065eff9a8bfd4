"""The doctor names what is missing and the line that mends it, and changes nothing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from competition.cli import doctor as room
from competition.cli import group


def test_missing_library_is_named_with_its_package_and_its_price(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.LIBRARIES, "libnone.so.9", ("libharfbuzz-subset0", "慢约 45 倍", "45 times slower"))
    check = room.library("libnone.so.9")
    assert not check.fine
    assert "45" in check.says
    assert check.mend == "sudo apt-get install -y libharfbuzz-subset0"


def test_missing_font_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(room, "FONT_FOLDERS", (str(tmp_path),))
    check = room.font("LXGWWenKai-Regular*")
    assert (check.fine, check.mend) == (False, "sudo apt-get install -y fonts-lxgw-wenkai")
    (tmp_path / "LXGWWenKai-Regular.ttf").touch()
    assert room.font("LXGWWenKai-Regular*").fine


def test_data_others_can_read_is_a_fault(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir(mode=0o755)
    assert room.permissions(var).mend == f"chmod 700 {var}"
    var.chmod(0o700)
    assert room.permissions(var).fine


def test_a_folder_not_made_yet_is_fine(tmp_path: Path) -> None:
    assert room.permissions(tmp_path / "new" / "var").fine
    assert room.free_disk(tmp_path / "new" / "var").says.endswith("GiB / free")


def test_exit_code_is_one_when_something_is_to_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir(mode=0o755)
    result = CliRunner().invoke(group, ["doctor", "--var", str(tmp_path / "var")])
    assert result.exit_code == 1
    assert f"→ chmod 700 {tmp_path / 'var'}" in result.output
    assert not list((tmp_path / "var").iterdir())
