"""What stands readable in a TLS stream: its records, the handshake messages in clear, the client's hello.

Nothing is decrypted here; `netlab.wire.tls_keys` does that with the secrets of a key log.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Self

from netlab.errors import PacketError
from netlab.wire.fields import need

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
TYPES = {  # RFC 9846, section 5.1
    CHANGE_CIPHER_SPEC: "ChangeCipherSpec",
    ALERT: "alert",
    HANDSHAKE: "handshake",
    APPLICATION_DATA: "application data",
}
CLIENT_HELLO, SERVER_HELLO, FINISHED = 1, 2, 20
MESSAGES = {  # RFC 9846, section 4
    CLIENT_HELLO: "ClientHello",
    SERVER_HELLO: "ServerHello",
    4: "NewSessionTicket",
    5: "EndOfEarlyData",
    8: "EncryptedExtensions",
    11: "Certificate",
    12: "ServerKeyExchange",  # until TLS 1.2
    13: "CertificateRequest",
    14: "ServerHelloDone",
    15: "CertificateVerify",
    16: "ClientKeyExchange",
    FINISHED: "Finished",
    24: "KeyUpdate",
}
ALERTS = {  # RFC 9846, section 6
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    40: "handshake_failure",
    42: "bad_certificate",
    45: "certificate_expired",
    46: "certificate_unknown",
    48: "unknown_ca",
    70: "protocol_version",
    80: "internal_error",
    112: "unrecognized_name",
    116: "certificate_required",
}
SERVER_NAME, ALPN = 0, 16
RECORD_HEADER, MESSAGE_HEADER = 5, 4
LARGEST_RECORD = (1 << 14) + 256  # RFC 9846, section 5.2


@dataclass(frozen=True, slots=True)
class TLSRecord:
    """One record: five bytes of header, and a body that is encrypted once there are keys.

    Attributes:
        type: what it says it carries, a number of `TYPES`.
        version: 0x0303 nearly always, whatever is spoken: routers on the way choked on anything new.
        body: the bytes behind the header.
    """

    type: int
    version: int
    body: bytes

    @property
    def name(self) -> str:
        """The type in words."""
        return TYPES.get(self.type, f"type {self.type}")

    @property
    def header(self) -> bytes:
        """The five bytes in front, which decryption authenticates too."""
        return struct.pack(">BHH", self.type, self.version, len(self.body))


@dataclass(frozen=True, slots=True)
class TLSMessage:
    """One handshake message.

    Attributes:
        type: a number of `MESSAGES`.
        body: the bytes behind its four bytes of header.
    """

    type: int
    body: bytes

    @property
    def name(self) -> str:
        """The type in words."""
        return MESSAGES.get(self.type, f"message {self.type}")


def take_record(data: bytes) -> tuple[TLSRecord | None, bytes]:
    """The first record of what has come so far, and what follows; None while it is not complete.

    Raises:
        PacketError: for bytes that are no TLS.
    """
    if data and data[0] not in TYPES:
        raise PacketError(f"No TLS record begins with the byte {data[0]:#04x}: is this stream in clear text?")
    if len(data) < RECORD_HEADER:
        return None, data
    kind, version, length = struct.unpack_from(">BHH", data)
    if version >> 8 != 3 or length > LARGEST_RECORD:
        raise PacketError(f"{data[:RECORD_HEADER].hex(' ')} is no header of a TLS record.")
    end = RECORD_HEADER + length
    if len(data) < end:
        return None, data
    return TLSRecord(kind, version, data[RECORD_HEADER:end]), data[end:]


def tls_records(data: bytes) -> list[TLSRecord]:
    """Split what one side sent into records.

    Args:
        data: the bytes in order, such as `tap.recording.data("client")`.

    Raises:
        PacketError: for bytes that are no TLS, or end in the middle of a record.
    """
    records = []
    while data:
        record, data = take_record(data)
        if record is None:
            raise PacketError(f"The stream ends in the middle of a TLS record: {len(data)} bytes are left.")
        records.append(record)
    return records


def handshake_messages(data: bytes) -> list[TLSMessage]:
    """Split the content of a handshake record into messages (RFC 9846, section 4), at least one.

    Raises:
        PacketError: when a message is cut off, or encrypted, as the last ones are until TLS 1.2.
    """
    messages: list[TLSMessage] = []
    while data or not messages:
        need(data, MESSAGE_HEADER, "A handshake message")
        end = MESSAGE_HEADER + int.from_bytes(data[1:MESSAGE_HEADER], "big")
        need(data, end, "A handshake message")
        messages.append(TLSMessage(data[0], data[MESSAGE_HEADER:end]))
        data = data[end:]
    return messages


@dataclass(frozen=True, slots=True)
class TLSHello:
    """A ClientHello or a ServerHello (RFC 9846, sections 4.2.2 and 4.2.3).

    Attributes:
        random: 32 bytes that make each handshake another one.
        cipher_suites: what the client can do, or the one that the server chose.
        extensions: the content of each by its number.
    """

    random: bytes
    cipher_suites: tuple[int, ...]
    extensions: dict[int, bytes] = field(repr=False)

    @classmethod
    def parse(cls, message: TLSMessage) -> Self:
        """Read one.

        Raises:
            PacketError: when the message is another one, or is damaged.
        """
        if message.type not in (CLIENT_HELLO, SERVER_HELLO):
            raise PacketError(f"{message.name} is no hello.")
        reader = _Reader(message.body)
        reader.take(2)
        random = reader.take(32)
        reader.vector(1)
        if message.type == CLIENT_HELLO:
            suites = reader.vector(2)
            reader.vector(1)
        else:
            suites = reader.take(2)
            reader.take(1)
        extensions: dict[int, bytes] = {}
        inner = _Reader(reader.vector(2) if reader.data else b"")
        while inner.data:
            number = int.from_bytes(inner.take(2), "big")
            extensions[number] = inner.vector(2)
        return cls(
            random,
            tuple(int.from_bytes(suites[i : i + 2], "big") for i in range(0, len(suites), 2)),
            extensions,
        )

    @property
    def server_name(self) -> str | None:
        """The host that the client wants, which it says in clear (RFC 6066, section 3)."""
        if not self.extensions.get(SERVER_NAME):  # a server answers with an empty one
            return None
        entry = _Reader(_Reader(self.extensions[SERVER_NAME]).vector(2))
        entry.take(1)
        return entry.vector(2).decode("ascii", "backslashreplace")


def read_hello(stream: bytes) -> TLSHello:
    """The hello with which one side of a connection begins.

    Raises:
        PacketError: when the stream begins with something else.
    """
    record, _ = take_record(stream)
    if record is None or record.type != HANDSHAKE:
        raise PacketError("The stream does not begin with a whole handshake record.")
    return TLSHello.parse(handshake_messages(record.body)[0])


class _Reader:
    """Takes bytes off the front of a message."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def take(self, size: int) -> bytes:
        need(self.data, size, "A field of a hello")
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def vector(self, width: int) -> bytes:
        """Bytes behind their length, which has so many bytes itself."""
        return self.take(int.from_bytes(self.take(width), "big"))
