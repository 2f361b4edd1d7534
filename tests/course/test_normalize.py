"""Stored lessons: a diff shows only what changed."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest
from nbval.plugin import get_sanitize_patterns

from netlab.course.normalize import Notebook, keep_stored, normalize, to_text
from netlab.course.outputs import SANITIZE, comparable, rules, sanitize


def stream(text: str | list[str], name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def result(text: str, kind: str = "text/plain", count: int = 1, **metadata: object) -> dict[str, Any]:
    return {
        "output_type": "execute_result",
        "execution_count": count,
        "data": {kind: text},
        "metadata": metadata,
    }


ERROR = {"output_type": "error", "ename": "OSError", "evalue": "refused", "traceback": ["line 1"]}


def cell(*outputs: dict[str, Any], source: str = "ask()", **others: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "ask",
        "metadata": {},
        "source": source,
        "outputs": list(outputs),
        "execution_count": 1,
        **others,
    }


def notebook(*cells: dict[str, Any], **metadata: Any) -> Notebook:
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}


def text(source: str, **others: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "text", "metadata": {}, "source": source, **others}


class TestANotebook:
    def test_forgets_where_and_when_it_ran(self) -> None:
        there = {
            "kernelspec": {"name": "venv-311", "display_name": "mine"},
            "language_info": {"name": "python", "version": "3.11.7"},
            "widgets": {},
            "netlab": {"id": "03"},
        }
        moved = copy.deepcopy(there)
        moved["language_info"]["version"] = "3.13.1"  # type: ignore[index]
        timed = cell(metadata={"execution": {"iopub.execute_input": "2026-11-20T22:00:00"}, "tags": ["run"]})
        plain = cell(metadata={"tags": ["run"]}, execution_count=7)
        assert to_text(normalize(notebook(timed, **there))) == to_text(normalize(notebook(plain, **moved)))

    def test_keeps_what_the_course_says_about_it(self) -> None:
        about = {"nbgrader": {"grade": True}, "netlab": {"why": "…"}, "slideshow": {"slide_type": "skip"}}
        kept = normalize(notebook(cell(metadata={**about, "collapsed": True}), netlab={"id": "03"}))
        assert kept["metadata"]["netlab"] == {"id": "03"}
        assert kept["cells"][0]["metadata"] == about

    def test_normalized_twice_is_as_normalized_once(self) -> None:
        once = normalize(notebook(text("# A\nb"), cell(stream(["a", "b\n"]), result("1"), ERROR)))
        assert normalize(once) == once

    def test_is_not_changed_in_place(self) -> None:
        before = notebook(cell(stream("a"), stream("b")))
        kept = copy.deepcopy(before)
        normalize(before)
        assert before == kept

    def test_is_what_nbformat_calls_valid(self) -> None:
        widget = result("", kind="application/vnd.netlab+json")
        widget["data"]["application/vnd.netlab+json"] = [1, {"a": 2}]
        whole = normalize(notebook(text("# A"), cell(stream("a"), result("1"), widget, ERROR, transient={})))
        del whole["cells"][1]["transient"]
        nbformat.validate(nbformat.from_dict(whole))
        assert whole["cells"][1]["outputs"][2]["data"] == widget["data"]

    def test_is_text_that_people_can_read_in_a_diff(self) -> None:
        stored = to_text(normalize(notebook(text("再见\nbye"))))
        assert '"再见\\n",\n    "bye"' in stored
        assert stored.endswith("}\n")
        assert stored.startswith('{\n "cells"')


class TestIds:
    def ids(self, *ids: str | None) -> list[str]:
        cells = [text("a", id=name) if name is not None else text("a") for name in ids]
        for each, name in zip(cells, ids, strict=True):
            if name is None:
                del each["id"]
        return [each["id"] for each in normalize(notebook(*cells))["cells"]]

    def test_are_kept_even_if_they_look_random(self) -> None:
        assert self.ids("a3f9e1c2", "handshake") == ["a3f9e1c2", "handshake"]

    def test_are_made_from_the_place_where_they_are_missing_or_doubled(self) -> None:
        assert self.ids("a", None, "a", "") == ["a", "cell-1", "cell-2", "cell-3"]

    def test_that_exist_are_never_taken_away(self) -> None:
        assert self.ids(None, "cell-0", "cell-0") == ["cell-0-2", "cell-0", "cell-2"]


class TestOutputs:
    def test_count_from_one_in_order(self) -> None:
        cells = [cell(result("x", count=40), id="a", execution_count=40), text("t"), cell(id="b")]
        ran = normalize(notebook(*cells))["cells"]
        assert [ran[0]["execution_count"], ran[2]["execution_count"]] == [1, 2]
        assert ran[0]["outputs"][0]["execution_count"] == 1

    def test_that_were_never_made_are_not_made_up(self) -> None:
        assert normalize(notebook(cell(execution_count=None)))["cells"][0]["execution_count"] is None

    def test_join_the_chunks_of_a_stream(self) -> None:
        outputs = [stream("on"), stream(["e\n", "two\n"]), stream("!", "stderr"), stream("three\n")]
        joined = normalize(notebook(cell(*outputs)))["cells"][0]["outputs"]
        assert [each["text"] for each in joined] == [["one\n", "two\n"], ["!"], ["three\n"]]


def refreshed(stored: dict[str, Any], came: dict[str, Any]) -> list[dict[str, Any]]:
    """The outputs of a cell after a refresh."""
    return keep_stored(normalize(notebook(came)), notebook(stored))["cells"][0]["outputs"]  # type: ignore[no-any-return]


class TestARefresh:
    def test_keeps_the_stored_output_where_only_ports_and_times_differ(self) -> None:
        stored, came = stream("127.0.0.1:40000 +0.42 ms\n"), stream("127.0.0.1:51234 +1.07 s\n")
        assert refreshed(cell(stored), cell(came)) == [{**stored, "text": [stored["text"]]}]

    def test_keeps_it_in_one_piece_when_it_came_in_chunks(self) -> None:
        came = [stream("127.0.0.1:5"), stream("1234\n")]
        assert refreshed(cell(stream("127.0.0.1:40000\n")), cell(*came))[0]["text"] == ["127.0.0.1:40000\n"]

    @pytest.mark.parametrize(
        ("stored", "came"),
        [
            (stream("430.47\n"), stream("430.48\n")),
            (stream("a\n"), stream("a\n", "stderr")),
            (result("iVBORw0A", "image/png"), result("iVBORw0B", "image/png")),
            (result("iVBORw0A", "image/png", alt="a line"), result("iVBORw0A", "image/png", alt="a falling line")),
            (result("1"), {**result("1"), "output_type": "display_data"}),
        ],
        ids=["a price", "the stream", "a picture", "a picture's words", "the kind of output"],
    )  # fmt: skip
    def test_takes_the_new_output_where_something_real_differs(
        self, stored: dict[str, Any], came: dict[str, Any]
    ) -> None:
        assert refreshed(cell(stored), cell(came)) == normalize(notebook(cell(came)))["cells"][0]["outputs"]

    def test_takes_the_new_output_of_a_changed_cell(self) -> None:
        came = stream("127.0.0.1:51234\n")
        kept = refreshed(cell(stream("127.0.0.1:40000\n"), source="old()"), cell(came, source="new()"))
        assert kept[0]["text"] == [came["text"]]

    def test_finds_a_cell_by_its_id_where_others_came_before_it(self) -> None:
        stored = notebook(cell(stream("127.0.0.1:40000\n")))
        came = notebook(text("# New", id="new"), cell(id="first"), cell(stream("127.0.0.1:51234\n")))
        kept = keep_stored(normalize(came), stored)["cells"][2]
        assert kept["outputs"][0]["text"] == ["127.0.0.1:40000\n"]


class TestComparing:
    def test_outputs_of_one_kind_are_compared_one_by_one(self) -> None:
        assert comparable([result("ab"), result("c")]) != comparable([result("a"), result("bc")])

    def test_the_chunks_of_a_stream_are_not(self) -> None:
        assert comparable([stream("ab"), stream("c")]) == comparable([stream("abc")])

    def test_of_an_error_its_name_and_message_count(self) -> None:
        assert comparable([ERROR]) == comparable([{**ERROR, "traceback": ["line 2"]}])
        assert comparable([ERROR]) != comparable([{**ERROR, "evalue": "timed out"}])


class TestSanitizing:
    def test_reads_the_rules_as_nbval_does(self) -> None:
        theirs = get_sanitize_patterns(SANITIZE.read_text(encoding="utf-8"))
        assert [(pattern.pattern, replacement) for pattern, replacement in rules()] == theirs

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("127.0.0.1:40000", "127.0.0.1:8080"),
            ("('[::1]:40000')", "('[::1]:51234')"),
            ("+0.42 ms", "+1.50 s"),
            ("answered: ttl 63, 0.229 ms", "answered: ttl 63, 1.081 ms"),
            ("/tmp/ipykernel_12/345.py", "/tmp/ipykernel_9/1.py"),
            ("/var/folders/x/T/ipykernel_12/345.py", "/tmp/ipykernel_9/1.py"),
            ("<Server at 0x7f3c2a10>", "<Server at 0x7f0000000001>"),
            (
                "Source: live, captured from this machine&#x27;s kernel.",
                "Source: recorded earlier from a Linux kernel, the same exchange.",
            ),
        ],
    )
    def test_hides_what_must_vary(self, one: str, other: str) -> None:
        assert sanitize(one) == sanitize(other)

    @pytest.mark.parametrize(
        "kept",
        [
            "AAPL 430.47",
            "1,460 bytes",
            "seq 127 ack 1",
            "127.0.0.1:25",
            "192.0.2.1:40000",
            "10.127.0.0.1",
            "0x0800",
            "checksum 0xb1e6f00d",
            "12:30:45",
            "+1.25 shares",
            "+3 more",
            "0.42 ms",
            "ttl 64",
            "a UDP datagram of 65507 bytes",
            "Source: modelled by the tap from what it passed on.",
        ],
    )
    def test_hides_nothing_else(self, kept: str) -> None:
        assert sanitize(kept) == kept

    @pytest.mark.parametrize("beside", ["127.0.0.1:40000 AAPL 430.47", "+0.42 ms 1,460 bytes"])
    def test_leaves_what_stands_beside_it(self, beside: str) -> None:
        assert sanitize(beside).endswith(beside.split(" ", 1)[1].removeprefix("ms "))


def test_ports_in_the_words_of_a_picture_do_not_churn_the_diff():
    def notebook(port):
        alt = f"client 127.0.0.1:{port} connects"
        output = {
            "output_type": "execute_result",
            "execution_count": 1,
            "data": {"image/svg+xml": [f"<svg>{alt}</svg>"], "text/plain": [alt]},
            "metadata": {"image/svg+xml": {"alt": alt}},
        }
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": {},
            "source": ["x"],
            "execution_count": 1,
            "outputs": [output],
        }
        return normalize({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    assert keep_stored(notebook(50001), notebook(40001)) == notebook(40001)


def test_a_cell_that_differs_in_every_run_keeps_its_output_until_it_is_emptied():
    def notebook(*texts):
        outputs = [{"output_type": "stream", "name": "stdout", "text": [text]} for text in texts]
        metadata = {"tags": ["nbval-ignore-output"]}
        cell = {
            "cell_type": "code",
            "id": "a",
            "metadata": metadata,
            "source": ["x"],
            "execution_count": 1,
            "outputs": outputs,
        }
        return normalize({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})

    assert keep_stored(notebook("new"), notebook("old")) == notebook("old")
    assert keep_stored(notebook("new"), notebook()) == notebook("new")
