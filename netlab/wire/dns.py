"""DNS messages byte by byte (RFC 1035, section 4), as a reader needs them; servers use dnspython.

+---------------------+
|        Header       |  id, flags, four counts: 12 bytes
+---------------------+
|       Question      |  name, type, class
+---------------------+
|        Answer       |  records: name, type, class, TTL, length, data
+---------------------+
|      Authority      |
+---------------------+
|      Additional     |
+---------------------+
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from netlab.errors import OptionError, PacketError

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, OPT, ANY = 1, 2, 5, 6, 12, 15, 16, 28, 41, 255
TYPES = {
    A: "A",
    NS: "NS",
    CNAME: "CNAME",
    SOA: "SOA",
    PTR: "PTR",
    MX: "MX",
    TXT: "TXT",
    AAAA: "AAAA",
    OPT: "OPT",
    ANY: "ANY",
}
IN = 1  # the class of the Internet, the only one in use
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
QR, AA, TC, RD, RA = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080  # flags
HEADER = 12  # bytes
LONGEST_LABEL, LONGEST_NAME = 63, 255  # bytes on the wire (RFC 1035, section 2.3.4)


class WrongAnswerError(PacketError):
    """A message that is not the answer to the question that was asked."""


def write_name(name: str) -> bytes:
    """A name as the wire has it: each label behind its length, then a zero.

    Args:
        name: such as "www.ticker.example", with or without a dot at the end; letters beyond ASCII go as
            Punycode (RFC 5891).

    Raises:
        OptionError: for an empty label, or one or a name that is too long.
    """
    bare = name.removesuffix(".")
    wire = b""
    for label in bare.split(".") if bare else ():
        data = _label(label)
        if not 1 <= len(data) <= LONGEST_LABEL:
            raise OptionError(f"The label {label!r} of {name!r} has {len(data)} bytes: it needs 1 to 63.")
        wire += bytes([len(data)]) + data
    if len(wire) + 1 > LONGEST_NAME:
        raise OptionError(f"The name has {len(wire) + 1} bytes on the wire: 255 is the most.")
    return wire + b"\0"


def _label(label: str) -> bytes:
    if label.isascii():
        return label.encode("ascii")
    import idna

    try:
        return idna.encode(label, uts46=True)
    except idna.IDNAError as error:
        raise OptionError(f"The label {label!r} cannot be written in Punycode: {error}.") from None


def read_name(message: bytes, offset: int) -> tuple[str, int]:
    """Read a name, following the pointers by which a message repeats no name (RFC 1035, section 4.1.4).

    Args:
        message: the whole message, since pointers count from its beginning.
        offset: where the name begins.

    Returns:
        The name, with a dot at its end, and the offset of what follows it.

    Raises:
        PacketError: when the name ends too early, is too long, or a pointer does not lead backwards: by
            that a loop is impossible.
    """
    labels: list[str] = []
    after: int | None = None
    start = offset  # of the run of labels we are in: a pointer must lead before it
    length = 1
    while True:
        size = _byte(message, offset)
        if size >= 0xC0:
            target = (size & 0x3F) << 8 | _byte(message, offset + 1)
            if target >= start:
                raise PacketError(
                    f"The pointer at byte {offset} leads to byte {target}: it must lead backwards, or names never end."
                )
            after = offset + 2 if after is None else after
            start = offset = target
            continue
        if size > LONGEST_LABEL:
            raise PacketError(
                f"Byte {offset} is 0x{size:02x}: neither a label of up to 63 bytes nor a pointer."
            )
        if size == 0:
            name = ".".join(labels) + "."
            return name, offset + 1 if after is None else after
        label = message[offset + 1 : offset + 1 + size]
        if len(label) < size:
            raise PacketError(f"The label at byte {offset} has {size} bytes, but the message ends before.")
        length += 1 + size
        if length > LONGEST_NAME:
            raise PacketError(f"The name has more than {LONGEST_NAME} bytes.")
        labels.append(_readable(label))
        offset += 1 + size


def _byte(message: bytes, offset: int) -> int:
    if offset >= len(message):
        raise PacketError(f"A name goes on at byte {offset}, but the message has only {len(message)} bytes.")
    return message[offset]


def _readable(label: bytes) -> str:
    r"""A label as zone files write it (RFC 1035, section 5.1): dots and odd bytes escaped, as in `\046`."""
    special = b'."$();@\\'
    return "".join(
        f"\\{byte:03d}" if byte <= 0x20 or byte > 0x7E else f"\\{byte:c}" if byte in special else f"{byte:c}"
        for byte in label
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a name, and the type of records wanted."""

    name: str
    type: int
    class_: int = IN

    @property
    def type_name(self) -> str:
        """The type in letters."""
        return type_name(self.type)

    def __str__(self) -> str:
        return f"{self.name} {self.type_name}"


