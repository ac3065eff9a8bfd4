"""A rule file from text to checked, typed rules. All faults are found at once, each with its file and line."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from competition.errors import Finding, RuleError
from competition.rules.checks import check, check_draft
from competition.rules.checks_field import check_field
from competition.rules.draft import Draft, ListWritten
from competition.rules.model import Listing, Module, Part, RankKey, RoundRule, Rules, Text
from competition.rules.nearest import instead
from competition.rules.nodes import Rounded
from competition.rules.overrides import override
from competition.rules.read_field import read_across, read_endings, read_inputs, read_rounds
from competition.rules.read_scales import read_scales
from competition.rules.read_sheets import read_modules
from competition.rules.read_tables import read_awards, read_head, read_parts, read_ranking, read_vetoes
from competition.rules.resolve import EXACT_TOTAL, Resolver
from competition.rules.scales import decimal_text
from competition.rules.source import Source, parse_source, read_source
from competition.rules.table import Faults, Table

LANGUAGE = 1
"""The version of the rule language that this program reads."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a file: the rules (None if any finding is an error), everything that was noticed, in the order of
    the lines, and the texts that were read (the event's file first, then its bases).

    resolver: what the names of the file stand for and on which line each thing is; None while there are faults.
    """

    rules: Rules | None
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...] = ()
    resolver: Resolver | None = None


def load(path: Path, *, tidy: bool = True) -> Loaded:
    """Read `scoring_rules/<event>` (or its rules.toml), with the bases it extends.

    tidy: also find what can never matter (idle names, rows that no value reaches); files that a program writes may have it.
    """
    file = path / "rules.toml" if path.is_dir() else path
    folder = file.parent if file.parent.name == "bases" else file.parent.parent / "bases"
    return _loaded(read_source(file, "/".join(file.parts[-2:])), folder, {file}, tidy)


def load_text(text: str, bases: Path) -> Loaded:
    """Read the text of a rules.toml that is nowhere on disk yet, with the bases it extends from this folder."""
    return _loaded(parse_source(text, "rules.toml"), bases, set(), True)


def _loaded(first: Source | Finding, bases: Path, seen: set[Path], tidy: bool) -> Loaded:
    sources, findings = _sources(first, bases, seen)
    if findings:
        return Loaded(None, tuple(findings))
    data: dict[str, Any] = {}
    for source in reversed(sources):
        data = _merged(data, source.data)
    data.pop("extends", None)
    faults = Faults(sources, tidy)
    override(data, faults)
    return replace(_build(data, faults), sources=tuple(sources))


def thaw(canonical: bytes) -> Rules:
    """The rules of a stored edition, from its canonical bytes. Raises RuleError if this program can't read them."""
    data = json.loads(canonical, parse_float=Decimal)
    loaded = _build(data, Faults([Source("edition", data, {})], tidy=False))
    if loaded.rules is None:
        first = loaded.findings[0]
        raise RuleError(f"这一版规则读不了：{first.zh}", f"This edition can't be read: {first.en}")
    return loaded.rules


def _sources(source: Source | Finding, bases: Path, seen: set[Path]) -> tuple[list[Source], list[Finding]]:
    """The event's text and, behind it, each base in turn; `seen` are the files read so far."""
    sources: list[Source] = []
    while True:
        if isinstance(source, Finding):
            return sources, [source]
        sources.append(source)
        base = source.data.get("extends")
        if base is None:
            return sources, []
        file = bases / f"{base}.toml"
        if file in seen:
            zh, en = (
                f"继承成了一圈，又回到“{base}”，请去掉一处 extends。",
                f'Back at "{base}" in a circle; delete one extends.',
            )
            return sources, [Finding(source.at(("extends",)), zh, en)]
        if not isinstance(base, str) or not re.fullmatch(r"\w[\w-]*", base) or not file.is_file():
            do = instead(str(base), (each.stem for each in bases.glob("*.toml")))
            zh, en = f"bases/ 里没有可继承的“{base}”。{do[0]}", f'There is no "{base}" in bases/ to extend. {do[1]}'
            return sources, [Finding(source.at(("extends",)), zh, en)]
        seen.add(file)
        source = read_source(file, "/".join(file.parts[-2:]))


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Tables merge key by key; everything else of the file above replaces what is below."""
    out = dict(below)
    for key, value in above.items():
        old = out.get(key)
        # A text is one value: half of it from another file would be a mixed sentence.
        both = isinstance(old, dict) and isinstance(value, dict) and set(value) != {"zh", "en"}
        out[key] = _merged(old, value) if both and isinstance(old, dict) else value
    return out


def _build(data: dict[str, Any], faults: Faults) -> Loaded:
    top = Table(data, (), faults)
    if top.whole("language", LANGUAGE) != LANGUAGE:
        top.fault(
            "language", f"只认识语言版本 {LANGUAGE}，请改。", f"Only language version {LANGUAGE} is known; write that."
        )
    draft = Draft()
    head = read_head(top)
    scales = read_scales(top)
    read_parts(top, draft)
    read_inputs(top, draft)
    read_modules(top, draft, scales)
    read_across(top, draft)
    read_rounds(top, draft)
    read_vetoes(top, draft)
    read_ranking(top, draft)
    read_awards(top, draft)
    read_endings(top, draft)
    top.done()
    check_draft(draft, faults)
    resolver = Resolver(draft, faults)
    if not faults.any:
        _resolve(resolver, faults)
    if not faults.any:
        check(draft, resolver, faults)
        check_field(draft, resolver, faults)
    findings = faults.in_order()
    if faults.any:
        return Loaded(None, findings)
    canonical = canonical_text(data).encode()
    return Loaded(_rules(head, draft, resolver, canonical, findings), findings, resolver=resolver)


def canonical_text(value: Any) -> str:
    """JSON with exact decimals in their shortest form: the text that an edition's digest is taken of.

    Keys stay in the order written: rounds, modules and options mean something by it.
    """
    if isinstance(value, dict):
        return "{" + ",".join(f"{canonical_text(k)}:{canonical_text(value[k])}" for k in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical_text(each) for each in value) + "]"
    if isinstance(value, Decimal):
        return decimal_text(Fraction(value))
    return json.dumps(value, ensure_ascii=False)


def _resolve(resolver: Resolver, faults: Faults) -> None:
    try:
        resolver.all()
    except RuleError as fault:
        faults.add((), fault.zh, fault.en)


def _rules(head: Any, draft: Draft, resolver: Resolver, canonical: bytes, warnings: tuple[Finding, ...]) -> Rules:
    outs = tuple(resolver.outs())
    awards = tuple(
        replace(award, needs=resolver.condition(needs)) if needs else award for award, needs in draft.awards
    )  # fmt: skip
    total = resolver.steps["total"]
    rounding = next((p for p in total.parts if isinstance(p, Rounded)), None)
    return Rules(
        **head,
        digest=hashlib.sha256(canonical).hexdigest(),
        canonical=canonical,
        parts=tuple(Part(p, s.name, w, s.out_of) for p, (s, w) in draft.parts.items()),
        modules=tuple(
            Module(
                m, s.name, part, minutes, s.out_of, tuple(draft.in_module(m)), draft.module_rounds.get(m, ""),
                draft.module_only.get(m, {}),
            )
            for m, (s, part, minutes) in draft.modules.items()
        ),
        panels=tuple(draft.panels.values()),
        attributes=tuple(draft.attributes.values()),
        steps=resolver.steps,
        names=_names(draft, resolver),
        decide_on=draft.decide_on,
        total_places=rounding.how.places if rounding else None,
        shared=draft.shared,
        keys=tuple(key for key, _ in draft.keys) or (RankKey("total", "high"),),
        after=draft.after,
        awards=awards,
        outs=outs,
        detail=resolver.detail,
        inputs=tuple(draft.inputs.values()),
        rounds=tuple(RoundRule(name, each.name) for name, each in draft.rounds.items()),
        numbering=draft.numbering,
        except_places=draft.except_places,
        passed=resolver.condition(draft.passed) if draft.passed else None,
        ranked_passed=draft.ranked_passed,
        lists=tuple(_listing(resolver, row) for row in draft.lists),
        medals=draft.medals,
        needed=resolver.require(),
        entrants=draft.entrants,
        warnings=warnings,
    )  # fmt: skip


def _names(draft: Draft, resolver: Resolver) -> dict[str, Text]:
    names: dict[str, Text] = {"total": Text("总分", "Total"), EXACT_TOTAL: Text("修约前总分", "Total before rounding")}
    names |= {p: scored.name for p, (scored, _) in draft.parts.items()}
    names |= {resolver.module_step(m): scored.name for m, (scored, _, _) in draft.modules.items()}
    names |= {q: name for q, (name, _) in draft.quantities.items()}
    names |= {a: rule.name for a, rule in draft.across.items()}
    for name, each in draft.rounds.items():
        names |= {name: each.name, f"{name}.reached": Text(f"进入{each.name.zh}", f"In the {each.name.en}")}
    names |= {path: sheet.name for path, sheet in draft.sheets.items()}
    return names | {f"{m}.{o.id}": o.name for m, group in draft.overtimes.items() for o in group}


def _listing(resolver: Resolver, row: ListWritten) -> Listing:
    keys = tuple(RankKey(key.by, key.best) for key in row.keys)
    needs = resolver.condition(row.needs) if row.needs else None
    return Listing(
        row.id, row.name, resolver.scalar(row.of, None), row.best, keys, needs, row.per, row.method, row.take, row.least
    )


__all__ = ["Loaded", "load", "thaw"]
