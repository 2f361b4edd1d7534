"""netlab: network programming with Python, a course that you run.

The names here are those that a lesson uses everywhere. Servers are in `netlab.servers`, packets and
pictures of them in `netlab.wire`. Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlab._lazy import attach

__version__ = "0.1.0"

if TYPE_CHECKING:
    from netlab.course.catalogue import course_map as course_map
    from netlab.course.doctor import doctor as doctor
    from netlab.exercises import check as check
    from netlab.exercises import hint as hint
    from netlab.exercises import progress as progress
    from netlab.exercises import quiz as quiz
    from netlab.prices import load_prices as load_prices

__all__ = ["__version__", "check", "course_map", "doctor", "hint", "load_prices", "progress", "quiz"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "check": "exercises",
        "course_map": "course.catalogue",
        "doctor": "course.doctor",
        "hint": "exercises",
        "load_prices": "prices",
        "progress": "exercises",
        "quiz": "exercises",
    },
)
