"""The headers of safety on every answer. No Strict-Transport-Security: a venue must be able to fall back to plain HTTP on
the day, and browsers that had seen that header would refuse it for months."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
FRAMED = "frame-ancestors 'self'"
"""Of a file that a page of ours shows in a frame; a PDF runs nothing, and viewers stumble over more."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


async def with_headers(message: Message, scope: Scope) -> None:
    """The headers of safety on every answer, refusals and streams too."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if scope["app"].state.get("rehearsal"):
            headers["X-Rehearsal"] = "yes"
