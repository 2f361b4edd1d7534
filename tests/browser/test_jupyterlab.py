"""A student in a real browser: JupyterLab opens a lesson from the workspace, and Run All goes through.

The first lesson; the whole course, solved, is in test_walk.py.
"""

from __future__ import annotations

import pytest

from netlab.course import catalogue
from tests.browser.lab import WAIT, assert_sound, keep_picture, open_lesson, run_all

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LESSON = "00_start_here"


def test_run_all_goes_through_and_the_panels_show(tab, lab):
    lesson = catalogue.find(LESSON)
    open_lesson(tab, lab.url, LESSON)
    run_all(tab)
    assert_sound(tab)
    assert tab.get_by_text("not started", exact=False).count() >= len(lesson.exercises)
    assert tab.locator("code", has_text='quiz("').count() >= len(lesson.quizzes)
    keep_picture(tab, LESSON)


def test_a_solved_exercise_turns_green_and_the_map_knows_it(tab, lab):
    open_lesson(tab, lab.url, LESSON)
    cell = tab.locator(".jp-CodeCell", has_text="def shout(ticker)").first
    cell.locator(".cm-line", has_text="return ...").click()
    tab.keyboard.press("End")
    for _ in "...":
        tab.keyboard.press("Backspace")
    tab.keyboard.type("ticker.upper()")
    run_all(tab)
    tab.get_by_text("Shout: passed").first.wait_for(timeout=WAIT)
    tab.locator(".jp-CodeCell", has_text="course_map()").last.get_by_text("1 of 6 done").wait_for(
        timeout=WAIT
    )
