"""What is written in a cases.toml must mean something: a misspelt key would test nothing and say that all is in order."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from competition.errors import Finding
from competition.rules import Rules
from competition.rules.model import STATUSES
from competition.rules.nearest import instead
from competition.rules.source import Source, Where

CASE = ("name", "inputs", "key", "entries", "lists")
ENTRY = ("attributes", "status", "absent", "admitted", "decision", "marks", "expect")
LISTED = ("rank", "value", "tied")
STANDING = ("total", "rank", "tied", "status", "award", "passed", "decided_by", "missing", "expected")


def strange_keys(rules: Rules, source: Source) -> Iterator[Finding]:
    """A finding for every key that nothing reads, for values that can't be, and for cases that expect nothing."""
    yield from _unknown(source, (), source.data, ("cases",))
    for number, case in enumerate(source.data.get("cases", [])):
        path: Where = ("cases", number)
        yield from _unknown(source, path, case, CASE)
        yield from _unknown(source, (*path, "inputs"), case.get("inputs", {}), [given.id for given in rules.inputs])
        yield from _unknown(source, (*path, "lists"), case.get("lists", {}), [each.id for each in rules.lists])
        for name, rows in case.get("lists", {}).items():
            for who, expected in rows.items():
                yield from _unknown(source, (*path, "lists", name, who), expected, LISTED)
        for entry, facts in case.get("entries", {}).items():
            yield from _entry(rules, source, (*path, "entries", entry), facts)
        if not case.get("lists") and not any(facts.get("expect") for facts in case.get("entries", {}).values()):
            zh, en = (
                "这个算例没有期望值（expect），什么也没检验。请写上手算的结果。",
                "This case expects nothing, so it tests nothing.",
            )
            yield Finding(source.at(path), zh, f"{en} Write what was worked by hand under expect.")


def _entry(rules: Rules, source: Source, path: Where, facts: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _unknown(source, path, facts, ENTRY)
    attributes = [each.id for each in rules.attributes]
    yield from _unknown(source, (*path, "attributes"), facts.get("attributes", {}), attributes)
    steps = {*rules.steps, *(name.rpartition(".")[2] for name in rules.steps), *STANDING}
    yield from _unknown(source, (*path, "expect"), facts.get("expect", {}), steps)
    status = facts.get("status", "")
    if status and status not in STATUSES:
        zh, en = instead(status, STATUSES)
        yield Finding(source.at((*path, "status")), f"没有状态 {status}。{zh}", f"There is no status {status}. {en}")


def _unknown(source: Source, path: Where, table: Any, known: Iterable[str]) -> Iterator[Finding]:
    names = set(known)
    for key in table if isinstance(table, Mapping) else ():
        if key not in names:
            zh, en = instead(key, names)
            yield Finding(source.at((*path, key)), f"算例里没有 {key} 这个写法。{zh}", f"Cases know no {key}. {en}")
