"""An event's rule file at the desk: brought, checked, compared, tried, printed, put in force; and what is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from competition import judging, rules, store
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.web.seal_stage import BASE, HTTPS, ROOT, SECRETS, Sealing, lay_out, served, words

RULES = (Path(__file__).parents[1] / "judging" / "rules" / "rules.toml").read_text(encoding="utf-8")
OTHER = (
    RULES.replace('edition = "test-1"', 'edition = "test-2"')
    .replace("weight = 80", "weight = 70")
    .replace("weight = 20", "weight = 30")
)
BROKEN = RULES.replace("weight = 80", "weight = eighty")


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        yield open_stage


def checked(stage: Sealing, text: str, role: str = "organiser") -> str:
    answer = stage.post(role, f"{BASE}/rules", {"text": text})
    assert answer.status_code == 200
    return str(answer.text)


def digest(text: str) -> str:
    return text.split('name="seen" value="')[1].split('"')[0]


def in_force(stage: Sealing) -> str:
    return stage.read(store.thawed, EVENT).edition


def test_the_rules_in_force_are_said_in_words(stage: Sealing) -> None:
    page = words(stage.get("chief", f"{BASE}/rules").text)
    for said in ("评茶（示例） · 版本 test-1", "现用", "规则库", "barista"):
        assert said in page


def test_a_text_is_checked_compared_and_put_in_force(stage: Sealing) -> None:
    page = checked(stage, OTHER)
    said = words(page)
    assert "没有错误" in said
    assert "与现用规则相比：2 处不同" in said
    assert "20 30" in said
    assert "试算：" not in said  # nothing is marked yet
    assert in_force(stage) == "test-1"
    form = {"text": OTHER, "seen": digest(page), "reason": "技术文件改了权重"}
    done = stage.post("organiser", f"{BASE}/rules/adopt", form)
    assert "新规则已启用并记录" in done.text
    assert in_force(stage) == "test-2"
    assert "技术文件改了权重" in stage.ledger("edition")[-1]
    assert stage.findings() == []


def test_a_fault_is_named_by_line_and_the_old_rules_stand(stage: Sealing) -> None:
    line = BROKEN[: BROKEN.index("eighty")].count("\n") + 1
    said = words(checked(stage, BROKEN))
    assert f"rules.toml:{line}" in said
    assert "没有错误" not in said
    assert "weight = eighty" in said  # what was typed is still in the box
    refused = stage.post("organiser", f"{BASE}/rules/adopt", {"text": BROKEN, "seen": "", "reason": "改"})
    assert refused.status_code == 409
    assert in_force(stage) == "test-1"


def test_what_was_not_checked_is_not_put_in_force(stage: Sealing) -> None:
    seen = digest(checked(stage, OTHER))
    form = {"text": OTHER.replace("weight = 70", "weight = 60"), "seen": seen, "reason": "偷换"}
    answer = stage.post("organiser", f"{BASE}/rules/adopt", form)
    assert answer.status_code == 409
    assert "请先再检查一次" in answer.text
    assert in_force(stage) == "test-1"


def test_after_the_first_mark_two_people_amend_the_rules_and_every_mark_stays(stage: Sealing) -> None:
    stage.mark_everything()
    marks, before = stage.ledger("mark"), stage.read(store.thawed, EVENT).digest
    page = checked(stage, OTHER)
    said = words(page)
    assert "规则已冻结" in said
    assert "试算：同样的" in said
    assert "启用这份规则" not in said
    assert [secret for secret in SECRETS if secret in page] == []
    form = {"text": OTHER, "seen": digest(page), "reason": "技术文件改了权重"}
    stage.post("organiser", f"{BASE}/rules/adopt", form)
    assert stage.read(store.thawed, EVENT).digest == before
    again = stage.post("organiser", f"{BASE}/rules/adopt", form | {"text": OTHER})
    assert (again.status_code, "还没有答复" in again.text) == (409, True)

    assert "规则改版" in words(stage.get("chief", "/desk").text)
    waits = words(stage.get("chief", f"{BASE}/rules").text)
    assert "技术文件改了权重" in waits
    assert "20 30" in waits
    answer = {"seen": form["seen"], "do": "adopt"}
    assert stage.post("organiser", f"{BASE}/rules/answer", answer).status_code == 403
    assert stage.post("chief", f"{BASE}/rules/answer", answer | {"seen": "another"}).status_code == 409
    assert in_force(stage) == "test-1"
    stage.post("chief", f"{BASE}/rules/answer", answer)
    assert in_force(stage) == "test-2"
    assert stage.ledger("mark") == marks
    assert "技术文件改了权重" in stage.ledger("edition")[-1]
    assert "规则改版" not in words(stage.get("chief", "/desk").text)
    assert stage.post("chief", f"{BASE}/rules/answer", answer).status_code == 409
    assert stage.findings() == []


def test_the_chief_declines_and_says_why(stage: Sealing) -> None:
    stage.mark_everything()
    seen = digest(checked(stage, OTHER))
    stage.post("organiser", f"{BASE}/rules/adopt", {"text": OTHER, "seen": seen, "reason": "改"})
    no = stage.post("chief", f"{BASE}/rules/answer", {"seen": seen, "do": "decline", "reason": " "})
    assert no.status_code == 422
    stage.post("chief", f"{BASE}/rules/answer", {"seen": seen, "do": "decline", "reason": "赛前已说明"})
    assert in_force(stage) == "test-1"
    assert "赛前已说明" in stage.ledger("edition-declined")[-1]
    assert "等裁判长答复" not in words(stage.get("organiser", f"{BASE}/rules").text)


def test_rules_under_which_marks_could_not_stand_are_refused(stage: Sealing) -> None:
    stage.mark_everything()
    finer = OTHER.replace(
        'zh = "滋味", en = "Taste" }, scale = "points", max = 8, step = 0.5',
        'zh = "滋味", en = "Taste" }, scale = "points", max = 8, step = 1',
    )
    assert finer != OTHER
    page = checked(stage, finer)
    assert "不能接着用" in words(page)
    assert "感官评分表 / 滋味" in words(page)
    assert "提请裁判长核准" not in words(page)
    seen = rules.load_text(finer, ROOT / "scoring_rules" / "bases").rules
    assert seen is not None
    refused = stage.post("organiser", f"{BASE}/rules/adopt", {"text": finer, "seen": seen.digest, "reason": "改"})
    assert refused.status_code == 409
    assert "感官评分表 / 滋味" in refused.text
    assert stage.ledger("edition-asked") == []


def test_the_dry_run_names_who_moves_by_code(stage: Sealing) -> None:
    stage.mark_everything()
    upside_down = RULES.replace('best = "high"', 'best = "low"')
    assert upside_down != RULES
    page = words(checked(stage, upside_down))
    codes = [entry.codes[-1] for entry in stage.read(judging.entries, EVENT)]
    assert sum(f"{code} 1 → 3" in page or f"{code} 3 → 1" in page for code in codes) == 2


def test_a_file_is_uploaded_and_a_stranger_file_is_refused(stage: Sealing) -> None:
    def bring(name: str, raw: bytes) -> str:
        answer = stage.browser("organiser").post(
            f"{BASE}/rules/bring", files={"file": (name, raw)}, headers={"origin": HTTPS}
        )
        return str(answer.text)

    assert "没有错误" in bring("r.toml", b"\xef\xbb\xbf" + OTHER.encode())
    assert "须是 UTF-8 文本" in bring("r.toml", OTHER.encode("gbk"))
    assert "没有选文件" in bring("r.toml", b"")
    assert "没有选文件，或文件超过 400 kB" in bring("r.toml", b"#" * 400_001)
    broken = bring("r.xlsx", b"PK\x03\x04 not a workbook")
    assert 'class="note danger"' in broken
    assert "没有错误" not in broken
    assert in_force(stage) == "test-1"


def test_a_rule_of_the_library_is_ready_to_be_changed(stage: Sealing) -> None:
    page = words(stage.get("organiser", f"{BASE}/rules/barista").text)
    assert "规则库 barista" in page
    assert "咖啡" in page
    for folder in ("no-such", "..%2F..%2Fetc"):
        assert stage.get("organiser", f"{BASE}/rules/{folder}").status_code in (404, 422)


def test_blank_sheets_are_printed_for_rules_in_force_and_in_work(stage: Sealing) -> None:
    one = stage.get("clerk", f"{BASE}/rules.pdf", params={"module": "cup", "sheet": "senses"})
    assert one.content.startswith(b"%PDF")
    draft = stage.post("organiser", f"{BASE}/rules/blank.pdf", {"text": OTHER, "sheet": "cup/senses"})
    assert draft.content.startswith(b"%PDF")
    refused = stage.post("organiser", f"{BASE}/rules/blank.pdf", {"text": BROKEN, "sheet": "cup/senses"})
    assert refused.status_code == 422


@pytest.mark.parametrize("role", ["clerk", "encryptor", "supervisor", "announcer", "stranger"])
def test_others_see_and_change_no_rule_file(stage: Sealing, role: str) -> None:
    assert stage.get(role, f"{BASE}/rules").status_code == 403
    seen = digest(checked(stage, OTHER))
    answer = stage.post(role, f"{BASE}/rules/adopt", {"text": OTHER, "seen": seen, "reason": "改"})
    assert answer.status_code == 403
    assert in_force(stage) == "test-1"


def test_the_chief_checks_but_the_organiser_puts_in_force(stage: Sealing) -> None:
    seen = digest(checked(stage, OTHER, "chief"))
    answer = stage.post("chief", f"{BASE}/rules/adopt", {"text": OTHER, "seen": seen, "reason": "改"})
    assert answer.status_code == 403
    assert in_force(stage) == "test-1"
