"""The tablet's program as one thing: which files it is, its version, and the service worker that keeps it on the tablet.

The list of files is not written by hand anywhere: it is what the shell names and what those files import, followed to the
end. The version is a digest of exactly these files and the shell, so a change of a desk's style is no update for a judge.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.types import ControllerRouterHandler

from competition.web.files import ASK_AGAIN, Files

SHELL = "/judge"
WORKER = "judge/sw.js"
_NAMED = re.compile(r'(?:src|href)="/assets/[0-9a-f]+/([^"]+)"')
_CLASSIC = re.compile(r'<script src="/assets/[0-9a-f]+/([^"]+)"')
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']""")
_URL = re.compile(r"""(?:@import\s+|\burl\(\s*)["']?([^"')\s;]+)""")


@dataclass(frozen=True, slots=True)
class Program:
    """`paths` below assets/, in the order in which they are found; `version` is 12 hex digits."""

    version: str
    paths: tuple[str, ...]
    modules: tuple[str, ...]
    """Its modules: named in the shell's head so that the tablet fetches them all at once, not layer by layer."""


def read(files: Files, shell: Callable[[str, tuple[str, ...]], str]) -> Program:
    """The program whose page `shell(version, modules)` renders. KeyError names a file that is imported and isn't there."""
    bare = shell("", ())
    paths = tuple(_closure(files, _NAMED.findall(bare)))
    told = "".join(f"{path}{files.by_path[path].etag}" for path in sorted(paths))
    told += bare.replace(files.digest, "") + files.by_path[WORKER].etag
    modules = tuple(path for path in paths if path.endswith(".js") and path not in _CLASSIC.findall(bare))
    return Program(hashlib.sha256(told.encode()).hexdigest()[:12], paths, modules)


def imports(path: str, source: str) -> Iterator[str]:
    """The files that a script or style names, as paths below assets/."""
    named = _URL if path.endswith(".css") else _IMPORT
    for name in named.findall(_COMMENT.sub("", source)):
        if not name.startswith(("data:", "#", "/", "http:", "https:", "url(")):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def _closure(files: Files, wanted: list[str]) -> Iterator[str]:
    seen: dict[str, None] = {}
    waiting = list(dict.fromkeys(wanted))
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen[path] = None
        yield path
        if path.endswith((".js", ".css")):
            waiting += imports(path, files.by_path[path].content.decode())


@get("/judge/sw.js", sync_to_thread=False)
def service_worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The service worker with the list it keeps. It may rule /judge, which lies above its own folder."""
    state = request.app.state
    told = {
        "version": state.program.version,
        "shell": SHELL,
        "files": [state.files.url(path) for path in state.program.paths],
    }
    head = b"const PROGRAM = " + msgspec.json.encode(told) + b";\n"
    headers = {"Service-Worker-Allowed": SHELL, "Cache-Control": ASK_AGAIN}
    return Response(head + state.files.by_path[WORKER].content, media_type="text/javascript", headers=headers)


routes: list[ControllerRouterHandler] = [service_worker]
