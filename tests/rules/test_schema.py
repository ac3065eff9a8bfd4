"""The schemas that editors use: every rule file fits, a misspelt key doesn't, and reader and schema can't drift apart."""

import ast
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from competition.rules import load
from competition.rules.games import load_games
from competition.rules.schema import SCHEMAS, schema_text
from competition.rules.source import Source, parse_source
from competition.rules.table import Table

ROOT = Path(__file__).parents[2]
READERS = [
    *sorted((ROOT / "competition/rules").glob("read*.py")),
    *(ROOT / "competition/rules" / name for name in ("games.py", "titles.py")),
]
FILES = sorted(
    file
    for stem in SCHEMAS
    for folder in ("scoring_rules", "tests/constructs", "tests/published/rules")
    for file in (ROOT / folder).rglob(f"{stem}.toml")
)
BASES = sorted((ROOT / "scoring_rules/bases").glob("*.toml"))
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, Decimal),
}  # fmt: skip


def faults(schema: dict[str, Any], value: Any, path: str = "") -> Iterator[str]:
    """Where a value doesn't fit: JSON Schema as far as our schemas use it; any other keyword raises."""
    for word, said in schema.items():
        if word == "type":
            kinds = [TYPES[kind] for kind in ([said] if isinstance(said, str) else said)]
            if not any(isinstance(value, kind) and (kind is bool) == isinstance(value, bool) for kind in kinds):
                yield f"{path}: {value!r} is not {said}"
        elif word == "anyOf":
            if all(any(faults(each, value)) for each in said):
                yield f"{path}: {value!r} fits nowhere"
        elif word in ("enum", "const"):
            if value not in (said if word == "enum" else [said]):
                yield f"{path}: {value!r} is not {said}"
        elif isinstance(value, dict):
            yield from _in_table(word, said, schema, value, path)
        elif isinstance(value, list):
            yield from _in_array(word, said, value, path)
        elif word == "pattern":
            if not re.search(said, str(value)):
                yield f"{path}: {value!r} is not like {said}"
        elif word in ("minimum", "minLength"):
            if (value if word == "minimum" else len(value)) < said:
                yield f"{path}: {value!r} is too small"
        elif word not in ("description", "properties", "additionalProperties", "items", "required"):
            raise NotImplementedError(word)


def _in_array(word: str, said: Any, value: list[Any], path: str) -> Iterator[str]:
    if word == "items":
        for n, each in enumerate(value):
            yield from faults(said, each, f"{path}[{n}]")
    elif (word == "minItems" and len(value) < said) or (word == "maxItems" and len(value) > said):
        yield f"{path}: {len(value)} values"


