"""What a student sees of `check`: three states, and a sentence for every mistake."""

from __future__ import annotations

import os
import re
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from netlab.errors import CourseError
from netlab.exercises import check, child, record
from netlab.exercises.registry import Exercise

pytestmark = pytest.mark.usefixtures("double")


def advice_for(student) -> str:
    report = check("99-task", student)
    assert report.state == "failed"
    return repr(report)


def test_a_right_answer_passes_and_is_told_what_it_has_proved():
    report = check("99-task", lambda number: 2 * number)
    assert report.passed
    assert repr(report) == "99-task Task: passed\n  ✓ of two\n  ✓ of zero\n  It doubles."


def test_a_wrong_answer_sees_what_was_expected_what_came_and_what_to_try():
    assert repr(check("99-task", lambda number: number)) == (
        "99-task Task: failed\n"
        "  ✗ of two\n"
        "      expected: 4\n"
        "      came:     2\n"
        "      That is the number itself.\n"
        "  ✓ of zero\n"
        '  `hint("99-task")` gives a hint.'
    )


def test_an_untouched_stub_is_not_started():
    def double(number: int) -> int:
        return ...

    report = check("99-task", double)
    assert report.state == "not started"
    assert "Replace the `...`" in repr(report)
    assert record.read() == {}


def test_an_unknown_name_gets_those_that_are_like_it():
    assert "Did you mean '99-task'?" in repr(check("99-tusk", print))


def test_a_forgotten_name_is_asked_for():
    report = check(print)
    assert "comes first, in quotes" in repr(report)
    assert "0x" not in repr(report)


@pytest.mark.parametrize("objects", [(), (len, len)])
def test_the_wrong_number_of_things_is_a_sentence(objects):
    assert f'takes one thing of yours, not {len(objects)}: `check("99-task", double)`' in repr(
        check("99-task", *objects)
    )


def test_a_result_handed_in_for_the_function_is_told_so():
    assert "Hand in the function itself, its name without `()`" in advice_for(4)


def raises(error: BaseException):
    def student(number: int) -> int:
        raise error

    return student


