"""For exercises in which something is chosen: an answer is judged, and the right one is not given away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netlab.exercises.trial import Case, show


def expect_choice(
    case: Case, came: Any, right: Any, wrong: Sequence[tuple[Any, str]] = (), *, advice: str
) -> None:
    """Compare an answer with the right one; of a text, capitals and the blanks around it do not count.

    Args:
        case: fails if the answer is another one.
        came: the student's answer.
        right: the right answer.
        wrong: typical wrong answers, with what to say about each.
        advice: what to say about any other one.
    """
    if came is None or came is ...:
        case.fail("an answer", "none yet", "Put an answer in the place of each `...`.")
    answer = _plain(came)
    if answer == _plain(right):
        return
    case.fail(
        "another answer",
        show(came),
        next((words for value, words in wrong if _plain(value) == answer), advice),
    )


def _plain(answer: Any) -> Any:
    return answer.strip().casefold() if isinstance(answer, str) else answer
