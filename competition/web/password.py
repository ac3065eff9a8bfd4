"""Changing one's own password at the desk."""

import msgspec
from litestar import Response, Router, get, post
from litestar.response import Redirect
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.errors import CompetitionError
from competition.judging import accounts
from competition.web.auth import Asked, Form, encrypted, person, read, session_cookie, signed_in, write
from competition.web.pages import page


class NewPassword(msgspec.Struct):
    """The form: the old password proves who asks."""

    old: str = ""
    new: str = ""


@get("/", sync_to_thread=True)
def form(request: Asked) -> Response[str]:
    """The form; after a change it says so, and before the first it says why nothing else opens."""
    return _form(request, None, done=request.query_params.get("done") == "1")


@post("/", sync_to_thread=True)
def change(request: Asked, data: Form[NewPassword]) -> Response[str] | Redirect:
    """Change it, or say why not. Other sessions of the same official end."""
    who, cookie = person(request).official, session_cookie(request)
    try:
        write(request, lambda conn, at: judging.change_password(conn, who, data.old, data.new, cookie, at))
    except CompetitionError as refusal:
        return _form(request, refusal, done=False)
    return Redirect("/desk/password?done=1", status_code=303)


def _form(request: Asked, problem: CompetitionError | None, *, done: bool) -> Response[str]:
    first = read(request, lambda conn: accounts.must_change(conn, person(request).official))
    status = problem.status if problem else 200
    return page(request, "desk/password.html", status=status, problem=problem, done=done, first=first)


routes: list[ControllerRouterHandler] = [
    Router("/desk/password", route_handlers=[form, change], guards=[encrypted, signed_in])
]
