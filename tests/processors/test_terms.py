"""The words and letters of any text are counted, each once, and weigh together as much as those of any other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.processors.user.meaning.terms import SLOTS, counted, shares


@given(st.text())
def test_words_come_first_and_letters_above_them_each_once(text: str) -> None:
    slots = counted(text)
    assert list(slots) == sorted(set(slots))
    assert not len(slots) or 0 <= slots[0] <= slots[-1] < 2 * SLOTS


@given(st.text(min_size=1).filter(str.strip))
def test_letters_weigh_one_together_and_so_do_words(text: str) -> None:
    slots = counted(text)
    squares = shares(slots).astype(float) ** 2
    assert squares[slots >= SLOTS].sum() == pytest.approx(1, abs=1e-3)
    assert not (slots < SLOTS).any() or squares[slots < SLOTS].sum() == pytest.approx(1, abs=1e-3)


def test_what_is_written_without_spaces_shares_letters() -> None:
    first, second = (set(counted(text)) for text in ("以后请用中文回答", "请用中文"))
    assert len(first & second) >= 6


def test_capitals_make_no_difference_and_order_does() -> None:
    assert np.array_equal(counted("Call me Bob"), counted("call me bob"))
    assert not np.array_equal(counted("bob call me"), counted("call me bob"))
