"""What the SMS gateway does, apart from HTTP: it takes messages and verifications, and remembers what it answered."""

from __future__ import annotations

import hmac
import itertools
import re
import secrets
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from netlab.errors import OptionError
from netlab.servers.base import check_loopback
from netlab.servers.sms_rules import (
    CODE_DIGITS,
    CODE_LIFE,
    CODE_TEXT,
    CODE_TRIES,
    CODE_WINDOW,
    CODES_PER_NUMBER,
    KEY_LIFE,
    KEYS_KEPT,
    MOST_PARTS,
    RefusedError,
    Result,
    check_number,
)
from netlab.servers.sms_text import measure

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Message:
    """A text that was accepted.

    Attributes:
        id: by which it can be asked for.
        to: the number it goes to.
        sender: the name that the phone shows.
        text: what it says.
        encoding: "GSM-7" or "UCS-2".
        parts: in which the network carries it; each costs one credit.
        status: "delivered", or "undelivered" if the phone is switched off.
        callback: the URL that is told of the status, "" for none.
    """

    id: str
    to: str
    sender: str
    text: str
    encoding: str
    parts: int
    status: str
    callback: str = ""


@dataclass(frozen=True)
class Answer:
    """What a request is answered with: a result, and data about it."""

    result: Result
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        return {"code": self.result.code, "message": self.result.words, **self.data}


@dataclass
class _Verification:
    number: str
    code: str
    until: float
    tries_left: int = CODE_TRIES
    used: bool = False


