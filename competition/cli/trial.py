"""`competition rules try`: the same marks under an old and a new rule file, in words: what differs, who moves, which numbers moved them.

A row of marks that only one of the files has a place for (an item added or dropped) is left out there and said; a row that
neither can take ends the command.
"""

import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from competition.cli.given import Files
from competition.cli.marks_file import ABSENCES_NEED, ENTRIES_NEED, MARKS_NEED, absences_of, entries_of, marks_of
from competition.cli.rows import lines_of, of_one
from competition.errors import CompetitionError, Finding
from competition.rules import Rules
from competition.rules.differences import Difference, differences
from competition.scoring import Result, Standing, score
from competition.scoring.comparing import Comparison, Move, compare

Say = Callable[[str, str], str]
"""Of a Chinese and an English text the one in the reader's language."""


def old_rules(new: Path, rules: Rules, root: Path) -> Path:
    """The file that a new one replaces: rules.toml beside it, else the event of the same id in scoring_rules/."""
    folder = new if new.is_dir() else new.parent
    for found in (folder / "rules.toml", root / "scoring_rules" / rules.id / "rules.toml"):
        if found.is_file() and not (new / "rules.toml" if new.is_dir() else new).samefile(found):
            return found
    zh = f"不知道 {new} 取代哪个规则文件，请用 --old 指明。"
    raise CompetitionError(zh, f"It isn't known which rule file {new} replaces; name it with --old.")


def both(old: Rules, new: Rules, files: Files) -> tuple[list[Result], list[Finding]]:
    """The results under the old and the new rules (none when a row can stand under neither), and what was noticed."""
    names = sorted({name for each in (old, new) for name in (each.id, each.job_type, each.name.zh, each.name.en)})
    lines, other = of_one(lines_of(files.marks, MARKS_NEED), names)
    people = None if files.entries is None else of_one(lines_of(files.entries, ENTRIES_NEED), names)[0]
    away = of_one(lines_of(files.absences, ABSENCES_NEED), names)[0] if files.absences else []
    marks = [marks_of(lines, rules) for rules in (old, new)]
    # Without a list of entries everyone is in who has a mark under either file.
    everyone = marks[0].frame.vstack(marks[1].frame)
    results: list[Result] = []
    found: list[list[Finding]] = []
    for rules, mine in zip((old, new), marks, strict=True):
        entries = entries_of(people, rules, everyone, where=str(files.entries))
        absences = absences_of(away, rules, entries.frame)
        found.append(mine.findings + entries.findings + absences.findings)
        results.append(score(rules, mine.frame, entries.frame, absences=absences.frame))
    first, second = ({finding.where for finding in side} for side in found)
    if neither := [finding for finding in found[1] if finding.where in first and finding.severity == "error"]:
        return [], neither
    noticed = [
        *other,
        *_under("旧规则", "old rules", found[0], second),
        *_under("新规则", "new rules", found[1], first),
    ]
    return results, noticed + list(dict.fromkeys(finding for result in results for finding in result.findings))


def _under(zh: str, en: str, findings: Sequence[Finding], other: Collection[str]) -> Iterator[Finding]:
    """What only one of the files can't take: said, not refused."""
    for each in findings:
        if each.where not in other:
            said = f"{zh}下没有用上：{each.zh}", f"not used under the {en}: {each.en}"
            yield Finding(each.where, *said, "warning")


def report(old: Result, new: Result, lang: str) -> str:
    """The whole answer as lines of text."""

    def say(zh: str, en: str) -> str:
        return en if lang == "en" else zh

    told = differences(old.rules, new.rules)
    found = compare(old, new)
    lines = [f"{_edition(old.rules)}  →  {_edition(new.rules)}"]
    if told and old.rules.edition == new.rules.edition:
        lines.append(
            say(
                "版本号没有改：规则变了就是新版本，请改 edition。",
                "The edition is the same: changed rules are a new edition; change it.",
            )
        )
    lines += _of_rules(told, lang, say)
    lines += _summary(found, say)
    if found.moves:
        head = [say("参赛", "entry"), say("名次", "rank"), say("总分", "total"), say("有变化的量", "what changed")]
        lines += _columns([head, *(_row(old, new, move, lang, say) for move in found.moves)])
    for each in found.lists:
        name = next(listing.name[lang] for listing in new.rules.lists if listing.id == each.list)
        lines.append(f"  {name} {each.who}  {each.old or '—'} → {each.new or '—'}")
    return "\n".join(lines)


def _edition(rules: Rules) -> str:
    return f"{rules.id} {rules.edition} ({rules.digest[:12]})"


def _of_rules(told: Sequence[Difference], lang: str, say: Say) -> Iterator[str]:
    """What differs in the files; names, notes and sources are only counted."""
    rules = [each for each in told if not each.wording]
    words = len(told) - len(rules)
    yield say(
        f"规则差异 {len(rules)} 处，文字差异 {words} 处", f"{len(rules)} differences in the rules, {words} in wording"
    )
    for each in rules:
        where = f"{each.where[lang]} · " if each.where[lang] else ""
        gone = say("（无）", "(none)")
        old, new = (gone if value is None else value for value in (each.old, each.new))
        yield f"  {where}{each.what[lang]}: {old} → {new}    [{'.'.join(each.path)}]"


def _summary(found: Comparison, say: Say) -> Iterator[str]:
    moved, kept = len(found.moves), found.retotalled + found.same
    zh = f"{moved} 个参赛的名次或结果有变；{kept} 个不变，其中 {found.retotalled} 个总分有变"
    yield say(zh, f"{moved} entries move; {kept} stay, {found.retotalled} of them with another total")


def _row(old: Result, new: Result, move: Move, lang: str, say: Say) -> list[str]:
    changed = [f"{each.name[lang]} {_change(each.old, each.new)}" for each in move.changes]
    awards = [_award(result, each, lang) for result, each in ((old, move.old), (new, move.new))]
    if awards[0] != awards[1]:
        changed.insert(0, f"{say('奖项', 'award')} {_change(*awards)}")
    if move.old.passed != move.new.passed:
        words = {None: "—", True: say("合格", "passed"), False: say("不合格", "not passed")}
        changed.insert(0, f"{words[move.old.passed]} → {words[move.new.passed]}")
    if not move.changes and move.old.total == move.new.total:
        by = move.new.decided_by
        changed.append(
            say(f"以{by.zh}定先后", f"decided by {by.en}") if by else say("他人变动所致", "because others moved")
        )
    return [
        move.entry, _change(_place(move.old), _place(move.new)), _change(move.old.total, move.new.total),
        say("；", "; ").join(changed),
    ]  # fmt: skip


def _place(standing: Standing) -> str | None:
    if standing.status:
        return standing.status
    return None if standing.rank is None else f"{standing.rank}{'=' if standing.tied else ''}"


def _award(result: Result, standing: Standing, lang: str) -> str | None:
    return next((each.name[lang] for each in result.rules.awards if each.id == standing.award), None)


def _change(old: str | None, new: str | None) -> str:
    return f"{old or '—'} → {new or '—'}" if old != new else (new or "—")


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows in columns; a Chinese character is two wide on a terminal."""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield f"  {'  '.join(padded)}".rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
