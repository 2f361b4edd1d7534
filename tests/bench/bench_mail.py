"""Mails a second: in by SMTP beside aiosmtpd alone, out by POP3 and IMAP beside a server that knows only bytes."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import subprocess
import sys
import time

from aiosmtpd.smtp import SMTP
from figures import in_turns, row

from netlab.servers import IMAPServer, Mailbox, POP3Server, SMTPServer

ADA = "ada@ticker.example"
MAIL = b"From: bob@ticker.example\r\nSubject: alert\r\n\r\n" + b"AAPL is below 430.47 now.\r\n" * 74  # 2 kB
MAILS = 1000
ROUNDS = 7
AIM = "> 0.9"

POP3_ANSWER = b"+OK %d octets\r\n%s.\r\n" % (len(MAIL), MAIL)
IMAP_ANSWER = b"* 1 FETCH (UID 1 BODY[] {%d}\r\n%s)\r\n" % (len(MAIL), MAIL)


def measure() -> list[dict[str, object]]:
    with contextlib.ExitStack() as stack:
        rows = []
        for what, servers, work, peer, aim in (
            ("SMTP, mails taken", ("smtp", "aiosmtpd"), hand_in, "aiosmtpd", AIM),
            ("POP3, mails read one by one", ("pop3", "pop3 bytes"), read_by_pop3, "asyncio, one answer", ""),
            ("IMAP, mails read one by one", ("imap", "imap bytes"), read_by_imap, "asyncio, one answer", ""),
            ("IMAP, all mails at once", ("imap", "imap bytes"), read_all_by_imap, "asyncio, one answer", ""),
        ):
            ports = [stack.enter_context(serving(name)) for name in servers]
            measures = {name: lambda p=port, w=work: w(p) for name, port in zip(servers, ports, strict=True)}
            rates = in_turns(measures, ROUNDS)
            rows.append(row(what, "mails/s", rates[servers[0]], rates[servers[1]], peer, aim=aim))
    return rows


@contextlib.contextmanager
def serving(name: str):
    command = [sys.executable, __file__, name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@contextlib.contextmanager
def talking(port: int):
    """A function that sends bytes and waits for an end."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as sock:

        def say(data: bytes, end: bytes = b"\r\n", size: int = 0) -> None:
            sock.sendall(data)
            received = sock.recv(1 << 20)
            count = len(received)
            while count < size or not received.endswith(end):
                received = received[-len(end) :] + (piece := sock.recv(1 << 20))
                count += len(piece)

        yield say


def hand_in(port: int) -> float:
    with talking(port) as say:
        say(b"")
        say(b"EHLO client\r\n", b"HELP\r\n")
        start = time.perf_counter()
        for _ in range(MAILS // 2):
            say(b"MAIL FROM:<bob@elsewhere.example>\r\n")
            say(b"RCPT TO:<ada@ticker.example>\r\n")
            say(b"DATA\r\n")
            say(MAIL + b".\r\n")
        return MAILS / 2 / (time.perf_counter() - start)


def read_by_pop3(port: int) -> float:
    with talking(port) as say:
        say(b"")
        say(b"USER ada@ticker.example\r\n")
        say(b"PASS lovelace\r\n")
        start = time.perf_counter()
        for number in range(1, MAILS + 1):
            say(b"RETR %d\r\n" % number, b"\r\n.\r\n")
        seconds = time.perf_counter() - start
        say(b"QUIT\r\n")
        return MAILS / seconds


def read_by_imap(port: int) -> float:
    with talking(port) as say:
        select(say)
        start = time.perf_counter()
        for number in range(1, MAILS + 1):
            say(b"a UID FETCH %d (BODY.PEEK[])\r\n" % number, b"completed\r\n")
        return MAILS / (time.perf_counter() - start)


def read_all_by_imap(port: int) -> float:
    with talking(port) as say:
        select(say)
        start = time.perf_counter()
        for _ in range(5):
            say(b"a UID FETCH 1:%d (BODY.PEEK[])\r\n" % MAILS, b"completed\r\n", MAILS * len(IMAP_ANSWER))
        return 5 * MAILS / (time.perf_counter() - start)


def select(say) -> None:
    say(b"")
    say(b"a LOGIN ada@ticker.example lovelace\r\n", b"completed\r\n")
    say(b"a SELECT INBOX\r\n", b"completed\r\n")


class OnlyBytes(asyncio.Protocol):
    """Answers each line with fixed bytes: no mailbox, no numbers, no record of what was said."""

    answer = b""

    def connection_made(self, transport) -> None:
        transport.max_size = 65536
        self.transport = transport
        transport.write(b"+OK\r\n")


class POP3Bytes(OnlyBytes):
    def data_received(self, data: bytes) -> None:
        self.transport.write(POP3_ANSWER if data.startswith(b"RETR") else b"+OK\r\n")


class IMAPBytes(OnlyBytes):
    def data_received(self, data: bytes) -> None:
        mails = re.search(rb"FETCH (1:)?", data)
        count = 0 if mails is None else MAILS if mails[1] else 1
        for _ in range(count):
            self.transport.write(IMAP_ANSWER)
        self.transport.write(b"a OK completed\r\n")


class Kept:
    """aiosmtpd alone: what comes is kept in a list."""

    def __init__(self) -> None:
        self.mails = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.mails.append((envelope.content, envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"


async def serve(factory) -> None:
    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


def main(name: str) -> None:
    kept = Kept()
    factories = {
        "pop3 bytes": POP3Bytes,
        "imap bytes": IMAPBytes,
        "aiosmtpd": lambda: SMTP(kept, hostname="x"),
    }
    if name in factories:
        asyncio.run(serve(factories[name]))
    mailbox = Mailbox({ADA: "lovelace"})
    if name != "smtp":
        for _ in range(MAILS):
            mailbox[ADA].inbox.add(MAIL)
    with {"smtp": SMTPServer, "pop3": POP3Server, "imap": IMAPServer}[name](mailbox) as server:
        print(server.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