@dataclass(frozen=True, slots=True)
class Record:
    """A resource record.

    Attributes:
        name: whose record it is.
        type: its number; `type_name` in letters.
        class_: 1 for the Internet.
        ttl: seconds for which it may be kept.
        data: its content as bytes.
        value: the same, readable.
    """

    name: str
    type: int
    class_: int
    ttl: int
    data: bytes
    value: str

    @property
    def type_name(self) -> str:
        """The type in letters."""
        return type_name(self.type)

    def __str__(self) -> str:
        return f"{self.name} {self.ttl} {self.type_name} {self.value}"


@dataclass(frozen=True, slots=True)
class DNSMessage:
    """A query or an answer.

    Attributes:
        id: chosen by the client; the answer has the same.
        flags: 16 bits: QR, opcode, AA, TC, RD, RA, rcode.
        questions: one, in practice.
        answers: the records asked for.
        authority: who would know more; for "there is none" the SOA of the zone.
        additional: what the reader will want next, such as addresses of servers.
    """

    id: int
    flags: int = 0
    questions: tuple[Question, ...] = ()
    answers: tuple[Record, ...] = ()
    authority: tuple[Record, ...] = ()
    additional: tuple[Record, ...] = ()

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a message.

        Raises:
            PacketError: when it is not what it claims to be: too short, records missing, bytes left over, or a
                name that cannot be read.
        """
        if len(data) < HEADER:
            raise PacketError(f"A DNS message has at least {HEADER} bytes, this one {len(data)}.")
        number, flags, *counts = struct.unpack_from("!6H", data)
        offset = HEADER
        questions = []
        for _ in range(counts[0]):
            name, offset = read_name(data, offset)
            kind, class_ = _unpack("!HH", data, offset, "a question")
            questions.append(Question(name, kind, class_))
            offset += 4
        sections = []
        for count in counts[1:]:
            records = []
            for _ in range(count):
                record, offset = _read_record(data, offset)
                records.append(record)
            sections.append(tuple(records))
        if offset != len(data):
            raise PacketError(f"{len(data) - offset} bytes follow the last record that the header counts.")
        return cls(number, flags, tuple(questions), *sections)

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer, not a query."""
        return bool(self.flags & QR)

    @property
    def authoritative(self) -> bool:
        """Whether the server is responsible for the name, and did not hear it elsewhere."""
        return bool(self.flags & AA)

    @property
    def truncated(self) -> bool:
        """Whether the answer did not fit: ask again over TCP."""
        return bool(self.flags & TC)

    @property
    def rcode(self) -> str:
        """How it went: "NOERROR", "NXDOMAIN" and so on."""
        return RCODES.get(self.flags & 0xF, f"rcode {self.flags & 0xF}")

    def summary(self) -> str:
        """The message in one line."""
        asked = f"{self.questions[0].type_name} {self.questions[0].name}" if self.questions else "nothing"
        if not self.is_answer:
            return f"DNS query {asked}"
        if self.answers:
            found = ", ".join(f"{record.type_name} {record.value}" for record in self.answers)
        elif self.flags & 0xF:
            found = self.rcode
        elif any(record.type == NS for record in self.authority) and not self.authoritative:
            found = f"ask {', '.join(record.value for record in self.authority if record.type == NS)}"
        else:
            found = "no such record"
        return f"DNS answer {asked}: {found}{' (truncated)' if self.truncated else ''}"


def type_name(number: int) -> str:
    """A type in letters; one that is not known by name as RFC 3597 writes it, such as TYPE65."""
    return TYPES.get(number, f"TYPE{number}")


def type_number(name: str | int) -> int:
    """The number of a type.

    Raises:
        OptionError: for a name that is not known.
    """
    if isinstance(name, int):
        return name
    for number, known in TYPES.items():
        if known == name.upper():
            return number
    raise OptionError(f"{name!r} is not a type of record: there are {', '.join(TYPES.values())}.")


