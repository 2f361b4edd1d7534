"""What `check` shows: each case, what was expected, what came, and the next thing to try."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from netlab.exercises.trial import Result

State = Literal["not started", "failed", "passed", "problem"]

# Dark enough on white and light enough on black: 4.5:1 on the panel's own ground, which it brings along.
PANEL = (
    "border-left:4px solid {edge};background:#fafafa;color:#1a1a1a;padding:8px 14px;"
    "margin:4px 0;font-size:14px;line-height:1.5"
)
GREEN, RED, GREY, BLUE = "#00694d", "#a8320a", "#595959", "#0b5c94"
EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
CODE = "background:#eeeeee;color:#1a1a1a;padding:0 3px"  # said everywhere: a dark theme has its own colours


def block(text: str) -> str:
    """Some lines of code or output as HTML."""
    return f'<pre style="{CODE};margin:6px 0">{escape(text)}</pre>'


def panel(body: str, edge: str) -> str:
    """A box with a coloured edge around some HTML."""
    return f'<div class="netlab-panel" style="{PANEL.format(edge=edge)}">{body}</div>'


def code_spans(text: str) -> str:
    """Text as HTML, with `code` in backticks, **bold** and *emphasis* marked up."""
    parts = escape(text, quote=False).split("`")
    marked = (f'<code style="{CODE}">{p}</code>' if i % 2 else _marked(p) for i, p in enumerate(parts))
    return "".join(marked)


def _marked(text: str) -> str:
    parts = EMPHASIS.sub(r"<i>\1</i>", text).split("**")
    return "".join(f"<b>{part}</b>" if index % 2 else part for index, part in enumerate(parts))


@dataclass(frozen=True, repr=False)
class Report:
    """How an exercise stands.

    Attributes:
        name: of the exercise.
        title: of the exercise.
        state: "not started", "failed", "passed", or "problem" when it could not be checked.
        message: what to say under the cases.
        results: of the cases.
        points: that the exercise counts.
        output: what the student's code printed.
        complete: whether every case was tried.
    """

    name: str
    title: str
    state: State
    message: str
    results: tuple[Result, ...] = ()
    points: int = 0
    output: str = ""
    complete: bool = True

    @property
    def passed(self) -> bool:
        """Whether every case went as it should."""
        return self.state == "passed"

    @property
    def score(self) -> float:
        """The points for the cases that passed; none unless every case was tried."""
        if not self.results or not self.complete:
            return 0.0
        return round(self.points * sum(result.passed for result in self.results) / len(self.results), 2)

    def __repr__(self) -> str:
        lines = [f"{self.name} {self.title}: {self.state}"]
        for result in self.results:
            lines.append(f"  {'✓' if result.passed else '✗'} {result.case}")
            if not result.passed:
                details = (f"expected: {result.expected}", f"came:     {result.came}", result.advice)
                lines += [f"      {detail}" for detail in details if detail]
        if self.output:
            lines.append(f"  your code printed: {self.output.rstrip()}")
        return "\n".join([*lines, f"  {self.message}"])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        if os.environ.get("NBGRADER_EXECUTION"):
            return {"text/plain": str(self.score)}
        return {"text/plain": repr(self), "text/html": self._html()}

    def _html(self) -> str:
        edge = {"passed": GREEN, "failed": RED}.get(self.state, GREY)
        head = (
            f'<b style="color:{edge}">{escape(self.title)}: {self.state}</b> '
            f'<span style="color:{GREY}">({escape(self.name)})</span>'
        )
        rows = "".join(_row(result) for result in self.results)
        cases = f'<ul style="list-style:none;padding-left:0;margin:6px 0">{rows}</ul>' if rows else "<br>"
        printed = (
            f"<details><summary>What your code printed</summary>{block(self.output)}</details>"
            if self.output
            else ""
        )
        return panel(f"{head}{cases}{code_spans(self.message)}{printed}", edge)


def _row(result: Result) -> str:
    if result.passed:
        mark = f'<span style="color:{GREEN}" role="img" aria-label="passed">✓</span>'
        return f"<li>{mark} {code_spans(result.case)}</li>"
    return (
        f'<li><span style="color:{RED}" role="img" aria-label="failed">✗</span> {code_spans(result.case)}'
        f'<div style="margin-left:22px">expected <code style="{CODE}">{escape(result.expected)}</code><br>'
        f'came <code style="{CODE}">{escape(result.came)}</code><br>{code_spans(result.advice)}</div></li>'
    )
