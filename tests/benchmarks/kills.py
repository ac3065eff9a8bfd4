"""`python -m tests.benchmarks.kills`: a batch whose process is killed (SIGKILL) at random moments, gone on with until it is whole.

Each folder is printed by processes of their own; each is killed after a random share of the time that an undisturbed one takes from its
first file to its end, the next goes on. Whole folders must hold the same bytes as one printed in one go. KILLS.md has the last run.
"""

import argparse
import pickle
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from competition.publish.batches import MANIFEST, Batch, progress_of
from competition.publish.design import load_design
from tests.benchmarks.paper import people
from tests.benchmarks.paper_peers import ADDRESS, AWARD

ROOT = Path(__file__).parents[2]
CERTIFICATES, CHUNK = 24, 2
PROGRAM = (
    "import sys, pickle; from pathlib import Path; from competition.publish.batches import print_batch; "
    "print_batch(Path(sys.argv[1]), pickle.load(open(sys.argv[2], 'rb')), Path('templates'))"
)


@dataclass
class Tally:
    """What became of it all: deaths, by how many files were there, deaths that left a piece of a file, folders and how many agree."""

    deaths: int = 0
    at: Counter[int] = field(default_factory=Counter)
    pieces: int = 0
    folders: int = 0
    same: int = 0


def main() -> None:
    """Kill so many processes and say what came of it; ends with 1 if a folder differs."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--kills", type=int, default=50)
    said.add_argument("--seed", type=int, default=6)
    said.add_argument("--out", type=Path, default=Path(__file__).with_name("KILLS.md"))
    asked = said.parse_args()
    with TemporaryDirectory() as place:
        batch = Path(place) / "batch.pickle"
        batch.write_bytes(pickle.dumps(Batch(load_design(AWARD), people(CERTIFICATES), ADDRESS, chunk=CHUNK)))
        tally = killed(Path(place), batch, asked.kills, Random(asked.seed))
    asked.out.write_text(page(tally, asked.seed), "utf-8")
    print(page(tally, asked.seed))
    sys.exit(tally.same != tally.folders)


def killed(place: Path, batch: Path, kills: int, random: Random) -> Tally:
    """Folder after folder until so many processes were killed while they printed."""
    child = started(place / "whole", batch)
    begun = until_begun(place / "whole", child)
    child.wait()
    takes, wanted, tally = time.monotonic() - begun, bytes_of(place / "whole"), Tally()
    while tally.deaths < kills:
        folder = place / str(tally.folders)
        tally.folders += 1
        while not (folder / MANIFEST).exists() or not progress_of(folder).whole:
            child = started(folder, batch)
            until_begun(folder, child)
            if tally.deaths < kills:
                time.sleep(random.random() * takes)
                child.send_signal(signal.SIGKILL)
            if (code := child.wait()) > 0:
                raise RuntimeError(f"the batch itself failed in {folder}")
            if code == -signal.SIGKILL:
                tally.deaths += 1
                tally.at[len(list(folder.glob("*.pdf")))] += 1
                tally.pieces += any(folder.glob("*.part"))
        for piece in folder.glob("*.part"):  # what a death leaves beside the files; nobody reads it
            piece.unlink()
        tally.same += bytes_of(folder) == wanted
    return tally


def started(folder: Path, batch: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder), str(batch)], cwd=ROOT)


def until_begun(folder: Path, child: "subprocess.Popen[bytes]") -> float:
    """Wait for the child's next file, or its end; when that was. What loads before it prints is not what is tried."""
    before = names(folder)
    while child.poll() is None and names(folder) == before:
        time.sleep(0.005)
    return time.monotonic()


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} if folder.exists() else set()


def bytes_of(folder: Path) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def page(tally: Tally, seed: int) -> str:
    files = CERTIFICATES // CHUNK + 1
    where = "\n".join(f"| {n} | {tally.at[n]} |" for n in sorted(tally.at))
    return (
        "# Batches whose process was killed\n\n"
        f"One run of `python -m tests.benchmarks.kills --kills {tally.deaths} --seed {seed}`: {CERTIFICATES} certificates in "
        f"{files - 1} files and a list.\n\n"
        f"**{tally.deaths} processes were killed (SIGKILL)** at random moments, {tally.pieces} of them left a piece of a file. "
        f"**{tally.same} of {tally.folders} folders, gone on with until they were whole, hold the same bytes** as the one that was "
        "printed in one go.\n\n"
        f"| PDF files there at the death, of {files} | deaths |\n|--:|--:|\n{where}\n"
    )


if __name__ == "__main__":
    main()