def _in_table(word: str, said: Any, schema: dict[str, Any], value: dict[str, Any], path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    if word == "required":
        yield from (f"{path}.{key} is missing" for key in said if key not in value)
    elif word == "propertyNames":
        yield from (f"{path}.{key}: no name" for key in value if not re.search(said["pattern"], key))
    elif word == "properties":
        for key in value.keys() & known.keys():
            yield from faults(said[key], value[key], f"{path}.{key}")
    elif word == "additionalProperties":
        for key in value.keys() - known.keys():
            yield from faults(said, value[key], f"{path}.{key}") if said else [f"{path}.{key}: no such key"]


def read(text: str) -> Any:
    source = parse_source(text, "a file")
    assert isinstance(source, Source)
    return source.data


@pytest.mark.parametrize("file", [*FILES, *BASES], ids=lambda file: "/".join(file.parts[-2:]))
def test_every_file_fits(file: Path) -> None:
    schema = SCHEMAS.get(file.stem, SCHEMAS["rules"])
    assert list(faults(schema, read(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    ("kind", "text", "where"),
    [
        ("rules", "[panels.judges]\nseat = 3", ".panels.judges.seat"),
        ("rules", '[total]\ndecide_on = "round"', ".total.decide_on"),
        ("rules", '[event]\nname = "焊工"', ".event.name"),
        ("rules", '[modules.m.sheets.s]\ncombine = { method = "average" }', ".modules.m.sheets.s.combine.method"),
        ("rules", '[[awards]]\nid = "first"', ".awards[0].name is missing"),
        ("rules", "[[modules.m.sheets.s.sections]]\nid = 1", ".modules.m.sheets.s.sections[0].id"),
        ("rules", "[modules.Stage]\nminutes = 3", ".modules.Stage: no name"),
        ("rules", "[ranking]\nexcept_places = [1]", ".ranking.except_places"),
        ("rules", '[overrides."stage.sensory.taste"]\nwieght = 2', ".overrides.stage.sensory.taste"),
        ("rules", "[worldskills]\nedition = 2024", ".worldskills.edition"),
        ("cases", '[[cases]]\nname = "c"\nentries.A.expects = { rank = 1 }', ".cases[0].entries.A.expects"),
        ("cases", '[[cases]]\nname = "c"', ".cases[0].entries is missing"),
        ("games", "[[units]]\nid = 'u'", ".units[0].name is missing"),
    ],
)
def test_what_is_misspelt_does_not_fit(kind: str, text: str, where: str) -> None:
    found = list(faults(SCHEMAS[kind], read(text)))
    assert any(fault.startswith(where) for fault in found), found


def test_schema_is_json_of_the_draft_it_names() -> None:
    for kind in SCHEMAS:
        said = json.loads(schema_text(kind))
        assert said["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert said["type"] == "object"


def test_every_key_is_described_in_both_languages() -> None:
    bare = [
        name
        for schema in SCHEMAS.values()
        for name, key in properties(schema)
        if not re.search(r"[\u4e00-\u9fff].*\n\n[A-Za-z\"…\[]", key.get("description", ""))
    ]
    assert [name for name in bare if name not in ("id", "top")] == []


def properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of every table in a schema."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        schema = list(schema.values())
    if isinstance(schema, list):
        for each in schema:
            yield from properties(each)


def accepts(schema: dict[str, Any], path: tuple[Any, ...], key: str) -> bool:
    """Whether a table at this path may have this key."""
    nodes = [schema]
    for step in (*path, key):
        nodes = [below for node in nodes for each in node.get("anyOf", [node]) for below in _below(each, step)]
    return bool(nodes)


def _below(node: dict[str, Any], step: str | int) -> list[dict[str, Any]]:
    if isinstance(step, int):
        return [node["items"]] if "items" in node else []
    if step in node.get("properties", {}):
        return [node["properties"][step]]
    return [node["additionalProperties"]] if node.get("additionalProperties") else []


def test_every_key_the_reader_asks_for_is_in_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read what there is through tables that write down what they are asked for."""
    asked: set[tuple[str, tuple[Any, ...], str]] = set()
    real, kind = Table.get, "rules"

    def get(self: Table, key: str, needed: bool = False) -> Any:
        asked.add((kind, self.path, key))
        return real(self, key, needed)

    monkeypatch.setattr(Table, "get", get)
    for file in [*FILES, *BASES]:
        kind = "games" if file.stem == "games" else "rules"
        if kind == "games":
            load_games(file)
        elif file.stem != "cases":
            load(file)
    assert len(asked) > 1000
    assert sorted({f"{where}: {key}" for kind, where, key in asked if not accepts(SCHEMAS[kind], where, key)}) == []


ASKING = ("get", "string", "number", "optional", "whole", "flag", "text", "texts", "table", "named", "rows", "has")


def literals(file: Path) -> tuple[set[str], set[str]]:
    """Keys that a reader's text asks a table for, and every word written in it."""
    asked, words = set(), set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKING:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                asked.add(first.value)
    return asked, words


def test_no_reader_asks_for_a_key_that_no_schema_has() -> None:
    """Also on ways through the reader that no file takes."""
    known = {name for schema in SCHEMAS.values() for name, _ in properties(schema)}
    assert {key for file in READERS for key in literals(file)[0]} - known == set()


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_schema_offers_a_key_that_nobody_reads(kind: str) -> None:
    files = {
        "rules": [*READERS, ROOT / "competition/rules/table.py", ROOT / "competition/rules/overrides.py"],
        "games": [*READERS, ROOT / "competition/rules/table.py"],
        "cases": [ROOT / "competition/scoring/cases.py"],
    }
    words = {word for file in files[kind] for word in literals(file)[1]}
    assert {name for name, _ in properties(SCHEMAS[kind])} - words == set()
