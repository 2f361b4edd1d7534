"""The lesson contract: what a program can see of what makes a good lesson, as rules over notebooks.

Each rule is a function that yields its findings; `RULES` lists them in `contract_*.py`. A finding says how to mend it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from netlab.course import catalogue, pages
from netlab.course.outputs import join


@dataclass(frozen=True)
class Finding:
    """Something in a lesson that breaks a rule: where, and how to mend it."""

    lesson: str
    cell: str
    message: str

    def __str__(self) -> str:
        return f"{self.lesson} [{self.cell}] {self.message}"


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson, with what the rules ask of it."""

    data: dict[str, Any]

    @property
    def id(self) -> str:
        """The cell's id."""
        return str(self.data.get("id", "?"))

    @property
    def is_code(self) -> bool:
        """Whether it is a code cell."""
        return bool(self.data["cell_type"] == "code")

    @cached_property
    def source(self) -> str:
        """Its text."""
        return join(self.data["source"])

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax of a code cell; empty where it is no Python, which is a finding of its own."""
        try:
            return ast.parse(self.source)
        except SyntaxError:
            return ast.Module([], [])

    @property
    def tags(self) -> list[str]:
        """Its tags."""
        return list(self.data["metadata"].get("tags", []))

    @property
    def about(self) -> dict[str, Any]:
        """What netlab keeps in its metadata."""
        return dict(self.data["metadata"].get("netlab", {}))

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """The stored outputs of a code cell."""
        return list(self.data.get("outputs", []))

    @property
    def is_task(self) -> bool:
        """Whether the student does something here: predicts, answers, solves or changes."""
        return not {"exercise", "quiz", "predict", "modify"}.isdisjoint(self.tags)

    @property
    def is_section(self) -> bool:
        """Whether a section of the lesson begins here."""
        return not self.is_code and self.source.startswith("## ")


@dataclass(frozen=True)
class Notebook:
    """A lesson as the rules see it."""

    path: Path
    about: dict[str, Any]
    cells: tuple[Cell, ...]

    @property
    def number(self) -> str:
        """The lesson's number, "03"."""
        return self.path.name[:2]

    @property
    def code(self) -> list[Cell]:
        """The code cells."""
        return [cell for cell in self.cells if cell.is_code]

    @property
    def markdown(self) -> list[Cell]:
        """The cells of text."""
        return [cell for cell in self.cells if not cell.is_code]

    def sections(self) -> Iterator[list[Cell]]:
        """The cells of each section, its heading first."""
        section: list[Cell] = []
        for cell in self.cells:
            if cell.is_section:
                if section:
                    yield section
                section = [cell]
            elif section:
                section.append(cell)
        if section:
            yield section

    def tagged(self, tag: str) -> list[Cell]:
        """The cells with a tag."""
        return [cell for cell in self.cells if tag in cell.tags]


Problem = tuple[str, str]  # the cell's id, or "lesson", and the message
Rule = Callable[[Notebook], Iterator[Problem]]


def read(path: Path) -> Notebook:
    """Read a notebook for the rules."""
    data = json.loads(path.read_bytes())
    return Notebook(path, data["metadata"].get("netlab", {}), tuple(Cell(cell) for cell in data["cells"]))


def lint(notebook: Notebook) -> list[Finding]:
    """Hold one notebook to every rule."""
    from netlab.course import contract_code, contract_teaching, contract_text

    rules = (*contract_teaching.RULES, *contract_text.RULES, *contract_code.RULES)
    return [Finding(notebook.path.stem, cell, message) for rule in rules for cell, message in rule(notebook)]


def command(names: Sequence[str]) -> int:
    """`netlab lint`: print what breaks the contract; 0 when nothing does."""
    findings = []
    lessons = catalogue.select(list(names))
    for lesson in lessons:
        findings += lint(read(lesson.path))
    findings += [
        Finding("lessons", name, "does not say what the lessons say. Write it anew: netlab refresh 00")
        for name in ([] if names else pages.stale())
    ]
    for finding in findings:
        print(finding)
    print(f"{len(lessons)} lessons, {len(findings)} findings")
    return 1 if findings else 0
