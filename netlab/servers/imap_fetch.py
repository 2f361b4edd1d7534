"""FETCH: what a client asks for of a message, and what it gets (RFC 3501, sections 6.4.5 and 7.4.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from netlab.servers.imap_structure import body_structure, envelope
from netlab.servers.imap_syntax import BadCommandError, Parser, listed, literal, written_astring, written_time
from netlab.servers.imap_view import View
from netlab.servers.mailbox import Message
from netlab.servers.mime import Part

_SECTION_PART = re.compile(rb"[1-9]\d{0,8}(?:\.[1-9]\d{0,8})*")
_SECTION_TEXT = re.compile(rb"HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME", re.IGNORECASE)
_PARTIAL = re.compile(rb"<(\d{1,10})\.([1-9]\d{0,9})>")
_ITEM = re.compile(rb"[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z]+)*")
_LINE_END = re.compile(rb"(?<=\r\n)(?![ \t])")  # where a field of a header ends


@dataclass(frozen=True, slots=True)
class Section:
    """What BODY[…] names.

    Attributes:
        path: the numbers of the part, () for the mail itself.
        text: "", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT" or "MIME".
        fields: the names of HEADER.FIELDS.
        start: the first byte wanted, None for all.
        count: how many bytes, if not all are wanted.
    """

    path: tuple[int, ...] = ()
    text: str = ""
    fields: tuple[bytes, ...] = ()
    start: int | None = None
    count: int = 0

    def label(self) -> bytes:
        """How the answer names it."""
        words = ".".join([*map(str, self.path), *([self.text] if self.text else [])]).encode()
        if self.fields:
            words += b" " + listed(written_astring(name) for name in self.fields)
        return b"BODY[%s]" % words + (b"" if self.start is None else b"<%d>" % self.start)

    def of(self, mail: Part) -> bytes | None:
        """The bytes it names; None if the mail has no such part."""
        data = self._whole(mail)
        if data is None or self.start is None:
            return data
        return data[self.start : self.start + self.count]

    def _whole(self, mail: Part) -> bytes | None:
        part = find_part(mail, self.path)
        if part is None:
            return None
        if not self.text:
            return part.body if self.path else part.data
        if self.text == "MIME":
            return part.header
        if self.path:  # HEADER and TEXT are those of a mail: of one that is in the mail
            if part.kind != ("message", "rfc822"):
                return None
            part = part.parts[0]
        if self.text == "TEXT":
            return part.body
        return (
            chosen_fields(part.header, self.fields, others=self.text.endswith("NOT"))
            if self.fields
            else part.header
        )


def find_part(mail: Part, path: tuple[int, ...]) -> Part | None:
    """The part of a mail that numbers such as 2.1 name; None if there is none (RFC 3501, section 6.4.5)."""
    part: Part | None = mail
    inside: Part | None = mail  # the mail or multipart whose parts the next number counts
    for number in path:
        if inside is None:
            return None
        parts = inside.parts if inside.kind[0] == "multipart" else [inside]
        if number > len(parts):
            return None
        part = parts[number - 1]
        inside = part if part.kind[0] == "multipart" else part.parts[0] if part.parts else None
    return part


def chosen_fields(header: bytes, names: tuple[bytes, ...], *, others: bool) -> bytes:
    """The fields of a header with certain names, or all others, and the blank line at the end."""
    wanted = {name.lower() for name in names}
    lines = _LINE_END.split(header.removesuffix(b"\r\n"))
    kept = [line for line in lines if line and (_field_name(line) in wanted) != others]
    return b"".join(kept) + b"\r\n"


def _field_name(line: bytes) -> bytes:
    return line.partition(b":")[0].rstrip(b" \t").lower()


ItemValue = Callable[[View, Message], bytes]

ITEMS: dict[str, ItemValue] = {
    "BODY": lambda _, message: body_structure(message.tree, extended=False),
    "BODYSTRUCTURE": lambda _, message: body_structure(message.tree, extended=True),
    "ENVELOPE": lambda _, message: envelope(message.tree),
    "FLAGS": lambda view, message: view.flags(message),
    "INTERNALDATE": lambda _, message: written_time(message.received),
    "RFC822": lambda _, message: literal(message.data),
    "RFC822.HEADER": lambda _, message: literal(message.tree.header),
    "RFC822.SIZE": lambda _, message: b"%d" % len(message.data),
    "RFC822.TEXT": lambda _, message: literal(message.tree.body),
    "UID": lambda _, message: b"%d" % message.uid,
}
MACROS = {
    "FAST": ("FLAGS", "INTERNALDATE", "RFC822.SIZE"),
    "ALL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"),
    "FULL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"),
}
READING = ("RFC822", "RFC822.TEXT")  # these make a message \Seen, and so does BODY[…] without PEEK


@dataclass(frozen=True, slots=True)
class Item:
    r"""One thing that is asked for.

    Attributes:
        label: how the answer names it.
        value: gives it.
        reads: whether the message becomes \Seen.
    """

    label: bytes
    value: ItemValue
    reads: bool = False


def fetch_items(parser: Parser) -> list[Item]:
    """What FETCH asks for: a macro, an item, or a list of items."""
    if parser.next_is(b"("):
        return parser.some(lambda: _item(parser))
    for name, items in MACROS.items():
        found = parser.position
        if parser.skip(name.encode()):
            if parser.position == len(parser.data):
                return [named(item) for item in items]
            parser.position = found
    return [_item(parser)]


def named(name: str) -> Item:
    """An item that is just a name."""
    return Item(name.encode(), ITEMS[name], name in READING)


def _item(parser: Parser) -> Item:
    name = parser.match(_ITEM, "something to fetch, such as FLAGS")[0].decode().upper()
    if name in ("BODY", "BODY.PEEK") and parser.skip(b"["):
        section = _section(parser)

        def value(_: View, message: Message) -> bytes:
            data = section.of(message.tree)
            return b"NIL" if data is None else literal(data)

        return Item(section.label(), value, name == "BODY")
    if name not in ITEMS:
        raise BadCommandError(f"there is no {name} to fetch; there are {', '.join(ITEMS)}, and BODY[…]")
    return named(name)


def _section(parser: Parser) -> Section:
    path: tuple[int, ...] = ()
    text = ""
    fields: tuple[bytes, ...] = ()
    if not parser.next_is(b"]"):
        numbers = _SECTION_PART.match(parser.data, parser.position)
        if numbers:
            parser.position = numbers.end()
            path = tuple(map(int, numbers[0].split(b".")))
        if not numbers or parser.skip(b"."):
            text = parser.match(_SECTION_TEXT, "HEADER, TEXT or a part's number")[0].decode().upper()
        if text == "MIME" and not path:
            raise BadCommandError("MIME is of a part: write BODY[1.MIME]")
        if text.startswith("HEADER.FIELDS"):
            parser.space()
            fields = tuple(parser.some(parser.astring))
    parser.expect(b"]")
    if parser.next_is(b"<"):
        start, count = parser.match(_PARTIAL, "a piece such as <0.1000>").groups()
        return Section(path, text, fields, int(start), int(count))
    return Section(path, text, fields)
