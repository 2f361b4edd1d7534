"""The certificate says what the record says, and nothing else."""

from __future__ import annotations

import datetime

import pytest

from netlab.apps.capstone import certificate
from netlab.course import catalogue
from netlab.exercises import record

DAY = datetime.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _an_empty_record(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(record, "_memory", {})


def test_without_anything_solved_there_is_nothing_on_it():
    empty = certificate(today=DAY)
    assert repr(empty) == "Nothing is solved yet, so there is nothing to certify. Given on 2026-11-24."
    assert "TCP/IP" not in empty.svg


def test_only_what_was_solved_is_on_it():
    record.note("20-monday", done=True, tries=3)
    record.note("20-q1", done=True, tries=1)
    record.note("01-ports", done=False, tries=5)
    record.note("03-no-such-exercise", done=True, tries=1)
    lesson = catalogue.find("20")
    shown = certificate("Ada & Bob", today=DAY)
    assert repr(shown).splitlines() == [
        "1 exercise solved, 1 question answered. Given on 2026-11-24.",
        f"20 Capstone: 1 of {len(lesson.exercises)} exercises, 1 of {len(lesson.quizzes)} questions",
    ]
    assert "Ada &amp; Bob" in shown.svg
    assert "◐ 20 Capstone" in shown.svg
    assert shown.alt.startswith("Certificate for Ada & Bob: 1 exercise solved")


def test_a_lesson_that_is_done_has_a_full_mark():
    for name in (*catalogue.find("20").exercises, *catalogue.find("20").quizzes):
        record.note(name, done=True, tries=1)
    assert "● 20 Capstone" in certificate(today=DAY).svg


def test_a_record_without_a_gap_has_a_seal():
    *names, last = [name for each in catalogue.load() for name in (*each.exercises, *each.quizzes)]
    for name in names:
        record.note(name, done=True, tries=1)
    assert "the whole course" not in certificate(today=DAY).svg
    assert "<circle" not in certificate(today=DAY).svg
    record.note(last, done=True, tries=1)
    assert "the whole course" in repr(certificate(today=DAY))
    assert "<circle" in certificate(today=DAY).svg


def test_it_can_be_saved(tmp_path):
    assert (
        certificate("Ada").save(tmp_path / "certificate.svg").read_text(encoding="utf-8").startswith("<svg")
    )
