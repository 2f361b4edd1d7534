from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.course.catalogue import Lesson, Section
from netlab.course.syllabus import syllabus, weeks
from netlab.errors import CourseError


def lesson(number: int, *minutes: int) -> Lesson:
    sections = tuple(Section(f"Section {number}.{n}", m) for n, m in enumerate(minutes, 1))
    about = (f"{number:02}", Path(f"{number:02}_x.ipynb"), f"Lesson {number}", "", sum(minutes), "Why.")
    return Lesson(*about, (), (), {}, (), sections, (), ())


courses = st.lists(st.lists(st.integers(1, 60), min_size=1, max_size=6), min_size=1, max_size=8).map(
    lambda lengths: [lesson(number, *minutes) for number, minutes in enumerate(lengths)]
)


@given(courses, st.integers(1, 8))
def test_every_section_falls_into_one_week_in_the_order_of_the_course(course, count):
    steps = [(one, section) for one in course for section in one.sections]
    if count > len(steps):
        return
    planned = weeks(course, count)
    assert [step for week in planned for step in week.steps] == steps
    assert [week.number for week in planned] == list(range(1, count + 1))
    assert all(week.steps for week in planned)


def test_weeks_are_as_even_as_the_sections_allow():
    assert [week.minutes for week in weeks([lesson(1, 90, 90), lesson(2, 90, 90)], 2)] == [180, 180]
    assert [week.minutes for week in weeks([lesson(1, 200, 200, 200)], 3)] == [200, 200, 200]


def test_a_week_ends_with_a_lesson_where_that_is_near():
    planned = weeks([lesson(1, 100, 20), lesson(2, 60, 40)], 2)  # 100 and 120 would be no evener
    assert [[one.id for one, _ in week.lessons()] for week in planned] == [["01"], ["02"]]


def test_a_lesson_that_goes_on_says_from_where_to_where():
    text = syllabus([lesson(1, 100, 100, 100), lesson(2, 10)], 3)
    assert "| 1 | [01 Lesson 1](01_x.ipynb), to “Section 1.1” | 1 h 40 min |" in text
    assert "[01 Lesson 1](01_x.ipynb), “Section 1.2” to “Section 1.2”" in text
    assert "[01 Lesson 1](01_x.ipynb), from “Section 1.3”<br>[02 Lesson 2](02_x.ipynb)" in text


@pytest.mark.parametrize("count", [0, 5])
def test_more_weeks_than_sections_is_an_error_that_says_how_many_there_may_be(count):
    with pytest.raises(CourseError, match="choose from 1 to 3 weeks"):
        weeks([lesson(1, 1, 2, 3)], count)
