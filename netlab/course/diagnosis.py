"""What a doctor says: the findings, one for each thing that was tried, as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.table import Table

State = Literal["ok", "warn", "bad"]
MARKS: dict[State, str] = {"ok": "✓", "warn": "!", "bad": "✗"}
COLOURS: dict[State, str] = {"ok": "#00664b", "warn": "#8a5a00", "bad": "#b00020"}  # 4.5:1 on white


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    Attributes:
        what: the thing, "Loopback, TCP".
        state: "ok"; "warn" when the lessons work without it; "bad" when they do not.
        detail: what was found.
        fix: what to do about it; empty when it is ok.
    """

    what: str
    state: State
    detail: str
    fix: str = ""

    @property
    def lines(self) -> list[str]:
        """The detail, and the fix if there is one."""
        return [self.detail, self.fix] if self.fix else [self.detail]


@dataclass(frozen=True, slots=True, repr=False)
class Diagnosis:
    """All that was tried: a table in a notebook and in a terminal."""

    findings: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """Whether every lesson will work; what is only a warning may be missing."""
        return all(finding.state != "bad" for finding in self.findings)

    @property
    def verdict(self) -> str:
        """The whole in one sentence."""
        return "This machine is ready." if self.ready else "This machine is not ready: mend what is marked ✗."

    def __repr__(self) -> str:
        lines = []
        for finding in self.findings:
            below = "\n" + " " * 21 + "→ "
            lines.append(f"{MARKS[finding.state]} {finding.what:<18} {below.join(finding.lines)}")
        return "\n".join([*lines, self.verdict])

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="color:{COLOURS[finding.state]}">{MARKS[finding.state]}</td>'
            f'<th scope="row" style="text-align:left">{escape(finding.what)}</th>'
            f'<td style="text-align:left">{"<br>→ ".join(map(escape, finding.lines))}</td></tr>'
            for finding in self.findings
        )
        return f"<table><caption>{escape(self.verdict)}</caption><tbody>{rows}</tbody></table>"

    def __rich__(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table(caption=self.verdict, box=None, show_header=False, caption_justify="left")
        for finding in self.findings:
            colour = {"ok": "green", "warn": "yellow", "bad": "red"}[finding.state]
            words = "\n→ ".join(finding.lines)
            table.add_row(Text(MARKS[finding.state], colour), finding.what, Text(words))
        return table


@dataclass(frozen=True, slots=True)
class Check:
    """Something to try: `attempt` returns what it found, or raises with what is wrong."""

    what: str
    attempt: Callable[[], str]
    otherwise: State
    fix: str

    def run(self) -> Finding:
        """Try it; whatever is raised becomes the detail, for a doctor must not fall ill himself."""
        try:
            return Finding(self.what, "ok", self.attempt())
        except Exception as error:
            detail = str(error) or type(error).__name__
            return Finding(self.what, self.otherwise, detail.rstrip("."), self.fix)
