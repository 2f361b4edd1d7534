"""`netlab run` compares and never writes; `netlab refresh` stores only what went through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netlab.course import catalogue, runner
from netlab.errors import CourseError


@pytest.fixture
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("netlab.course.catalogue.lessons_dir", lambda: tmp_path)
    monkeypatch.setattr("netlab.course.pages.PAGES", {})  # those beside the real lessons
    return tmp_path


def write(folder: Path, *cells: dict[str, Any], name: str = "03_tcp_sockets") -> Path:
    about = {
        **dict.fromkeys(("title", "part", "summary"), "…"),
        **{key: [] for key in ("prerequisites", "objectives", "reading")},
        "id": name[:2],
        "minutes": 10,
        "glossary": {},
    }
    cells = (
        {"cell_type": "markdown", "id": "heading", "metadata": {}, "source": "## A stream\nText"},
        *cells,
    )
    notebook = {"cells": cells, "metadata": {"netlab": about}, "nbformat": 4, "nbformat_minor": 5}
    path = folder / f"{name}.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def cell(source: str, *printed: str, id: str = "ask", tags: tuple[str, ...] = ()) -> dict[str, Any]:  # noqa: A002
    outputs = [{"output_type": "stream", "name": "stdout", "text": text} for text in printed]
    metadata = {"tags": list(tags)}
    return {
        "cell_type": "code",
        "id": id,
        "metadata": metadata,
        "source": source,
        "outputs": outputs,
        "execution_count": 1,
    }


def printed(path: Path) -> list[str]:
    cells = json.loads(path.read_bytes())["cells"]
    return ["".join(output["text"]) for each in cells for output in each.get("outputs", [])]


class TestRun:
    def run(self, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
        code = runner.command([], jobs=2)
        return code, capsys.readouterr().out

    def test_is_content_with_the_stored_outputs(
        self, lessons: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        source = (
            "import socket\nprint('127.0.0.1:%d' % socket.create_server(('127.0.0.1', 0)).getsockname()[1])"
        )
        path = write(lessons, cell(source, "127.0.0.1:9999\n"), cell("print(1)\nprint(2)", "1\n", "2\n"))
        before = path.read_bytes()
        code, report = self.run(capsys)
        assert (code, report) == (0, "✓ 03_tcp_sockets\n")
        assert path.read_bytes() == before

    def test_names_the_cell_that_says_something_else_and_shows_both(
        self, lessons: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write(lessons, cell("print('AAPL 430.47\\nbye')", "AAPL 430.48\nbye\n", id="quote"))
        before = path.read_bytes()
        code, report = self.run(capsys)
        assert code == 1
        assert "✗ 03_tcp_sockets\n  cell quote, under “A stream”, said something else:" in report
        assert "-AAPL 430.48\n+AAPL 430.47\n bye" in report
        assert "netlab refresh 03_tcp_sockets" in report
        assert path.read_bytes() == before

    def test_shows_a_difference_in_words_rather_than_in_html(
        self, lessons: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        source = "from netlab.text import Table\nTable(['share'], [['AAPL']])"
        stored = {"text/plain": "share\nIBM", "text/html": "<table><tr><td>IBM</td></tr></table>"}
        shown = cell(source)
        shown["outputs"] = [
            {"output_type": "execute_result", "execution_count": 1, "data": stored, "metadata": {}}
        ]
        write(lessons, shown)
        _, report = self.run(capsys)
        assert "-IBM\n+AAPL" in report
        assert "<td>" not in report

    def test_does_not_compare_what_is_tagged_as_varying(
        self, lessons: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(lessons, cell("import time; print(time.time())", "1.0\n", tags=("nbval-ignore-output",)))
        assert self.run(capsys)[0] == 0

    def test_lets_a_cell_fail_that_is_meant_to(
        self, lessons: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        failing = cell("raise OSError('refused')", tags=("raises-exception",))
        failing["outputs"] = [
            {"output_type": "error", "ename": "OSError", "evalue": "refused", "traceback": []}
        ]
        write(lessons, failing, cell("print('on')", "on\n", id="next"))
        assert self.run(capsys)[0] == 0

    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("{}['price']", "raised KeyError: 'price'"),
            ("import time; time.sleep(60)", "took more than 1 seconds"),
            ("import os; os._exit(1)", "ended its kernel"),
        ],
        ids=["an exception", "a hang", "a death"],
    )
    def test_says_which_cell_stopped_a_lesson_and_goes_on_with_the_others(
        self,
        source: str,
        words: str,
        lessons: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(runner, "CELL_TIMEOUT", 1)
        write(lessons, cell("1", id="first"), cell(source, id="second"), name="03_tcp_sockets")
        write(lessons, cell("print(1)", "1\n"), name="05_udp_sockets")
        code, report = self.run(capsys)
        assert code == 1
        assert f"  cell second, under “A stream”, {words}" in report
        assert "\x1b" not in report
        assert "✓ 05_udp_sockets" in report

    def test_gives_the_outcomes_in_the_order_asked_for(self, lessons: Path) -> None:
        slow = write(lessons, cell("import time; time.sleep(.2)"), name="03_tcp_sockets")
        quick = write(lessons, cell("1"), name="05_udp_sockets")
        assert [outcome.name for outcome in runner.run_lessons([slow, quick])] == [slow.stem, quick.stem]


class TestRefresh:
    def test_stores_what_the_cells_say_now(self, lessons: Path) -> None:
        path = write(lessons, cell("print('new')", "old\n"))
        assert runner.refresh_command([], check=False) == 0
        assert printed(path) == ["new\n"]
        assert list(lessons.iterdir()) == [path]

    def test_a_second_time_changes_nothing(self, lessons: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = write(lessons, cell("print(f'at {id(object()):#x} and +{__import__(\"time\").time():.2f} s')"))
        runner.refresh_command([], check=False)
        before = path.read_bytes()
        assert runner.refresh_command([], check=False) == 0
        assert capsys.readouterr().out.endswith("stored: nothing\n")
        assert path.read_bytes() == before

    def test_refused_by_an_error_leaves_the_lesson_as_it_was_and_stores_the_others(
        self, lessons: Path
    ) -> None:
        broken = write(lessons, cell("print('new')", "old\n"), cell("1 / 0", id="next"))
        good = write(lessons, cell("print('new')", "old\n"), name="05_udp_sockets")
        before = broken.read_bytes()
        assert runner.refresh_command([], check=False) == 1
        assert broken.read_bytes() == before
        assert printed(good) == ["new\n"]

    def test_only_checked_writes_nothing_and_fails_if_it_would(self, lessons: Path) -> None:
        path = write(lessons, cell("print('new')", "old\n"))
        before = path.read_bytes()
        assert runner.refresh_command([], check=True) == 1
        assert path.read_bytes() == before

    def test_does_not_overwrite_what_its_author_saved_meanwhile(self, lessons: Path) -> None:
        add_a_space = (
            "import pathlib; path = pathlib.Path('03_tcp_sockets.ipynb')\nlength = path.open('a').write(' ')"
        )
        path = write(lessons, cell(add_a_space))
        before = path.read_bytes()
        with pytest.raises(CourseError, match=r"was changed while it ran.*Run it again"):
            runner.refresh_command([], check=False)
        assert path.read_bytes() == before + b" "


def test_every_lesson_is_stored_as_a_refresh_would_store_it() -> None:
    for lesson in catalogue.load():
        text = lesson.path.read_text(encoding="utf-8")
        assert runner.to_text(runner.normalize(json.loads(text))) == text, (
            f"run: netlab refresh {lesson.name}"
        )
