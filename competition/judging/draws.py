"""Draws as anybody can repeat them: seeds, lots, and a record that is checked without the store it came from.

In each layer the entries are ordered by HMAC-SHA256(seed, "layer|entry id") and numbered in that order. The seed of a draw of codes
is made of two halves, one from the encryptor and one from the supervisor, each committed beforehand by its digest.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from competition.errors import Finding
from competition.store import digest_of

LETTERS = {1: "S", 2: "G", 3: "P"}
"""参赛号, 工位号, 评审号: the layer and the letter before its numbers."""
HALVES = ("encryptor", "supervisor")


@dataclass(frozen=True, slots=True)
class Half:
    """One role's half of a seed, as it is kept: its words and the machine's salt stay sealed until decoding."""

    role: str
    salt: str
    words: str
    digest: str


def half_digest(event_id: str, role: str, salt: str, words: str) -> str:
    """What a half is committed by. Halves from before there were salts have none."""
    return digest_of([event_id, role, salt, words] if salt else [event_id, role, words])


def seed_of(event_id: str, halves: Mapping[str, Half]) -> str:
    """The seed that both halves give."""
    parts = [halves[role] for role in HALVES]
    return digest_of([event_id, *([half.salt, half.words] if half.salt else half.words for half in parts)])


def draw(seed: str, entry_ids: Sequence[str], layers: Sequence[int] = (1, 2, 3)) -> dict[tuple[str, int], str]:
    """The codes that a seed gives, by entry and layer. The same seed and entries give the same codes, in any order."""
    width = max(2, len(str(len(entry_ids))))
    codes = {}
    for layer in layers:
        ordered = sorted(entry_ids, key=lambda entry: lot(seed, layer, entry))
        for n, entry in enumerate(ordered, start=1):
            codes[entry, layer] = f"{LETTERS[layer]}{n:0{width}d}"
    return codes


def lot(seed: str, what: object, entry: str) -> bytes:
    """What an entry is ordered by."""
    return hmac.new(seed.encode(), f"{what}|{entry}".encode(), hashlib.sha256).digest()


def map_digest(seed: str, codes: Mapping[tuple[str, int], str]) -> str:
    """What a code map is committed by, without telling it."""
    return digest_of([seed, sorted([entry, layer, code] for (entry, layer), code in codes.items())])


def codes_record(event_id: str, drawn_at: str, halves: Mapping[str, Half], codes: Mapping[tuple[str, int], str],
                 digest: str) -> dict[str, Any]:  # fmt: skip
    """The record of a draw of codes, as it is handed out once everything is open. `digest` is what the ledger says."""
    entries: dict[str, dict[str, str]] = {}
    for (entry, layer), code in sorted(codes.items()):
        entries.setdefault(entry, {})[str(layer)] = code
    shown = [
        {"role": half.role, "salt": half.salt, "words": half.words, "digest": half.digest} for half in halves.values()
    ]
    return {
        "kind": "codes", "event": event_id, "drawn_at": drawn_at, "halves": shown, "digest": digest, "entries": entries,
    }  # fmt: skip


def replay(record: Mapping[str, Any]) -> list[Finding]:
    """Draw again from a record, and say everything that is not as it tells. Needs the record alone."""
    try:
        return _replay_order(record) if record["kind"] == "order" else _replay_codes(record)
    except (KeyError, TypeError, ValueError, AttributeError):
        return [
            Finding(
                "record",
                "这不是完整的抽签记录。请从系统重新导出记录文件。",
                "This is not a whole record of a draw. Export it from the system again.",
            )
        ]


def _replay_codes(record: Mapping[str, Any]) -> list[Finding]:
    event = record["event"]
    halves = {one["role"]: Half(one["role"], one["salt"], one["words"], one["digest"]) for one in record["halves"]}
    found = [
        Finding(
            f"seed {half.role}",
            f"{half.role} 的种子与事先公布的摘要不符。",
            f"The {half.role}'s words are not those committed by digest.",
        )
        for half in halves.values()
        if half_digest(event, half.role, half.salt, half.words) != half.digest
    ]
    told = {(entry, int(layer)): code for entry, codes in record["entries"].items() for layer, code in codes.items()}
    seed = seed_of(event, halves)
    drawn = draw(seed, sorted(record["entries"]), sorted({layer for _, layer in told}))
    found += [
        Finding(
            f"{entry} layer {layer}",
            f"记录为 {told.get((entry, layer), '—')}，按种子重抽应为 {code}。",
            f"The record says {told.get((entry, layer), '—')}; the seed gives {code}.",
        )
        for (entry, layer), code in sorted(drawn.items())
        if told.get((entry, layer)) != code
    ]
    if map_digest(seed, told) != record["digest"]:
        found.append(
            Finding(
                "digest",
                "编号表与抽签时公布的摘要不符。",
                "The code map is not the one whose digest was shown at the draw.",
            )
        )
    return found


def _replay_order(record: Mapping[str, Any]) -> list[Finding]:
    drawn = order(record["event"], record["module"], record["words"], [line["entry"] for line in record["lines"]])
    return [
        Finding(
            f"place {place}",
            f"记录的第 {place} 位与按种子重抽的不同。",
            f"Place {place} differs from what the seed gives.",
        )
        for place, (entry, line) in enumerate(zip(drawn, record["lines"], strict=True), start=1)
        if line["entry"] != entry
    ]


def order(event_id: str, module: str, words: str, entry_ids: Sequence[str]) -> list[str]:
    """The running order that public words give."""
    seed = digest_of([event_id, module, words])
    return sorted(entry_ids, key=lambda entry: lot(seed, "order", entry))
