"""An exercise of lesson 11: the lines of a receiver that takes each report once."""

from __future__ import annotations

import hmac
import json
import queue
from collections.abc import Callable
from typing import Any

from netlab.exercises.lesson_11 import BOB
from netlab.exercises.lesson_11_reports import Headers, Receive, Receiver, order_text, reporting, sign
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial
from netlab.servers import SMSGateway

LINES = [
    'seen.add(headers["webhook-id"])',
    "return 204",
    "queue.put_nowait(json.loads(content))",
    'if headers["webhook-id"] in seen: return 204',
    "if not verify(headers, content): return 401",
]


class Shelf(queue.Queue[Any]):
    """A queue that is full at first.

    Args:
        full: how many times.
    """

    def __init__(self, full: int = 0) -> None:
        super().__init__()
        self._full = full

    def put_nowait(self, item: Any) -> None:
        """Put something in, or raise `queue.Full`."""
        if self._full:
            self._full -= 1
            raise queue.Full
        super().put_nowait(item)

    @property
    def statuses(self) -> list[str]:
        """The types of the reports in it."""
        return [
            item["type"] if isinstance(item, dict) and "type" in item else repr(item) for item in self.queue
        ]


def is_genuine(headers: Headers, content: bytes) -> bool:
    """What the lines of the receiver call `verify`."""
    signature = sign(headers.get("webhook-id", ""), headers.get("webhook-timestamp", ""), content)
    return hmac.compare_digest(signature, headers.get("webhook-signature", ""))


def assemble(lines: list[str], shelf: Shelf) -> Receive:
    """Make a receiver of its lines."""
    body = "\n".join(f"    {line}" for line in lines)
    names: dict[str, Any] = {
        "json": json,
        "seen": set(),
        "queue": shelf,
        "verify": is_genuine,
    }
    exec(f"def receive(headers, content):\n{body}\n", names)  # noqa: S102 - the lines are known, only moved
    receive: Receive = names["receive"]
    return receive


@exercise(
    "11-receiver",
    title="Put the receiver in order",
    objective="11-o5",
    points=2,
    starter=LINES,
    hints=(
        "Before anything else: is it genuine? A stranger must not even be able to mark an id as seen.",
        "The second question: has it been taken before? Then say 204 again, or the gateway keeps telling it.",
        "Queue first, then remember. If the queue is full, the exception becomes a 500, and the next attempt finds the id not yet seen.",
    ),
    passed="Genuine reports are taken, each once, and none is lost: not even when the queue is full for a moment.",
)
def receiver(t: Trial, receiver: list[str]) -> None:
    """The lines of a receiver, run against a gateway, a forger and a full queue."""
    with t.case("the lines") as case:
        words = "Only move the lines: none is to be added, left out or changed."
        case.expect(sorted(receiver), sorted(LINES), advice=words)
    if sorted(receiver) != sorted(LINES):
        return
    delivered = ["message.delivered"]
    with t.case("two reports") as case:
        shelf, app = _run(receiver, _order_two)
        words = "`return 204` ends it: what stands below is never reached."
        case.expect(shelf.statuses, delivered * 2, [([], words)], advice=words)
    with t.case("the answer is lost, so it comes again") as case:
        shelf, app = _run(receiver, order_text, lost=1)
        words = "The second attempt has the same id: look whether it was seen, and remember it, or it is taken twice."
        case.expect(shelf.statuses, delivered, advice=words)
    with t.case("the queue is full at first") as case:
        shelf, app = _run(receiver, order_text, full=1)
        words = "It was marked as seen before it was in the queue: the next attempt was turned away, and the report is lost."
        case.expect(shelf.statuses, delivered, [([], words)], advice=words)
    with t.case("a forged report, and then the genuine one with its id") as case:
        shelf, app = _run(receiver, _forge)
        said = shelf.statuses
        words = "A forged report got into the queue: verify comes before everything."
        case.expect_that("message.forged" not in said, "no forged report in the queue", f"{said}", words)
        words = "A stranger guessed the id and sent rubbish first: the id was marked as seen, and the genuine report turned away."
        case.expect(said, delivered, advice=words)
        words = "To parse what a stranger sends before you know him is a gift: verify first."
        case.expect(app.errors, [], advice=words)


def _run(
    lines: list[str], act: Callable[[SMSGateway, str], Any], *, lost: int = 0, full: int = 0
) -> tuple[Shelf, Receiver]:
    """Let something happen to a receiver, and return its queue and what served it."""
    shelf = Shelf(full)
    app = Receiver(assemble(lines, shelf), lost)
    with reporting(app) as (gate, url):
        act(gate, url)
    return shelf, app


def _order_two(gate: SMSGateway, url: str) -> None:
    order_text(gate, url)
    order_text(gate, url, BOB)


def _forge(gate: SMSGateway, url: str) -> None:
    """Send two forged reports under the id that comes next, and then have the genuine one sent."""
    import requests

    headers = {"webhook-id": "report-1", "webhook-timestamp": "0", "webhook-signature": "v1,AAAA"}
    for content in (b'{"type": "message.forged"}', b"no JSON"):
        requests.post(url, data=content, headers=headers, timeout=2)
    order_text(gate, url)
