"""A small lesson that keeps the whole contract, for the tests that break it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from netlab.course.lint import Cell, Notebook

NUMBER = "09"
EXERCISES = {f"09-e{n}": f"09-o{min(n, 3)}" for n in range(1, 5)}
QUESTIONS = {f"09-q{n}": f"09-o{min(n, 3)}" for n in range(1, 6)}
RETRIEVAL = {"09-r1": "07", "09-r2": "08", "09-r3": "08"}


class Lesson:
    """A lesson under construction.

    Attributes:
        about: its metadata.
        cells: as the notebook stores them.
    """

    def __init__(self) -> None:
        self.number = NUMBER
        self.about: dict[str, Any] = {
            "title": "Pipes",
            "minutes": 36,
            "objectives": [{"id": f"09-o{n}", "verb": "send", "text": "send bytes"} for n in (1, 2, 3)],
            "glossary": {"pipe": "a stream of bytes between two processes"},
        }
        self.cells: list[dict[str, Any]] = []
        self._write()

    def _write(self) -> None:
        self.text("title", "# 09 · Pipes\nWhat one process writes, another reads.")
        self.section("What you remember", 3)
        for name in RETRIEVAL:
            self.code(name, f'quiz("{name}")', "quiz", "retrieval", quiz=name)
        self.section("Writing", 15)
        self.text("predict-write", "How many bytes are written? Predict it.", "predict")
        self.code("write", "import os\nos.write(writing, b'AAPL?')", "run")
        self.questions("09-q1", "09-q2", "09-q3")
        self.exercise("09-e1", "modify")
        self.exercise("09-e2", "make")
        self.section("Reading", 14)
        self.code("read", "os.read(reading, 1024)", "run")
        self.exercise("09-e3", "modify")
        self.exercise("09-e4", "make")
        self.questions("09-q4", "09-q5")
        self.section("Myths", 3)
        self.code("myth", "os.read(reading, 0)", "run", "myth")
        self.section("Recap", 1)
        self.section("Glossary")
        self.text("terms", "**Pipe**: a stream of bytes between two processes.")
        self.section("Read more")

    def text(self, name: str, source: str, *tags: str, slide: str = "slide", **about: Any) -> None:
        self.cells.append(self._cell("markdown", name, source, tags, slide, about))

    def section(self, title: str, minutes: int | None = None) -> None:
        about = {"notes": "Ask the class."} | ({} if minutes is None else {"minutes": minutes})
        self.text(title, f"## {title}\nText.", **about)

    def code(self, name: str, source: str, *tags: str, slide: str = "-", **about: Any) -> dict[str, Any]:
        cell = self._cell("code", name, source, tags, slide, about) | {"outputs": [], "execution_count": None}
        self.cells.append(cell)
        return cell

    def questions(self, *names: str) -> None:
        for name in names:
            self.code(name, f'quiz("{name}")', "quiz", quiz=name)

    def exercise(self, name: str, step: str) -> None:
        stub = self.code(f"{name}-code", "def ask():\n    ...", "exercise", step, slide="skip", exercise=name)
        stub["metadata"]["nbgrader"] = {"solution": True, "grade": False, "locked": False}
        check = self.code(name, f'check("{name}", ask)', "check", slide="skip", exercise=name)
        check["metadata"]["nbgrader"] = {"solution": False, "grade": True, "locked": True, "points": 1}

    @staticmethod
    def _cell(
        kind: str, name: str, source: str, tags: tuple[str, ...], slide: str, about: dict[str, Any]
    ) -> dict[str, Any]:
        metadata = {"tags": list(tags), "netlab": about, "slideshow": {"slide_type": slide}}
        return {"cell_type": kind, "id": name, "metadata": metadata, "source": source}

    def __getitem__(self, name: str) -> dict[str, Any]:
        return next(cell for cell in self.cells if cell["id"] == name)

    def tag(self, name: str, *tags: str) -> None:
        self[name]["metadata"]["tags"] = list(tags)

    def mark(self, name: str, **about: Any) -> None:
        self[name]["metadata"]["netlab"].update(about)

    def drop(self, *names: str) -> None:
        self.cells = [cell for cell in self.cells if cell["id"] not in names]

    def move(self, name: str, before: str) -> None:
        cell = self[name]
        self.drop(name)
        self.cells.insert(self.cells.index(self[before]), cell)

    def notebook(self) -> Notebook:
        """The lesson as the rules see it, run from the top."""
        code = (cell for cell in self.cells if cell["cell_type"] == "code")
        for place, cell in enumerate(code, 1):
            cell["execution_count"] = cell["execution_count"] or place
        path = Path(f"{self.number}_pipes.ipynb")
        return Notebook(path, self.about, tuple(Cell(cell) for cell in self.cells))
