"""Codes: drawn from two people's seed, replayable, sealed until two people decode."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition import judging
from competition.errors import Conflict, NotAllowed
from competition.judging.seal import LAYERS, draw
from competition.store import digest_of
from tests.judging.conftest import EVENT, Hall


@given(st.sets(st.text("0123456789abcdef", min_size=8, max_size=8), min_size=1, max_size=120), st.text())
def test_a_draw_is_a_permutation_in_each_layer_whatever_the_order(entries: set[str], seed: str) -> None:
    codes = draw(seed, sorted(entries))
    assert codes == draw(seed, sorted(entries, reverse=True))
    for layer in LAYERS:
        assert len({codes[entry, layer] for entry in entries}) == len(entries)


def test_layers_and_seeds_give_different_orders() -> None:
    entries = [f"{n:032x}" for n in range(40)]
    orders = {
        tuple(sorted(entries, key=lambda entry, layer=layer, seed=seed: draw(seed, entries)[entry, layer]))
        for layer in LAYERS
        for seed in ("one", "two")
    }
    assert len(orders) == 6


def test_two_people_commit_before_the_draw(hall: Hall) -> None:
    encryptor, supervisor = hall.official("encryptor"), hall.official("supervisor")
    hall.do(judging.commit_seed, EVENT, "encryptor's half", encryptor)
    with pytest.raises(Conflict, match="Both"):
        hall.do(judging.draw_codes, EVENT, encryptor)
    with pytest.raises(Conflict, match="two people"):
        hall.do(judging.commit_seed, EVENT, "again", encryptor)
    with pytest.raises(NotAllowed):
        hall.do(judging.commit_seed, EVENT, "chief's half", hall.official("chief"))
    hall.do(judging.commit_seed, EVENT, "supervisor's half", supervisor)
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
    hall.do(judging.commit_seed, EVENT, "first half", encryptor)
    with pytest.raises(Conflict):
        hall.do(judging.commit_seed, EVENT, "second half", encryptor)


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
    halves = shown["seeds"]
    replayed = draw(digest_of([EVENT, halves["encryptor"], halves["supervisor"]]), hall.entries)
    lines = hall.read(judging.code_map, EVENT, encryptor)
    assert {(line.entry, n): code for line in lines for n, code in enumerate(line.codes, 1)} == replayed
    committed = {json.loads(body)["role"]: json.loads(body)["digest"] for body in hall.ledger("seed")}
    assert committed == {role: digest_of([EVENT, role, words]) for role, words in halves.items()}
    with pytest.raises(Conflict):
        hall.do(judging.decode_event, EVENT, encryptor, supervisor)
