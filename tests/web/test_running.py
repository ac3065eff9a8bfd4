"""The running order: drawn from words said aloud, repeated from its public record, swapped after a preview."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import update

from competition import judging
from competition.judging import moving, running, slot_gates
from competition.judging.draws import replay
from competition.judging.slots import slots as running_slots
from competition.store import rebuild_sheets
from competition.store.people import Entry
from competition.store.sheets import Sheet
from tests.judging.conftest import EVENT
from tests.laid_out import LaidOut
from tests.publish.conftest import page_texts
from tests.web.seal_stage import BASE, SECRETS, Sealing, lay_out, served, words

PAGE = f"{BASE}/order/cup"


@pytest.fixture
def stage(laid_out: LaidOut, tmp_path: Path) -> Iterator[Sealing]:
    with laid_out.copy(lay_out, tmp_path / "competition.sqlite") as stage, served(stage, tmp_path) as open_stage:
        open_stage.seal()
        yield open_stage


def slots(stage: Sealing, n: int) -> None:
    for place in range(n):
        stage.do(
            judging.add_slot, EVENT, "cup", place // 2 + 1, str(place % 2 + 9), None, stage.official("organiser"),
            rng_bytes=stage.rng,
        )  # fmt: skip


def placed(stage: Sealing) -> dict[str, tuple[int, str]]:
    return {one.judged: (one.n, one.station) for one in stage.read(running.running_order, EVENT, "cup")}


def test_an_order_is_drawn_public_at_once_and_repeated_from_its_record(stage: Sealing) -> None:
    slots(stage, 2)
    few = stage.post("organiser", PAGE, {"words": "六位数 583920"})
    assert "场次工位只有 2 个，参赛有 3 个" in words(few.text)
    assert placed(stage) == {}
    slots_before = stage.get("", f"/order/{EVENT}/cup")
    assert "还没有出场顺序" in words(slots_before.text)
    assert f"/order/{EVENT}/cup" not in stage.get("", f"/results/{EVENT}").text
    stage.do(judging.add_slot, EVENT, "cup", 2, "10", None, stage.official("organiser"), rng_bytes=stage.rng)
    for role in ("chief", "clerk", "supervisor"):
        assert stage.post(role, PAGE, {"words": "583920"}).status_code == 403
    done = words(stage.post("organiser", PAGE, {"words": "583920"}).text)
    assert "顺序已公开" in done
    assert set(placed(stage).values()) == {(1, "9"), (1, "10"), (2, "10")}
    assert f'href="/order/{EVENT}/cup"' in stage.get("", f"/results/{EVENT}").text
    public = words(stage.get("", f"/order/{EVENT}/cup").text)
    assert "583920" in public
    assert sorted(re.findall(r"\bS0\d", public)) == ["S01", "S02", "S03"]
    assert not re.search(r"\b[GP]0\d", public)
    record = stage.get("", f"/order/{EVENT}/cup/record.json").json()
    assert replay(record) == []
    record["lines"].reverse()
    assert {finding.where for finding in replay(record)} == {"place 1", "place 3"}
    assert replay(record | {"words": "583921"})
    assert stage.findings() == []
    stage.writer.do(lambda conn: rebuild_sheets(conn, EVENT))
    assert set(placed(stage).values()) == {(1, "9"), (1, "10"), (2, "10")}


def test_station_cards_say_who_is_up_by_the_code_contestants_know(stage: Sealing) -> None:
    """Before the draw with room to write; after it with layer 1's codes and no other, and nobody's name."""
    none = stage.get("chief", f"{PAGE}/stations.pdf")
    assert none.status_code == 409
    assert "还没有工位" in words(none.text)
    assert "stations.pdf" not in stage.get("chief", f"{BASE}/order").text
    slots(stage, 3)
    assert f'href="{PAGE}/stations.pdf"' in stage.get("chief", f"{BASE}/order").text
    blank = page_texts(stage.get("chief", f"{PAGE}/stations.pdf").content)
    assert [re.findall(r"工位Station(\d+)场次", text) for text in blank] == [["9"], ["10"]]
    assert not any(re.search(r"[SGP]0\d", text) for text in blank)
    stage.post("organiser", PAGE, {"words": "583920"})
    drawn = stage.get("chief", f"{PAGE}/stations.pdf").content
    cards = page_texts(drawn)
    for place in stage.read(running.running_order, EVENT, "cup"):
        (card,) = [text for text in cards if f"工位Station{place.station}场次" in text]
        assert f"{place.n}{place.public}" in card
    assert not any(re.search(r"[GP]0\d", text) for text in cards)
    assert not [secret for secret in SECRETS if any("".join(secret.split()) in text for text in cards)]
    codes = zxingcpp.read_barcodes(pypdfium2.PdfDocument(drawn)[0].render(scale=150 / 72).to_pil())
    assert [code.text.partition("/order/")[2] for code in codes] == [f"{EVENT}/cup"]


def test_other_words_give_another_order() -> None:
    from competition.judging.draws import order

    entries = [f"{n:032x}" for n in range(12)]
    orders = {tuple(order("tea", "cup", said, entries)) for said in ("one", "two", "three")}
    assert len(orders) == 3
    assert all(sorted(one) == entries for one in orders)


def test_a_swap_shows_what_it_changes_first(stage: Sealing) -> None:
    slots(stage, 4)
    stage.post("encryptor", PAGE, {"words": "583920"})
    before = placed(stage)
    preview = stage.get("organiser", f"{PAGE}?first=p01&second=P02")
    said = words(preview.text)
    assert "将要交换" in said
    for code in ("P01", "P02"):
        assert "第 {} 场 {} 号工位".format(*before[code]) in said
    assert placed(stage) == before
    seen = re.search(r'name="seen" value="(\w+)"', preview.text)
    assert seen
    form = {"first": "P01", "second": "P02", "seen": seen[1], "reason": "器械故障"}
    assert stage.post("organiser", f"{PAGE}/swap", form | {"reason": ""}).status_code == 422
    assert stage.post("chief", f"{PAGE}/swap", form).status_code == 403
    stage.post("organiser", f"{PAGE}/swap", form)
    assert placed(stage) == before | {"P01": before["P02"], "P02": before["P01"]}
    stale = stage.post("organiser", f"{PAGE}/swap", form)
    assert "预览之后顺序有变动" in stale.text
    assert "之后变动 1 次" in words(stage.get("", f"/order/{EVENT}/cup").text)
    assert stage.findings() == []
    assert "没有 P09" in stage.get("organiser", f"{PAGE}?first=P01&second=P09").text


def test_nothing_moves_once_the_module_is_marked(stage: Sealing) -> None:
    slots(stage, 4)
    stage.post("encryptor", PAGE, {"words": "583920"})
    before = placed(stage)
    stage.mark_everything_but_the_draw()
    assert "已经有打分" in stage.post("encryptor", PAGE, {"words": "another"}).text
    assert "已经有打分" in stage.get("organiser", f"{PAGE}?first=P01&second=P02").text
    assert placed(stage) == before


def test_who_does_not_compete_gets_no_place_and_nobody_is_named(stage: Sealing) -> None:
    slots(stage, 4)
    stage.writer.do(lambda conn: conn.execute(update(Entry).where(Entry.id == stage.entries[0]).values(status="dns")))
    stage.post("organiser", PAGE, {"words": "583920"})
    assert len(placed(stage)) == 2
    for role in ("", "organiser", "encryptor", "chief", "clerk"):
        for path in (f"/order/{EVENT}/cup", f"/order/{EVENT}/cup/record.json", *([PAGE] if role else [])):
            text = stage.get(role, path).text
            assert not [secret for secret in SECRETS if secret in text]


def test_an_entry_is_moved_with_its_clashes_in_view_and_taken_back(stage: Sealing) -> None:
    slots(stage, 4)
    stage.post("encryptor", PAGE, {"words": "583920"})
    before = placed(stage)
    listed = {(line.n, line.station): (line.id, code) for line, code in stage.read(moving.places, EVENT, "cup")}
    free = next(place for place, (_, code) in listed.items() if code is None)
    assert free == (2, "10")
    stage.do(slot_gates.open_slot, EVENT, "cup", 2, stage.official("chief"))
    board = words(stage.get("chief", BASE).text)
    assert "第 2 场开放中 审评 1 场待开放，0 场已关闭" in board
    preview = stage.get("organiser", f"{PAGE}?code=p01&slot={listed[free][0]}").text
    said = words(preview)
    assert "将要移动" in said
    assert "1 处冲突" in said
    assert "第 2 场正在进行（已开放）" in said
    assert placed(stage) == before
    form = dict(re.findall(r'hidden" name="(code|slot|seen)" value="(\w+)"', preview)) | {"reason": "设备故障"}
    assert stage.post("chief", f"{PAGE}/move", form).status_code == 403
    stage.post("organiser", f"{PAGE}/move", form)
    assert placed(stage) == before | {"P01": free}
    assert (
        "预览之后顺序有变动" in stage.post("organiser", f"{PAGE}/move", form | {"slot": listed[before["P01"]][0]}).text
    )

    taken = before["P02"]  # a place that somebody has: the two change
    preview = stage.get("organiser", f"{PAGE}?code=P01&slot={listed[taken][0]}").text
    assert "这个位置现在是 P02，两人互换" in words(preview)
    form = dict(re.findall(r'hidden" name="(code|slot|seen)" value="(\w+)"', preview)) | {"reason": "时间冲突"}
    page = stage.post("organiser", f"{PAGE}/move", form).text
    assert placed(stage) == before | {"P01": taken, "P02": free}
    for after in (before | {"P01": free}, before):
        act = re.search(r'name="act" value="(\w+)"', page)
        assert act
        page = stage.post("organiser", f"{PAGE}/undo", {"act": act[1]}).text
        assert placed(stage) == after
    assert 'name="act"' not in page
    assert "之后变动 4 次" in words(stage.get("", f"/order/{EVENT}/cup").text)
    stage.writer.do(lambda conn: rebuild_sheets(conn, EVENT))
    assert placed(stage) == before
    assert stage.findings() == []


def test_two_modules_at_the_same_time_clash(stage: Sealing) -> None:
    slots(stage, 3)
    stage.post("encryptor", PAGE, {"words": "583920"})
    later, sooner = stage.now + timedelta(hours=10), stage.now + timedelta(hours=1)
    one, two, _ = stage.read(running.running_order, EVENT, "cup")
    for module, n, when in (("cup", 4, later), ("cup", 5, sooner), ("theory", 1, later)):
        stage.do(judging.add_slot, EVENT, module, n, "1", when, stage.official("organiser"), rng_bytes=stage.rng)
    wanted = {(line.module, line.n): line.id for line in stage.read(running_slots, EVENT)}
    hold = (
        update(Sheet).where(Sheet.entry_id == one.entry, Sheet.module == "theory").values(slot_id=wanted["theory", 1])
    )
    stage.writer.do(lambda conn: conn.execute(hold))
    for who, n, kinds in ((one, 4, ["overlap"]), (two, 4, []), (one, 5, [])):
        way = stage.read(moving.preview_move, EVENT, "cup", who.judged, wanted["cup", n], stage.now)
        assert [clash.kind for clash in way.clashes] == kinds
    # the other way round the two clash as well
    timed = update(Sheet).where(Sheet.entry_id == two.entry, Sheet.module == "cup").values(slot_id=wanted["cup", 4])
    back = update(Sheet).where(Sheet.entry_id == two.entry, Sheet.module == "cup").values(slot_id=two.slot)
    stage.writer.do(lambda conn: conn.execute(timed))
    lines = {line.id: line for line in stage.read(running_slots, EVENT)}
    found = stage.read(moving.clashes, EVENT, "theory", two, lines[wanted["theory", 1]], stage.now)
    assert [(clash.kind, clash.module) for clash in found] == [("overlap", "cup")]
    stage.writer.do(lambda conn: conn.execute(back))
    late = stage.read(moving.preview_move, EVENT, "cup", two.judged, wanted["cup", 4], later + timedelta(minutes=1))
    assert [(clash.kind, clash.code) for clash in late.clashes] == [("past", two.judged)]
    said = words(stage.get("organiser", f"{PAGE}?code={one.judged}&slot={wanted['cup', 4]}").text)
    assert f"{one.judged} 在 " in said
    assert "还有“理论考试”，时间重叠" in said