@pytest.mark.parametrize(
    ("student", "words"),
    [
        (lambda number: None, "Your function ends without returning anything"),
        (lambda number: "4", "The type is `str`; `int` was expected"),
        (lambda number: undefined, "A name is used that has no value"),  # noqa: F821
        (lambda number: None.upper(), "Something is None where an object was expected"),
        (lambda number: None + 1, "Something is None where a value was expected"),
        (lambda number: b"" + "text", "Text and bytes cannot be joined"),
        (lambda number: socket.socket().send("text"), "`.encode()` it first"),
        (lambda number: b"\xe4\xbd".decode(), "Was a character cut in half?"),
        (lambda: 4, "called with more or fewer arguments"),
        (raises(TimeoutError("timed out")), "Your code waited for what never came"),
        (raises(ConnectionRefusedError()), "Nobody listens at that port"),
        (raises(BrokenPipeError()), "the other side had closed already"),
        (raises(ConnectionResetError()), "broke the connection off"),
        (raises(ValueError("no")), "Read the message, then the line"),
        (raises(KeyboardInterrupt()), "KeyboardInterrupt"),
        (lambda number: sys.exit(), "Your code ended the program"),
        (lambda number: input("?"), "input() does not work in a check"),
        (lambda number: os._exit(0), "the whole process ended"),
        (lambda number: os.closerange(3, 256), "closes what is not its own"),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_mistake_gets_a_sentence_that_a_beginner_understands(student, words):
    assert words in advice_for(student)


def test_an_exception_is_shown_with_the_students_own_line():
    def student(number):
        return number + "1"

    shown = advice_for(student)
    assert re.search(r"TypeError: .*, in line \d+ of its cell, student: return number \+ \"1\"", shown)
    assert "netlab" not in shown


def test_endless_recursion_ends():
    def student(number):
        return student(number)

    assert "calls itself without end" in advice_for(student)


@pytest.mark.parametrize("how", ["loop", "swallow", "recv"])
def test_what_never_ends_gets_its_line_and_not_a_hung_kernel(how, monkeypatch):
    monkeypatch.setattr(child, "COMPUTING", 0.1)  # which a busy machine, too, computes within the limit

    def student(number):
        print("here")
        if how == "loop":
            while True:
                number += 1
        elif how == "swallow":
            while True:
                try:  # noqa: SIM105
                    number += 1
                except:  # noqa: E722
                    pass
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(None)
            return ours.recv(1)

    started = time.monotonic()
    shown = advice_for(student)
    assert time.monotonic() - started < 4
    after = "2 seconds" if how == "recv" else "0.2 seconds of computing"
    assert re.search(rf"still running after {after} at line \d+ of its cell, student: \w", shown)
    assert "your code printed: here" in shown


def test_the_designed_words_for_what_never_ends_are_used(judged_by):
    def judge(t, student):
        with t.case("the other side closes", hangs='`recv` returns b"" then.') as case:
            case.expect(student(), 1)

    def endless():
        while True:
            pass

    judged_by(judge, limit=0.3)
    shown = advice_for(endless)
    assert '`recv` returns b"" then.' in shown
    assert "Either a loop never ends" not in shown


def test_a_thread_left_running_is_told_and_does_not_stay():
    def student(number):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        return 2 * number

    before = threading.active_count()
    assert "2 threads still running" in advice_for(student)
    assert threading.active_count() == before


def test_what_the_student_prints_is_shown_in_bounds_and_nowhere_else(capfd):
    def student(number):
        print("careful", file=sys.stderr)
        print("x" * 5000)
        os.write(1, b"straight to the terminal")
        return 2 * number

    report = check("99-task", student)
    assert "careful" in report.output
    assert "xxx" in report.output
    assert len(report.output) < 2100
    assert capfd.readouterr() == ("", "")


def test_a_socket_that_was_not_closed_makes_no_noise():
    def student(number):
        socket.socket()
        return 2 * number

    report = check("99-task", student)
    assert report.passed
    assert report.output == ""


def test_no_address_of_memory_and_no_port_is_shown():
    shown = advice_for(lambda number: object())
    assert "came:     <object object>" in shown
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert "came:     an open socket" in advice_for(lambda number: listener)


def test_a_long_value_is_cut_off():
    assert len(max(advice_for(lambda number: "x" * 10**6).splitlines(), key=len)) < 250


def test_a_value_whose_repr_fails_is_shown_all_the_same():
    class Broken:
        def __repr__(self):
            raise RuntimeError

    assert "a Broken whose repr raises RuntimeError" in advice_for(lambda number: Broken())


def test_a_fault_of_the_check_is_not_blamed_on_the_student(judged_by, monkeypatch):
    def judge(t, student):
        raise KeyError("oops")

    judged_by(judge)
    report = check("99-task", print)
    assert report.state == "problem"
    assert "a fault of its own, not yours" in repr(report)
    assert "oops" not in repr(report)
    monkeypatch.setenv("NETLAB_STRICT", "1")
    with pytest.raises(CourseError, match="oops"):
        check("99-task", print)


@pytest.mark.parametrize(
    ("student", "words"),
    [
        (raises(ValueError("no such part")), "ValueError: no such part, in line"),
        (lambda number: {}["AAPL"], "The dictionary has no such key"),
        (lambda number: sys.exit(), "Your code ended the program"),
        (lambda: 4, "called with more or fewer arguments"),
        (4, "Hand in the function itself, its name without `()`"),
    ],
)
def test_a_students_exception_outside_of_any_case_is_no_fault_of_the_check(
    judged_by, monkeypatch, student, words
):
    def judge(t, student):
        came = student(2)
        with t.case("of two") as case:
            case.expect(came, 4)

    judged_by(judge)
    monkeypatch.setenv("NETLAB_STRICT", "1")
    shown = advice_for(student)
    assert "✗ your code runs to its end" in shown
    assert words in shown
    assert "fault of its own" not in shown


def test_a_check_that_trips_over_what_failed_before_shows_what_failed(judged_by, monkeypatch):
    def judge(t, student):
        with t.case("a list") as case:
            case.expect(student, [1])
        sorted(student)

    judged_by(judge)
    assert "The type is `int`; `list` was expected" in advice_for(5)
    monkeypatch.setenv("NETLAB_STRICT", "1")
    with pytest.raises(CourseError, match="not iterable"):
        check("99-task", 5)


def test_passing_once_stays_passed():
    check("99-task", lambda number: 2 * number)
    check("99-task", lambda number: number)
    assert record.done() == {"99-task"}


@pytest.mark.filterwarnings("default")
def test_a_record_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / ".netlab").mkdir()
    (tmp_path / ".netlab" / "progress.lock").mkdir()
    assert "Your progress cannot be saved" in repr(check("99-task", lambda number: 2 * number))


def test_a_bug_hunt_is_not_started_while_the_code_says_the_same(double: Exercise, judged_by):
    starter = "def student(number):\n    return number * number"
    judged_by(double.judge, starter=starter)

    def student(number):
        # a comment changes nothing
        return number * number

    report = check("99-task", student)
    assert report.state == "not started"
    assert "Change the code above" in repr(report)

    def student(number):
        return number + number

    assert check("99-task", student).passed


def test_a_bug_hunt_in_a_value_is_not_started_while_it_is_the_same(judged_by):
    def judge(t, order):
        with t.case("the lines in order") as case:
            case.expect(order, "b a")

    judged_by(judge, starter="a b")
    assert check("99-task", "a b").state == "not started"
    assert check("99-task", "b a").passed


@pytest.mark.parametrize("placeholder", [..., [1, ...], (..., 2), {"port": ...}])
def test_a_placeholder_in_a_value_is_not_started(placeholder):
    assert check("99-task", placeholder).state == "not started"


def test_a_class_with_a_placeholder_in_a_method_is_not_started():
    class Student:
        def ready(self):
            return True

        def answer(self): ...

    assert check("99-task", Student).state == "not started"


def test_an_ellipsis_in_a_type_is_no_placeholder():
    def student(number: int) -> int:
        pair: tuple[int, ...] = (number, number)
        return sum(pair)

    assert check("99-task", student).passed
