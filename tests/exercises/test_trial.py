"""How a case compares what came with what should have come."""

from __future__ import annotations

import pytest

from netlab.exercises.trial import Trial


@pytest.fixture
def trial() -> Trial:
    return Trial(lambda result, ended: None, frozenset({__file__}))


def test_equal_values_of_the_same_type_pass(trial):
    with trial.case("a line") as case:
        case.expect(b"AAPL?", b"AAPL?")
    assert trial.results[0].passed


@pytest.mark.parametrize(
    ("came", "expected", "words"),
    [
        ("AAPL", b"AAPL", "`.encode()`"),
        (b"AAPL", "AAPL", "`.decode()`"),
        (None, b"AAPL", "is there a `return`"),
        (True, 1, "`int` was expected"),
        (b"AAP", b"AAPL", "Compare the two"),
    ],
)
def test_a_wrong_value_gets_advice_about_its_type(trial, came, expected, words):
    with trial.case("a line") as case:
        case.expect(came, expected)
    assert words in trial.results[0].advice


def test_a_wrong_value_or_a_pattern_of_it_has_its_own_words(trial):
    wrong = [(b"AAPL?\n", "newline"), (lambda came: len(came) < 3, "too short"), (1, "never: True is no 1")]
    for came in (b"AAPL?\n", b"A", True, b"something else"):
        with trial.case("a line") as case:
            case.expect(came, b"AAPL?", wrong, advice="any other")
    assert [result.advice for result in trial.results] == ["newline", "too short", "any other", "any other"]


def test_the_first_expectation_that_is_not_met_ends_the_case(trial):
    with trial.case("two things") as case:
        case.expect_that(False, "a", "b", "first")
        case.fail("c", "d", "second")
    assert [result.advice for result in trial.results] == ["first"]


def test_an_exception_is_a_failed_case_and_the_next_case_follows(trial):
    with trial.case("raises", {ZeroDivisionError: "Nothing was counted yet."}):
        1 // 0  # noqa: B018
    with trial.case("goes on"):
        pass
    assert [result.passed for result in trial.results] == [False, True]
    assert trial.results[0].advice == "Nothing was counted yet."


def test_an_expected_exception_passes_and_its_absence_fails(trial):
    def refuse() -> None:
        raise ConnectionError

    with trial.case("refuses") as case:
        case.expect_error(ConnectionError, refuse, "raise it")
    with trial.case("does not refuse") as case:
        case.expect_error(ConnectionError, lambda: b"", "raise it")
    assert [result.passed for result in trial.results] == [True, False]
    assert trial.results[1].came == "no exception; b'' was returned"


def test_another_exception_than_the_expected_one_is_told_which_was_expected(trial):
    with trial.case("refuses", {IndexError: "raise it"}) as case:
        case.expect_error(EOFError, lambda: [][0], "raise it")
    assert trial.results[0].expected == "EOFError is raised"
    assert trial.results[0].came.startswith("IndexError: list index out of range")
    assert trial.results[0].advice == "raise it"
