"""A small course of its own, so that these tests do not depend on the lessons that happen to exist."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Notebook = dict[str, object]


def notebook(number: str, title: str, part: str, *sources: str) -> Notebook:
    """A lesson with a section, a check and a quiz, and one more code cell for each source."""
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    about = {
        "id": number,
        "title": title,
        "part": part,
        "minutes": 30,
        "summary": f"Why {title} matters.",
        "prerequisites": [],
        "objectives": [{"id": f"{number}-o1", "verb": "send", "text": "send a byte"}],
        "glossary": {"byte": "eight bits"},
        "reading": [{"title": "RFC 9293", "section": "3.4"}],
    }
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [f"# {title}"]},
        {"cell_type": "markdown", "metadata": {"netlab": {"minutes": 10}}, "source": ["## First\n", "Text."]},
        {
            **code,
            "metadata": {"tags": ["check"], "netlab": {"exercise": f"{number}-send"}},
            "source": [f'check("{number}-send", send)'],
        },
        {
            **code,
            "metadata": {"tags": ["quiz"], "netlab": {"quiz": f"{number}-q1"}},
            "source": [f'quiz("{number}-q1")'],
        },
        *({**code, "metadata": {}, "source": [source]} for source in sources),
    ]
    for position, cell in enumerate(cells):
        cell["id"] = f"cell-{position}"
    return {"metadata": {"netlab": about}, "nbformat": 4, "nbformat_minor": 5, "cells": cells}


Publish = Callable[..., Path]


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """A function that publishes a lesson of the small course; it has three of them already."""
    folder = tmp_path / "published"
    folder.mkdir()
    for module in ("catalogue", "pages", "workspace"):
        monkeypatch.setattr(f"netlab.course.{module}.lessons_dir", lambda: folder)

    def publish(name: str, *sources: str, part: str = "Sockets") -> Path:
        path = folder / f"{name}.ipynb"
        title = name[3:].replace("_", " ").capitalize()
        path.write_text(json.dumps(notebook(name[:2], title, part, *sources), indent=1), encoding="utf-8")
        return path

    publish("00_start_here", "1 + 1", part="")
    publish("01_tcp_ip", "import socket", part="How computers talk")
    publish("03_tcp_sockets", "socket.socket()")
    return publish
