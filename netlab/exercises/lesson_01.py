"""The exercises and questions of lesson 01, TCP/IP."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.wire.ethernet import Ethernet
from netlab.wire.ipv4 import IPv4
from netlab.wire.packet import Packet, build
from netlab.wire.tcp import NOP, TCP, TCPOption
from netlab.wire.udp import UDP

_ETHERNET = Ethernet("02:00:00:00:00:01", "02:00:00:00:00:10")

_BILL: dict[str, tuple[Any, Wrong]] = {
    "time to live": (
        57,
        [
            (39, "The byte is 39 in *hex*: 3 times 16 and 9."),
            ("39", "The byte is 39 in *hex*; write it as a number, `0x39` or in decimal."),
            (64, "64 is the TTL of the question. This frame has its own, at byte 8 of its IP header."),
            (0x40, "That is byte 6 of the IP header, its flags. The TTL is byte 8."),
            (17, "That is byte 9, the protocol. The TTL stands one byte before it."),
        ],
    ),
    "transport protocol": (
        "UDP",
        [
            ("TCP", "TCP is protocol 6. Byte 9 of this IP header is hex 11, which is 17."),
            (17, "17 is its number. Which of the two has it, TCP or UDP? Write the name."),
            (11, "Byte 9 is 11 in *hex*, which is 17. Which protocol is that? Write its name."),
            (lambda came: came.upper() == "UDP", "Right, but in capital letters: it is short for a name."),
            ("IPv4", "That is the internet layer. Byte 9 of its header says what it carries."),
        ],
    ),
    "source port": (
        7001,
        [
            (50124, "That is the destination port. The source comes first, in every transport header."),
            (0x591B, "You read the bytes from right to left. On the wire the most significant one is first."),
            (1, "You stopped after a byte, or began one too early: a port has two bytes, here `1b 59`."),
            ("7001", "Right, but as text. A port is a number: leave the quotes out."),
            ("1b59", "That is the port in hex, as text. Write the number: `0x1b59`, or in decimal."),
        ],
    ),
    "destination address": (
        "192.0.2.10",
        [
            (
                "198.51.100.7",
                "That is the source. In an IP header the source comes first, then the destination.",
            ),
            ("c0.00.02.0a", "Right bytes, but in hex. People write the four numbers in decimal."),
            ("c0 00 02 0a", "Right bytes, but in hex. Write four decimal numbers with dots."),
            (
                "02:00:00:00:00:10",
                "That is the MAC address, of the link layer. The IP header has addresses of 4 bytes.",
            ),
        ],
    ),
    "message": (
        b"IBM 202.91\n",
        [
            (
                b"IBM 202.91",
                "Nearly: the last byte, `0a`, is part of the message too. It is the newline, `\\n`.",
            ),
            (
                b"IBM 202.91.",
                "The dot at the end only stands for a byte that cannot be printed, `0a`. Which is it?",
            ),
            (
                lambda came: isinstance(came, str),
                "That is text. A message on the wire is bytes: put a `b` before the quotes.",
            ),
            (
                lambda came: came.endswith(b"IBM 202.91\n"),
                "Some bytes of the UDP header are still in front. It has 8 bytes.",
            ),
        ],
    ),
}


@exercise(
    "01-bytes",
    title="A bill of bytes",
    objective="01-o2",
    points=2,
    hints=(
        "Find where the IP header begins: after the 14 bytes of Ethernet, at `45`. Count its bytes from 0 there.",
        "In the IP header: byte 8 is the TTL, byte 9 the protocol, bytes 12 to 15 the source, 16 to 19 the "
        "destination. Its length is 5 times 4 bytes.",
        "UDP begins at `1b 59`, which is its source port: `0x1b59` is 7001. Eight bytes later the message begins.",
    ),
    passed="You read a frame as a network card and a kernel read it.",
)
def bill_of_bytes(t: Trial, bill: dict[str, Any]) -> None:
    """A bill of bytes: five fields of a frame with UDP."""
    for name, (right, wrong) in _BILL.items():
        with t.case(
            name, {KeyError: f"The bill has no line {name!r} any more: keep its names as they were."}
        ) as case:
            case.expect(
                bill[name], right, wrong, advice="Count again from the beginning of that header, from 0."
            )


_UNWRAP = '''
def unwrap(frame):
    """Return the message that an Ethernet frame with IPv4 and TCP carries."""
    message = segment[(segment[12] >> 4) * 4 :]
    segment = packet[20:]
    total_length = int.from_bytes(packet[2:4], "big")
    segment = packet[(packet[0] & 0x0F) * 4 : total_length]
    packet = frame[14:]
    return message
'''


@exercise(
    "01-unwrap",
    title="Lines in disorder: unwrap a frame",
    objective="01-o1",
    points=2,
    hints=(
        "From the outside in: which line needs nothing but `frame`? It comes first. `return` comes last.",
        "A line can only use names that a line above it has made: `packet` before `segment` before `message`.",
        "Two lines make `segment`. One believes that every IP header has 20 bytes and that nothing follows the packet: "
        "delete it. Then: packet, total_length, segment, message, return.",
    ),
    passed="Your function finds the message behind options, and before padding.",
    starter=_UNWRAP,
)
def unwrapping(t: Trial, unwrap: Callable[[bytes], bytes]) -> None:
    """A Parsons problem: lines to put in order, one of them too many."""
    order = "A name is used in a line above the one that makes it. Which line needs nothing but `frame`?"
    errors: dict[type[BaseException], str] = {UnboundLocalError: order, NameError: order}
    short = b"IBM?\n"
    with t.case("a plain frame", errors) as case:
        frame = build(_ETHERNET, _ip(), TCP(50123, 7000), payload=b"AAPL?\n")
        case.expect(
            unwrap(frame),
            b"AAPL?\n",
            [
                (frame[14:], "That is the packet: the IP header is still in front."),
                (frame[34:], "That is the segment: the TCP header is still in front."),
                (frame, "That is the frame as it came."),
            ],
        )
    with t.case("a TCP header with options", errors) as case:
        options = (TCPOption.mss(1460), TCPOption(NOP), TCPOption(NOP), TCPOption(NOP), TCPOption(NOP))
        frame = build(_ETHERNET, _ip(), TCP(50123, 7000, options=options), payload=b"MSFT?\n")
        advice = (
            "This TCP header has 28 bytes. Its own byte 12 says so, in its upper half, in units of 4 bytes."
        )
        case.expect(unwrap(frame), b"MSFT?\n", advice=advice)
    with t.case("an IPv4 header with options", errors) as case:
        frame = build(_ETHERNET, _ip(options=bytes([NOP] * 8)), TCP(50123, 7000), payload=b"AAPL?\n")
        advice = "This IP header has 28 bytes, not 20. The lower half of its first byte says so, in units of 4 bytes."
        case.expect(unwrap(frame), b"AAPL?\n", advice=advice)
    with t.case("a short frame, filled up with zeros to 60 bytes", errors) as case:
        frame = build(_ETHERNET, _ip(), TCP(50123, 7000), payload=short).ljust(60, b"\0")
        advice = "Zeros of the padding are in your message. The packet ends where its total length says."
        case.expect(unwrap(frame), short, advice=advice)
    with t.case("a frame without a message", errors) as case:
        frame = build(_ETHERNET, _ip(), TCP(50123, 7000)).ljust(60, b"\0")
        case.expect(
            unwrap(frame), b"", advice="This packet ends with its TCP header: what follows is padding."
        )


@exercise(
    "01-checksum",
    title="The Internet checksum",
    objective="01-o2",
    points=3,
    hints=(
        "Three steps: fill up to an even length, add all 16-bit words, then fold and turn round. Do one at a time.",
        'A loop over `range(0, len(data), 2)` takes `data[i : i + 2]`; `int.from_bytes(word, "big")` is its number.',
        "Fold until nothing overflows: `while total > 0xFFFF: total = (total & 0xFFFF) + (total >> 16)`. "
        "At last `return ~total & 0xFFFF`.",
    ),
    passed="The same numbers as every router computes, for even, odd, long and empty data.",
)
def checksum(t: Trial, checksum: Callable[[bytes], int]) -> None:
    """The checksum of RFC 1071, on data that overflows, that is odd, and that already holds its checksum."""
    example = bytes.fromhex("0001f203f4f5f6f7")
    with t.case("the example of RFC 1071, `00 01 f2 03 f4 f5 f6 f7`") as case:
        case.expect(
            checksum(example),
            0x220D,
            [
                (
                    0xDDF2,
                    "That is the sum, well folded. At the end every bit is turned round: `~total & 0xFFFF`.",
                ),
                (0x220F, "What overflowed was thrown away. It has to be added back in at the bottom."),
                (-0xDDF3, "`~` makes a negative number of it. Keep the lower 16 bits: `~total & 0xFFFF`."),
                (
                    _right(_swapped(example)),
                    "You read the words with the lower byte first. On the wire the higher one is first.",
                ),
                (lambda came: isinstance(came, str), "That is text. Return the number itself."),
            ],
            advice="Add the four words, fold, turn round, as in the cell above the exercise.",
        )
    with t.case("a sum that overflows twice, `ff ff ff ff 00 01`") as case:
        advice = "The sum is 1ffff. One folding makes 10000 of it, and that overflows again: fold in a `while` loop."
        case.expect(checksum(bytes.fromhex("ffffffff0001")), 0xFFFE, advice=advice)
    with t.case("an odd number of bytes, `41 41 50`") as case:
        case.expect(
            checksum(b"AAP"),
            _right(b"AAP\0"),
            [
                (
                    _right(b"AA\0P"),
                    "The zero belongs after the odd byte, not before it: `50` counts as `50 00`.",
                ),
                (_right(b"AA"), "The last byte was left out. It counts as if a zero followed."),
            ],
            advice="Add a zero byte at the end first: `data + b'\\0'`.",
        )
    with t.case("no bytes at all") as case:
        advice = "The sum of nothing is 0, and every bit turned round makes ffff of it."
        case.expect(checksum(b""), 0xFFFF, advice=advice)
    with t.case("an IP header that holds its checksum already") as case:
        case.expect(
            checksum(_ip().completed(26).pack()),
            0,
            [(0xFFFF, "Nearly: turn every bit round at the end.")],
            advice="Over data that contains its right checksum, the result is 0.",
        )
    with t.case("1,500 bytes, and they are left as they were") as case:
        data = bytearray(random.Random(7).randbytes(1500))  # noqa: S311
        before = bytes(data)
        case.expect(checksum(data), _right(before))  # type: ignore[arg-type]
        case.expect(
            bytes(data), before, advice="Your function changes the data that it was given. Work on a copy."
        )


@exercise(
    "01-four-tuple",
    title="The same connection?",
    objective="01-o5",
    points=2,
    hints=(
        "First one direction only: compare the four of `a` with the four of `b`, one by one, or as two tuples.",
        "An end is an address *and* its port: `(a.ip.src, a.tcp.src_port)`. A packet goes from one end to another.",
        "The answer goes the other way: `b`'s source end is `a`'s destination end, and the other way round. "
        "Compare `(from_a, to_a)` with `(from_b, to_b)` and with `(to_b, from_b)`.",
    ),
    passed="You tell connections apart as a kernel does, in both directions.",
)
def four_tuple(t: Trial, same_connection: Callable[[Packet, Packet], bool]) -> None:
    """Two packets that differ in one of the four, in the direction, or in all."""
    client, other, server = ("192.0.2.10", 50123), ("192.0.2.99", 50123), ("198.51.100.7", 7000)
    question = _segment(client, server)
    crossed = _segment((client[0], server[1]), (server[0], client[1]))
    cases = (
        ("two packets of one direction", _segment(client, server), True, "All four are equal here."),
        (
            "a question and its answer",
            _segment(server, client),
            True,
            "The answer goes the other way: source and destination change places.",
        ),
        (
            "another port of the same client",
            _segment((client[0], 50124), server),
            False,
            "The client's port differs, so this is another connection to the same server.",
        ),
        (
            "another client with the same port",
            _segment(other, server),
            False,
            "The ports are equal, but the client's address differs. All four count.",
        ),
        (
            "an answer to another client",
            _segment(server, other),
            False,
            "The ports are equal, but the client's address differs. All four count, in both directions.",
        ),
        (
            "another server with the same port",
            _segment(client, ("203.0.113.7", server[1])),
            False,
            "The ports are equal, but the server's address differs. All four count.",
        ),
        (
            "another port of the same server",
            _segment(client, (server[0], 7001)),
            False,
            "The server's port differs: another service, another connection.",
        ),
        (
            "the ports have changed places and the addresses have not",
            crossed,
            False,
            "An address and its port belong together. Compare ends, not a bag of addresses and a bag of ports.",
        ),
    )
    for name, packet, expected, advice in cases:
        with t.case(name) as case:
            case.expect(
                same_connection(question, packet),
                expected,
                [
                    (lambda v: v is None, ""),
                    (
                        lambda v: not isinstance(v, bool),
                        "Return True or False: what does your last line give?",
                    ),
                ],
                advice=advice,
            )
    with t.case("UDP with the same addresses and ports", {AttributeError: _NO_TCP}) as case:
        datagram = Packet.build(_ETHERNET, _ip(protocol=17), UDP(client[1], server[1]), payload=b"AAPL?")
        case.expect(same_connection(question, datagram), False, advice=_NO_TCP)


_NO_TCP = "A packet with UDP has no TCP header, `packet.tcp` is None: it belongs to no TCP connection. Ask for it first."


def _ip(protocol: int = 6, options: bytes = b"") -> IPv4:
    return IPv4("192.0.2.10", "198.51.100.7", protocol=protocol, options=options)  # type: ignore[arg-type]


def _segment(source: tuple[str, int], target: tuple[str, int]) -> Packet:
    ip = IPv4(source[0], target[0])  # type: ignore[arg-type]
    return Packet.build(_ETHERNET, ip, TCP(source[1], target[1]), payload=b"AAPL?\n")


def _right(data: bytes) -> int:
    from netlab.wire.checksum import internet_checksum

    return internet_checksum(data)


def _swapped(data: bytes) -> bytes:
    return b"".join(data[i : i + 2][::-1] for i in range(0, len(data), 2))


from netlab.exercises import lesson_01_addresses, lesson_01_quizzes  # noqa: E402,F401
