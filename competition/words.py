"""The catalogue: every word a page or a paper says, in Chinese and English, by key.

Each audience keeps its words beside its templates, in `templates/<audience>/words.toml`:

    ["desk.home.title"]
    zh = "今日工作"
    en = "Today's work"

`load` reads them all once; `say` looks one up and fills `{name}` places. A key that is missing, or a place that nobody
fills, is a bug and raises: no page shows a key to a person.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from competition.errors import Finding, RuleError

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The loaded catalogue. `texts[key]` is {"zh": …, "en": …}; `findings` say what is wrong with the files."""

    texts: Mapping[str, Mapping[Lang, str]]
    findings: tuple[Finding, ...] = ()

    def say(self, key: str, lang: Lang, /, **values: object) -> str:
        """The text of `key` in `lang`, its `{places}` filled from `values`. KeyError when either is missing."""
        return self.texts[key][lang].format_map(values)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows `key`; for words chosen by a state or a kind that may grow."""
        return key in self.texts


def load(root: Path) -> Words:
    """All of `root/templates/*/words.toml`. Faults (twice defined, one language missing, different places in the two
    languages) are findings; the first definition stands."""
    texts: dict[str, Mapping[Lang, str]] = {}
    findings: list[Finding] = []
    for file in sorted((root / "templates").glob("*/words.toml")):
        try:
            content = tomllib.loads(file.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as fault:
            findings.append(_unreadable(file, fault))
            continue
        for key, entry in _entries(content):
            where = f"{file.parent.name}/words.toml [{key}]"
            findings += _faults(where, key, entry, texts)
            if key not in texts and not (set(LANGS) - entry.keys()):
                texts[key] = {lang: str(entry[lang]) for lang in LANGS}
    return Words(texts, tuple(findings))


def sound(root: Path) -> Words:
    """`load` for a program that starts: with a fault in the files it must not, as pages would lack words. RuleError names them."""
    words = load(root)
    if words.findings:
        zh = "；".join(f"{one.where}: {one.zh}" for one in words.findings)
        en = "; ".join(f"{one.where}: {one.en}" for one in words.findings)
        raise RuleError(f"词表有误，请改正后再启动。{zh}", f"Fix the catalogue of words, then start again. {en}")
    return words


def pick(text: Any, lang: Lang) -> str:
    """The `lang` side of anything that has both: a rules Text, a CompetitionError, a Finding, a mapping, or plain text."""
    if isinstance(text, str):
        return text
    if isinstance(text, Mapping):
        return cast(str, text.get(lang) or text["zh"])
    return cast(str, getattr(text, lang) or text.zh)


def _entries(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Leaves of the file: `["a.b"]` and `[a.b]` are the same key."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, Mapping):
            if any(isinstance(inner, str) for inner in value.values()):
                yield key, value
            yield from _entries({k: v for k, v in value.items() if isinstance(v, Mapping)}, f"{key}.")


def _unreadable(file: Path, fault: tomllib.TOMLDecodeError) -> Finding:
    """A file that says a key twice is one of these; the parser names the key and its line."""
    where = f"{file.parent.name}/{file.name}"
    return Finding(
        where, f"不是有效的 TOML，或同一个词写了两次：{fault}", f"not valid TOML, or a key stands twice: {fault}"
    )


def _faults(where: str, key: str, entry: Mapping[str, str], known: Mapping[str, object]) -> list[Finding]:
    if key in known:
        return [Finding(where, "这个词已在别处定义,请改名或删除", "already defined elsewhere: rename or remove it")]
    if missing := set(LANGS) - entry.keys():
        lacking = "、".join(sorted(missing))
        return [Finding(where, f"缺少语言:{lacking}", f"language missing: {lacking}")]
    zh, en = (_places(entry[lang]) for lang in LANGS)
    if zh != en:
        return [
            Finding(where, f"两种语言的占位不同:{zh} / {en}", f"the two languages have different places: {zh} / {en}")
        ]
    return []


def _places(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name})
