"""The lesson contract: for each rule, a lesson that keeps it and lessons that break it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from netlab.course import contract_code, contract_teaching, contract_text, lint

from .lesson_builder import EXERCISES, QUESTIONS, RETRIEVAL, Lesson

RULES = {
    rule.__name__: rule for part in (contract_teaching, contract_text, contract_code) for rule in part.RULES
}
Change = Callable[[Lesson], object]
BROKEN: list[tuple[str, str, str, Change]] = []
KEPT: list[tuple[str, Change]] = []


@pytest.fixture(autouse=True)
def _registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exercises and questions of the small lesson, as if `netlab.exercises.lesson_09` had them."""
    exercises = {
        name: SimpleNamespace(name=name, objective=objective, points=1)
        for name, objective in EXERCISES.items()
    }
    questions = {
        name: SimpleNamespace(name=name, objective=objective, about="")
        for name, objective in QUESTIONS.items()
    } | {
        name: SimpleNamespace(name=name, objective="07-o1", about=about) for name, about in RETRIEVAL.items()
    }
    monkeypatch.setattr("netlab.exercises.registry.all_exercises", lambda: exercises)
    monkeypatch.setattr("netlab.exercises.registry.all_quizzes", lambda: questions)


def problems(rule: str, lesson: Lesson) -> list[tuple[str, str]]:
    return list(RULES[rule](lesson.notebook()))


def broken(rule: str, cell: str, words: str) -> Callable[[Change], Change]:
    """A change that breaks a rule; the finding is about that cell and has those words."""

    def note(change: Change) -> Change:
        BROKEN.append((rule, cell, words, change))
        return change

    return note


def kept(rule: str) -> Callable[[Change], Change]:
    """A change that looks as if it broke a rule, and is good teaching."""

    def note(change: Change) -> Change:
        KEPT.append((rule, change))
        return change

    return note


@pytest.mark.parametrize("rule", RULES)
def test_a_good_lesson_keeps_the_rule(rule: str) -> None:
    assert problems(rule, Lesson()) == []


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_says_what_it_demands_and_is_seen_broken_here(rule: str) -> None:
    assert RULES[rule].__doc__
    assert rule in {name for name, *_ in BROKEN}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "broken_case" in metafunc.fixturenames:
        metafunc.parametrize("broken_case", BROKEN, ids=lambda case: case[3].__name__)
    if "kept_case" in metafunc.fixturenames:
        metafunc.parametrize("kept_case", KEPT, ids=lambda case: case[1].__name__)


def test_a_lesson_that_breaks_a_rule_is_told_where_and_how(broken_case: tuple[str, str, str, Change]) -> None:
    rule, cell, words, change = broken_case
    lesson = Lesson()
    change(lesson)
    found = problems(rule, lesson)
    assert any(where == cell and words in message for where, message in found), found


def test_good_teaching_is_not_forbidden(kept_case: tuple[str, Change]) -> None:
    rule, change = kept_case
    lesson = Lesson()
    change(lesson)
    assert problems(rule, lesson) == []


# Objectives


@broken("objectives_are_few_and_can_be_observed", "lesson", "has 2 objectives")
def too_few_objectives(lesson: Lesson) -> None:
    lesson.about["objectives"].pop()


@broken("objectives_are_few_and_can_be_observed", "lesson", "has 6 objectives")
def too_many_objectives(lesson: Lesson) -> None:
    lesson.about["objectives"] *= 2


@broken("objectives_are_few_and_can_be_observed", "lesson", "nobody can see you 'Understand'")
def a_verb_that_nobody_can_see(lesson: Lesson) -> None:
    lesson.about["objectives"][0]["verb"] = "Understand"


@broken("objectives_are_few_and_can_be_observed", "lesson", "should begin with 09-o")
def an_objective_of_another_lesson(lesson: Lesson) -> None:
    lesson.about["objectives"][0]["id"] = "08-o1"


@broken("every_objective_is_practised_and_asked_about", "lesson", "no exercise trains objective 09-o4")
@broken("every_objective_is_practised_and_asked_about", "lesson", "no question asks about objective 09-o4")
def an_objective_that_nothing_uses(lesson: Lesson) -> None:
    lesson.about["objectives"].append({"id": "09-o4", "verb": "send", "text": "…"})


