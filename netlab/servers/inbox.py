"""How mail is shown in a notebook: an account as a list of its mails, and one mail as a mail program shows it.

A mail comes from a stranger: its HTML is made safe first (`netlab.servers.safe_html`).
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from netlab.servers.mailbox import Account, Folder, Message
from netlab.servers.mime import Part, decode_words
from netlab.servers.safe_html import safe_html
from netlab.text import size_of

SHOWN = 50  # mails of a folder that are listed, the newest
LONGEST_FIELD = 200  # characters of a header field that are shown
LONGEST_BODY = (
    20_000  # characters of a text that are shown: over some longer ones `html.parser` takes very long
)
LARGEST_IMAGE = 5_000_000  # bytes of a picture that is shown
IMAGES = frozenset({"png", "jpeg", "gif", "webp"})  # pictures that hold no program, as SVG can

_BOX = "border:1px solid #bfbfbf;border-radius:4px;padding:8px 12px;max-width:720px"
_CELL = 'style="text-align:left"'


def account_html(account: Account) -> str:
    """An account as a table of the mails in each folder; those not read are in bold."""
    folders = "".join(_folder_html(folder) for folder in tuple(account.folders.values()))
    return f'<div style="{_BOX}"><strong>{html.escape(account.address)}</strong>{folders}</div>'


def _folder_html(folder: Folder) -> str:
    messages = tuple(folder)
    unread = sum("\\Seen" not in message.flags for message in messages)
    count = f"{len(messages)} message{'s' * (len(messages) != 1)}, {unread} unread"
    caption = f"<caption {_CELL}>{html.escape(clean(folder.name))}: {count}</caption>"
    if not messages:
        return f"<table>{caption}</table>"
    head = "".join(f'<th scope="col" {_CELL}>{title}</th>' for title in ("UID", "From", "Subject", "Flags"))
    rows = "".join(_row(message) for message in messages[-SHOWN:])
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(message: Message) -> str:
    flags = " ".join(sorted(flag.removeprefix("\\") for flag in message.flags))
    cells = (str(message.uid), sender_of(message), field(message.tree, "Subject") or "(no subject)", flags)
    weight = "" if "\\Seen" in message.flags else ";font-weight:bold"
    row = "".join(f'<td style="text-align:left{weight}">{html.escape(cell)}</td>' for cell in cells)
    return f"<tr>{row}</tr>"


def message_html(message: Message) -> str:
    """A mail as a mail program shows it: some header fields, the text, and what is attached."""
    tree = message.tree
    fields = "".join(
        f"<div><strong>{name}:</strong> {html.escape(value)}</div>"
        for name in ("From", "To", "Cc", "Reply-To", "Date", "Subject")
        if (value := field(tree, name))
    )
    attached = "".join(f"<li>{html.escape(described(part))}</li>" for part in attachments(tree))
    if attached:
        attached = f"<hr><div><strong>Attached:</strong></div><ul>{attached}</ul>"
    return f'<div style="{_BOX}">{fields}<hr>{body_html(tree)}{attached}</div>'


def body_html(tree: Part) -> str:
    """What there is to read in a mail: its HTML, made safe, or else its text."""
    body = body_of(tree)
    if body is None:
        return "<p>(no text)</p>"
    text = body.text()
    rest = f"<p>({len(text) - LONGEST_BODY:,} more characters)</p>" if len(text) > LONGEST_BODY else ""
    if body.kind == ("text", "html"):
        return f"<div>{safe_html(text[:LONGEST_BODY], images(tree))}</div>{rest}"
    return f'<pre style="white-space:pre-wrap">{html.escape(text[:LONGEST_BODY])}</pre>{rest}'


def leaves(part: Part) -> Iterator[Part]:
    """The parts that are no multiparts themselves; a mail within the mail is one part."""
    if part.kind[0] != "multipart":
        yield part
        return
    for each in part.parts:
        yield from leaves(each)


def body_of(tree: Part) -> Part | None:
    """The part to read: HTML if there is any, else text."""
    texts = [part for part in leaves(tree) if part.kind[0] == "text" and not _is_attached(part)]
    return next((part for part in texts if part.kind[1] == "html"), texts[0] if texts else None)


def attachments(tree: Part) -> list[Part]:
    """The parts to be listed below the text: neither texts to read nor pictures that belong to the HTML."""
    body = body_of(tree)
    shown = images(tree) if body is not None and body.kind[1] == "html" else {}
    return [
        part
        for part in leaves(tree)
        if _is_attached(part) or (part.kind[0] != "text" and _content_id(part) not in shown)
    ]


def images(tree: Part) -> dict[str, str]:
    """The pictures that a mail carries for its HTML, as `data:` URLs, by the `cid:` URL it has for them (RFC 2392)."""
    return {
        _content_id(
            part
        ): f"data:image/{part.kind[1]};base64,{base64.b64encode(part.decoded()).decode('ascii')}"
        for part in leaves(tree)
        if part.kind[0] == "image"
        and part.kind[1] in IMAGES
        and part.get("Content-ID")
        and part.size < LARGEST_IMAGE
    }


def _content_id(part: Part) -> str:
    return "cid:" + (part.get("Content-ID") or b"").decode("ascii", "replace").strip().strip("<>")


def _is_attached(part: Part) -> bool:
    disposition = part.value("Content-Disposition")
    return disposition is not None and disposition.text.strip().lower() == "attachment"


def described(part: Part) -> str:
    """An attachment in words."""
    return f"{file_name(part) or 'without a name'} ({'/'.join(part.kind)}, {size_of(part.decoded())})"


def file_name(part: Part) -> str:
    """The name of an attachment, "" if it has none (RFC 2183; other letters than ASCII: RFC 2231)."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        value = part.value(header)
        if value is None:
            continue
        extended = value.parameters.get(parameter + "*", b"").split(b"'", 2)
        if len(extended) == 3:
            return clean(unquote_to_bytes(extended[2]).decode("utf-8", "replace"))
        if parameter in value.parameters:
            return clean(decode_words(value.parameters[parameter]))
    return ""


def sender_of(message: Message) -> str:
    """Who the header says wrote the mail; the envelope's sender if it says nothing."""
    return field(message.tree, "From") or message.sender


def field(part: Part, name: str) -> str:
    """A header field for people to read: decoded, and cut if it is very long."""
    text = clean(" ".join(part.header_text(name).split()))
    return text if len(text) <= LONGEST_FIELD else text[: LONGEST_FIELD - 1] + "…"


def clean(text: str) -> str:
    """Text without control characters, those included that turn the direction of writing and so fake names."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)
