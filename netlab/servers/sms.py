"""A gateway for text messages with an HTTP API, as commercial ones have it. What it sends arrives on drawn phones.

    POST /v1/messages              to, text (or template and values), from, callback    → id, status, parts
    GET  /v1/messages/ID                                                                → the message
    POST /v1/verifications         to                                                   → id, expires_in
    POST /v1/verifications/check   id, code                                             → status "approved"

Requests carry the account's name and key (Basic authentication) and a form or JSON; `Idempotency-Key` makes it safe to
send one twice. Every answer but those of a broken gateway is a JSON object with `code` and `message`: 0 is success,
`netlab.servers.sms_rules.Result` lists the others. A request that was understood is answered with HTTP 200, whatever
its code says.
"""

from __future__ import annotations

import secrets
import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from http import HTTPStatus

from netlab.errors import OptionError
from netlab.servers.sms_app import Faults, SMSApp
from netlab.servers.sms_codes import random_code
from netlab.servers.sms_message import Message
from netlab.servers.sms_phone import Phone
from netlab.servers.sms_rules import LONGEST_DELAY, TEMPLATES, RateLimit, is_fictional
from netlab.servers.sms_service import SMSService
from netlab.servers.sms_transcript import DiscreetTranscript
from netlab.servers.sms_webhooks import Attempt, Webhooks
from netlab.servers.web import WebServer


class SMSGateway(WebServer):
    """An SMS gateway on this machine. It takes only numbers that are kept for fiction, so nobody is ever disturbed.

    Args:
        account: the name of the one account.
        key: its API key; a random one if it is left out.
        rate: how many requests within how many seconds.
        senders: names under which the account may send.
        templates: texts with `{names}`, by their names.
        credit: parts that may be sent.
        webhook_secret: what reports are signed with; random if it is left out.
        webhook_delays: seconds before each further attempt to tell a report.
        webhook_patience: seconds that a receiver of reports has to answer.
        make_code: makes verification codes.
        clock: tells the time in seconds; codes, rates and idempotency keys go by it.
        host: a loopback address.
        port: the port to listen on, 0 for any free one.
        tls: speak HTTPS, with a certificate of the course's own authority, or with a context of yours.

    Attributes:
        account: the name of the account.
        key: its API key.
        webhook_secret: what reports are signed with.

    Raises:
        OptionError: for an account, key or secret that cannot be used, no sender, or a rate that is none.
    """

    def __init__(
        self,
        account: str = "ticker",
        key: str | None = None,
        *,
        rate: tuple[int, float] = (100, 1.0),
        senders: Collection[str] = ("Ticker",),
        templates: Mapping[str, str] = TEMPLATES,
        credit: int = 1000,
        webhook_secret: bytes | None = None,
        webhook_delays: Sequence[float] = (0.05, 0.1, 0.2),
        webhook_patience: float = 1.0,
        make_code: Callable[[], str] = random_code,
        clock: Callable[[], float] = time.monotonic,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool | ssl.SSLContext = False,
    ) -> None:
        self.account = account
        self.key = key if key is not None else secrets.token_urlsafe(24)
        if not is_sendable(account) or ":" in account or not is_sendable(self.key):
            raise OptionError("An account has a name without a colon and a key, both of ASCII characters.")
        self.webhook_secret = webhook_secret if webhook_secret is not None else secrets.token_bytes(32)
        self._faults = Faults()
        self._webhooks = Webhooks(self.webhook_secret, webhook_delays, webhook_patience)
        self._service = SMSService(senders, templates, credit, clock, make_code, self._webhooks.tell)
        limit = RateLimit(*rate, clock)
        super().__init__(
            SMSApp(self._service, account, self.key, limit, self._faults), host=host, port=port, tls=tls
        )
        self.transcript = DiscreetTranscript()

    @property
    def messages(self) -> list[Message]:
        """All that were accepted, in order."""
        return list(self._service.messages.values())

    @property
    def credit(self) -> int:
        """Parts that may still be sent."""
        return self._service.credit

    @property
    def attempts(self) -> list[Attempt]:
        """What was tried to tell reports."""
        return list(self._webhooks.attempts)

    def phone(self, number: str) -> Phone:
        """The phone of a number with what it has received; it shows itself in a notebook.

        Raises:
            OptionError: for a number that is not kept for fiction.
        """
        self._check(number)
        arrived = (m for m in self.messages if m.to == number and m.status == "delivered")
        return Phone(number, tuple(arrived))

    def switch_off(self, number: str) -> None:
        """Switch a phone off: what is sent to it from now on is accepted and not delivered."""
        self._check(number)
        self._service.switched_off.add(number)

    def fail_next(self, count: int = 1, *, status: int = 503) -> None:
        """Answer the next requests with an error of HTTP, and do nothing of what they ask."""
        if status not in set(HTTPStatus) or status < 400:
            raise OptionError(f"{status} is no status of an error: choose one from 400 to 599, such as 503.")
        self._faults.fail_next(count, status)

    def delay_next(self, count: int = 1, *, seconds: float) -> None:
        """Do what the next requests ask, and answer late."""
        if not 0 <= seconds <= LONGEST_DELAY:
            raise OptionError(f"An answer can be 0 to {LONGEST_DELAY:g} seconds late, not {seconds}.")
        self._faults.delay_next(count, seconds)

    def wait_for_reports(self, timeout: float = 5.0) -> bool:
        """Wait until each report is told or given up; false if that takes longer than so many seconds."""
        return self._webhooks.wait(timeout)

    def _open(self, host: str, port: int) -> int:
        self._faults.begin()
        return super()._open(host, port)

    def _close(self) -> None:
        self._faults.end()
        super()._close()
        self._webhooks.stop()

    def _check(self, number: str) -> None:
        if not is_fictional(number):
            raise OptionError(f"{number!r} is not kept for fiction: choose one such as '+12025550123'.")


def is_sendable(word: str) -> bool:
    """Whether any client can send a name or key by Basic authentication (RFC 7617, section 2)."""
    return bool(word) and word.isascii() and word.isprintable()
