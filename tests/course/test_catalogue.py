from __future__ import annotations

import json

import pytest

from netlab.course import catalogue
from netlab.course.map import CourseMap
from netlab.errors import CourseError


def test_lessons_are_read_from_the_notebooks_own_metadata(publish):
    lesson = catalogue.load()[2]
    assert (lesson.id, lesson.name, lesson.title) == ("03", "03_tcp_sockets", "Tcp sockets")
    assert lesson.objectives[0].verb == "send"
    assert lesson.reading[0].section == "3.4"
    assert lesson.sections == (catalogue.Section("First", 10),)
    assert lesson.exercises == ("03-send",)
    assert lesson.quizzes == ("03-q1",)


def test_lessons_come_in_order_and_only_those_that_are_there(publish):
    assert [lesson.id for lesson in catalogue.load()] == ["00", "01", "03"]


def test_a_file_that_is_not_named_as_a_lesson_is_left_alone(publish):
    published = publish("01_tcp_ip")
    (published.parent / "scratch.ipynb").write_text("not even JSON")
    (published.parent / "03_tcp_sockets.2026-11-20-1.txt").write_text("")
    assert len(catalogue.load()) == 3


@pytest.mark.parametrize(
    "query", ["03", "3", "03_tcp_sockets", "tcp_sockets", "03_TCP_sockets", "lessons/03_tcp_sockets.ipynb"]
)
def test_a_lesson_is_found_by_number_name_or_path(publish, query):
    assert catalogue.find(query).id == "03"


def test_the_lesson_zero_is_found_by_one_digit(publish):
    assert catalogue.find("0").id == "00"


def test_a_misspelt_lesson_names_the_close_ones(publish):
    with pytest.raises(CourseError, match=r"no lesson 'tcp_sokets'\. Did you mean .*03_tcp_sockets"):
        catalogue.find("tcp_sokets")


@pytest.mark.parametrize("query", ["99", "", "🦆"])
def test_an_unknown_lesson_lists_those_there_are(publish, query):
    with pytest.raises(CourseError, match=r"00_start_here"):
        catalogue.find(query)


def test_a_selection_is_in_the_order_of_the_course_and_names_each_lesson_once(publish):
    assert [lesson.id for lesson in catalogue.select(["3", "00", "03"])] == ["00", "03"]
    assert len(catalogue.select([])) == 3


def test_an_empty_folder_says_that_the_lessons_are_missing(tmp_path):
    with pytest.raises(CourseError, match="There is no lesson in"):
        catalogue.load(tmp_path)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "not a lesson that can be read"),
        ("[]", "not a lesson that can be read"),
        ('{"metadata": {}, "cells": []}', "no 'netlab'"),
        ('{"metadata": {"netlab": {"id": "02"}}, "cells": []}', "no 'title'"),
    ],
)
def test_a_notebook_that_is_no_lesson_is_named_with_what_is_wrong(publish, content, complaint):
    publish("02_lan").write_text(content)
    with pytest.raises(CourseError, match=f"02_lan.ipynb.*{complaint}"):
        catalogue.load()


def test_the_map_lists_parts_lessons_times_and_progress(publish):
    course = CourseMap(tuple(catalogue.load()), frozenset({"03-send", "from-elsewhere"}))
    assert repr(course).splitlines() == [
        "  00  Start here                    30 min  0 of 2 done",
        "How computers talk",
        "  01  Tcp ip                        30 min  0 of 2 done",
        "Sockets",
        "  03  Tcp sockets                   30 min  1 of 2 done",
        "3 lessons, 1 h 30 min",
    ]


def test_the_map_links_to_each_lesson_and_escapes_what_it_shows(publish):
    path = publish("02_lan")
    path.write_text(path.read_text().replace("Why Lan matters", "<LAN> & co"))
    html = CourseMap(tuple(catalogue.load()), frozenset())._repr_html_()
    assert '<a href="02_lan.ipynb">Lan</a>' in html
    assert "&lt;LAN&gt; &amp; co" in html


def test_the_published_lessons_are_all_readable():
    for lesson in catalogue.load():
        assert lesson.id == lesson.name[:2]
        assert json.loads(lesson.path.read_bytes())["nbformat"] == 4
