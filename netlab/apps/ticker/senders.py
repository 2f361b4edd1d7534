"""The two ways out: mail over SMTP, and text messages over the HTTP API of an SMS gateway."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

import requests

from netlab.apps.ticker.config import Config
from netlab.apps.ticker.models import Channel, Notification
from netlab.apps.ticker.notifications import Sender
from netlab.apps.ticker.outbox import SendError

TIMEOUT = 10.0  # seconds for each answer of the mail server or the gateway
NOT_AGAIN = range(500, 600)  # SMTP: permanent (RFC 5321, section 4.2.1)


def senders(config: Config, *, trust: ssl.SSLContext | str | None = None) -> dict[Channel, Sender]:
    """The ways that the settings open.

    Args:
        config: the settings.
        trust: the authorities that certificates must come from: a file of them, or for mail a context; the
            system's if None.
    """
    ways: dict[Channel, Sender] = {}
    if by_mail := mail_sender(config, trust=trust):
        ways[Channel.MAIL] = by_mail
    if config.sms_url:
        ways[Channel.SMS] = SMSSender(config, trust if isinstance(trust, str) else True)
    return ways


def mail_sender(config: Config, *, trust: ssl.SSLContext | str | None = None) -> MailSender | None:
    """The way for mails, if the settings open it."""
    if not config.smtp_host:
        return None
    context = trust if isinstance(trust, ssl.SSLContext) else ssl.create_default_context(cafile=trust)
    return MailSender(config, context)


@dataclass(frozen=True)
class Mail:
    """A mail to be sent.

    Attributes:
        key: the same whenever this mail is sent, and of no other one.
        recipient: its address.
        subject: its subject.
        body: its text.
        created_at: when it was written.
    """

    key: str
    recipient: str
    subject: str
    body: str
    created_at: datetime


class MailSender:
    """Hands mails to a mail server, in clear text, with STARTTLS or over TLS (RFC 8314)."""

    def __init__(self, config: Config, context: ssl.SSLContext) -> None:
        self._config = config
        self._context = context

    def send(self, notification: Notification) -> None:
        """Hand a notification over.

        Raises:
            SendError: when the server cannot be reached or refuses it.
        """
        told = notification
        key = f"notification-{told.id}"
        self.deliver(Mail(key, told.recipient, told.subject, told.body, told.created_at))

    def deliver(self, mail: Mail) -> None:
        """Hand a mail over; the same mail has the same Message-ID each time.

        Raises:
            SendError: when the server cannot be reached or refuses it.
        """
        try:
            with self._connect() as server:
                server.send_message(self._message(mail))
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise SendError(f"{code} {_text(words)}", again=code not in NOT_AGAIN) from error
        except smtplib.SMTPAuthenticationError as error:  # the settings are wrong: somebody can mend them
            raise SendError(f"{error.smtp_code} {_text(error.smtp_error)}", again=True) from error
        except smtplib.SMTPResponseException as error:
            again = error.smtp_code not in NOT_AGAIN
            raise SendError(f"{error.smtp_code} {_text(error.smtp_error)}", again=again) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendError(f"no mail server: {error}", again=True) from error

    def _connect(self) -> smtplib.SMTP:
        config = self._config
        host, port = config.smtp_host, config.smtp_port
        if config.smtp_tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=self._context)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT)
        try:
            if config.smtp_tls == "starttls":
                server.starttls(context=self._context)
            if config.smtp_user:
                server.login(config.smtp_user, config.smtp_password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._config.mail_from
        message["To"] = mail.recipient
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.created_at)
        domain = self._config.mail_from.rpartition("@")[2]
        message["Message-ID"] = f"<{mail.key}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's robot answers
        message.set_content(mail.body)
        return message


class SMSSender:
    """Hands texts to the gateway; the same notification has the same Idempotency-Key each time."""

    def __init__(self, config: Config, verify: bool | str) -> None:
        self._config = config
        self._verify = verify

    def send(self, notification: Notification) -> None:
        """Hand one over.

        Raises:
            SendError: when the gateway cannot be reached, or says something else than code 0.
        """
        config = self._config
        try:
            response = requests.post(
                f"{config.sms_url.rstrip('/')}/v1/messages",
                auth=(config.sms_account, config.sms_key),
                json={"to": notification.recipient, "text": notification.body, "from": config.sms_sender},
                headers={"Idempotency-Key": f"ticker-notification-{notification.id}"},
                timeout=TIMEOUT,
                verify=self._verify,
            )
            answer = response.json()
            code, words = answer["code"], answer["message"]
        except requests.JSONDecodeError as error:
            raise SendError(f"the gateway answered {response.status_code}", again=True) from error
        except requests.RequestException as error:
            raise SendError(f"no gateway: {type(error).__name__}", again=True) from error
        except (KeyError, TypeError) as error:
            raise SendError("the gateway's answer cannot be read", again=True) from error
        if code != 0:
            again = response.status_code in (401, 403, 429) or response.status_code >= 500
            raise SendError(f"code {code}: {words}", again=again)


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
