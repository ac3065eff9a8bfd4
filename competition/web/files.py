"""Styles, scripts and icons: read once at the start, served under a digest of them all.

`/assets/<digest>/judge/main.js` never changes, so it may be kept for ever, and relative imports between scripts keep
working because the digest is a folder, not a name. `/assets/judge/main.js` is the same file, to be asked for again each time
(the static router of Litestar 2.25 answers 200 where 304 is meant: stack.md section 6).
"""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from competition.errors import NotFound

FOLDER = Path(__file__).parent / "assets"
FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent: its bytes, media type and entity tag."""

    content: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Files:
    """All files by path below `assets/`, and the digest they share."""

    digest: str
    by_path: Mapping[str, File]

    def url(self, path: str) -> str:
        """The address to write in a page. KeyError for a file that is not there: a bug in the template."""
        if path not in self.by_path:
            raise KeyError(f"no asset {path!r}")
        return f"/assets/{self.digest}/{path}"


def read(folder: Path = FOLDER) -> Files:
    """Every file below `folder`."""
    by_path = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        media_type = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
        by_path[file.relative_to(folder).as_posix()] = File(content, media_type, tag)
    whole = hashlib.sha256("".join(f"{path}{file.etag}" for path, file in by_path.items()).encode())
    return Files(whole.hexdigest()[:12], by_path)


@get("/assets/{path:path}", sync_to_thread=False)
def asset(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """One file: for ever under its digest, by entity tag without."""
    files: Files = request.app.state.files
    name = path.lstrip("/")
    under_digest = name.startswith(f"{files.digest}/")
    file = files.by_path.get(name.removeprefix(f"{files.digest}/")) or files.by_path.get(name.partition("/")[2])
    if file is None:
        raise NotFound("没有这个文件，请刷新页面", "There is no such file: reload the page")
    headers = {"ETag": file.etag, "Cache-Control": FOREVER if under_digest else ASK_AGAIN}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    return Response(file.content, headers=headers, media_type=file.media_type)


routes: list[ControllerRouterHandler] = [asset]
