"""More exercises of lesson 10: sending over TLS, and trying again."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any, NoReturn

from netlab.exercises.lesson_10 import ADA, ALERTS, BOB
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong
from netlab.servers.mailbox import Mailbox
from netlab.servers.smtp import SMTPServer
from netlab.servers.tls import client_context

PASSWORD = "correct horse"  # noqa: S105
ZOE = "zoe@customer.example"  # has no mailbox


def mail_to(*to: str) -> EmailMessage:
    """A short alert to some addresses."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = ALERTS, ", ".join(to), "AAPL 430.47"
    message.set_content("AAPL closed at 430.47.")
    return message


def _mailbox() -> Mailbox:
    return Mailbox({ALERTS: PASSWORD, ADA: "x", BOB: "x"})


@exercise(
    "10-send",
    title="Send it, and tell nobody the password",
    objective="10-o3",
    points=4,
    hints=(
        "`with smtplib.SMTP(*address, timeout=2) as client:` says QUIT at its end.",
        "`client.starttls(context=context)`, then `client.login(user, password)`, then `client.send_message(message)`.",
        "Do not ask whether the server offers STARTTLS: `starttls()` raises an exception when it does not, and that is what you want.",
        "`send_message` returns the dictionary of recipients who were refused: return it.",
    ),
    passed="No man in the middle gets the password out of your program, not even one who hides STARTTLS.",
)
def send(t: Trial, send: Callable[..., Any]) -> None:
    """A mail by submission: STARTTLS with a certificate that is checked, login, recipients who are refused."""

    def by(server: SMTPServer, message: EmailMessage, password: str = PASSWORD) -> Any:
        return send(message, server.address, ALERTS, password, client_context())

    mailbox = _mailbox()
    tls: dict[type[BaseException], str] = {
        ssl.SSLCertVerificationError: "Trust those whom the context trusts: use the context that you are given.",
        ssl.SSLError: "This server begins without TLS, as on port 587: `smtplib.SMTP`, then `starttls`. SMTP_SSL is for port 465.",
        smtplib.SMTPSenderRefused: "At your own server you log in before you send: `client.login(user, password)`, after `starttls`.",
    }
    with t.case("a mail for two", tls) as case, SMTPServer(mailbox, auth_required=True) as server:
        refused = by(server, mail_to(ADA, BOB))
        counts = {address: len(mailbox[address].inbox) for address in (ADA, BOB)}
        case.expect(
            counts, {ADA: 1, BOB: 1}, advice="`send_message` takes the recipients from To, Cc and Bcc."
        )
        case.expect(refused, {}, [(None, "Return what `send_message` returns: who was refused.")])
        words = "The conversation does not end with QUIT: `with smtplib.SMTP(…)` says it."
        case.expect_that(b"quit" in server.transcript.said_by("client 1").lower(), "QUIT", "no QUIT", words)
    with t.case("one of two is unknown", tls) as case, SMTPServer(_mailbox(), auth_required=True) as server:
        refused = by(server, mail_to(ADA, ZOE))
        came = {address: code for address, (code, _) in refused.items()}
        case.expect(
            came, {ZOE: 550}, [({}, "Somebody did not get the mail, and the caller does not learn it.")]
        )
    with t.case("a wrong password") as case, SMTPServer(_mailbox(), auth_required=True) as server:
        words = "Whoever calls has to learn of it: let the exception pass."
        case.expect_error(smtplib.SMTPAuthenticationError, lambda: by(server, mail_to(ADA), "wrong"), words)
    with t.case("a server that offers no STARTTLS") as case, SMTPServer(_mailbox(), starttls=False) as server:
        with _some_error():
            by(server, mail_to(ADA))
        words = "A man in the middle had only to take STARTTLS out of the greeting, and you told him the password. No TLS: no login."
        _expect_secret(case, server, words)
    _false_certificate(t, by)


def _false_certificate(t: Trial, by: Callable[..., Any]) -> None:
    import trustme

    certificate = trustme.CA().issue_cert("127.0.0.1", "localhost")
    with t.case("a certificate that nobody vouches for") as case:
        server = SMTPServer(_mailbox())
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(server.context)
        words = "Encrypted, but to whom? Without the context, `starttls()` checks no certificate: `starttls(context=context)`."
        with server:
            with _some_error():
                by(server, mail_to(ADA))
            _expect_secret(case, server, words)


