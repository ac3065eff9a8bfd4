"""Who may do what: the one table that every act asks (tablets-and-screens.md 6.1), and that a page of the desk shows.

A role here is held in the event that is asked about, or in all events. What stands here is who; when (before locking, after the
draw, in a second person) is the act's own to say.
"""

from collections.abc import Mapping

ORGANISER, CHIEF, CLERK = "organiser", "chief", "clerk"
ENCRYPTOR, SUPERVISOR, JUDGE = "encryptor", "supervisor", "judge"

GROUPS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "setting_up": {
        "games": (ORGANISER,),
        "intake": (ORGANISER,),
        "register": (ORGANISER,),
        "accounts": (ORGANISER,),
        "duties": (ORGANISER,),
        "back_up": (ORGANISER,),
        "rules": (ORGANISER,),
        "amend": (CHIEF,),
        "games_rules": (ORGANISER,),
        "slots": (ORGANISER, CHIEF),
        "lay_out": (ORGANISER, CHIEF),
        "seats": (ORGANISER, CHIEF),
        "tablets": (ORGANISER, CHIEF),
        "replace_tablet": (ORGANISER, CHIEF, CLERK),
        "erase": (ORGANISER,),
    },
    "sealing": {
        "half": (ENCRYPTOR, SUPERVISOR),
        "draw": (ENCRYPTOR,),
        "code_map": (ENCRYPTOR,),
        "interests": (ENCRYPTOR,),
        "sample_key": (SUPERVISOR, ENCRYPTOR),
        "check_in": (CLERK, ORGANISER),
        "close_check_in": (CHIEF,),
        "order": (ORGANISER, ENCRYPTOR),
        "open_layer": (ENCRYPTOR, SUPERVISOR),
    },
    "marking": {
        "mark": (JUDGE,),
        "ask_unlock": (JUDGE,),
        "enter": (CLERK,),
        "confirm": (CLERK,),
        "sign_for": (CLERK,),
        "hand_over": (CLERK, CHIEF),
        "slot_gates": (CHIEF, ORGANISER),
        "strip": (CHIEF,),
        "status": (CHIEF,),
        "absence": (CHIEF,),
        "late": (CHIEF,),
        "clash": (CHIEF,),
        "unlock": (CHIEF,),
        "review": (CHIEF,),
        "broadcast": (ORGANISER, CHIEF),
        "correct": (CHIEF,),
        "confirm_correction": (CLERK, SUPERVISOR),
        "decide": (CHIEF,),
        "lock": (CHIEF,),
    },
    "checking": {
        "draw_recheck": (SUPERVISOR,),
        "check_sheet": (CLERK, SUPERVISOR),
        "statistics": (CHIEF, SUPERVISOR),
        "timeline": (SUPERVISOR,),
        "object": (SUPERVISOR,),
        "answer_objection": (CHIEF,),
        "audit": (SUPERVISOR, ORGANISER),
        "lodge": (CLERK, ORGANISER, SUPERVISOR),
        "hear": (SUPERVISOR,),
    },
    "publishing": {
        "notice": (ORGANISER,),
        "final": (ORGANISER,),
        "certificates": (ORGANISER,),
        "design": (ORGANISER,),
        "print_filled": (ORGANISER, CHIEF, SUPERVISOR),
        "pack": (ORGANISER, SUPERVISOR),
        "games_notice": (ORGANISER,),
        "games_final": (ORGANISER,),
        "games_pack": (ORGANISER, SUPERVISOR),
        "titles": (ORGANISER,),
        "ask_change": (ORGANISER,),
        "confirm_change": (SUPERVISOR,),
    },
}
"""Acts by the part of the day they belong to; each with the roles that may do it."""

MAY: Mapping[str, tuple[str, ...]] = {act: roles for group in GROUPS.values() for act, roles in group.items()}
"""Act -> the roles that may do it. KeyError for an act that nobody put into the table."""

TOGETHER = frozenset({"half", "open_layer"})
"""Acts that need every role named, each by its own person."""
ON_TABLETS = frozenset({"mark", "ask_unlock"})
"""Acts of whoever sits in the seat: the seat's tablet and PIN stand for the role."""


def may(roles: frozenset[str], act: str) -> bool:
    """Whether somebody with these roles may do it."""
    return bool(roles & set(MAY[act]))
