"""The mail that says that a mail could not be delivered: a bounce (RFC 3464, in a multipart/report of RFC 6522)."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.utils import localtime

from netlab.servers.folder import with_crlf
from netlab.servers.mime import Part


def delivery_report(mail: bytes, recipient: str, reply: str, *, host: str) -> EmailMessage:
    """Write a bounce, as the server does that has taken a mail and cannot hand it on.

    It is to be sent with an empty sender in the envelope, so that nobody bounces a bounce (RFC 5321, section 4.5.5).

    Args:
        mail: the mail that could not be delivered, with any line ends; only its header goes back.
        recipient: who did not get it.
        reply: what the next server said, such as "550 5.1.1 no such user".
        host: the name of the server that writes.
    """
    original = Part.parse(with_crlf(mail))
    status = next((word for word in reply.split() if word[:2] in ("4.", "5.")), f"{reply[:1]}.0.0")
    report = EmailMessage(policy=policy.SMTP)
    report["From"] = f"Mail Delivery System <postmaster@{host}>"
    report["To"] = " ".join(original.header_text("From").split())
    report["Date"] = localtime()
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Auto-Submitted"] = "auto-replied"  # RFC 3834
    report.set_content(
        f"Your mail could not be delivered to {recipient}.\nThe server there said:\n\n    {reply}\n"
    )
    report.make_mixed()
    report.replace_header("Content-Type", 'multipart/report; report-type="delivery-status"')
    report.attach(_status(host, recipient, status, reply))
    header = EmailMessage(policy=policy.SMTP)
    header["Content-Type"] = "text/rfc822-headers"
    header.set_payload(original.header.decode("ascii", "replace"))
    report.attach(header)
    return report


def _status(host: str, recipient: str, status: str, reply: str) -> EmailMessage:
    """The part that programs read: fields of the mail, then those of the recipient, with a blank line between."""
    about_mail, about_recipient, part = (EmailMessage(policy=policy.SMTP) for _ in range(3))
    about_mail["Reporting-MTA"] = f"dns; {host}"
    about_recipient["Final-Recipient"] = f"rfc822; {recipient}"
    about_recipient["Action"] = "failed"
    about_recipient["Status"] = status
    about_recipient["Diagnostic-Code"] = f"smtp; {reply}"
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([about_mail, about_recipient])
    return part