@broken("every_objective_is_practised_and_asked_about", "lesson", "names the objective 09-o3, which")
def an_objective_that_is_gone(lesson: Lesson) -> None:
    lesson.about["objectives"].pop()


# Things to do


@broken("there_is_enough_to_do", "lesson", "has 3 exercises: write 4 or more")
def too_few_exercises(lesson: Lesson) -> None:
    lesson.drop("09-e4-code", "09-e4")


@broken("there_is_enough_to_do", "lesson", "has 4 questions: ask 5 or more")
def too_few_questions(lesson: Lesson) -> None:
    lesson.drop("09-q5")


@broken("there_is_enough_to_do", "lesson", "has 0 exercises")
def a_first_lesson_without_an_exercise(lesson: Lesson) -> None:
    lesson.number = "00"
    lesson.drop(*EXERCISES)


@kept("there_is_enough_to_do")
def a_first_lesson_with_one_of_each(lesson: Lesson) -> None:
    lesson.number = "00"
    lesson.drop(*list(EXERCISES)[1:], *list(QUESTIONS)[1:])


@broken("it_opens_with_questions_on_earlier_lessons", "lesson", "opens with 2 questions")
def too_few_retrieval_questions(lesson: Lesson) -> None:
    lesson.drop("09-r3")


@broken("it_opens_with_questions_on_earlier_lessons", "lesson", "no retrieval question is about a lesson two")
def only_the_lesson_before_is_retrieved(lesson: Lesson) -> None:
    lesson.mark("09-r1", quiz="09-r2")


@broken("it_opens_with_questions_on_earlier_lessons", "lesson", "is about lesson ?, which is no earlier one")
def a_retrieval_question_about_this_lesson(lesson: Lesson) -> None:
    lesson.mark("09-r2", quiz="09-q1")


@broken("it_opens_with_questions_on_earlier_lessons", "09-r1", "before anything else to do")
def a_prediction_before_the_retrieval_questions(lesson: Lesson) -> None:
    lesson.move("predict-write", before="09-r1")


@kept("it_opens_with_questions_on_earlier_lessons")
def a_first_lesson_has_nothing_to_ask_about(lesson: Lesson) -> None:
    lesson.number = "00"
    lesson.drop(*RETRIEVAL)


@broken("every_exercise_has_its_check", "09-e1-code", "not followed by its check cell")
def an_exercise_far_from_its_check(lesson: Lesson) -> None:
    lesson.move("09-e1", before="read")


@broken("every_exercise_has_its_check", "09-e1-code", "solution: true")
def a_stub_that_nbgrader_does_not_know(lesson: Lesson) -> None:
    del lesson["09-e1-code"]["metadata"]["nbgrader"]


@broken("every_exercise_has_its_check", "09-e1", "grade it with 1 points")
def a_check_with_other_points(lesson: Lesson) -> None:
    lesson["09-e1"]["metadata"]["nbgrader"]["points"] = 2


@broken("every_exercise_has_its_check", "09-e1", "should lock it")
def a_check_that_a_student_may_change(lesson: Lesson) -> None:
    lesson["09-e1"]["metadata"]["nbgrader"]["locked"] = False


@broken("every_exercise_has_its_check", "09-e1", "holds only check(")
def a_check_that_does_more(lesson: Lesson) -> None:
    lesson["09-e1"]["source"] = 'ask = None\ncheck("09-e1", ask)'


@broken("every_exercise_has_its_check", "09-e1", "there is no exercise called '09-e9'")
def a_check_of_an_unknown_exercise(lesson: Lesson) -> None:
    lesson.mark("09-e1", exercise="09-e9")


@broken("every_exercise_has_its_check", "09-q1", "there is no question called '09-q9'")
def an_unknown_question(lesson: Lesson) -> None:
    lesson.mark("09-q1", quiz="09-q9")


# Rhythm


@broken("sections_go_from_predicting_to_making", "09-e2-code", "“make” comes before “modify”")
def making_before_modifying(lesson: Lesson) -> None:
    lesson.move("09-e2-code", before="09-e1-code")


