"""The way of a mail: the programs and servers that it passes, and what they speak with each other."""

from __future__ import annotations

from netlab.svg import INK, MUTED, PALETTE, Drawing, element, line, rect, text

STATIONS = (  # what stands there, whose it is, x, y
    ("Ticker's program", "writes the mail", 20, 30),
    ("Ticker's server", "mail.ticker.example", 270, 30),
    ("customer's server", "mail.customer.example", 520, 30),
    ("Ada's mailbox", "folders and flags", 520, 190),
    ("Ada's program", "shows the mail", 20, 190),
    ("DNS", "MX of customer.example", 270, 190),
)
ARROWS = (  # from, to, the words beside it
    (0, 1, ("SMTP", "587, 465")),
    (1, 2, ("SMTP", "25")),
    (1, 5, ("which server?",)),
    (2, 3, ("delivers",)),
)
FETCHING = ("POP3 995, 110", "or IMAP 993, 143")
WIDTH, HEIGHT = 720, 286
BOX = (180, 54)


def draw_mail() -> Drawing:
    """Draw how a mail comes from a program of Ticker's to Ada's."""
    parts = [piece for name, about, x, y in STATIONS for piece in _station(name, about, x, y)]
    parts += [piece for start, end, words in ARROWS for piece in _arrow(start, end, words)]
    parts += _fetching()
    alt = (
        "Ticker's program hands the mail to Ticker's server by SMTP on port 587 or 465. That server asks DNS for the "
        "MX records of customer.example, and hands the mail to the customer's server by SMTP on port 25, which puts "
        "it into Ada's mailbox. Ada's program asks for it, by POP3 on port 995 or 110, or by IMAP on port 993 or 143."
    )
    return Drawing(WIDTH, HEIGHT, alt, parts)


def _station(name: str, about: str, x: float, y: float) -> list[str]:
    width, height = BOX
    return [
        rect(x, y, width, height, stroke=PALETTE["blue"], stroke_width=2, fill="#ffffff", rx=5),
        text(x + width / 2, y + 23, name, weight="700", anchor="middle", fill=INK),
        text(x + width / 2, y + 42, about, size=13, anchor="middle", fill=MUTED),
    ]


def _arrow(start: int, end: int, words: tuple[str, ...]) -> list[str]:
    """An arrow to the right, or down to the next row."""
    (x1, y1), (x2, y2) = (STATIONS[number][2:] for number in (start, end))
    width, height = BOX
    if y1 == y2:
        y = y1 + height / 2
        middle = (x1 + width + x2) / 2
        return [
            line(x1 + width, y, x2 - 8, y, stroke=INK, stroke_width=2),
            element("path", d=f"M{x2},{y} l-10,-5 v10 z", fill=INK),
            *(
                text(middle, y - 8 + 26 * row, word, size=12, anchor="middle")
                for row, word in enumerate(words)
            ),
        ]
    x = x1 + width / 2
    return [
        line(x, y1 + height, x, y2 - 8, stroke=INK, stroke_width=2),
        element("path", d=f"M{x},{y2} l-5,-10 h10 z", fill=INK),
        text(x + 10, (y1 + height + y2) / 2 + 4, words[0], size=13),
    ]


def _fetching() -> list[str]:
    """The way around, below DNS, by which Ada's program asks for the mail."""
    width, height = BOX
    (x1, y), x2 = STATIONS[4][2:], STATIONS[3][2]
    below = y + height + 26
    left, right = x1 + width / 2, x2 + width / 2
    return [
        element(
            "path",
            d=f"M{left},{y + height} V{below} H{right} V{y + height + 8}",
            fill="none",
            stroke=INK,
            stroke_width=2,
        ),
        element("path", d=f"M{right},{y + height} l-5,10 h10 z", fill=INK),
        text((left + right) / 2, below - 8, " ".join(FETCHING), size=13, anchor="middle"),
    ]