@contextlib.contextmanager
def _some_error() -> Iterator[None]:
    """Whatever is raised is right here: the password must not have been said before."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        yield


def _expect_secret(case: Case, server: SMTPServer, words: str) -> None:
    said = server.transcript.said_by("client 1").upper()
    case.expect_that(b"AUTH" not in said, "no AUTH", "AUTH with the password", words)
    case.expect_that(b"MAIL FROM" not in said, "no mail", "the mail, in the clear", words)


@exercise(
    "10-retry",
    title="Not now, or never?",
    objective="10-o3",
    points=3,
    limit=4.0,
    hints=(
        "Keep two things: who has not got it yet, and the last code of each of them.",
        "`send` returns refusals, or raises `smtplib.SMTPRecipientsRefused` with the same dictionary in `.recipients`.",
        "After each attempt the next one is for those whose code begins with 4. Those with 5 are out, with their code.",
        "`wait()` comes between two attempts: not before the first, and not after the last.",
    ),
    passed="Patient with those who may still get it, and nobody gets it twice.",
)
def retry(t: Trial, deliver: Callable[..., dict[str, int]]) -> None:
    """Deliver until everybody has the mail, or is refused for good; against a server that puts off recipients."""
    twice = "Somebody has the mail twice: send again only to those who did not get it."
    never = "A code from 500 on is for good: do not ask again, and report it."
    raises: dict[type[BaseException], str] = {
        smtplib.SMTPRecipientsRefused: "When *all* are refused, `send` raises SMTPRecipientsRefused: catch it, and read `.recipients`."
    }
    with t.case("everybody at once", raises) as case:
        _try(case, deliver, [ADA, BOB], put_off=0, left={}, attempts=1, twice=twice)
    with t.case("one of two is put off once", raises) as case:
        _try(case, deliver, [BOB, ADA], put_off=1, left={}, attempts=2, twice=twice)
    with t.case("all are put off twice", raises) as case:
        _try(case, deliver, [ADA, BOB], put_off=4, left={}, attempts=3, twice=twice)
    with t.case("one is unknown", raises) as case:
        _try(case, deliver, [ADA, ZOE], put_off=0, left={ZOE: 550}, attempts=1, twice=twice, never=never)
    with t.case("one is put off, one is unknown", raises) as case:
        _try(case, deliver, [ADA, ZOE], put_off=1, left={ZOE: 550}, attempts=2, twice=twice, never=never)
    with t.case("the connection breaks") as case:
        words = "That says nothing about the recipients: let other exceptions pass to the caller."
        for error in (ConnectionResetError, smtplib.SMTPServerDisconnected):
            case.expect_error(error, lambda kind=error: deliver(_broken(kind), [ADA], lambda: None), words)  # type: ignore[misc]
    endless = "Four attempts are enough: then give up, and report the last code."
    with t.case("one is put off for ever", raises, hangs=endless) as case:
        _try(case, deliver, [ADA], put_off=10**6, left={ADA: 450}, attempts=4, twice=twice, never=endless)


def _broken(kind: type[Exception]) -> Callable[[Any], NoReturn]:
    def send(_: Any) -> NoReturn:
        raise kind("Connection reset by peer")

    return send


def _try(
    case: Case,
    deliver: Callable[..., dict[str, int]],
    recipients: list[str],
    *,
    put_off: int,
    left: dict[str, int],
    attempts: int,
    twice: str,
    never: str = "",
) -> None:
    mailbox = _mailbox()
    sent: list[list[str]] = []
    waits: list[int] = []
    with SMTPServer(mailbox, starttls=False) as server:
        server.defer_next(put_off)

        def send(to: Any) -> dict[str, tuple[int, bytes]]:
            sent.append(list(to))
            with smtplib.SMTP(*server.address, timeout=2) as client:
                return client.send_message(mail_to(*recipients), ALERTS, list(to))

        came = deliver(send, list(recipients), lambda: waits.append(len(sent)))
    counts = {address: len(mailbox[address].inbox) for address in recipients if address != ZOE}
    case.expect_that(max(counts.values()) < 2, "one mail each", f"{counts}", twice)
    pair = "The code alone, without the words: each refusal is a pair `(code, words)`."
    wrong: Wrong = [
        (lambda v: isinstance(v, dict) and any(isinstance(code, tuple) for code in v.values()), pair)
    ]
    if left:
        never_told = "Return who never got it, with the code; nothing but an empty dictionary means success."
        wrong = [*wrong, ({}, never_told)]
    case.expect(came, left, wrong, advice=never or "Return the codes of those who did not get it in the end.")
    case.expect(len(sent), attempts, advice=never or "Codes from 400 to 499 mean: not now. Try again.")
    words = (
        "Wait between two attempts: the server said “later”. After the last one there is nothing to wait for."
    )
    case.expect(waits, list(range(1, attempts)), advice=words)
