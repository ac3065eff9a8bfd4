"""Codes worked out from the first of their kind are those that segno draws, module for module; where they aren't, segno draws."""

from dataclasses import replace
from random import Random

import pytest

from competition.publish import qr_batch
from competition.publish.qr_batch import rows_of

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.:-"


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_batch, "_KINDS", {})


@pytest.mark.parametrize("error", ["m", "q"])
@pytest.mark.parametrize("digits", [0, 1, 2, 3, 241, 242, 243])
def test_each_is_the_one_segno_draws(error: str, digits: int) -> None:
    """One to fifteen data blocks, versions on both sides of nine, every way for the bits to end within a word."""
    random = Random(digits)
    for length in (9, 17, 33, 34, 120):
        for _ in range(2):
            head = "".join(random.choices(LETTERS, k=length))
            number = "".join(random.choices("0123456789", k=digits))
            assert rows_of(head, number, error) == qr_batch._by_segno(head, number, error)[0]
    assert len(qr_batch._KINDS) == 5
    assert None not in qr_batch._KINDS.values()


def test_a_kind_that_comes_out_wrong_is_left_to_segno(monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = qr_batch._learnt

    def wrong(code: object) -> object:
        kind = learnt(code)  # type: ignore[arg-type]
        assert kind
        return replace(kind, under=kind.under ^ 1)

    monkeypatch.setattr(qr_batch, "_learnt", wrong)
    for head in ("https://v.example.cn/c/0000000001", "https://v.example.cn/c/0000000002"):
        assert rows_of(head, "", "q") == qr_batch._by_segno(head, "", "q")[0]
    assert list(qr_batch._KINDS.values()) == [None]