@broken("sections_go_from_predicting_to_making", "09-e3-code", "“modify” comes before “run”")
def modifying_what_was_not_run(lesson: Lesson) -> None:
    lesson.move("09-e3-code", before="read")


@broken("sections_go_from_predicting_to_making", "predict-write", "a prediction has its run")
def a_prediction_that_nothing_answers(lesson: Lesson) -> None:
    lesson.drop("write", *QUESTIONS, *EXERCISES, *(f"{name}-code" for name in EXERCISES))


@kept("sections_go_from_predicting_to_making")
def a_prediction_with_its_answer_folded(lesson: Lesson) -> None:
    lesson["predict-write"]["source"] += "\n<details><summary>Answer</summary>Five.</details>"
    lesson.drop("write", *QUESTIONS, *EXERCISES, *(f"{name}-code" for name in EXERCISES))


@kept("sections_go_from_predicting_to_making")
def a_second_idea_in_a_section(lesson: Lesson) -> None:
    lesson.tag("09-q4", "predict")
    lesson.tag("09-q5", "run")


@broken("there_is_something_to_do_often", "Writing", "more than 15 minutes pass")
def a_long_section_with_few_tasks(lesson: Lesson) -> None:
    lesson.mark("Writing", minutes=120)


@broken("there_is_something_to_do_often", "lesson", "the last 16 minutes have nothing to do")
def a_long_end(lesson: Lesson) -> None:
    lesson.mark("Myths", minutes=15)


@broken("there_is_something_to_do_often", "run-7", "run number 7 in a row")
def seven_runs_in_a_row(lesson: Lesson) -> None:
    for n in range(1, 8):
        lesson.code(f"run-{n}", "1 + 1", "run")
    lesson.drop("myth")


@kept("there_is_something_to_do_often")
def a_prediction_among_seven_runs(lesson: Lesson) -> None:
    lesson.drop("myth")
    for n in range(1, 8):
        if n == 4:
            lesson.text("predict-more", "What comes?", "predict")
        lesson.code(f"run-{n}", "1 + 1", "run")


@broken("times_add_up", "lesson", "the sections take 36 minutes, the lesson says 60")
def a_lesson_that_takes_longer_than_its_sections(lesson: Lesson) -> None:
    lesson.about["minutes"] = 60


@broken("times_add_up", "Recap", "how long it takes")
def a_section_without_minutes(lesson: Lesson) -> None:
    del lesson["Recap"]["metadata"]["netlab"]["minutes"]


# Words