def _unpack(form: str, data: bytes, offset: int, what: str) -> tuple[int, ...]:
    if len(data) < offset + struct.calcsize(form):
        raise PacketError(f"The message ends at byte {len(data)}, in the middle of {what}.")
    return struct.unpack_from(form, data, offset)


def _read_record(data: bytes, offset: int) -> tuple[Record, int]:
    name, offset = read_name(data, offset)
    kind, class_, ttl, length = _unpack("!HHIH", data, offset, "a record")
    start, end = offset + 10, offset + 10 + length
    if len(data) < end:
        raise PacketError(
            f"The {type_name(kind)} record of {name} says {length} bytes; the message ends before."
        )
    return Record(name, kind, class_, ttl, data[start:end], _value(kind, data, start, end)), end


def _value(kind: int, data: bytes, start: int, end: int) -> str:
    """The content of a record as zone files write it."""
    content = data[start:end]
    if kind in (A, AAAA):
        if len(content) != (4 if kind == A else 16):
            raise PacketError(
                f"An {type_name(kind)} record has {4 if kind == A else 16} bytes, not {len(content)}."
            )
        return str(ipaddress.ip_address(content))
    if kind in (NS, CNAME, PTR):
        return _only_name(data, start, end)
    if kind == MX:
        (preference,) = _unpack("!H", data[:end], start, "an MX record")
        return f"{preference} {_only_name(data, start + 2, end)}"
    if kind == SOA:
        server, offset = read_name(data[:end], start)
        mail, offset = read_name(data[:end], offset)
        numbers = _unpack("!5I", data[:end], offset, "an SOA record")
        return f"{server} {mail} {' '.join(map(str, numbers))}"
    if kind == TXT:
        return " ".join(_texts(content))
    return content.hex(" ")


def _only_name(data: bytes, start: int, end: int) -> str:
    name, after = read_name(data[:end], start)
    if after != end:
        raise PacketError(f"{end - after} bytes follow the name in the record at byte {start}.")
    return name


def _texts(content: bytes) -> Iterator[str]:
    while content:
        size = content[0]
        if len(content) < 1 + size:
            raise PacketError("A string of a TXT record is longer than the record.")
        yield (
            '"'
            + "".join(
                f"\\{byte:c}" if byte in b'"\\' else f"{byte:c}" if 0x20 <= byte < 0x7F else f"\\{byte:03d}"
                for byte in content[1 : 1 + size]
            )
            + '"'
        )
        content = content[1 + size :]


def build_query(name: str, type: str | int = "A", *, id: int, recursion: bool = False) -> bytes:  # noqa: A002
    """The bytes of a query.

    Args:
        name: what to ask about.
        type: of the records wanted, such as "AAAA" or its number.
        id: 0 to 65535; choose it at random, so that nobody can guess it and answer in the server's place.
        recursion: ask the server to find out, rather than to say only what it knows itself.

    Raises:
        OptionError: for a name or type that is none, or an id that does not fit.
    """
    if not 0 <= id <= 0xFFFF:
        raise OptionError(f"id={id} does not fit 16 bits: use 0 to 65535.")
    header = struct.pack("!6H", id, RD if recursion else 0, 1, 0, 0, 0)
    return header + write_name(name) + struct.pack("!HH", type_number(type), IN)


def check_answer(query: bytes, reply: bytes) -> DNSMessage:
    """Read an answer, if it is the one to our query (RFC 5452, section 9.1).

    Raises:
        WrongAnswerError: when it is a query itself, has another id or another question, or was cut short.
        PacketError: when it cannot be read.
    """
    asked, message = DNSMessage.parse(query), DNSMessage.parse(reply)
    if not message.is_answer:
        raise WrongAnswerError("That is a query, not an answer: its first flag, QR, is 0.")
    if message.id != asked.id:
        raise WrongAnswerError(
            f"The answer has the id {message.id}, the query {asked.id}: ignore it and wait for the right one."
        )
    if [_folded(question) for question in message.questions] != [_folded(q) for q in asked.questions]:
        raise WrongAnswerError(
            f"The answer is about {', '.join(map(str, message.questions)) or 'nothing'}, but "
            f"{', '.join(map(str, asked.questions))} was asked: ignore it and wait for the right one."
        )
    if message.truncated:
        raise WrongAnswerError("The answer did not fit into a datagram (flag TC): ask again over TCP.")
    return message


def _folded(question: Question) -> tuple[str, int, int]:
    return question.name.lower(), question.type, question.class_
