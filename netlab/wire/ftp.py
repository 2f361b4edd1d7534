"""FTP's two connections in one ladder: what was said on the one, and what went over the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from netlab.svg import Drawing
from netlab.text import preview, size_of
from netlab.wire.ladder import Arrow, draw_ladder
from netlab.wire.recording import Event, Recording
from netlab.wire.tap import Tap

CLIENT, CONTROL, DATA = range(3)
COLUMNS = ("client", "server, control connection", "server, data connection")
LABEL = 48  # characters: the reply to PASV is shown whole
LANE = 400
BEFORE, AFTERWARDS = ("125", "150"), ("226", "426")  # the replies between which a transfer takes place
CAPTION = "Source: modelled by two taps from what they passed on."


def draw_transfer(control: Tap, data: Tap, *, since: str = "", active: bool = False) -> Drawing:
    """Draw a dialogue and its transfer, each through a tap of its own, as one sequence diagram.

    What happens on two connections within the same moment has no order on the wire; it is drawn as the replies
    tell it: 150 before the data, 226 after their end.

    Args:
        control: the tap before the server.
        data: the tap before whoever waits for the data connection.
        since: how the first line begins that is drawn, such as "PASV"; all are drawn if it is left out.
        active: whether that is the client, as after PORT; after PASV it is the server.
    """
    control.settle()
    data.settle()
    later = data.recording.began - control.recording.began
    moved = [_at(arrow, arrow.time + later) for arrow in _transfer(data.recording, active)]
    dialogue = _dialogue(control.recording)
    said = list(itertools.dropwhile(lambda arrow: not arrow.label.startswith(since), dialogue))
    if active:
        established = next((arrow.time for arrow in said if arrow.label.startswith("200 Active")), 0.0)
        moved = [_at(arrow, min(arrow.time, established)) for arrow in moved[:1]] + moved[1:]
    first = next((arrow.time for arrow in moved if arrow.kind == "data"), 0.0)
    last = max((arrow.time for arrow in moved), default=0.0)
    before = [arrow for arrow in said if not arrow.label.startswith(AFTERWARDS)]
    afterwards = [_at(arrow, max(arrow.time, last)) for arrow in said if arrow not in before]
    before = [
        _at(arrow, min(arrow.time, first)) if arrow.label.startswith(BEFORE) else arrow for arrow in before
    ]
    arrows = sorted([*moved[:1], *before, *moved[1:], *afterwards], key=lambda arrow: arrow.time)
    start = arrows[0].time if arrows else 0.0
    shown = [_at(arrow, arrow.time - start) for arrow in arrows]
    return draw_ladder(COLUMNS, shown, caption=CAPTION, lane=LANE)


def _at(arrow: Arrow, time: float) -> Arrow:
    return replace(arrow, time=time)


def _dialogue(recording: Recording) -> Iterator[Arrow]:
    """Each line of the control connection as an arrow, however the network cut or joined them."""
    waiting = {"client": b"", "server": b""}
    for event in recording:
        ends = (CLIENT, CONTROL) if event.sender == "client" else (CONTROL, CLIENT)
        if event.kind == "open":
            yield Arrow(event.time, *ends, "connects", kind="control")
        *lines, waiting[event.sender] = (waiting[event.sender] + event.data).split(b"\r\n")
        for line in lines:
            yield Arrow(event.time, *ends, preview(line, LABEL))


def _transfer(recording: Recording, active: bool) -> Iterator[Arrow]:
    """The data connection's events as arrows; pieces of the same side in a row are one."""
    joined: list[Event] = []
    for event in recording:
        if joined and event.data and joined[-1].sender == event.sender and joined[-1].data:
            joined[-1] = replace(joined[-1], data=joined[-1].data + event.data)
        else:
            joined.append(event)
    words = {"open": "connects", "close": "closes its side", "reset": "resets the connection"}
    for event in joined:
        from_client = (event.sender == "client") != active  # a recording's client is who connected
        ends = (CLIENT, DATA) if from_client else (DATA, CLIENT)
        if event.data:
            yield Arrow(event.time, *ends, preview(event.data, LABEL), size_of(event.data))
        else:
            yield Arrow(event.time, *ends, words[event.kind], kind="control")
