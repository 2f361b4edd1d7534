"""What the SMS gateway keeps and says: a message that it accepted, and the answer to a request."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from netlab.servers.sms_rules import Result


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

    @property
    def described(self) -> dict[str, Any]:
        """The message as the API shows it."""
        shown = asdict(self)
        del shown["callback"]
        return {"id": shown.pop("id"), "from": shown.pop("sender"), **shown}


@dataclass(frozen=True)
class Answer:
    """What a request is answered with: a result, and data about it."""

    result: Result
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object of the answer."""
        return {"code": self.result.code, "message": self.result.words, **self.data}
