"""Delivery reports by webhook: the gateway becomes a client, and tells a URL what became of a message.

They are signed as Standard Webhooks 1.0 says: HMAC-SHA256 (RFC 2104) over id, time and content, so that the receiver
can tell that a report is the gateway's own, is unchanged, and is new.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import re
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from netlab.servers.loop import background_loop
from netlab.servers.sms_service import Message, described

AT_ONCE = 20  # reports that are being told at the same time
ATTEMPTS_KEPT = 1000


@dataclass(frozen=True)
class Attempt:
    """One attempt to tell a report.

    Attributes:
        report: the report's id, the same in each attempt.
        number: the first is 1.
        outcome: the HTTP status, such as "200"; or "no answer in time", "no connection", "no HTTP".
    """

    report: str
    number: int
    outcome: str

    @property
    def succeeded(self) -> bool:
        """Whether the receiver has taken the report."""
        return self.outcome.startswith("2")


def sign(secret: bytes, report: str, timestamp: int, content: bytes) -> str:
    """The signature of a report, as its header `webhook-signature` carries it.

    Args:
        secret: known to the gateway and the receiver.
        report: the report's id, in `webhook-id`.
        timestamp: seconds since the epoch, in `webhook-timestamp`.
        content: the bytes that are sent.
    """
    signed = b"%s.%d.%s" % (report.encode(), timestamp, content)
    return "v1," + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode("ascii")


class Webhooks:
    """Tells reports on the background loop, again and later if the receiver does not answer with 2xx.

    Args:
        secret: the reports are signed with it.
        delays: seconds to wait before each further attempt; after the last one the report is given up.
        patience: seconds that a receiver has to answer.

    Attributes:
        attempts: what was tried, in order.
    """

    def __init__(self, secret: bytes, delays: Sequence[float], patience: float) -> None:
        self._secret = secret
        self._delays = tuple(delays)
        self._patience = patience
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self.attempts: deque[Attempt] = deque(maxlen=ATTEMPTS_KEPT)

    def tell(self, message: Message) -> None:
        """Begin to tell a message's callback what became of it."""
        background_loop().call(self._begin, message)

    def wait(self, timeout: float) -> bool:
        """Wait until no report is under way; false if that takes longer than so many seconds."""

        async def waiting() -> bool:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=timeout)
            return not self._tasks

        return background_loop().run(waiting())

    def stop(self) -> None:
        """Give up all that is under way."""

        async def stopping() -> None:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

        background_loop().run(stopping())

    def _begin(self, message: Message) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, message: Message) -> None:
        report = message.id.replace("msg", "report")
        event = {"type": f"message.{message.status}", "data": described(message)}
        content = json.dumps(event).encode()
        for number, delay in enumerate((0.0, *self._delays), start=1):
            await asyncio.sleep(delay)
            async with self._gate:
                outcome = await self._attempt(message.callback, report, content)
            attempt = Attempt(report, number, outcome)
            self.attempts.append(attempt)
            if attempt.succeeded:
                return

    async def _attempt(self, url: str, report: str, content: bytes) -> str:
        now = int(time.time())
        headers = {
            "webhook-id": report,
            "webhook-timestamp": str(now),
            "webhook-signature": sign(self._secret, report, now, content),
        }
        try:
            async with asyncio.timeout(self._patience):
                return await post(url, headers, content)
        except TimeoutError:
            return "no answer in time"
        except OSError:
            return "no connection"


async def post(url: str, headers: dict[str, str], content: bytes) -> str:
    """Send JSON to a URL on this machine, and return the status of the answer, "no HTTP" if it is none.

    Raises:
        OSError: when there is no connection.
    """
    parts = urlsplit(url)
    context = None
    if parts.scheme == "https":
        from netlab.servers.tls import client_context

        context = client_context()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, ssl=context)
    try:
        head = {
            "Host": parts.netloc.rpartition("@")[2],
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            "Connection": "close",
            **headers,
        }
        lines = [f"POST {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("ascii") + content)
        await writer.drain()
        with contextlib.suppress(ValueError):  # an endless line
            if found := re.match(rb"HTTP/1\.[01] (\d{3})\b", await reader.readline()):
                return found[1].decode("ascii")
        return "no HTTP"
    finally:
        writer.transport.abort()