def random_code() -> str:
    """A verification code that nobody can foresee."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


class SMSService:
    """One account's messages, codes and credit. Everything may be called from any thread.

    Args:
        senders: names under which the account may send; the first is used if none is given.
        templates: texts with `{names}`, by their names.
        credit: parts that may be sent.
        clock: tells the time in seconds.
        make_code: makes verification codes.
        tell: called with each message that has a callback, once it is accepted.

    Attributes:
        messages: all that were accepted, in order, by their ids.
        switched_off: numbers whose phones get nothing.
        credit: parts that may still be sent.
    """

    def __init__(
        self,
        senders: Collection[str],
        templates: Mapping[str, str],
        credit: int,
        clock: Callable[[], float],
        make_code: Callable[[], str],
        tell: Callable[[Message], None],
    ) -> None:
        if not senders:
            raise OptionError('An account needs a name to send under: senders=["Ticker"].')
        self.senders = tuple(senders)
        self.templates = dict(templates)
        self.credit = credit
        self.messages: dict[str, Message] = {}
        self.switched_off: set[str] = set()
        self._clock = clock
        self._make_code = make_code
        self._tell = tell
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._verifications: dict[str, _Verification] = {}
        self._codes_sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._answered: dict[str, tuple[float, object, Answer]] = {}

    def once(self, key: str, request: object, action: Callable[[], Answer]) -> tuple[Answer, bool]:
        """Do something once for each idempotency key.

        Args:
            key: chosen by the client; "" for none.
            request: what is asked for, to be compared.
            action: does it.

        Returns:
            The answer, and whether it is the one that was given before.

        Raises:
            RefusedError: KEY_REUSED, and what the action raises; a refused request may be sent again.
        """
        with self._lock:
            if not key:
                return action(), False
            now = self._clock()
            if key in self._answered:
                until, before, answer = self._answered[key]
                if now < until:
                    if before != request:
                        raise RefusedError(Result.KEY_REUSED)
                    return answer, True
                del self._answered[key]
            answer = action()
            while len(self._answered) >= KEYS_KEPT:
                del self._answered[next(iter(self._answered))]
            self._answered[key] = now + KEY_LIFE, request, answer
            return answer, False

    def send(self, fields: Fields) -> Answer:
        """Take a text: `to`, `text` (or `template` and `values`), `from` and `callback`."""
        check_fields(fields, {"to"}, {"text", "template", "values", "from", "callback"})
        sender = fields.get("from", self.senders[0])
        if sender not in self.senders:
            raise RefusedError(Result.FOREIGN_SENDER)
        callback = check_callback(fields.get("callback", ""))
        try:
            message = self._accept(check_number(fields["to"]), sender, self._text_of(fields), callback)
        except RefusedError as refusal:
            if refusal.result.status != 200:
                raise
            return Answer(refusal.result)
        told = asdict(message) | {"status": "queued"}
        return Answer(Result.OK, {name: told[name] for name in ("id", "status", "to", "encoding", "parts")})

    def find(self, message_id: str) -> Answer:
        """A message as it is now.

        Raises:
            RefusedError: NOT_FOUND.
        """
        message = self.messages.get(message_id)
        if message is None:
            raise RefusedError(Result.NOT_FOUND, "there is no message with that id")
        return Answer(Result.OK, described(message))

    def verify(self, fields: Fields) -> Answer:
        """Send a code to a number: `to`. Earlier codes for it are no longer valid."""
        check_fields(fields, {"to"}, set())
        with self._lock:
            try:
                number = check_number(fields["to"])
                self._count_code(number)
                code = self._make_code()
                text = CODE_TEXT.format(code=code, minutes=round(CODE_LIFE / 60))
                self._accept(number, self.senders[0], text, "")
            except RefusedError as refusal:
                return Answer(refusal.result)
            for each in self._verifications.values():
                if each.number == number:
                    each.until = self._clock()
            name = f"ver-{len(self._verifications) + 1}"
            self._verifications[name] = _Verification(number, code, self._clock() + CODE_LIFE)
        return Answer(Result.OK, {"id": name, "to": number, "expires_in": round(CODE_LIFE)})

    def check(self, fields: Fields) -> Answer:
        """Compare what a user typed with the code that was sent: `id` and `code`.

        Raises:
            RefusedError: NOT_FOUND.
        """
        check_fields(fields, {"id", "code"}, set())
        with self._lock:
            found = self._verifications.get(fields["id"])
            if found is None:
                raise RefusedError(Result.NOT_FOUND, "there is no verification with that id")
            if found.used:
                return Answer(Result.CODE_USED)
            if self._clock() >= found.until:
                return Answer(Result.EXPIRED)
            if not found.tries_left:
                return Answer(Result.TOO_MANY_TRIES)
            if not hmac.compare_digest(found.code.encode(), fields["code"].encode()):
                found.tries_left -= 1
                return Answer(Result.WRONG_CODE, {"tries_left": found.tries_left})
            found.used = True
        return Answer(Result.OK, {"id": fields["id"], "status": "approved", "to": found.number})

    def _text_of(self, fields: Fields) -> str:
        if "template" not in fields:
            return str(fields.get("text", ""))
        template = self.templates.get(fields["template"])
        if template is None:
            raise RefusedError(Result.NO_TEMPLATE)
        values = fields.get("values", {})
        if not set(re.findall(r"\{(\w+)\}", template)) <= set(values):
            raise RefusedError(Result.MISSING_VALUE)
        return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), template)

    def _accept(self, number: str, sender: str, text: str, callback: str) -> Message:
        """Take a message, deliver it, and have its callback told.

        Raises:
            RefusedError: for an empty or long text, or when the credit is used up.
        """
        size = measure(text)
        if not text.strip():
            raise RefusedError(Result.EMPTY_TEXT)
        if size.parts > MOST_PARTS:
            raise RefusedError(Result.LONG_TEXT)
        with self._lock:
            if size.parts > self.credit:
                raise RefusedError(Result.NO_CREDIT)
            self.credit -= size.parts
            status = "undelivered" if number in self.switched_off else "delivered"
            name = f"msg-{next(self._numbers)}"
            message = Message(name, number, sender, text, size.encoding, size.parts, status, callback)
            self.messages[name] = message
        if callback:
            self._tell(message)
        return message

    def _count_code(self, number: str) -> None:
        sent, now = self._codes_sent[number], self._clock()
        while sent and sent[0] <= now - CODE_WINDOW:
            sent.popleft()
        if len(sent) >= CODES_PER_NUMBER:
            raise RefusedError(Result.TOO_MANY_CODES)
        sent.append(now)


def described(message: Message) -> dict[str, Any]:
    """A message as the API shows it."""
    shown = asdict(message)
    del shown["callback"]
    return {"id": shown.pop("id"), "from": shown.pop("sender"), **shown}


def check_fields(fields: Fields, needed: set[str], others: set[str]) -> None:
    """Refuse a request whose fields are not those that are known, or are no text.

    Raises:
        RefusedError: BAD_FIELD, with the field's name.
    """
    for name in sorted(needed - set(fields)):
        raise RefusedError(Result.BAD_FIELD, f"the field {name!r} is missing")
    for name, value in fields.items():
        if name not in needed | others:
            known = ", ".join(sorted(needed | others))
            raise RefusedError(Result.BAD_FIELD, f"there is no field {name!r}; there are: {known}")
        pairs = value.items() if name == "values" and isinstance(value, Mapping) else [(name, value)]
        for inner, text in pairs:
            if not isinstance(text, str):
                raise RefusedError(Result.BAD_FIELD, f"the field {inner!r} must be text")
            if not is_encodable(text):
                raise RefusedError(Result.BAD_FIELD, f"the field {inner!r} has half a character in it")
    if "values" in fields and not isinstance(fields["values"], Mapping):
        raise RefusedError(Result.BAD_FIELD, "the field 'values' must be an object")


def is_encodable(text: str) -> bool:
    """Whether a text has only whole characters: JSON can carry half a surrogate pair."""
    return not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def check_callback(url: str) -> str:
    """Return a callback that the gateway may tell, refuse any that leads off this machine.

    Raises:
        RefusedError: BAD_CALLBACK.
    """
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        check_loopback(parts.hostname or "")
        usable = parts.scheme in ("http", "https") and parts.port and url.isascii() and url.isprintable()
    except ValueError:  # OptionError is one
        usable = False
    if not usable or " " in url:
        raise RefusedError(Result.BAD_CALLBACK)
    return url
