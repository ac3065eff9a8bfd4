"""The tablet's program: which files it is, when it is another version, how heavy it is, and what keeps it on the tablet."""

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from competition.web import files, offline
from competition.web.files import File, Files

SHELL = '<link href="/assets/0123456789ab/a.css"><script src="/assets/0123456789ab/old.js"></script>' + (
    '<script type="module" src="/assets/0123456789ab/judge/main.js"></script>'
)
LIGHT = 150_000  # bytes of the whole tablet page on the air; tablets share one access point


def assets(**sources: str) -> Files:
    by_path = {
        name.replace("__", "/").replace("_js", ".js").replace("_css", ".css"): File(text.encode(), "text/plain", text)
        for name, text in {"judge__sw_js": "", **sources}.items()
    }
    return Files("0123456789ab", by_path)


PLAIN = assets(
    a_css='@import "b.css"; .x { background: url("judge/c.css") } /* url(none.css) */',
    b_css="", judge__c_css="", old_js="",
    judge__main_js='import { d } from "./d.js";\nimport "../e.js";\n// import "./none.js"\nawait import("./f.js"); import.meta.url;',
    judge__d_js='/** @param {import("./none.js").X} x */\nexport { y } from "./main.js";', e_js="", judge__f_js="",
    judge__other_js="",
)  # fmt: skip


def test_the_program_is_what_the_shell_names_and_those_files_import() -> None:
    program = offline.read(PLAIN, lambda app, modules: SHELL)
    assert set(program.paths) == {
        "a.css", "b.css", "judge/c.css", "old.js", "judge/main.js", "judge/d.js", "e.js", "judge/f.js",
    }  # fmt: skip
    assert program.modules == ("judge/main.js", "judge/d.js", "e.js", "judge/f.js")


def test_an_import_of_a_file_that_is_not_there_ends_the_start() -> None:
    broken = replace(PLAIN, by_path={path: file for path, file in PLAIN.by_path.items() if path != "e.js"})
    with pytest.raises(KeyError, match=r"e\.js"):
        offline.read(broken, lambda app, modules: SHELL)


def test_only_what_the_tablet_runs_makes_another_version() -> None:
    def version(digest: str = PLAIN.digest, shell: str = SHELL, **changed: str) -> str:
        by_path = {
            **PLAIN.by_path,
            **{path: File(b"", "", file.etag) for path, file in assets(**changed).by_path.items()},
        }
        kept = {path: replace(file, content=PLAIN.by_path[path].content) for path, file in by_path.items()}
        return offline.read(Files(digest, kept), lambda app, modules: shell.replace(PLAIN.digest, digest)).version

    was = version()
    assert version(judge__other_js="another desk") == was
    assert version(digest="ba9876543210") == was
    assert version(judge__f_js="changed") != was
    assert version(judge__sw_js="changed") != was
    assert version(shell=f"{SHELL}words") != was


def test_the_worker_is_told_exactly_the_program_and_may_rule_the_page(app: Litestar) -> None:
    client = TestClient(app)
    answer = client.get("/judge/sw.js")
    assert answer.headers["service-worker-allowed"] == "/judge"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")
    (told,) = re.findall(r"^const PROGRAM = (\{.*\});$", answer.text, re.MULTILINE)
    program = json.loads(told)
    shell = client.get("/judge").text
    assert f'data-app="{program["version"]}"' in shell
    assert set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', shell)) == set(program["files"])
    for path in program["files"]:
        assert client.get(path).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert app.state.program.version == program["version"]


def test_the_worker_leaves_marks_and_database_alone() -> None:
    source = (files.FOLDER / "judge" / "sw.js").read_text(encoding="utf-8")
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("//"))
    assert not re.search(r"indexedDB|/api/|localStorage", code)


def test_the_whole_page_is_light(app: Litestar) -> None:
    client = TestClient(app)
    paths = ["/judge", *(app.state.files.url(path) for path in app.state.program.paths)]
    sent = 0
    for path in paths:
        with client.stream("GET", path, headers={"accept-encoding": "gzip"}) as answer:
            body = b"".join(answer.iter_raw())
            sent += len(body)
            if len(body) > 1000:
                assert answer.headers["content-encoding"] == "gzip"
                assert gzip.decompress(body)
    assert sent < LIGHT, f"{sent} bytes"
    assert sent > LIGHT // 10  # all of it was weighed


def test_the_script_for_old_browsers_is_old_itself() -> None:
    """One arrow or template in it, and an old tablet shows a page whose buttons do nothing."""
    for name in ("judge/floor.js", "trust.js"):
        text = (files.FOLDER / name).read_text(encoding="utf-8")
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
        found = re.findall(r"=>|`|\b(?:const|let|class|async|await|import|export)\b|\?\.|\?\?|\.\.\.", code)
        assert (name, found) == (name, [])


def test_the_words_of_old_browsers_stand_in_the_page(app: Litestar) -> None:
    page = TestClient(app).get("/judge").text
    assert re.search(r'<div class="note danger" id="too-old" role="alert" hidden>', page)
    assert "Safari（iPadOS）15.4" in page
    head = page.partition("</head>")[0]
    assert head.index("judge/floor.js") < head.index('type="module"')


def test_files_of_the_program_are_in_the_package() -> None:
    assert (Path(files.FOLDER) / offline.WORKER).is_file()
