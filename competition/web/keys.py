"""The sealed answers of an event's samples: laid down once by encryptor or supervisor, shown to nobody."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition import judging, rules, store
from competition.errors import CompetitionError, MarkError, NotAllowed
from competition.judging.readiness import sealed_sheets
from competition.store.games import SampleKey
from competition.web import gates
from competition.web.auth import Asked, Form, encrypted, person, read, signed_in
from competition.web.desk import at_event
from competition.web.pages import page
from competition.web.said import sheet_title
from competition.web.views import Text

KEEPERS = ("encryptor", "supervisor")


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One item with a sealed answer: what is asked, and what is legal."""

    id: str
    name: Text
    legal: Text


@dataclass(frozen=True, slots=True)
class KeySheet:
    """A sheet with sealed answers; `digest` and `at` once they are laid down. Never an answer."""

    module: str
    sheet: str
    name: Text
    items: tuple[KeyItem, ...]
    digest: str | None
    at: str | None


@dataclass(frozen=True, slots=True)
class Keys:
    """/desk/events/{id}/keys."""

    id: str
    name: Text
    sheets: tuple[KeySheet, ...]


@get("/keys", sync_to_thread=True)
def keys_page(request: Asked, event_id: FromPath[str]) -> Response[str]:
    """The sheets that are compared with sealed answers, and whether these are laid down."""
    return _keys_page(request, event_id)


@post("/keys", sync_to_thread=True, status_code=200)
def seal_key(request: Asked, event_id: FromPath[str], data: Form[dict[str, str]]) -> Response[Any]:
    """Lay down the sealed answers of one sheet; they are never shown again."""
    by = person(request).official
    answers = {key[1:]: value.strip() for key, value in data.items() if key.startswith("=") and value.strip()}

    def act(conn: sa.Connection, at: datetime) -> None:
        form = store.thawed(conn, event_id).sheet(data.get("module", ""), data.get("sheet", ""))
        missing = [item.name for item in form.items if (item.answered or item.expert) and item.id not in answers]
        if missing:
            raise MarkError(
                f"还有 {len(missing)} 项没有填：{'、'.join(name.zh for name in missing[:6])}。",
                f"{len(missing)} are empty: {', '.join(name.en for name in missing[:6])}.",
            )
        judging.set_sample_key(conn, event_id, form.module, form.id, answers, by, at, secrets.token_bytes)

    return gates.through(request, event_id, "keys", act, lambda refusal: _keys_page(request, event_id, refusal))


def _keys_page(request: Asked, event_id: str, problem: CompetitionError | None = None) -> Response[str]:
    def look(conn: sa.Connection) -> Keys:
        if not at_event(conn, person(request), event_id) & set(KEEPERS):
            raise NotAllowed(
                "标准答案由加密员或监督录入封存。", "Sealed keys are laid down by the encryptor or the supervisor."
            )
        law = store.thawed(conn, event_id)
        query = sa.select(SampleKey).where(SampleKey.event_id == event_id, SampleKey.replaced_at.is_(None))
        laid = {(row.module, row.sheet): row for row in conn.execute(query)}
        return Keys(
            event_id,
            gates.event_name(conn, event_id),
            tuple(
                _key_sheet(law, sheet, laid.get((sheet.module, sheet.id)))
                for sheet in law.sheets
                if (sheet.module, sheet.id) in sealed_sheets(law)
            ),
        )

    done = problem is None and request.query_params.get("done") == "1"
    status = problem.status if problem else 200
    return page(request, "setup/keys.html", status=status, view=read(request, look), problem=problem, done=done)


def _key_sheet(law: rules.Rules, sheet: rules.Sheet, laid: Any) -> KeySheet:
    items = []
    for item in sheet.items:
        if item.scale is not None and (item.answered or item.expert):
            zh, en = item.scale.legal
            items.append(KeyItem(item.id, {"zh": item.name.zh, "en": item.name.en}, {"zh": zh, "en": en}))
    return KeySheet(
        sheet.module, sheet.id, sheet_title(law, sheet.module, sheet.id), tuple(items),
        laid.digest if laid else None, laid.at if laid else None,
    )  # fmt: skip


routes: list[ControllerRouterHandler] = [
    Router("/desk/events/{event_id:str}", route_handlers=[keys_page, seal_key], guards=[encrypted, signed_in])
]
