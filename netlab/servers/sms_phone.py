"""A phone as a drawing: what arrived at a number."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netlab.servers.sms_service import Message
from netlab.svg import INK, MUTED, PALETTE, Drawing, line, rect, text

WIDTH, EDGE = 300, 14
COLUMNS = 32  # of text in a bubble; a wide character takes two
LINE, GAP, HEAD = 19, 30, 64
MOST_LINES = 20  # on the screen


@dataclass(frozen=True)
class Phone:
    """A phone at one moment. It shows itself in a notebook.

    Attributes:
        number: whose phone it is.
        messages: that it has received, the oldest first.
    """

    number: str
    messages: tuple[Message, ...]

    @property
    def texts(self) -> list[str]:
        """What the messages say."""
        return [message.text for message in self.messages]

    @property
    def drawing(self) -> Drawing:
        """The phone as a picture with the newest messages."""
        return draw_phone(self.number, self.messages)

    def __repr__(self) -> str:
        return self.drawing.plain

    def _repr_mimebundle_(self, **_: Any) -> Any:
        return self.drawing._repr_mimebundle_()


def draw_phone(number: str, messages: Sequence[Message]) -> Drawing:
    """Draw a phone with as many of its newest messages as its screen has room for."""
    shown = newest(messages)
    parts, y = [], float(HEAD)
    for message, lines in shown:
        parts += _bubble(y, message.sender, lines)
        y += len(lines) * LINE + 14 + GAP
    if not shown:
        parts.append(text(WIDTH / 2, y + 40, "no messages", anchor="middle", fill=MUTED))
        y += 80
    height = y + 34
    frame = [
        rect(3, 3, WIDTH - 6, height - 6, rx=26, stroke=INK, stroke_width=3),
        text(WIDTH / 2, 30, number, weight="700", anchor="middle"),
        line(EDGE, 46, WIDTH - EDGE, 46, stroke=PALETTE["sky"]),
        rect(WIDTH / 2 - 40, height - 20, 80, 5, rx=2.5, fill=INK),
    ]
    if hidden := len(messages) - len(shown):
        frame.append(text(WIDTH / 2, 60, f"{hidden} earlier not shown", size=11, anchor="middle", fill=MUTED))
    said = [f"{message.sender}: {readable(message.text)}" for message in messages] or ["no messages"]
    alt = f"The phone {number}: " + "; ".join(said[hidden:])
    return Drawing(WIDTH, height, alt, frame + parts, "\n  ".join([f"phone {number}", *said]))


def newest(messages: Sequence[Message]) -> list[tuple[Message, list[str]]]:
    """The newest messages that have room on the screen, each with its lines; the last one always has."""
    shown: list[tuple[Message, list[str]]] = []
    room = MOST_LINES
    for message in reversed(messages):
        lines = wrap(readable(message.text))[:MOST_LINES]
        room -= len(lines) + 2
        if shown and room < 0:
            break
        shown.insert(0, (message, lines))
    return shown


def _bubble(y: float, sender: str, lines: list[str]) -> list[str]:
    return [
        text(2 * EDGE, y + 12, sender, size=12, fill=MUTED),
        rect(2 * EDGE, y + 18, WIDTH - 4 * EDGE, len(lines) * LINE + 14, rx=10, fill="#e8f1f8"),
        *(text(2 * EDGE + 10, y + 38 + row * LINE, words, size=13) for row, words in enumerate(lines)),
    ]


def readable(words: str) -> str:
    """A text without control characters, which no picture can hold, each run of blanks as one."""
    shown = "".join(
        sign if unicodedata.category(sign) not in ("Cc", "Cs", "Cn", "Co") else " " for sign in words
    )
    return " ".join(shown.split())


def wrap(words: str) -> list[str]:
    """Lines of at most so many columns, broken between words, or within one that is too long."""
    lines, rest = [], words
    while width(rest) > COLUMNS:
        count = columns = 0
        while columns + width(rest[count]) <= COLUMNS:
            columns += width(rest[count])
            count += 1
        blank = rest.rfind(" ", 0, count + 1)
        count = blank if blank > 0 else count
        lines.append(rest[:count])
        rest = rest[count:].lstrip()
    return [*lines, rest]


def width(words: str) -> int:
    """The columns that a text takes: two for each wide character, such as a Chinese one."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
