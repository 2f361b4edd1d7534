"""What the report of a choice says, and what it keeps to itself."""

from __future__ import annotations

import pytest

from netlab.exercises.choosing import expect_choice
from netlab.exercises.trial import Result, Trial


def judged(came: object) -> Result:
    trial = Trial(lambda result, ended: None, frozenset({__file__}))
    with trial.case("mail") as case:
        expect_choice(case, came, "MX", [("A", "Mail has a record of its own.")], advice="What is wanted?")
    return trial.results[0]


@pytest.mark.parametrize("came", ["MX", "mx", " MX "])
def test_capitals_and_blanks_do_not_count(came):
    assert judged(came).passed


@pytest.mark.parametrize(
    ("came", "words"), [("A", "a record of its own"), ("a", "a record of its own"), (7, "What is wanted?")]
)
def test_a_wrong_choice_is_explained_and_the_right_one_not_told(came, words):
    result = judged(came)
    assert not result.passed
    assert words in result.advice
    assert "MX" not in result.expected + result.came + result.advice


@pytest.mark.parametrize("came", [None, ...])
def test_what_is_not_answered_yet_is_no_wrong_answer(came):
    assert judged(came).came == "none yet"
