"""The two ways out: mail over SMTP, and text messages over the HTTP API of an SMS gateway."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

import requests

from netlab.apps.ticker.config import Config
from netlab.apps.ticker.models import Channel, Notification
from netlab.apps.ticker.notifications import Sender, SendError

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
    if config.smtp_host:
        context = trust if isinstance(trust, ssl.SSLContext) else ssl.create_default_context(cafile=trust)
        ways[Channel.MAIL] = MailSender(config, context)
    if config.sms_url:
        ways[Channel.SMS] = SMSSender(config, trust if isinstance(trust, str) else True)
    return ways


class MailSender:
    """Hands mails to a mail server, in clear text, with STARTTLS or over TLS (RFC 8314)."""

    def __init__(self, config: Config, context: ssl.SSLContext) -> None:
        self._config = config
        self._context = context

    def send(self, notification: Notification) -> None:
        """Hand one over; the same notification is the same Message-ID each time.

        Raises:
            SendError: when the server cannot be reached or refuses it.
        """
        try:
            with self._connect() as server:
                server.send_message(self._mail(notification))
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

    def _mail(self, notification: Notification) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._config.mail_from
        mail["To"] = notification.recipient
        mail["Subject"] = notification.subject
        mail["Date"] = format_datetime(notification.created_at)
        domain = self._config.mail_from.rpartition("@")[2]
        mail["Message-ID"] = f"<notification-{notification.id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's robot answers
        mail.set_content(notification.body)
        return mail


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
