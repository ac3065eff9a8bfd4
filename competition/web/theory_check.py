"""The second person's page for imported marks: the list by code, and the numbers to read off the paper list.

The sums are not shown before they are entered: whoever confirms must have the paper before them.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from competition import judging, rules, store
from competition.errors import MarkError
from competition.store.sheets import SheetNow
from competition.web.clerk_views import ListCheck
from competition.web.keying import keyed_number
from competition.web.said import sheet_title
from competition.web.theory_table import marked_items
from competition.web.views import Text

SUM = "sum."
VERSION = "version."


def page(
    conn: sa.Connection, event_id: str, wanted: str, viewer: judging.Official, sent: Mapping[str, str]
) -> ListCheck:
    """The list of one import sheet that waits for this clerk; of the first that has one, unless another is wanted."""
    known, law = judging.event_line(conn, event_id), store.thawed(conn, event_id)
    forms = {f"{form.module}/{form.id}": form for form in law.sheets if form.panel.kind == "import"}
    waiting = {path: _waiting(conn, event_id, form, viewer) for path, form in forms.items()}
    first = next((path for path, (others, _) in waiting.items() if others), next(iter(forms), ""))
    path = wanted if wanted in forms else first
    form = forms.get(path)
    listed, own = waiting[path] if form else ([], [])
    items = marked_items(form) if form else ()
    entrants, kinds = {one.id: one for one in judging.entries(conn, event_id)}, judging.listed_by(conn, listed)
    title: Text = sheet_title(law, form.module, form.id) if form else {"zh": "", "en": ""}
    return ListCheck(
        id=event_id,
        name={"zh": known.name_zh, "en": known.name_en},
        title=title,
        sheet=path,
        columns=tuple(item.name for item in items),
        rows=tuple(
            sorted(
                (_code(entrants[now.entry_id], kinds[now.id]), tuple(_value(now, item.id) for item in items))
                for now in listed
            )
        ),
        sheets={now.id: now.version for now in listed},
        sums=tuple((item.id, item.name) for item in items if item.scale is not None and item.scale.numeric),
        mine=len(own),
        lists=tuple((path, sheet_title(law, one.module, one.id), len(waiting[path][0])) for path, one in forms.items()),
        count=sent.get("lines", ""),
        typed={item.id: sent.get(SUM + item.id, "") for item in items},
    )


def carry_out(conn: sa.Connection, event_id: str, sent: Mapping[str, str], by: judging.Official, at: datetime) -> int:
    """Confirm the list that was shown; answers how many sheets are signed. What can't be read as a number is refused."""
    listed = {key.removeprefix(VERSION): int(value) for key, value in sent.items()
              if key.startswith(VERSION) and value.isascii() and value.isdigit()}  # fmt: skip
    lines = keyed_number(sent.get("lines", ""))
    if not lines.isdigit():
        raise MarkError("请填纸质名单的行数。", "Enter the number of lines of the paper list.")
    sums = {key.removeprefix(SUM): keyed_number(value) for key, value in sent.items() if key.startswith(SUM)}
    return judging.confirm_list(conn, event_id, listed, judging.ListTotals(int(lines), sums), by, at)


def _waiting(
    conn: sa.Connection, event_id: str, form: rules.Sheet, viewer: judging.Official
) -> tuple[list[SheetNow], list[SheetNow]]:
    """The sheets that wait for this clerk, and those that this clerk keyed, which wait for another."""
    found = judging.waiting_list(conn, event_id, form.module, form.id)
    own = [now for now in found if viewer.id in now.keyed["by"]]
    return [now for now in found if now not in own], own


def _code(entry: judging.EntryLine, kind: int) -> str:
    """The code the file named it by: two kinds side by side would tell which belongs to which, and that is sealed."""
    return entry.codes[kind] if entry.codes else entry.id[:6]


def _value(now: SheetNow, item: str) -> str | None:
    cell = now.marks.get(item)
    return None if cell is None else cell[0]
