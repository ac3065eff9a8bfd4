"""What a rule may not do with the whole field: place by a report scale, give a status by a rank, name a key that isn't there."""

from collections.abc import Iterator, Sequence

from competition.rules.draft import Draft, WrittenKey
from competition.rules.field import Across, across_below, reports_within
from competition.rules.nearest import instead
from competition.rules.nodes import Node
from competition.rules.resolve import Resolver
from competition.rules.source import Where
from competition.rules.table import Faults


def check_field(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Notes findings about quantities across the field, rounds, lists and medals."""
    _reports(draft, resolver, faults)
    _statuses(draft, resolver, faults)
    if faults.tidy:
        _sizes(draft, faults)
        _places_per_seat(draft, resolver, faults)
    for row in draft.lists:
        _keys(row.keys, resolver, faults)
    if draft.medals and draft.medals[1] not in resolver.steps:
        of = draft.medals[1]
        zh, en = instead(of, _names(resolver))
        faults.add(("worldskills", "of"), f"没有名为 {of} 的量。{zh}", f"Nothing is called {of}. {en}")


def _sizes(draft: Draft, faults: Faults) -> None:
    """A round that takes as many as the round before leaves nobody out."""
    before: int | None = None
    for each in draft.rounds.values():
        n = each.form.n if each.form and not each.by else None
        if n is not None and before is not None and n >= before:
            zh = f"上一轮只有 {before} 个，这里取前 {n} 个，谁也不会淘汰，请改 top。"
            en = f"The round before has {before}; the best {n} of them leave nobody out. Change top."
            faults.add((*each.path, "from", "top"), zh, en)
        before = n


def _places_per_seat(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """A majority is one of several judges' places."""
    for name, rule in draft.across.items():
        if rule.form.name == "majority" and len(next(_within(resolver.steps[name])).of) < 2:
            zh = "majority 要每席一个名次，请写一个多席的量，例如 module.sheet.item.value。"
            en = (
                "A majority wants one place per seat; name something of several seats, such as module.sheet.item.value."
            )
            faults.add(rule.of.path, zh, en)


def _within(node: Node) -> Iterator[Across]:
    """The values across the field that a step itself computes."""
    if isinstance(node, Across):
        yield node
    else:
        for part in node.parts:
            yield from _within(part)


def _reports(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """The 500 and 700 scales and standard scores depend on who else entered: reports, never a place (rules.md 21)."""
    placed: list[tuple[Node, Where]] = [(resolver.steps["total"], ("total",))]
    keys = [(key.by, path) for key, path in draft.keys if key.by in resolver.steps and key.by != "total"]
    placed += [(resolver.steps[by], path) for by, path in keys]
    placed += [(resolver.steps[f"{name}.reached"], each.path) for name, each in draft.rounds.items()]
    if draft.passed:
        placed.append((resolver.condition(draft.passed), draft.passed.path))
    for _, needs in draft.awards:
        if needs:
            placed.append((resolver.condition(needs), needs.path))
    if draft.medals:
        # The medal rule of an edition reads the scale by definition; then it is the only thing that places.
        placed = [(node, path) for node, path in placed if path[:1] != ("ranking",)]
    for node, path in placed:
        if reports_within(node, set()):
            zh = "标准分、500 或 700 分制只用于报告，不能决定名次、晋级或奖项；请改用别的量，或放进 [[lists]]。"
            en = "Standard scores and the 500 and 700 scales are for reports; they can't decide a place, a round or an award."
            faults.add(path, zh, f"{en} Use another quantity, or show it in [[lists]].")


def _statuses(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Who is in the field decides every value across it, so a status may not hang on one."""
    paths = {veto.id: veto.path for veto in draft.vetoes}
    for out in resolver.outs():
        if across_below(out.when, set()):
            path = paths.get(out.id, ("modules",))
            en = "A status can't depend on a quantity across the field; change the condition."
            faults.add(path, "状态不能取决于全场名次一类的量，请改条件。", en)


def _keys(keys: Sequence[WrittenKey], resolver: Resolver, faults: Faults) -> None:
    for key in keys:
        if key.by not in resolver.steps:
            zh, en = instead(key.by, _names(resolver))
            faults.add((*key.path, "by"), f"排序依据 {key.by} 不存在。{zh}", f"The key {key.by} does not exist. {en}")


def _names(resolver: Resolver) -> Iterator[str]:
    return (name for name in resolver.steps if "@" not in name)