@broken("headings_are_in_order", "terms", "level 4 follows one of level 2")
def a_skipped_level(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "#### Terms"


@broken("headings_are_in_order", "lesson", "has 2 titles")
def two_titles(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "# Terms"


@broken("headings_are_in_order", "lesson", "the title in its metadata is 'Sockets'")
def a_title_that_the_metadata_does_not_have(lesson: Lesson) -> None:
    lesson.about["title"] = "Sockets"


@kept("headings_are_in_order")
def a_comment_in_a_code_block(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "```\n# a comment\n```"


@broken("it_ends_as_every_lesson_does", "lesson", "has no section “Recap”")
def no_recap(lesson: Lesson) -> None:
    lesson.drop("Recap")


@broken("it_ends_as_every_lesson_does", "Myths", "shown wrong by running something")
def a_myth_that_is_only_told(lesson: Lesson) -> None:
    lesson.drop("myth")


@broken("it_ends_as_every_lesson_does", "Glossary", "has 'fifo', the text has not")
def a_term_that_is_not_shown(lesson: Lesson) -> None:
    lesson.about["glossary"]["fifo"] = "first in, first out"


@broken("pictures_have_words", "terms", "an image has no text alternative")
def a_markdown_image_without_words(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "![](pipe.svg)"


@broken("pictures_have_words", "terms", "an image has no text alternative")
def an_html_image_without_words(lesson: Lesson) -> None:
    lesson["terms"]["source"] = '<img src="pipe.svg" alt="">'


@broken("pictures_have_words", "write", "no alt in the output's metadata")
def a_figure_without_words(lesson: Lesson) -> None:
    lesson["write"]["outputs"] = [
        {"output_type": "display_data", "data": {"image/png": "iVBOR"}, "metadata": {}}
    ]


@kept("pictures_have_words")
def pictures_with_words(lesson: Lesson) -> None:
    lesson["terms"]["source"] = '![A pipe](pipe.svg) <img src="pipe.svg" alt="A pipe">'
    described = {"image/svg+xml": {"alt": "A pipe"}}
    lesson["write"]["outputs"] = [
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}, "metadata": described}
    ]


@broken("text_is_short_and_calm", "terms", "has 191 words")
def a_wall_of_text(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "word " * 191


@broken("text_is_short_and_calm", "terms", "exclamation mark")
def an_exclamation(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "Well done!"


@broken("text_is_short_and_calm", "terms", "exclamation mark")
def an_exclamation_in_a_folded_answer(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "<details>Well done!</details>"


@broken("text_is_short_and_calm", "terms", "math markup")
def math(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "$$2^{32}$$"


@broken("text_is_short_and_calm", "terms", "two dollar signs")
def two_prices_in_a_line(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "It rose from $430 to $431."


@kept("text_is_short_and_calm")
def signs_that_mean_something_else(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "`!=` and ![A pipe](pipe.svg) cost \\$430 and \\$431, or $2.\n\n```\ngo!\n```"


@kept("text_is_short_and_calm")
def a_long_table_and_a_long_answer(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "| a | b |\n" * 100 + "<details>" + "word " * 200 + "</details>"


# Names and addresses


@broken("addresses_are_examples", "terms", "me@gmail.com may be somebody's address")
def a_mail_address_that_may_be_real(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "Write to me@gmail.com."


@broken("addresses_are_examples", "terms", "me@notexample.com")
def a_mail_address_that_only_looks_like_an_example(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "Write to me@notexample.com."


@broken("addresses_are_examples", "write", "the code names www.python.org")
def a_url_of_the_real_net(lesson: Lesson) -> None:
    lesson["write"]["source"] = 'requests.get("https://www.python.org/")'


@broken("addresses_are_examples", "write", "the code names python.org")
def a_host_of_the_real_net(lesson: Lesson) -> None:
    lesson["write"]["source"] = 'socket.getaddrinfo("python.org", 80)'


@broken("addresses_are_examples", "write", "the code names 8.8.8.8")
def an_address_of_the_real_net(lesson: Lesson) -> None:
    lesson["write"]["source"] = 'sock.sendto(query, ("8.8.8.8", 53))'


@broken("addresses_are_examples", "write", "the code names 2001:4860:4860::8888")
def an_ipv6_address_of_the_real_net(lesson: Lesson) -> None:
    lesson["write"]["source"] = 'sock.sendto(query, ("2001:4860:4860::8888", 53))'


@kept("addresses_are_examples")
def hosts_that_are_nobodys(lesson: Lesson) -> None:
    lesson["write"]["source"] = (
        'hosts = [("192.0.2.7", 80), ("2001:db8::7", 80), ("127.0.0.1", port), ("::1", 25), "www.example.com"]\n'
        'url = "http://ticker.example/aapl"; mail = "me@ticker.example"; kind = ip_address("8.8.8.8").is_global'
    )


@kept("addresses_are_examples")
def a_link_to_read(lesson: Lesson) -> None:
    lesson["Read more"]["source"] += "\n[RFC 9293](https://www.rfc-editor.org/rfc/rfc9293)"


@broken("nothing_is_secret", "write", "a real key or token")
def a_token(lesson: Lesson) -> None:
    lesson["write"]["source"] = f'token = "gh{"p"}_{"a1B2" * 9}"'


@broken("nothing_is_secret", "terms", "a real key or token")
def a_private_key(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "-----BEGIN " + "PRIVATE KEY-----\n" + "MIIEvQ" * 8


@kept("nothing_is_secret")
def a_key_that_is_not_shown(lesson: Lesson) -> None:
    lesson["terms"]["source"] = "It begins with -----BEGIN " + "PRIVATE KEY----- and holds …"


# Slides


@broken("every_cell_knows_its_slide", "write", "has no slide type")
def a_cell_without_a_slide_type(lesson: Lesson) -> None:
    del lesson["write"]["metadata"]["slideshow"]


@broken("every_cell_knows_its_slide", "Reading", "has no speaker notes")
def a_section_without_notes(lesson: Lesson) -> None:
    del lesson["Reading"]["metadata"]["netlab"]["notes"]


@kept("every_cell_knows_its_slide")
def a_section_that_no_deck_shows(lesson: Lesson) -> None:
    del lesson["Reading"]["metadata"]["netlab"]["notes"]
    lesson["Reading"]["metadata"]["slideshow"]["slide_type"] = "skip"


@broken("ids_are_unique", "write", "has no id of its own")
def two_cells_of_one_id(lesson: Lesson) -> None:
    lesson["read"]["id"] = "write"


# Code


@broken("cells_are_short", "write", "has 21 lines")
def a_long_cell(lesson: Lesson) -> None:
    lesson["write"]["source"] = "print()\n" * 21


@broken("cells_are_short", "lesson", "the median code cell has 9 lines")
def many_cells_that_are_rather_long(lesson: Lesson) -> None:
    for cell in lesson.cells:
        cell["source"] = "print()\n" * 9


@kept("cells_are_short")
def empty_lines_do_not_count(lesson: Lesson) -> None:
    lesson["write"]["source"] = "print()\n\n\n" * 20


@broken("every_cell_was_run", "write", "`netlab refresh` does it")
def a_cell_run_out_of_order(lesson: Lesson) -> None:
    lesson["write"]["execution_count"] = 40


@broken("every_cell_was_run", "write", "raised OSError")
def an_error_that_was_not_meant(lesson: Lesson) -> None:
    lesson["write"]["outputs"] = [{"output_type": "error", "ename": "OSError", "evalue": "", "traceback": []}]


@broken("every_cell_was_run", "write", "wrote to stderr")
def a_warning(lesson: Lesson) -> None:
    lesson["write"]["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "Warning"}]


@kept("every_cell_was_run")
def an_error_that_was_meant(lesson: Lesson) -> None:
    an_error_that_was_not_meant(lesson)
    lesson.tag("write", "run", "raises-exception")


@broken("little_is_left_uncompared", "write", "does not say why")
def an_ignored_output_without_a_reason(lesson: Lesson) -> None:
    lesson.tag("write", "nbval-ignore-output")


@broken("little_is_left_uncompared", "lesson", "4 cells are not compared: 3 at the most")
def too_many_ignored_outputs(lesson: Lesson) -> None:
    for name in ("write", "read", "myth", "09-q1"):
        lesson.tag(name, "nbval-ignore-output")


@broken("little_is_left_uncompared", "write", "hidden from nbval")
def a_comment_that_hides_a_cell(lesson: Lesson) -> None:
    lesson["write"]["source"] = "# NBVAL_IGNORE_OUTPUT\nprint()"


@broken("little_is_left_uncompared", "write", "hidden from nbval")
def a_tag_that_hides_a_cell(lesson: Lesson) -> None:
    lesson.tag("write", "nbval-skip")


@kept("little_is_left_uncompared")
def an_ignored_output_with_a_reason(lesson: Lesson) -> None:
    lesson.tag("write", "nbval-ignore-output")
    lesson.mark("write", varies="it measures this machine")


@broken("run_all_goes_through", "write", "is no Python")
def a_shell_command(lesson: Lesson) -> None:
    lesson["write"]["source"] = "!curl http://127.0.0.1:8000"


@broken("run_all_goes_through", "09-e1-code", "stops Run All")
def an_input(lesson: Lesson) -> None:
    lesson["09-e1-code"]["source"] = "def ask():\n    return input()"


@kept("run_all_goes_through")
def an_await_in_a_cell(lesson: Lesson) -> None:
    lesson["write"]["source"] = "reader, writer = await asyncio.open_connection(*server.address)"


HABITS = "code_is_what_a_professional_would_write"


@broken(HABITS, "write", "socket.create_server() stands outside `with`")
def a_server_that_nobody_closes(lesson: Lesson) -> None:
    lesson["write"]["source"] = "listener = socket.create_server(('127.0.0.1', 0))"


@broken(HABITS, "write", "open() stands outside `with`")
def a_file_that_nobody_closes(lesson: Lesson) -> None:
    lesson["write"]["source"] = "open('prices.csv').read()"


@broken(HABITS, "write", "create_connection() has no timeout")
def a_wait_without_an_end(lesson: Lesson) -> None:
    lesson["write"]["source"] = "with socket.create_connection(address) as client:\n    pass"


@broken(HABITS, "write", "a lone send() may send only a part")
def a_lone_send(lesson: Lesson) -> None:
    lesson["write"]["source"] = "client.send(data)"


@broken(HABITS, "write", "bare `except:`")
def a_bare_except(lesson: Lesson) -> None:
    lesson["write"]["source"] = "try:\n    f()\nexcept:\n    pass"


@broken(HABITS, "write", "has `global`")
def a_global(lesson: Lesson) -> None:
    lesson["write"]["source"] = "def count():\n    global n\n    n += 1"


@broken(HABITS, "write", "does not say why (metadata.netlab.why)")
def a_wrong_version_without_a_reason(lesson: Lesson) -> None:
    a_lone_send(lesson)
    lesson.tag("write", "deliberate")


@kept(HABITS)
def a_wrong_version_with_its_reason(lesson: Lesson) -> None:
    a_wrong_version_without_a_reason(lesson)
    lesson.mark("write", why="the cell shows how much is lost")


@kept(HABITS)
def a_bug_to_find(lesson: Lesson) -> None:
    lesson["09-e1-code"]["source"] = "def ask(client):\n    client.send(b'AAPL?')"


@kept(HABITS)
def sockets_that_somebody_closes(lesson: Lesson) -> None:
    lesson["write"]["source"] = (
        "with socket.socket() as a, contextlib.closing(socket.socket()) as b:\n    stack.enter_context(open(path))\n"
        "listener = socket.create_server(address)\nwith listener:\n    pass\n"
        "def connect(address):\n    return socket.create_connection(address, timeout=2)"
    )


@kept(HABITS)
def a_datagram_is_sent_whole(lesson: Lesson) -> None:
    lesson["write"]["source"] = (
        "with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:\n    sock.send(b'AAPL?')"
    )


# Weight


@broken("it_is_light", "write", "its output has 300,")
def a_huge_drawing(lesson: Lesson) -> None:
    lesson["write"]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 300_000}]


@broken("it_is_light", "lesson", "are enough")
def many_large_pictures(lesson: Lesson) -> None:
    png = base64.b64encode(b"x" * 150_000).decode()
    for name in (*EXERCISES, *QUESTIONS):
        lesson[name]["outputs"] = [
            {"output_type": "display_data", "data": {"image/png": png}, "metadata": {}}
        ]


# The command


class TestCommand:
    @pytest.fixture
    def published(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Lesson], None]:
        monkeypatch.setattr("netlab.course.catalogue.lessons_dir", lambda: tmp_path)
        monkeypatch.setattr("netlab.course.pages.PAGES", {})  # those beside the real lessons

        def publish(lesson: Lesson) -> None:
            lesson.notebook()
            known = {"id": "09", "part": "", "summary": "", "prerequisites": [], "reading": []}
            data = {"cells": lesson.cells, "metadata": {"netlab": known | lesson.about}}
            (tmp_path / "09_pipes.ipynb").write_text(json.dumps(data), encoding="utf-8")

        return publish

    def test_says_nothing_bad_of_a_good_lesson(
        self, published: Callable[[Lesson], None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        published(Lesson())
        assert lint.command([]) == 0
        assert capsys.readouterr().out == "1 lessons, 0 findings\n"

    def test_names_the_lesson_the_cell_and_what_to_do(
        self, published: Callable[[Lesson], None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        lesson = Lesson()
        a_lone_send(lesson)
        published(lesson)
        assert lint.command([]) == 1
        said = capsys.readouterr().out
        assert said.startswith("09_pipes [write] a lone send() may send only a part: use sendall()")
        assert said.endswith("1 lessons, 1 findings\n")
