"""The fields of a request to the SMS gateway: read from a form or from JSON, and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from netlab.servers.base import check_loopback
from netlab.servers.sms_rules import MOST_FIELDS, RefusedError, Result

FORM, JSON = "application/x-www-form-urlencoded", "application/json"

Fields = Mapping[str, Any]


def read_fields(kind: str, content: bytes) -> Fields:
    """The fields that a content of some type holds.

    Args:
        kind: the value of Content-Type.
        content: the bytes of the request.

    Raises:
        RefusedError: WRONG_TYPE or MALFORMED.
    """
    kind = kind.partition(";")[0].strip().lower()
    if kind == JSON:
        return read_json(content)
    if kind == FORM:
        return read_form(content)
    words = f"Content-Type {kind[:60]!r}: send {FORM} or {JSON}"
    raise RefusedError(Result.WRONG_TYPE, words, Accept=f"{FORM}, {JSON}")


def read_json(content: bytes) -> Fields:
    """The fields of a JSON object (RFC 8259); a name that comes twice would mean something else to each reader."""
    try:
        fields = json.loads(content.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise RefusedError(Result.MALFORMED, "the content is not JSON") from None
    if not isinstance(fields, dict):
        raise RefusedError(Result.MALFORMED, "the JSON is not an object")
    return fields


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise RefusedError(Result.MALFORMED, f"the field {twice[:60]!r} comes twice")
    return fields


def read_form(content: bytes) -> Fields:
    """The fields of a form; `values[share]=AAPL` is how one writes a field inside another."""
    try:
        pairs = parse_qsl(
            content.decode("utf-8"),
            keep_blank_values=True,
            strict_parsing=bool(content),
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise RefusedError(Result.MALFORMED, "the content is not a form") from None
    fields: dict[str, Any] = {}
    for name, value in pairs:
        inner = re.fullmatch(r"values\[(\w+)\]", name)
        place = fields.setdefault("values", {}) if inner else fields
        if not isinstance(place, dict) or (inner[1] if inner else name) in place:
            raise RefusedError(Result.MALFORMED, f"the field {name[:60]!r} comes twice")
        place[inner[1] if inner else name] = value
    return fields


def check_fields(fields: Fields, needed: Set[str], others: Set[str] = frozenset()) -> None:
    """Refuse a request whose fields are not those that are known, or are no text.

    Raises:
        RefusedError: BAD_FIELD, with the field's name.
    """
    for name in sorted(needed - set(fields)):
        raise RefusedError(Result.BAD_FIELD, f"the field {name!r} is missing")
    for name, value in fields.items():
        if name not in needed | others:
            known = ", ".join(sorted(needed | others))
            raise RefusedError(Result.BAD_FIELD, f"there is no field {name[:60]!r}; there are: {known}")
        if name != "values":
            _check_text(name, value)
        elif not isinstance(value, Mapping):
            raise RefusedError(Result.BAD_FIELD, "the field 'values' must be an object")
        else:
            for inner, text in value.items():
                _check_text(inner, text)


def _check_text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise RefusedError(Result.BAD_FIELD, f"the field {name[:60]!r} must be text")
    if not is_encodable(value):
        raise RefusedError(Result.BAD_FIELD, f"the field {name[:60]!r} has half a character in it")


def is_encodable(text: str) -> bool:
    """Whether a text has only whole characters: JSON can carry half a surrogate pair."""
    return not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def check_callback(url: str) -> str:
    """Return a callback that the gateway may tell, refuse any that leads off this machine.

    Raises:
        RefusedError: BAD_CALLBACK.
    """
    if url and not _leads_here(url):
        raise RefusedError(Result.BAD_CALLBACK)
    return url


def _leads_here(url: str) -> bool:
    """Whether a URL is one that every reader takes for a port of this machine."""
    if not (url.isascii() and url.isprintable()) or set(url) & set(' \\"<>^`{|}'):  # RFC 3986, section 2
        return False
    try:
        parts = urlsplit(url)
        check_loopback(parts.hostname or "")
        return parts.scheme in ("http", "https") and bool(parts.port) and "@" not in parts.netloc
    except ValueError:  # OptionError is one
        return False
