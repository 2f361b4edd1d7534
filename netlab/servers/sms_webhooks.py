"""Delivery reports by webhook: the gateway becomes a client, and tells a URL what became of a message.

They are signed as Standard Webhooks 1.0 says: HMAC-SHA256 (RFC 2104) over id, time and content, so that the receiver
can tell that a report is the gateway's own, is unchanged, and is new.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from netlab.errors import OptionError
from netlab.servers.loop import background_loop
from netlab.servers.sms_message import Message

AT_ONCE = 20  # reports that are being told at the same time
ATTEMPTS_KEPT = 1000
SHORTEST_SECRET, LONGEST_SECRET = 24, 64  # bytes
GONE = "410"  # the receiver wants no more reports


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

    Raises:
        OptionError: for a secret that is too short or too long.
    """

    def __init__(self, secret: bytes, delays: Sequence[float], patience: float) -> None:
        if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
            raise OptionError(
                f"A webhook's secret has {SHORTEST_SECRET} to {LONGEST_SECRET} bytes, not {len(secret)}."
            )
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
            loop = asyncio.get_running_loop()
            deadline = loop.time() + timeout
            while self._tasks and (left := deadline - loop.time()) > 0:  # others may begin meanwhile
                await asyncio.wait(self._tasks, timeout=left)
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
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = {"type": f"message.{message.status}", "timestamp": now, "data": message.described}
        content = json.dumps(event).encode()
        for number, delay in enumerate((0.0, *self._delays), start=1):
            await asyncio.sleep(delay)
            async with self._gate:
                outcome = await self._attempt(message.callback, report, content)
            attempt = Attempt(report, number, outcome)
            self.attempts.append(attempt)
            if attempt.succeeded or outcome == GONE:
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
        except httpx.ProtocolError:
            return "no HTTP"
        except httpx.TransportError:
            return "no connection"


async def post(url: str, headers: dict[str, str], content: bytes) -> str:
    """Send JSON to a URL on this machine and return the status of the answer; redirects are not followed.

    Raises:
        httpx.TransportError: when there is no connection, or no HTTP.
    """
    from netlab.servers.tls import client_context

    request = httpx.Request(
        "POST", url, headers={"Content-Type": "application/json", **headers}, content=content
    )
    # The transport alone: httpx's client would log each request at INFO, into whichever cell runs.
    async with httpx.AsyncHTTPTransport(verify=client_context(), trust_env=False) as transport:
        response = await transport.handle_async_request(request)
        await response.aclose()
        return str(response.status_code)
