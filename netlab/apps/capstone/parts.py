"""The parts of the system and the arrows between them, as two tables from which the picture is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ZONE = "ticker.example"


@dataclass(frozen=True)
class Part:
    """A box of the picture.

    Attributes:
        key: its name in the system, by which it is restarted.
        title: what it is.
        what: the program that plays it.
        column: from the left, 0 to 4.
        row: from the top, 0 to 2; None for a box as high as the picture.
    """

    key: str
    title: str
    what: str
    column: int
    row: int | None


@dataclass(frozen=True)
class Arrow:
    """Who speaks with whom over the wire.

    Attributes:
        key: of its tap.
        start: the part that begins the conversation.
        end: the part that answers; the one behind the tap.
        words: the protocol.
        lessons: where it was learned.
        host: the name under which the answering part is known, without the zone.
        transport: "tcp" or "udp".
    """

    key: str
    start: str
    end: str
    words: str
    lessons: tuple[str, ...]
    host: str
    transport: Literal["tcp", "udp"] = "tcp"


PARTS = (
    Part("visitor", "visitors", "browsers", 0, 1),
    Part("dns", "names", "DNSServer", 0, 0),
    Part("ftp", "archive", "FTPServer", 0, 2),
    Part("front", "front", "ends TLS", 1, None),
    Part("charts", "charts", "Matplotlib", 2, 0),
    Part("web", "site and API", "Flask, {runner}", 2, 1),
    Part("office", "back office", "Django", 2, 2),
    Part("jobs", "jobs", "APScheduler", 3, None),
    Part("exchange", "exchange", "tape and replay", 4, 0),
    Part("mail", "mail server", "SMTPServer", 4, 1),
    Part("sms", "SMS gateway", "SMSGateway", 4, 2),
)

ARROWS = (
    Arrow("dns", "visitor", "dns", "DNS", ("06",), "ns", "udp"),
    Arrow("https", "visitor", "front", "TLS", ("12",), "www"),
    Arrow("web", "front", "web", "HTTP", ("07", "14", "15"), "www"),
    Arrow("office", "front", "office", "HTTP", ("17", "18"), "office"),
    Arrow("charts", "front", "charts", "HTTP", ("13", "19"), "charts"),
    Arrow("tape", "exchange", "jobs", "UDP", ("05",), "tape", "udp"),
    Arrow("feed", "jobs", "exchange", "TCP", ("03",), "feed"),
    Arrow("mail", "jobs", "mail", "SMTP", ("10",), "mail"),
    Arrow("sms", "jobs", "sms", "HTTP", ("11",), "sms"),
    Arrow("ftp", "visitor", "ftp", "FTP", ("09",), "ftp"),
)

BY_KEY = {arrow.key: arrow for arrow in ARROWS}
HOSTS = tuple(dict.fromkeys(arrow.host for arrow in ARROWS))
