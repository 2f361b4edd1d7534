"""A request's way through a web site: the five programs that share the work, and what they speak."""

from __future__ import annotations

from netlab.svg import INK, MUTED, PALETTE, Drawing, element, line, rect, text

STATIONS = (  # the program, such as, what it does
    (("browser",), "Firefox, Chrome", ("draws the page,", "runs JavaScript,", "keeps cookies")),
    (("web", "server"), "nginx, Apache", ("ends TLS,", "serves files,", "passes the rest on")),
    (("application", "server"), "gunicorn, cheroot", ("reads HTTP,", "runs processes", "and threads")),
    (("application",), "your Python", ("chooses the view,", "applies the rules,", "writes the page")),
    (("database",), "PostgreSQL, SQLite", ("finds the rows,", "keeps them,", "whatever happens")),
)
SPEAK = (("HTTPS",), ("HTTP",), ("a call", "(WSGI)"), ("SQL",))
BOX, GAP, LEFT, TOP = (122, 138), 48, 6, 12
WIDTH = 2 * LEFT + len(STATIONS) * BOX[0] + len(SPEAK) * GAP
HEIGHT = TOP + BOX[1] + 36


def draw_web() -> Drawing:
    """Draw the way of a request from the browser to the database; the answer goes back the same way."""
    parts = [
        piece
        for number, station in enumerate(STATIONS)
        for piece in _station(LEFT + number * (BOX[0] + GAP), *station)
    ]
    for number, words in enumerate(SPEAK):
        parts += _arrows(LEFT + BOX[0] + number * (BOX[0] + GAP), words)
    below = "the answer goes back the same way"
    parts += [text(WIDTH / 2, TOP + BOX[1] + 24, below, size=13, anchor="middle", fill=MUTED)]
    names = [" ".join(name) for name, *_ in STATIONS]
    steps = [
        f"the {name} ({station[1]}) {' '.join(station[2])}"
        for name, station in zip(names, STATIONS, strict=True)
    ]
    speak = [" ".join(words) for words in SPEAK]
    alt = "The way of a request: " + "; ".join(
        [steps[0], *(f"asked by {how}, {step}" for how, step in zip(speak, steps[1:], strict=True))]
    )
    plain = names[0] + "".join(f" ──{how}──▶ {name}" for how, name in zip(speak, names[1:], strict=True))
    return Drawing(WIDTH, HEIGHT, f"{alt}. The answer goes back the same way.", parts, plain)


def _station(x: float, name: tuple[str, ...], example: str, does: tuple[str, ...]) -> list[str]:
    width, height = BOX
    middle = x + width / 2
    first = TOP + (22 if len(name) > 1 else 30)
    return [
        rect(x, TOP, width, height, stroke=PALETTE["blue"], stroke_width=2, fill="#ffffff", rx=5),
        *(
            text(middle, first + 17 * row, word, weight="700", anchor="middle")
            for row, word in enumerate(name)
        ),
        text(middle, TOP + 59, example, size=11, fill=MUTED, anchor="middle"),
        *(
            text(middle, TOP + 84 + 18 * row, words, size=12, anchor="middle")
            for row, words in enumerate(does)
        ),
    ]


def _arrows(x: float, words: tuple[str, ...]) -> list[str]:
    """One arrow to the right with its words above, and one back below it."""
    there, back = TOP + BOX[1] / 2, TOP + BOX[1] / 2 + 16
    end = x + GAP
    above = there - 8 - 15 * (len(words) - 1)
    return [
        line(x + 4, there, end - 12, there, stroke=INK, stroke_width=2),
        element("path", d=f"M{end - 4:g},{there:g} l-10,-5 v10 z", fill=INK),
        line(x + 12, back, end - 4, back, stroke=MUTED, stroke_width=2),
        element("path", d=f"M{x + 4:g},{back:g} l10,-5 v10 z", fill=MUTED),
        *(
            text((x + end) / 2, above + 15 * row, word, size=12, anchor="middle")
            for row, word in enumerate(words)
        ),
    ]
