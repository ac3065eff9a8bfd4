"""Who may do what, in words: the table that the acts themselves ask."""

from litestar import Response, Router, get
from litestar.types import ControllerRouterHandler

from competition import judging
from competition.judging import permissions
from competition.web.auth import Asked, encrypted, person, signed_in
from competition.web.pages import page


@get("/", sync_to_thread=False)
def permissions_page(request: Asked) -> Response[str]:
    """Every act and every role; the reader's own columns are marked."""
    return page(
        request,
        "people/permissions.html",
        groups=permissions.GROUPS,
        together=permissions.TOGETHER,
        on_tablets=permissions.ON_TABLETS,
        roles=judging.ROLES,
        mine=person(request).anywhere,
    )


routes: list[ControllerRouterHandler] = [
    Router("/desk/permissions", route_handlers=[permissions_page], guards=[encrypted, signed_in])
]
