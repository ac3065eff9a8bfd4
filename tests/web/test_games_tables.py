"""The games' tables through their gates: what is missing is named, what was released stands, a revision says what it changes."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import Connection, text

from competition import judging, store
from competition.errors import Conflict, NotAllowed, RuleError
from competition.judging import games_releases as acts
from competition.judging.games_rules import file_games_rules, games_rules, the_games
from competition.judging.games_tables import Computed, computed
from competition.judging.games_verification import verify_games
from competition.publish.records import Record
from competition.store.games_records import compare_games
from competition.web import nominations
from competition.workbook import read_bytes
from tests.web.games_stage import RULES, Stage, stage_on
from tests.web.test_pages import words
from tests.web.venue import NAMES, Venue

HERE = "/desk/games/tables"


@pytest.fixture(scope="module")
def stage(venue: Venue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Walked through by the tests of this file in their order."""
    with stage_on(venue, tmp_path_factory.mktemp("games")) as stage:
        yield stage


def found(stage: Stage) -> list[str]:
    return [str(one) for one in stage.venue.read(lambda conn: [*verify_games(conn), *store.verify(conn, None)])]


def final(stage: Stage) -> list[str]:
    return [line.id for line in stage.venue.read(judging.all_events) if line.final_at]


def points(stage: Stage) -> dict[str, int]:
    """What the units' points must be: 8 and 4 for first and second of the final events, added up here by hand."""
    sums: dict[str, int] = {}
    for event in final(stage):
        for row in stage.venue.read(judging.release_of, event, "final").rows:
            worth = {"first": 8, "second": 4}.get(row.award or "", 0)
            sums[row.unit] = sums.get(row.unit, 0) + worth
    return {unit: n for unit, n in sums.items() if n}


def test_before_a_notice_the_public_has_nothing(stage: Stage) -> None:
    assert "总榜尚未公示" in words(stage.get("", "/tables").text)
    assert stage.get("", "/tables/units/table.csv").status_code == 404
    assert "/tables" not in stage.get("", "/").text
    page = words(stage.get("organiser", HERE).text)
    assert f"{len(stage.missing)} 个赛项还没有正式公布，不计入" in page
    assert not [name for name in NAMES if name in page]


def test_missing_events_are_left_out_by_name_or_nothing_is_published(stage: Stage) -> None:
    closes = (stage.venue.clock.now + timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M")
    refused = stage.post("organiser", f"{HERE}/notice", sure="yes", closes=closes)
    assert refused.status_code == 409
    assert words(refused.text).count("还没有正式公布。请先公布，或注明本次不计入。") == len(stage.missing)
    early = stage.post("organiser", f"{HERE}/final", sure="yes")
    assert early.status_code == 409
    assert "总榜尚未公示" in words(early.text)
    for who in ("chief", "clerk", "supervisor"):
        assert stage.post(who, f"{HERE}/notice", sure="yes", closes=closes).status_code == 403
    shown = " ".join(stage.missing)
    done = stage.post("organiser", f"{HERE}/notice", sure="yes", closes=closes, partial="yes", shown=shown)
    assert "总榜公示已发布" in words(done.text)
    public = words(stage.get("", "/tables").text)
    assert "公示 · 非最终成绩" in public
    assert f"{len(stage.missing)} 个赛项尚未正式公布，未计入" in public
    release = stage.venue.read(acts.games_release, "notice")
    assert set(release.missing) == set(stage.missing)
    soon = stage.post("organiser", f"{HERE}/final", sure="yes")
    assert "公示期到" in words(soon.text)
    assert "总榜公示" not in words(stage.get("organiser", "/desk").text)


def test_the_final_release_says_the_same_everywhere_and_is_recomputed(stage: Stage) -> None:
    stage.venue.clock.now += timedelta(hours=2)
    assert "总榜公示期已满，可以正式公布" in words(stage.get("organiser", "/desk").text)
    done = stage.post("organiser", f"{HERE}/final", sure="yes")
    assert "总榜已正式公布" in words(done.text)
    wanted = points(stage)
    table = list(csv.DictReader(StringIO(stage.get("", "/tables/units/table.csv").content.decode("utf-8-sig"))))
    assert {row["单位"]: int(row["积分"]) for row in table} == wanted
    data = json.loads(stage.get("", "/tables/units/table.json").content)
    assert {row["name"]: int(row["sum"]) for row in data["rows"]} == wanted
    release = stage.venue.read(acts.games_release, "final")
    assert data["about"]["digest"] == release.document_digest
    page = words(stage.get("", "/tables").text)
    for unit, n in wanted.items():
        assert f"{unit} {n}" in page
    medals = json.loads(stage.get("", "/tables/medals/table.json").content)["rows"]
    assert [(row["name"], row["award0"], row["award1"]) for row in medals] == [
        ("绿色食品", str(len(final(stage))), str(len(final(stage))))
    ]
    assert 'href="/tables"' in stage.get("", "/").text
    assert not [name for name in NAMES if name in stage.get("", "/tables").text]
    assert found(stage) == []
    assert "总榜已正式公布，没有变动" in words(stage.get("organiser", HERE).text)


def test_an_events_revision_becomes_a_revision_of_the_tables(stage: Stage) -> None:
    before = stage.venue.read(acts.games_release, "final")
    old = points(stage)
    assert "总榜公示" not in words(stage.get("organiser", "/desk").text)
    stage.revise_event()
    assert "赛项已正式公布，总榜可以公示" in words(stage.get("organiser", "/desk").text)
    assert "总榜可以公示" not in words(stage.get("supervisor", "/desk").text)
    assert f'href="{HERE}"' in stage.get("supervisor", "/desk").text
    assert "总榜" not in words(stage.get("chief", "/desk").text)
    fresh = points(stage)
    assert old != fresh
    page = words(stage.get("organiser", HERE).text)
    assert "正式公布之后总榜有变动" in page
    moved = stage.venue.read(acts.games_revised, stage.venue.read(now))
    names = {row["who"]: before.names["units"][row["who"]]["zh"] for row in before.rows["tables"][0]["rows"]}
    assert {(names[one.who], one.before[1], one.after[1]) for one in moved if one.table == "units"} == {
        (unit, str(old[unit]), str(fresh.get(unit, ""))) for unit in old if old[unit] != fresh.get(unit)
    }
    assert "请重新公示" in words(stage.post("organiser", f"{HERE}/final", sure="yes").text)
    stage.notice()
    assert "公示 · 非最终成绩" in words(stage.get("", "/tables").text)  # a revision too can be objected to
    assert stage.post("organiser", f"{HERE}/final", sure="yes").status_code == 422
    done = stage.post("organiser", f"{HERE}/final", sure="yes", reason="赛项更正")
    assert done.status_code == 200
    second = stage.venue.read(acts.games_release, "final")
    assert (second.revision, second.reason) == (2, "赛项更正")
    assert "修订号 2" in words(stage.get("", "/tables").text)
    assert found(stage) == []  # the first revision too: it rests on the event's first release


def now(conn: Connection) -> Computed:
    games = the_games(conn)
    filed = games_rules(conn, games.id)
    assert filed is not None
    return computed(conn, games, filed.across)


def test_other_rules_need_a_reason_once_something_is_published(stage: Stage) -> None:
    organiser, other = stage.venue.people["organiser"], RULES.replace("first = 8", "first = 9")
    with pytest.raises(Conflict):
        stage.venue.do(file_games_rules, RULES, organiser)
    with pytest.raises(RuleError) as wrong:
        stage.venue.do(file_games_rules, RULES.replace('per = "unit"', 'per = "village"'), organiser)
    assert "village" in wrong.value.zh
    assert stage.post("organiser", f"{HERE}/rules", do="shipped").status_code == 422
    with pytest.raises(NotAllowed):
        stage.venue.do(file_games_rules, other, stage.venue.people["supervisor"], reason="why")
    stage.venue.do(file_games_rules, other, organiser, reason="按组委会文件")
    assert found(stage) == []
    page = words(stage.get("organiser", HERE).text)
    assert "正式公布之后总榜有变动" in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE games_release SET rows = replace(rows, '\"sum\":\"', '\"sum\":\"1') WHERE kind = 'final'", "rows"),
        ("UPDATE games_release SET basis = replace(basis, 'u-north', 'u-south')", "basis"),
        ("UPDATE games_release SET document = CAST(replace(document, '示例', '他') AS BLOB)", "document"),
        ("UPDATE games_rules SET text = replace(text, 'second = 4', 'second = 5')", "规则被改动"),
        ("DELETE FROM games_release WHERE revision = 1 AND kind = 'notice'", "不见了"),
    ],
)
def test_whatever_is_changed_behind_the_acts_is_found(stage: Stage, change: str, says: str) -> None:
    with stage.venue.engine.connect() as conn:
        conn.execute(text(change))
        told = [
            str(one) for one in compare_games(conn)
        ]  # that `verify` and `audit` ask it: found() above, test_auditing
        conn.rollback()
    assert any(says in one for one in told), told
    assert stage.venue.read(compare_games) == []


