"""Exercises that are checked by running them: `check`, `hint`, `quiz` and `progress`.

For authors: a lesson's exercises and questions are in `lesson_NN.py`, registered by `@exercise` and by
`quizzes()` (`registry`), judged with a `Trial` (`trial`) against hostile peers (`peers`).
"""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.exercises.checking import check as check
    from netlab.exercises.panels import hint as hint
    from netlab.exercises.panels import progress as progress
    from netlab.exercises.panels import quiz as quiz

__all__ = [
    "check",
    "hint",
    "progress",
    "quiz",
]

__getattr__, __dir__ = attach(
    __name__, {"check": "checking", "hint": "panels", "progress": "panels", "quiz": "panels"}
)
