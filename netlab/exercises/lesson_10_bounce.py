"""The exercise of lesson 10 about bounces: who did not get a mail."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable

from netlab.exercises.lesson_10 import ADA, BOB
from netlab.exercises.lesson_10_sending import ZOE, mail_to
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers.smtp_report import delivery_report


@exercise(
    "10-bounce",
    title="Read a bounce",
    objective="10-o3",
    points=2,
    hints=(
        "`message = email.message_from_bytes(data, policy=email.policy.default)`. Is its type `multipart/report`? Only then is the mail itself a bounce.",
        "Look at its own parts, `for part in message.iter_parts()`: `walk()` would go into attached mails as well.",
        "The part `message/delivery-status` holds groups of fields: `part.get_payload()` is a list of them. The first one is about the mail.",
        'A group about a recipient has `group["Final-Recipient"]`, such as `rfc822; zoe@customer.example`: take what is behind the semicolon.',
        'Only where `group["Action"]` is `failed`, in any capitals. An ordinary mail has no such part at all.',
    ),
    passed="Your list of addresses stays clean: you know who is gone, and who only has to wait.",
)
def bounce(t: Trial, failed_recipients: Callable[[bytes], dict[str, str]]) -> None:
    """Who did not get a mail, out of a bounce."""
    fooled = "That is an ordinary mail, in which somebody wrote such words: only the part `message/delivery-status` counts."
    one = bytes(
        delivery_report(mail_to(ZOE).as_bytes(), ZOE, "550 5.1.1 nobody here", host="mail.ticker.example")
    )
    old: dict[type[BaseException], str] = {
        AttributeError: "Say `policy=email.policy.default`: without it you get the old `Message`, which has no `iter_parts()`."
    }
    with t.case("one recipient", old) as case:
        wrong: Wrong = [
            ({f"rfc822; {ZOE}": "5.1.1"}, "The address stands behind `rfc822;`: split there, and strip."),
            ({ZOE: "5.1.1 nobody here"}, "The status is the field Status: three numbers with dots."),
            ({ZOE: "550"}, "550 is the reply of SMTP; the field Status says it more exactly: 5.1.1."),
        ]
        case.expect(failed_recipients(one), {ZOE: "5.1.1"}, wrong)
    group = b"Final-Recipient: RFC822;%b\r\nAction: %b\r\nStatus: %b\r\n\r\n"
    mark = one.index(b"Final-Recipient")
    more = group % (b"max@customer.example", b"Failed", b"5.2.2") + group % (
        BOB.encode(),
        b"delayed",
        b"4.4.1",
    )
    two = one[:mark] + more + one[mark:]
    with t.case("two have failed, one is only late", old) as case:
        right = {"max@customer.example": "5.2.2", ZOE: "5.1.1"}
        wrong = [
            ({**right, BOB: "4.4.1"}, "`Action: delayed` is a report on the way: the server goes on trying."),
            ({ZOE: "5.1.1"}, "There may be several groups, in any capitals, and a space behind `;` or none."),
            ({"max@customer.example": "5.2.2"}, "There may be several groups: look at all of them."),
        ]
        case.expect(failed_recipients(two), right, wrong)
    with t.case("an ordinary mail") as case:
        case.expect(
            failed_recipients(mail_to(ADA).as_bytes()), {}, [(None, "Nobody: that is an empty dictionary.")]
        )
    with t.case("an ordinary mail that quotes a bounce") as case:
        quoting = mail_to(ADA)
        quoting.set_content(
            "What is this?\n\nFinal-Recipient: rfc822; zoe@customer.example\nAction: failed\nStatus: 5.1.1\n"
        )
        case.expect(failed_recipients(quoting.as_bytes()), {}, advice=fooled)
    with t.case("an ordinary mail to which a bounce is attached") as case:
        asking = mail_to(ADA)
        asking.add_attachment(email.message_from_bytes(one, policy=email.policy.default))
        words = (
            "Somebody forwards a bounce and asks what it is. The mail itself is none: its type is "
            "`multipart/mixed`. `walk()` goes into attached mails; look at the type, and at `iter_parts()`."
        )
        case.expect(failed_recipients(asking.as_bytes()), {}, advice=words)
