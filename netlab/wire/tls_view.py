"""A TLS conversation as a ladder of records: what everybody on the way sees, or, with the keys, what is inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from netlab.errors import PacketError
from netlab.svg import Drawing
from netlab.text import preview, size_of
from netlab.wire.ladder import Arrow, draw_ladder
from netlab.wire.recording import Recording
from netlab.wire.tap import Tap
from netlab.wire.tls import (
    ALERT,
    ALERTS,
    APPLICATION_DATA,
    HANDSHAKE,
    TLSHello,
    TLSRecord,
    handshake_messages,
    read_hello,
    take_record,
)
from netlab.wire.tls_keys import Opened, RecordOpener

LANE = 460
CAPTION = "Source: modelled by the tap."


@dataclass
class _Side:
    """What one side has sent, and is not drawn yet."""

    sent: bytes = b""
    opener: RecordOpener | None = None
    hello: TLSHello | None = field(default=None)


def draw_tls(tap: Tap, keylog: str = "") -> Drawing:
    """Draw the TLS records of a tapped connection, each as an arrow.

    Sizes of encrypted records are left out of the handshake, where they differ from run to run.

    Args:
        tap: the tap; its first connection is drawn.
        keylog: the text of a key log; with it, what is inside of encrypted records is told, in brackets.

    Raises:
        PacketError: when what passed is no TLS.
        OptionError: when the key log is that of another connection.
    """
    tap.settle()
    arrows = list(_arrows(tap.recording, keylog))
    opened = " What stands in [ ] was opened with the client's keys." if keylog else ""
    return draw_ladder(("client", "server"), arrows, caption=f"{CAPTION}{opened}", lane=LANE)


def _arrows(recording: Recording, keylog: str) -> Iterator[Arrow]:
    sides = {"client": _Side(), "server": _Side()}
    first = next((event.time for event in recording if event.data), 0.0)
    for event in recording:
        if event.connection != 1 or not event.data:
            continue
        side = sides[event.sender]
        side.sent += event.data
        while True:
            record, side.sent = take_record(side.sent)
            if record is None:
                break
            if record.type == HANDSHAKE and side.hello is None:
                side.hello = read_hello(record.header + record.body)
            ends = (0, 1) if event.sender == "client" else (1, 0)
            label, note = _words(record, _opened(record, event.sender, sides, keylog))
            kind = "data" if label.startswith(("application", "[application")) else "control"
            yield Arrow(event.time - first, *ends, label, note, kind=kind)  # type: ignore[arg-type]


def _opened(record: TLSRecord, sender: str, sides: dict[str, _Side], keylog: str) -> Opened | None:
    if not keylog or record.type != APPLICATION_DATA:
        return None
    side, client, server = sides[sender], sides["client"].hello, sides["server"].hello
    if side.opener is None and client and server:
        side.opener = RecordOpener(sender, keylog, client.random, server.cipher_suites[0])
    return side.opener.open(record) if side.opener else None


def _words(record: TLSRecord, opened: Opened | None) -> tuple[str, str]:
    """What an arrow says, and its note."""
    if opened is None:
        return _content(record.type, record.body), ""
    if opened.type == APPLICATION_DATA:
        return f"[application data] {preview(opened.content, 30)}", size_of(opened.content)
    return f"[{_content(opened.type, opened.content)}]", ""


def _content(kind: int, content: bytes) -> str:
    if kind == HANDSHAKE:
        try:
            messages = handshake_messages(content)
        except PacketError:
            return "handshake, encrypted"  # TLS 1.2, behind its ChangeCipherSpec
        names = ", ".join(message.name for message in messages)
        name = TLSHello.parse(messages[0]).server_name if messages[0].type == 1 else None
        return f"{names}, server name {name}" if name else names
    if kind == ALERT and len(content) == 2:
        return f"alert: {ALERTS.get(content[1], content[1])}"
    return TLSRecord(kind, 0x0303, content).name
