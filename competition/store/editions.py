"""The rules an event is under, thawed from its stored edition and kept by digest."""

from sqlalchemy import Connection, bindparam, select

from competition import rules as rule_language
from competition.errors import NotFound
from competition.rules.model import Rules
from competition.store.games import Edition, Event


def thawed(conn: Connection, event_id: str) -> Rules:
    """The rules an event is under now. NotFound if there is no such event."""
    digest = conn.scalar(_DIGEST, {"event": event_id})
    if digest is None:
        raise NotFound(f"没有赛项“{event_id}”。请核对赛项编号。", f"There is no event “{event_id}”. Check its id.")
    return thawed_edition(conn, event_id, digest)


def thawed_edition(conn: Connection, event_id: str, digest: str) -> Rules:
    """One edition of an event's rules. Same digest, same rules, so they are kept in memory."""
    if digest not in _thawed:
        canonical = conn.scalar(select(Edition.canonical).where(Edition.event_id == event_id, Edition.digest == digest))
        if canonical is None:
            raise NotFound(f"赛项“{event_id}”没有这一版规则。", f"Event “{event_id}” has no such edition of its rules.")
        _thawed[digest] = rule_language.thaw(bytes(canonical))
    return _thawed[digest]


def remember(rules: Rules) -> None:
    """Rules just read from their file: thawing the edition filed from them would give the same."""
    _thawed.setdefault(rules.digest, rules)


# Built once: rules are asked for with every mark, and building a statement costs as much as running it.
_DIGEST = select(Event.edition_digest).where(Event.id == bindparam("event"))

_thawed: dict[str, Rules] = {}