def test_a_release_that_rests_on_other_marks_is_found(stage: Stage) -> None:
    """Rows and digests that agree with each other, made for another basis than the ledger's: only computing them again tells."""
    with stage.venue.engine.connect() as conn:
        conn.execute(text('UPDATE games_release SET rows = replace(rows, \'"sum":"\', \'"sum":"1\')'))
        told = [str(one) for one in verify_games(conn)]
        conn.rollback()
    assert any("Computed again the tables differ" in one for one in told), told


def test_nominations_come_from_final_releases_and_are_the_organisers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers: list[Record] = []  # how a record is laid out is tested where records are
    monkeypatch.setattr(nominations, "record", lambda _, one: papers.append(one) or b"%PDF")
    wanted = [
        (str(row.rank), name, row.unit, row.total)
        for event in final(stage)
        for row in stage.venue.read(judging.release_of, event, "final").rows
        if row.rank in (1, 2)
        for name in row.names
    ]
    folder = "/desk/games/titles/expert"
    table = list(csv.DictReader(StringIO(stage.get("organiser", f"{folder}/list.csv").content.decode("utf-8-sig"))))
    assert sorted((row["名次"], row["姓名"], row["单位"], row["总分"]) for row in table) == sorted(wanted)
    assert {row["待核实"] for row in table} == {"standing"}  # no event records it: somebody looks at the papers
    (sheet,) = read_bytes(stage.get("organiser", f"{folder}/list.xlsx").content, "list.xlsx")
    assert [sheet.own(line, 4).text for line in range(2, len(wanted) + 2)] == [row["姓名"] for row in table]
    assert stage.get("organiser", f"{folder}/list.pdf").content == b"%PDF"
    (paper,) = papers
    assert [row[3] for row in paper.rows] == [row["姓名"] for row in table]
    assert dict(paper.facts)["missing_events"] == str(len(stage.missing))
    said = [f"column.{key}" for key in paper.columns] + [f"fact.{key}" for key, _ in paper.facts] + ["titles"]
    assert not [key for key in said if not stage.app.state.words.has(f"paper.record.{key}")]
    for who in ("supervisor", "chief", "clerk"):
        assert stage.get(who, f"{folder}/list.csv").status_code == 403
    assert stage.get("organiser", "/desk/games/titles/none/list.csv").status_code == 404
