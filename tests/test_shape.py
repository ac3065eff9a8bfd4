"""What keeps the house in shape: each rule here has a machine behind it, and says why it is a rule."""

import re
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = {".py", ".toml", ".md", ".html", ".css", ".js", ".lock", ".sh", ".csv", ".txt", ".svg", ""}


def tracked(pattern: str = "") -> list[Path]:
    """Files that are part of the project, from git; without git (a tarball) everything in the usual folders."""
    listing = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    names = listing.stdout.splitlines() or [
        str(p.relative_to(ROOT)) for p in ROOT.rglob("*.*") if not p.parts[len(ROOT.parts)].startswith(".venv")
    ]
    return [ROOT / name for name in names if name.endswith(pattern) and (ROOT / name).is_file()]


def test_imports_point_one_way() -> None:
    """The layers of pyproject.toml: scoring knows no database, nothing below the web knows the web."""
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([command, "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert "0 broken" in run.stdout, run.stdout + run.stderr


def test_map_in_readme_is_the_house() -> None:
    """A map that lies is worse than none: every folder in it exists, and every folder of the first two floors is in it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"<!-- map -->\n```\n(.*?)```", readme, re.DOTALL)
    drawn: set[str] = set()
    above = ""
    for line in block.splitlines():
        name = line.split()[0].rstrip("/")
        above = above if line.startswith(" ") else ""
        drawn.add(f"{above}{name}")
        above = above or f"{name}/"
    files = [path.relative_to(ROOT) for path in tracked()]
    top = {path.parts[0] for path in files if len(path.parts) > 1 and not path.parts[0].startswith(".")}
    rooms = {f"competition/{path.parts[1]}" for path in files if path.parts[0] == "competition" and len(path.parts) > 2}
    assert {name for name in drawn if (ROOT / name).is_dir()} == top | rooms
    assert [name for name in drawn if not (ROOT / name).exists()] == []


def test_no_registry_or_machine_is_named() -> None:
    """Which mirror a machine installs from is that machine's business, and so are its folders."""
    hosts = ["pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "npm" + "mirror", "tuna." + "tsinghua"]
    paths = ["/work/" + "main", "/work/" + "shared", "/opt/" + "pypi", "/tmp/" + "c/", "/root/" + ".pyenv"]
    named = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked()
        if path.suffix in TEXT
        for word in hosts + paths
        if word in path.read_text(encoding="utf-8", errors="replace")
    }
    assert named == set()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock", "requirements-bench.lock"])
def test_lock_holds_hashes_and_no_address(lock: str) -> None:
    """Any mirror will do, because every file is known by its hash."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|^-", text, re.MULTILINE)
    packages = re.findall(r"^[a-z0-9-]+==.*(?:\n    --hash=.*)*", text, re.MULTILINE)
    assert [package.splitlines()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_lock_covers_what_the_program_needs() -> None:
    """A dependency added to pyproject.toml and forgotten in the lock breaks the next fresh machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for lock, wanted in [
        ("requirements.lock", project["dependencies"]),
        ("requirements-test.lock", project["dependencies"] + project["optional-dependencies"]["test"]),
        ("requirements-bench.lock", project["dependencies"] + project["optional-dependencies"]["bench"]),
    ]:
        locked = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        names = {re.split(r"[<>=~\[; ]", line, maxsplit=1)[0].lower().replace("_", "-") for line in wanted}
        assert names - locked == set(), f"run `make lock` ({lock})"


def test_scoring_takes_no_inexact_shortcut() -> None:
    """polars answers mean, median and std as floats (code-style traps 1 and 5), and float() loses digits."""
    banned = re.compile(r"\.(mean|median|std|var|quantile)\(\)|\bfloat\(|pl\.Float")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in tracked(".py")
        if path.relative_to(ROOT).parts[:2] == ("competition", "scoring")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if banned.search(line)
    ]
    assert found == []


def test_no_room_is_called_utils() -> None:
    """Such a name gathers everything; when a file outgrows its name it becomes a folder by task."""
    names = {"utils", "helpers", "managers", "services", "base", "constants", "common"}
    assert [str(path) for path in tracked(".py") if path.stem in names or path.parent.name in names] == []


def test_long_files_are_talked_about() -> None:
    """Over 300 lines is a question for the next review, not a fault."""
    for path in tracked(".py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > 300:
            warnings.warn(f"{path.relative_to(ROOT)} has {lines} lines: split it by task?", stacklevel=1)
