"""ENVELOPE and BODYSTRUCTURE: what a mail is, told without sending it (RFC 3501, section 7.4.2)."""

from __future__ import annotations

from netlab.servers.imap_syntax import listed, written
from netlab.servers.mime import Part
from netlab.servers.mime_fields import Value, addresses, parse_value, tokens

NIL = b"NIL"


def envelope(message: Part) -> bytes:
    """Date, subject, from, sender, reply-to, to, cc, bcc, in-reply-to, message-id."""
    sender = _addresses(message, "From")
    answer_to = [_addresses(message, name) for name in ("Sender", "Reply-To")]
    others = [_addresses(message, name) for name in ("To", "Cc", "Bcc")]
    return listed(
        [
            written(message.get("Date")),
            written(message.get("Subject")),
            sender,
            *(each if each != NIL else sender for each in answer_to),
            *others,
            written(message.get("In-Reply-To")),
            written(message.get("Message-ID")),
        ]
    )


def _addresses(message: Part, name: str) -> bytes:
    raw = message.get(name)
    if raw is None:
        return NIL
    found = [
        listed([written(each.name), NIL, written(each.local), written(each.domain)])
        for each in addresses(raw)
    ]
    return b"(" + b"".join(found) + b")" if found else NIL


def body_structure(part: Part, *, extended: bool) -> bytes:
    """The tree of parts with their types and sizes.

    Args:
        part: a mail or a part of one.
        extended: BODYSTRUCTURE, with disposition and language; without them it is BODY.
    """
    content = part.value("Content-Type") or Value("", {})
    if part.kind[0] == "multipart":
        parts = b"".join(body_structure(each, extended=extended) for each in part.parts)
        items = [parts, written(part.kind[1].upper().encode())]
        if extended:
            items.append(_parameters(content))
    else:
        items = [*_basic(part, content), *_by_type(part, extended=extended)]
        if extended:
            items.append(written(part.get("Content-MD5")))
    if extended:
        items += [_disposition(part), _language(part), written(part.get("Content-Location"))]
    return listed(items)


def _basic(part: Part, content: Value) -> list[bytes]:
    main, sub = (each.upper().encode() for each in part.kind)
    is_plain = part.kind == ("text", "plain")
    if is_plain and not content.text.lower().startswith("text/"):  # what a mail is that does not say it
        content = Value("text/plain", {"charset": b"us-ascii"})
    encoding = part.get("Content-Transfer-Encoding") or b"7bit"
    return [
        written(main),
        written(sub),
        _parameters(content),
        written(part.get("Content-ID")),
        written(part.get("Content-Description")),
        written(encoding.upper()),
        b"%d" % part.size,
    ]


def _by_type(part: Part, *, extended: bool) -> list[bytes]:
    lines = b"%d" % part.lines
    if part.kind == ("message", "rfc822"):
        inner = part.parts[0]
        return [envelope(inner), body_structure(inner, extended=extended), lines]
    return [lines] if part.kind[0] == "text" else []


def _parameters(value: Value) -> bytes:
    pairs = [
        written(each)
        for name, text in value.parameters.items()
        for each in (name.upper().encode("ascii", "replace"), text)
    ]
    return listed(pairs) if pairs else NIL


def _disposition(part: Part) -> bytes:
    raw = part.get("Content-Disposition")
    if raw is None:
        return NIL
    value = parse_value(raw)
    return listed([written(value.text.upper().encode("ascii", "replace")), _parameters(value)])


def _language(part: Part) -> bytes:
    raw = part.get("Content-Language")
    words = [written(text) for kind, text in tokens(raw or b"") if kind != "sign"]
    return listed(words) if words else NIL
