"""The exercises of lesson 09 on the data connection: where the server listens, and where the client does."""

from __future__ import annotations

import contextlib
import ftplib
import socket
from collections.abc import Callable
from tempfile import TemporaryDirectory

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers import FTPServer


@exercise(
    "09-passive",
    title="Where is the data?",
    objective="09-o2",
    points=3,
    hints=(
        "`reply[:3]` says which of the two it is. Any other: ValueError.",
        'For 227 look for six numbers with commas between, wherever they stand: `re.search(r"(\\d+),(\\d+),(\\d+),(\\d+),(\\d+),(\\d+)", reply)`.',
        "The port is `int(fifth) * 256 + int(sixth)`. The first four are not needed: the host is given.",
        'For 229: in the brackets stand three equal marks, the port, and the mark again: `re.search(r"\\((.)\\1\\1(\\d+)\\1\\)", reply)`.',
    ),
    passed="You find the port in every way to write it, and nobody can send you to another host.",
)
def passive(t: Trial, data_address: Callable[[str, str], tuple[str, int]]) -> None:
    """The address of the data connection, from replies of many servers."""
    right = ("192.0.2.21", 48261)
    with t.case("227, as most write it") as case:
        wrong: Wrong = [
            (
                lambda v: v[1] == 188133,
                "188 and 133 are two bytes: the first counts 256 times, `188 * 256 + 133`.",
            ),
            (lambda v: v[1] == 34236, "The more significant byte comes first, as always on the network."),
            (lambda v: v[1] == 321, "Do not add them: the first byte counts 256 times."),
            (lambda v: isinstance(v[1], str), "The port is a number: `int(...)`."),
            (
                lambda v: v[0] == "192,0,2,21",
                "Host and port, please: the host is the one that you were given.",
            ),
        ]
        case.expect(
            data_address("227 Entering passive mode (192,0,2,21,188,133).", "192.0.2.21"), right, wrong
        )
    with t.case("229, as most write it") as case:
        wrong = [(lambda v: isinstance(v[1], str), "The port is a number: `int(...)`.")]
        came = data_address("229 Entering extended passive mode (|||48261|).", "192.0.2.21")
        case.expect(came, right, wrong)
    with t.case("a server behind NAT names its inner address") as case:
        words = "Nobody can reach 10.0.0.7 from outside: take the host of the control connection."
        came = data_address("227 Entering passive mode (10,0,0,7,188,133).", "192.0.2.21")
        case.expect(came, right, [(("10.0.0.7", 48261), words)])
    brackets = "RFC 1123 says not to rely on the brackets: look for six numbers with commas between."
    for text in ("227 Entering Passive Mode 192,0,2,21,188,133", "227 =192,0,2,21,188,133"):
        with t.case(
            f"no brackets: {text}", dict.fromkeys((ValueError, IndexError, AttributeError), brackets)
        ) as case:
            case.expect(data_address(text, "192.0.2.21"), right, advice=brackets)
    mark = "The mark is the first character in the brackets, usually `|`, and may be another."
    with t.case("another mark", dict.fromkeys((ValueError, IndexError, AttributeError), mark)) as case:
        case.expect(
            data_address("229 Entering Extended Passive Mode (!!!48261!)", "192.0.2.21"), right, advice=mark
        )
    odd = "Numbers may stand in the text, too: the port is between the marks, in the brackets."
    with t.case("numbers in the text", dict.fromkeys((ValueError, IndexError), odd)) as case:
        text = "229 Extended passive mode, session 7 (|||48261|), try 2"
        case.expect(data_address(text, "192.0.2.21"), right, advice=odd)
    with t.case("an IPv6 host") as case:
        case.expect(
            data_address("229 Extended Passive Mode OK (|||48261|)", "2001:db8::21"), ("2001:db8::21", 48261)
        )
    no = "This reply names no port: raise ValueError."
    for text in (
        "425 Cannot open passive connection.",
        "227 Entering passive mode",
        "200 No 227 (192,0,2,21,188,133)",
    ):
        errors: dict[type[BaseException], str] = {AttributeError: no, IndexError: no, TypeError: no}
        with t.case(f"no address: {text}", errors) as case:
            case.expect_error(ValueError, lambda text=text: data_address(text, "192.0.2.21"), no)  # type: ignore[misc]


@exercise(
    "09-port",
    title="Call me here",
    objective="09-o2",
    points=2,
    hints=(
        "Two bytes of a port: `high, low = divmod(port, 256)`.",
        'An IPv6 address has a `:` in it. For IPv4: `host.replace(".", ",")`.',
        'EPRT has a mark before, between and behind its three parts: `f"EPRT |2|{host}|{port}|"`.',
    ),
    passed="A server finds you, over IPv4 and over IPv6.",
)
def port(t: Trial, port_command: Callable[[str, int], str]) -> None:
    """PORT and EPRT, read by a person and by a server."""
    with t.case("IPv4") as case:
        right = "PORT 192,0,2,7,188,133"
        wrong: Wrong = [
            ("PORT 192.0.2.7,188,133", "The address has commas too: six numbers, five commas."),
            ("PORT 192,0,2,7,133,188", "The more significant byte comes first."),
            ("PORT 192,0,2,7,48261", "The port is two numbers, one for each byte: `divmod(port, 256)`."),
            (lambda v: ",188." in v, "`/` gives a number with a point: `//`, or `divmod`."),
            (right + "\r\n", "Without `\\r\\n`: whoever sends it adds that."),
            ("EPRT |1|192.0.2.7|48261|", "That would do as well, but here PORT is wanted for IPv4."),
        ]
        case.expect(port_command("192.0.2.7", 48261), right, wrong)
    with t.case("a port below 256") as case:
        case.expect(
            port_command("192.0.2.7", 20),
            "PORT 192,0,2,7,0,20",
            advice="The first byte is then 0, and is written.",
        )
    with t.case("IPv6") as case:
        right = "EPRT |2|2001:db8::7|48261|"
        wrong = [
            ("EPRT |1|2001:db8::7|48261|", "1 is IPv4; IPv6 is 2."),
            (
                lambda v: str(v).startswith("PORT"),
                "PORT has room for four bytes of an address: IPv6 needs EPRT.",
            ),
            (right[:-1], "A mark stands behind the last part too."),
        ]
        case.expect(port_command("2001:db8::7", 48261), right, wrong)
    with (
        t.case(
            "a server calls back", {ftplib.Error: "The server did not take it: compare with the cases above."}
        ) as case,
        TemporaryDirectory() as folder,
        FTPServer(folder) as server,
        contextlib.closing(ftplib.FTP(timeout=peers.TIMEOUT)) as ftp,  # noqa: S321
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        ftp.connect(server.host, server.port)
        ftp.login()
        case.expect(ftp.sendcmd(port_command(*listener.getsockname()))[:3], "200")
