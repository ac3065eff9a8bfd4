"""核对存档 / check an archived event with Python 3 alone: python3 核对.py

It reads ledger.jsonl, adds up the hash of every line, and compares the end of the chain with heads.json (the signed paper beside it shows
the same), and each release's bytes with the digest that the ledger has of them. This file stands in every archive as it stands here, so it
uses nothing but the standard library.
"""

import hashlib
import json
import sys
from pathlib import Path


def faults(folder: Path) -> list[str]:
    """What doesn't agree, in words; empty when all does."""
    found: list[str] = []
    ends: dict[str, tuple[int, str]] = {}
    told: set[str] = set()
    for number, text in enumerate((folder / "ledger.jsonl").read_text(encoding="utf-8").splitlines(), 1):
        line = json.loads(text)
        chain = f"{line['event_id']}|{line['origin']}"
        n, prev = ends.get(chain, (0, _digest(chain)))
        said = f"{line['prev']}|{line['n']}|{line['kind']}|{line['id']}|{line['at']}|{line['body']}"
        if (line["n"], line["prev"]) != (n + 1, prev):
            found.append(f"第 {number} 行与上一行不相接 / line {number} does not follow the one before")
        elif _digest(said) != line["hash"]:
            found.append(f"第 {number} 行被改动 / line {number} was changed")
        ends[chain] = (line["n"], line["hash"])
        if line["kind"] in ("notice", "final"):
            told.add(json.loads(line["body"])["document"])
    heads = json.loads((folder / "heads.json").read_text(encoding="utf-8"))["heads"]
    known = {f"{head['event_id']}|{head['origin']}": (head["n"], head["hash"]) for head in heads}
    for chain, end in ends.items():
        if known.get(chain) != end:
            found.append(f"{chain} 的链尾与 heads.json 不同 / the end of {chain} differs from heads.json")
    for file in sorted(folder.glob("release-*.json")):
        if hashlib.sha256(file.read_bytes()).hexdigest() not in told:
            found.append(f"{file.name} 不是账本里公布的内容 / {file.name} is not what the ledger says was released")
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> int:
    """Say what was found; 1 when something doesn't agree."""
    found = faults(Path(__file__).parent)
    print("\n".join(found) if found else "全部相符 / everything agrees")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
