"""The calls of a TCP server and client in order, and where each meets the other."""

from __future__ import annotations

from netlab.svg import INK, MUTED, PALETTE, Drawing, element, line, rect, text

SERVER = ("socket()", "bind()", "listen()", "accept()", "recv()", "sendall()", "recv() → b''", "close()")
CLIENT = ("socket()", None, None, "connect()", "sendall()", "recv()", "close()", None)
MEETINGS = ((3, "handshake"), (4, "the question"), (5, "the answer"), (6, "the end"))
WIDTH, ROW, BOX = 720, 46, 200
LEFT, RIGHT = 40, 480


def draw_calls() -> Drawing:
    """Draw the calls of a server (right) and of a client (left), and what passes between them."""
    parts = [
        text(LEFT + BOX / 2, 26, "client", weight="700", anchor="middle"),
        text(RIGHT + BOX / 2, 26, "server", weight="700", anchor="middle"),
    ]
    for x, column, colour in ((LEFT, CLIENT, PALETTE["orange"]), (RIGHT, SERVER, PALETTE["sky"])):
        for row, name in enumerate(column):
            if name:
                parts += _box(x, 40 + row * ROW, name, colour)
    for row, what in MEETINGS:
        parts += _meeting(40 + row * ROW + 15, what, to_client=row == 5)
    alt = (
        f"The server calls {', '.join(SERVER)}. The client calls {', '.join(filter(None, CLIENT))}. "
        "connect() meets accept() in the handshake; then the question, the answer and the end pass between them."
    )
    return Drawing(WIDTH, 40 + len(SERVER) * ROW + 10, alt, parts)


def _box(x: float, y: float, name: str, colour: str) -> list[str]:
    return [
        rect(x, y, BOX, 30, stroke=colour, stroke_width=2, fill="#ffffff", rx=5),
        text(x + BOX / 2, y + 20, name, mono=True, anchor="middle", fill=INK),
    ]


def _meeting(y: float, what: str, *, to_client: bool) -> list[str]:
    start, end, way = (RIGHT, LEFT + BOX, -1) if to_client else (LEFT + BOX, RIGHT, 1)
    return [
        line(start, y, end - 8 * way, y, stroke=MUTED, stroke_width=2),
        element("path", d=f"M{end},{y} l{-10 * way},-5 v10 z", fill=MUTED),
        text((start + end) / 2, y - 6, what, size=13, anchor="middle", fill=MUTED),
    ]
