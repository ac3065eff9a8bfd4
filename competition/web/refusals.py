"""What goes wrong, told to a person: error class to status once, then a page in the reader's language (or JSON for /api)."""

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from competition.errors import CompetitionError
from competition.web.pages import page

LOG = logging.getLogger("competition.web")

# What, and what next, for refusals that the web server itself makes.
PLAIN: dict[int, tuple[str, str]] = {
    400: (
        "这次请求有缺漏或格式不对。请返回上一页，检查后重新提交。",
        "The request was incomplete or malformed. Go back, check it and send it again.",
    ),
    401: ("请先登录。", "Please sign in first."),
    403: (
        "您的账号不能做这一步。如有需要，请联系组委会。",
        "Your account may not do this. Ask the organiser if you should.",
    ),
    404: (
        "没有这个页面。请检查网址，或从首页重新进入。",
        "There is no such page. Check the address or start from the home page.",
    ),
    405: (
        "这个地址不接受这种操作。请从页面上的按钮进入。",
        "This address does not take that action. Use the buttons on the pages.",
    ),
    413: ("提交的内容太大。", "What was sent is too large."),
    429: ("操作太频繁，请稍候一分钟再试。", "Too many tries. Wait a minute and try again."),
    500: (
        "系统出了错，这一步没有完成；已确认的数据不受影响。请重试，若再次出现，把页面上的时间告诉技术人员。",
        "Something failed and this step was not done; confirmed data is safe. Try again; if it repeats, tell the technician.",
    ),
}


def refused(request: Request[Any, Any, Any], error: CompetitionError) -> Response[Any]:
    """A refusal that says itself what and what next."""
    return answer(request, error.status, error.zh, error.en)


def http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """A refusal of the web server. Its own detail stays in the log: it may quote what was sent."""
    zh, en = PLAIN.get(error.status_code, PLAIN[400 if error.status_code < 500 else 500])
    if error.status_code >= 500:
        LOG.error("%s %s: %s", request.method, request.url.path, error.detail, exc_info=error)
    return answer(request, error.status_code, zh, en)


def broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A bug. The log has it; the page says that nothing confirmed is lost."""
    LOG.error("%s %s", request.method, request.url.path, exc_info=error)
    return answer(request, 500, *PLAIN[500])


def answer(request: Request[Any, Any, Any], status: int, zh: str, en: str) -> Response[Any]:
    """The page or the JSON of a refusal."""
    if request.url.path.startswith("/api/") or request.url.path.endswith(".json"):
        return Response({"error": {"zh": zh, "en": en}}, status_code=status, headers={"Cache-Control": "no-store"})
    at = request.app.state.clock()
    return page(request, "shared/refused.html", status=status, code=status, message={"zh": zh, "en": en}, at=at)


handlers: ExceptionHandlersMap = {CompetitionError: refused, HTTPException: http, Exception: broken}
