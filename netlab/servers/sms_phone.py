"""A phone as a drawing: what arrived at a number."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netlab.servers.sms_message import Message
from netlab.svg import INK, MUTED, PALETTE, Drawing, line, rect, text

WIDTH, EDGE = 300, 14
LINE, GAP, HEAD = 19, 30, 64
SIZE = 13  # of the letters of a text
ROOM = (WIDTH - 4 * EDGE - 20) / SIZE  # for a line in a bubble, in widths of a capital em
MOST_LINES = 20  # on the screen
NARROW, BROAD = frozenset(" !'(),-./:;IJ[\\]fijlrt|"), frozenset("#%&+<=>@M^Wmw~…—")
TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})  # Unicode, UAX 9


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
    said = [readable(f"{message.sender}: {message.text}") for message in messages] or ["no messages"]
    alt = f"The phone {number}: " + "; ".join(said[hidden:])
    return Drawing(WIDTH, height, alt, frame + parts, "\n  ".join([f"phone {number}", *said]))


def newest(messages: Sequence[Message]) -> list[tuple[Message, list[str]]]:
    """The newest messages that have room on the screen, each with its lines; the last one always has."""
    shown: list[tuple[Message, list[str]]] = []
    room = MOST_LINES
    for message in reversed(messages):
        lines = lines_of(message.text)
        room -= len(lines) + 2
        if shown and room < 0:
            break
        shown.insert(0, (message, lines))
    return shown


def lines_of(words: str) -> list[str]:
    """A text as the lines of a bubble; one that is too long for the screen ends with an ellipsis."""
    lines = [line for each in words.splitlines() if readable(each) for line in wrap(readable(each))]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], wrap(lines[MOST_LINES - 1][:-1])[0] + "…"]
    return lines or [""]


def _bubble(y: float, sender: str, lines: list[str]) -> list[str]:
    return [
        text(2 * EDGE, y + 12, wrap(readable(sender))[0], size=12, fill=MUTED),
        rect(2 * EDGE, y + 18, WIDTH - 4 * EDGE, len(lines) * LINE + 14, rx=10, fill="#e8f1f8"),
        *(text(2 * EDGE + 10, y + 38 + row * LINE, words, size=SIZE) for row, words in enumerate(lines)),
    ]


def readable(words: str) -> str:
    """A text without what no picture can hold or what turns the text around it; each run of blanks as one."""
    return " ".join("".join(sign if _is_readable(sign) else " " for sign in words).split())


def _is_readable(sign: str) -> bool:
    control = unicodedata.category(sign) in ("Cc", "Cs", "Cn", "Co")
    return not control and unicodedata.bidirectional(sign) not in TURNING


def wrap(words: str) -> list[str]:
    """Lines that fit into a bubble, broken between words, or within one that is too long."""
    lines, rest = [], words
    while width(rest) > ROOM:
        count, used = 0, 0.0
        while used + width(rest[count]) <= ROOM:
            used += width(rest[count])
            count += 1
        blank = rest.rfind(" ", 0, count + 1)
        count = blank if blank > 0 else count
        lines.append(rest[:count])
        rest = rest[count:].lstrip()
    return [*lines, rest]


def width(words: str) -> float:
    """About how wide a text is, in widths of a capital em; rather too wide than too narrow."""
    return sum(_width_of(sign) for sign in words)


def _width_of(sign: str) -> float:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):  # drawn over another, or not at all
        return 0.0
    if sign in NARROW:
        return 0.42
    if sign in BROAD or unicodedata.east_asian_width(sign) in "WF":
        return 1.3 if ord(sign) > 0xFFFF else 1.0
    if sign.isascii() and not sign.isupper():
        return 0.65
    return 0.8 if ord(sign) < 0x400 else 1.1
