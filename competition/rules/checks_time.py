"""Overtime: a limit that can be exceeded, a cost that grows, a cap and an end that can be reached."""

from fractions import Fraction

from competition.rules.draft import Draft, Overtime
from competition.rules.explain import say_number
from competition.rules.resolve import Resolver
from competition.rules.source import Where
from competition.rules.table import Faults


def check_time(draft: Draft, resolver: Resolver, faults: Faults) -> None:
    """Every overtime of every module, against the longest time that its clock can show."""
    for module, group in draft.overtimes.items():
        for n, overtime in enumerate(group):
            longest = resolver.over(module, overtime).shape.hi
            _reached(overtime, longest, ("modules", module, "overtime", n), faults)


def _reached(overtime: Overtime, longest: Fraction, where: Where, faults: Faults) -> None:
    """longest: the most seconds over the limit."""
    if longest <= 0:
        time = say_number(longest + overtime.limit)
        zh = f"这个时间最多 {time}，永远超不过 limit，请改 limit 或量表。"
        faults.add(
            (*where, "limit"),
            zh,
            f"This time is {time} at most and never exceeds the limit; change limit or the scale.",
        )
        return
    if overtime.bands is None and overtime.points == 0 and overtime.over is None:
        zh = "超时不扣分也没有 out，这一条不起作用；请写 points 或 out。"
        faults.add((*where, "points"), zh, "It costs nothing and puts nobody out; write points, or out.")
    if overtime.over is not None and overtime.over >= longest:
        a, b = say_number(overtime.over), say_number(longest)
        zh = f"最多超 {b}，永远到不了 {a}，请改 over 或量表。"
        faults.add((*where, "out", "over"), zh, f"At most {b} over, never more than {a}; change over or the scale.")
    if overtime.cap is not None:
        most = -(-longest // overtime.per) * overtime.points
        if most <= overtime.cap:
            zh = f"最多扣 {say_number(Fraction(most))}，cap 用不上，请改 cap 或删去。"
            faults.add((*where, "cap"), zh, f"It costs {say_number(Fraction(most))} at most; change cap or delete it.")
