"""Codes: drawn from two people's seed, replayable, sealed until two people decode."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from competition import judging
from competition.errors import Conflict, NotAllowed
from competition.judging import Official
from competition.judging.draws import LETTERS, draw, half_digest, replay
from competition.store.codes import EntrantCode, JudgingCode, StationCode
from tests.judging.conftest import EVENT, NAMES, Hall


@given(st.sets(st.text("0123456789abcdef", min_size=8, max_size=8), min_size=1, max_size=120), st.text())
def test_a_draw_is_a_permutation_in_each_layer_whatever_the_order(entries: set[str], seed: str) -> None:
    codes = draw(seed, sorted(entries))
    assert codes == draw(seed, sorted(entries, reverse=True))
    for layer in LETTERS:
        assert len({codes[entry, layer] for entry in entries}) == len(entries)


def test_layers_and_seeds_give_different_orders() -> None:
    entries = [f"{n:032x}" for n in range(40)]
    orders = {
        tuple(sorted(entries, key=lambda entry, layer=layer, seed=seed: draw(seed, entries)[entry, layer]))
        for layer in LETTERS
        for seed in ("one", "two")
    }
    assert len(orders) == 6


def test_two_people_commit_before_the_draw(hall: Hall) -> None:
    encryptor, supervisor = hall.official("encryptor"), hall.official("supervisor")
    hall.do(judging.commit_seed, EVENT, "encryptor's half", encryptor, rng_bytes=hall.rng)
    with pytest.raises(Conflict, match="Both"):
        hall.do(judging.draw_codes, EVENT, encryptor)
    with pytest.raises(Conflict, match="two people"):
        hall.do(judging.commit_seed, EVENT, "again", encryptor, rng_bytes=hall.rng)
    with pytest.raises(NotAllowed):
        hall.do(judging.commit_seed, EVENT, "chief's half", hall.official("chief"), rng_bytes=hall.rng)
    hall.do(judging.commit_seed, EVENT, "supervisor's half", supervisor, rng_bytes=hall.rng)
    with pytest.raises(NotAllowed):
        hall.do(judging.draw_codes, EVENT, supervisor)
    assert hall.do(judging.draw_codes, EVENT, encryptor) == 3
    with pytest.raises(Conflict):
        hall.do(judging.draw_codes, EVENT, encryptor)
    assert "half" not in str(hall.ledger())
    state = hall.read(judging.seal_state, EVENT)
    assert state.committed == ("encryptor", "supervisor")
    assert state.digest is not None
    assert state.digest in hall.ledger("draw")[0]


def test_one_person_may_not_give_both_halves(hall: Hall) -> None:
    encryptor = hall.official("encryptor")
    hall.do(judging.grant, encryptor.id, "supervisor", EVENT, hall.official("organiser"))
    hall.do(judging.commit_seed, EVENT, "first half", encryptor, rng_bytes=hall.rng)
    with pytest.raises(Conflict):
        hall.do(judging.commit_seed, EVENT, "second half", encryptor, rng_bytes=hall.rng)


def test_the_map_is_the_encryptors_alone(hall: Hall) -> None:
    hall.mark_everything()
    lines = hall.read(judging.code_map, EVENT, hall.official("encryptor"))
    assert {line.entry for line in lines} == set(hall.entries)
    assert all([code[0] for code in line.codes] == ["S", "G", "P"] for line in lines)
    for role in ("chief", "organiser", "clerk", "judge", "supervisor"):
        with pytest.raises(NotAllowed):
            hall.read(judging.code_map, EVENT, hall.official(role))


def test_decoding_takes_two_people_and_locked_sheets_and_shows_the_seed(hall: Hall) -> None:
    hall.mark_everything()
    encryptor, supervisor = hall.official("encryptor"), hall.official("supervisor")
    with pytest.raises(Conflict, match="9 sheets"):
        hall.do(judging.decode_event, EVENT, encryptor, supervisor)
    hall.do(judging.lock_event, EVENT, hall.official("chief"))
    hall.do(judging.grant, encryptor.id, "supervisor", EVENT, hall.official("organiser"))
    with pytest.raises(NotAllowed):
        hall.do(judging.decode_event, EVENT, encryptor, encryptor)
    with pytest.raises(NotAllowed):
        hall.do(judging.decode_event, EVENT, encryptor, hall.official("chief"))
    hall.do(judging.decode_event, EVENT, encryptor, supervisor)
    shown = json.loads(hall.ledger("decode")[0])
    committed = {json.loads(body)["role"]: json.loads(body)["digest"] for body in hall.ledger("seed")}
    assert committed == {role: half_digest(EVENT, role, *half) for role, half in shown["seeds"].items()}
    assert {role: words for role, (_, words) in shown["seeds"].items()} == {
        "encryptor": "encryptor's half", "supervisor": "supervisor's half",
    }  # fmt: skip
    with pytest.raises(Conflict):
        hall.do(judging.decode_event, EVENT, encryptor, supervisor)


def ready(hall: Hall) -> tuple[Official, Official]:
    """Everything marked and locked: encryptor and supervisor may open."""
    hall.mark_everything()
    hall.do(judging.lock_event, EVENT, hall.official("chief"))
    return hall.official("encryptor"), hall.official("supervisor")


def test_layers_open_from_the_last_drawn_to_the_first(hall: Hall) -> None:
    both = ready(hall)
    codes = {line.entry: line.codes for line in hall.read(judging.code_map, EVENT, both[0])}
    for wrong in (1, 2):
        with pytest.raises(Conflict, match="not the next"):
            hall.do(judging.open_layer, EVENT, wrong, *both)
    for layer in (3, 2):
        with pytest.raises(Conflict, match="sealed"):
            hall.read(judging.layer_lines, EVENT, layer)
        hall.do(judging.open_layer, EVENT, layer, *both)
        lines = hall.read(judging.layer_lines, EVENT, layer)
        assert {(line.code, line.beneath) for line in lines} == {
            (each[layer - 1], each[layer - 2]) for each in codes.values()
        }
        assert not any(line.names or line.unit for line in lines)
        with pytest.raises(Conflict):
            hall.read(judging.entries, EVENT, names=True)
        with pytest.raises(Conflict, match="not the next"):
            hall.do(judging.open_layer, EVENT, layer, *both)
    hall.do(judging.open_layer, EVENT, 1, *both)
    named = {line.code: line.names for line in hall.read(judging.layer_lines, EVENT, 1)}
    assert named == {codes[entry][0]: (name,) for entry, name in zip(hall.entries, NAMES, strict=True)}
    state = hall.read(judging.seal_state, EVENT)
    assert [(one.layer, one.encryptor, one.supervisor) for one in state.opened] == [
        (layer, "官员encryptor", "官员supervisor") for layer in (3, 2, 1)
    ]
    assert state.decoded_at == state.opened[-1].at
    assert [json.loads(body)["layer"] for body in hall.ledger("open-layer")] == [3, 2, 1]
    assert hall.findings() == []


def test_opening_takes_two_people_each_with_their_role(hall: Hall) -> None:
    encryptor, supervisor = ready(hall)
    for pair in ((supervisor, encryptor), (encryptor, encryptor), (encryptor, hall.official("chief"))):
        with pytest.raises(NotAllowed):
            hall.do(judging.open_layer, EVENT, 3, *pair)
    assert hall.read(judging.seal_state, EVENT).opened == ()


@pytest.mark.parametrize("layers", [(3,), (1, 3), (2, 3)])
def test_an_event_chooses_its_layers(hall: Hall, layers: tuple[int, ...]) -> None:
    for role in ("encryptor", "supervisor"):
        hall.do(judging.commit_seed, EVENT, f"half of {role}", hall.official(role), rng_bytes=hall.rng)
    for wrong in ((1, 2), (3, 4), ()):
        with pytest.raises(Conflict, match="评审号"):
            hall.do(judging.draw_codes, EVENT, hall.official("encryptor"), layers=wrong)
    hall.do(judging.draw_codes, EVENT, hall.official("encryptor"), layers=layers)
    state = hall.read(judging.seal_state, EVENT)
    assert (state.layers, state.next_layer) == (layers, 3)
    tables = {1: EntrantCode, 2: StationCode, 3: JudgingCode}
    rows = {
        layer: hall.read(lambda conn, table=table: len(conn.execute(select(table)).all()))
        for layer, table in tables.items()
    }
    assert rows == {layer: 3 if layer in layers else 0 for layer in tables}
    assert all(line.code for line in hall.read(judging.progress, EVENT))


def test_the_words_of_a_seed_cannot_be_guessed_from_its_digest(hall: Hall) -> None:
    digest = hall.do(
        judging.commit_seed, EVENT, "1234", hall.official("encryptor"), rng_bytes=hall.rng, role="encryptor"
    )
    assert digest != half_digest(EVENT, "encryptor", "", "1234")
    with pytest.raises(NotAllowed):
        hall.do(judging.commit_seed, EVENT, "1234", hall.official("encryptor"), rng_bytes=hall.rng, role="supervisor")


def test_anybody_repeats_the_draw_from_its_record(hall: Hall) -> None:
    both = ready(hall)
    with pytest.raises(Conflict, match="every layer"):
        hall.read(judging.draw_record, EVENT)
    hall.do(judging.decode_event, EVENT, *both)
    record = json.loads(json.dumps(hall.read(judging.draw_record, EVENT)))
    assert replay(record) == []
    assert record["digest"] in hall.ledger("draw")[0]
    first, second = sorted(record["entries"])[:2]

    def said(changed: dict[str, Any]) -> set[str]:
        return {finding.where for finding in replay(changed)}

    swapped = copy.deepcopy(record)
    swapped["entries"][first]["3"], swapped["entries"][second]["3"] = (
        record["entries"][second]["3"], record["entries"][first]["3"],
    )  # fmt: skip
    assert said(swapped) == {f"{first} layer 3", f"{second} layer 3", "digest"}
    reworded = copy.deepcopy(record)
    reworded["halves"][0]["words"] += "!"
    assert "seed encryptor" in said(reworded)
    assert "digest" in said(reworded)
    assert said({"kind": "codes"}) == {"record"}


def test_the_map_is_printed_by_the_encryptor_alone_and_that_is_recorded(hall: Hall) -> None:
    hall.mark_everything()
    for role in ("chief", "organiser", "clerk", "supervisor"):
        with pytest.raises(NotAllowed):
            hall.do(judging.named_map, EVENT, hall.official(role))
    lines, digest = hall.do(judging.named_map, EVENT, hall.official("encryptor"))
    assert {(line.entry, who.names) for line, who in lines} == {
        (entry, (name,)) for entry, name in zip(hall.entries, NAMES, strict=True)
    }
    assert [json.loads(body)["digest"] for body in hall.ledger("map-printed")] == [digest]
    assert not [name for name in NAMES if name in str(hall.ledger())]
