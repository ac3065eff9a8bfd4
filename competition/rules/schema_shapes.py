"""The few shapes that the schemas of rule files are put together from; each returns a plain JSON Schema."""

from collections.abc import Sequence
from typing import Any

Schema = dict[str, Any]

NAME = "^[a-z][a-z0-9_]*$"
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
COUNT: Schema = {"type": "integer", "minimum": 1}
PERCENT: Schema = {"type": "string", "pattern": "^[0-9]+%$"}
STRING: Schema = {"type": "string"}
FORMULA: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
ID: Schema = {"type": "string", "pattern": NAME}
STRINGS: Schema = {"type": "array", "items": STRING}


def one_of(choices: Sequence[str]) -> Schema:
    """One of these words."""
    return {"enum": list(choices)}


def either(*schemas: Schema) -> Schema:
    """Whichever of these fits."""
    return {"anyOf": list(schemas)}


def table(keys: dict[str, Schema], needed: str = "") -> Schema:
    """A table with these keys and no others. needed: keys that must be there, separated by spaces."""
    made: Schema = {"type": "object", "properties": keys, "additionalProperties": False}
    return made | ({"required": needed.split()} if needed else {})


def rows(keys: dict[str, Schema], needed: str = "") -> Schema:
    """An array of tables."""
    return {"type": "array", "items": table(keys, needed)}


def named(value: Schema, name: str = NAME) -> Schema:
    """A table whose keys the author chooses (`name`: how they are spelt)."""
    return {"type": "object", "propertyNames": {"pattern": name}, "additionalProperties": value}


def by_value(value: Schema) -> Schema:
    """A table keyed by numbers or other values."""
    return named(value, "^.+$")


def say(zh: str, en: str, schema: Schema) -> Schema:
    """A key with what it means, in both languages."""
    return {**schema, "description": f"{zh}\n\n{en}"}


def described(schema: Schema) -> tuple[str, str] | None:
    """What `say` said, in Chinese and in English."""
    zh, _, en = str(schema.get("description", "")).partition("\n\n")
    return (zh, en) if en else None


def span(of: Schema) -> Schema:
    """[first, last]"""
    return {"type": "array", "items": of, "minItems": 2, "maxItems": 2}


TEXT = table({"zh": say("中文", "Chinese", STRING), "en": say("英文", "English", STRING)}, "zh en")
HIGH_LOW = say("高者先或低者先", "high first or low first", one_of(("high", "low")))
IDENT = say("标识，英文小写", "id: a-z, 0-9, _", ID)
TITLE = say("中英文名称", "the name in both languages", TEXT)
MOST = say("印的满分，会核对", "printed maximum, checked", NUMBER)
KEYS = say("依次比较的依据", "what is compared, in order", rows({
    "by": say("总分、部分、模块或命名量", "a quantity: total, a part, a module or a named one", STRING), "best": HIGH_LOW,
}, "by best"))  # fmt: skip
