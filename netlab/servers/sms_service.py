"""What the SMS gateway does, apart from HTTP: it takes messages and verifications, and remembers what it answered."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Callable, Collection, Mapping

from netlab.errors import OptionError
from netlab.servers.sms_codes import Verifications
from netlab.servers.sms_fields import Fields, check_callback, check_fields
from netlab.servers.sms_message import Answer, Message
from netlab.servers.sms_rules import (
    CODE_LIFE,
    CODE_TEXT,
    KEY_LIFE,
    KEYS_KEPT,
    MOST_PARTS,
    RefusedError,
    Result,
    check_number,
)
from netlab.servers.sms_text import measure

PLACE = re.compile(r"\{(\w+)\}")  # of a value in a template


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

    Raises:
        OptionError: for an account that could not send.
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
        if not senders or isinstance(senders, str):
            raise OptionError('An account needs names to send under, as a list: senders=["Ticker"].')
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
        self._verifications = Verifications(clock)
        self._answered: dict[str, tuple[float, object, Answer]] = {}

    def once(self, key: str, request: object, action: Callable[[], Answer]) -> tuple[Answer, bool]:
        """Do something once for each idempotency key; of two requests at the same time, one waits for the other.

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
        if "text" in fields and "template" in fields:
            raise RefusedError(Result.BAD_FIELD, "give the field 'text' or 'template', not both")
        sender = fields.get("from", self.senders[0])
        if sender not in self.senders:
            raise RefusedError(Result.FOREIGN_SENDER)
        callback = check_callback(fields.get("callback", ""))
        try:
            message = self._accept(check_number(fields["to"]), sender, self._text_of(fields), callback)
        except RefusedError as refusal:
            return understood(refusal)
        told = message.described | {"status": "queued"}
        return Answer(Result.OK, {name: told[name] for name in ("id", "status", "to", "encoding", "parts")})

    def find(self, message_id: str) -> Answer:
        """A message as it is now.

        Raises:
            RefusedError: NOT_FOUND.
        """
        message = self.messages.get(message_id)
        if message is None:
            raise RefusedError(Result.NOT_FOUND, "there is no message with that id")
        return Answer(Result.OK, message.described)

    def verify(self, fields: Fields) -> Answer:
        """Send a code to a number: `to`. Earlier codes for it are no longer valid."""
        check_fields(fields, {"to"})
        with self._lock:
            try:
                number = check_number(fields["to"])
                self._verifications.check_allowed(number)
                code = self._make_code()
                text = CODE_TEXT.format(code=code, minutes=round(CODE_LIFE / 60))
                self._accept(number, self.senders[0], text, "")
            except RefusedError as refusal:
                return understood(refusal)
            name = self._verifications.add(number, code)
        return Answer(Result.OK, {"id": name, "to": number, "expires_in": round(CODE_LIFE)})

    def check(self, fields: Fields) -> Answer:
        """Compare what a user typed with the code that was sent: `id` and `code`.

        Raises:
            RefusedError: NOT_FOUND.
        """
        check_fields(fields, {"id", "code"})
        with self._lock:
            return self._verifications.check(fields["id"], fields["code"])

    def _text_of(self, fields: Fields) -> str:
        if "template" not in fields:
            return str(fields.get("text", ""))
        template = self.templates.get(fields["template"])
        if template is None:
            raise RefusedError(Result.NO_TEMPLATE)
        values = fields.get("values", {})
        for name in PLACE.findall(template):
            if name not in values:
                raise RefusedError(Result.MISSING_VALUE, f"the template needs a value {name!r}")
        return PLACE.sub(lambda found: str(values[found[1]]), template)

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


def understood(refusal: RefusedError) -> Answer:
    """The answer to a request that is refused though it was understood; any other refusal is raised again."""
    if refusal.result.status != 200:
        raise refusal
    return Answer(refusal.result, {"message": str(refusal)})
