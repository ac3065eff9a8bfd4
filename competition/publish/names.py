"""People's names: how an entry is called, and, where certificates are verified, masked and compared as people write them."""

import hmac
import unicodedata
from collections.abc import Sequence


def called(names: Sequence[str], team: str | None = None) -> str:
    """张伟; a pair 张伟、李娜; a team 云溪一队（张伟、李娜）. "" once the names are erased."""
    people = "、".join(names)
    return f"{team}（{people}）" if team and people else people


def masked(name: str) -> str:
    """张伟 → 张*, 欧阳娜娜 → 欧***, Ann Lee → A**."""
    name = name.strip()
    return name[:1] + "*" * max(1, min(3, len(name.replace(" ", "")) - 1))


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same to a person: width, spaces and the dot between parts do not matter."""
    return hmac.compare_digest(plain_name(one).encode(), plain_name(other).encode())


def plain_name(name: str) -> str:
    """A name as it is compared: width, case, spaces and the dot between parts do not matter."""
    kept = unicodedata.normalize("NFKC", name).casefold()
    return "".join(one for one in kept if not one.isspace() and one not in "·•・‧.")
