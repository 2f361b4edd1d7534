"""A request as WSGI hands it over (PEP 3333), and the reply that goes back, with what HTTP asks of every reply."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

SMALL = 256  # bytes of content below which compression gains nothing
TEXT = ("text/", "application/json", "image/svg+xml")
HTML, JSON = "text/html; charset=utf-8", "application/json"
REVALIDATE, MINUTE, DAY = "no-cache", "max-age=60", "max-age=86400"  # how long a client may keep a reply


@dataclass(frozen=True)
class Visit:
    """What a client asks for.

    Attributes:
        environ: the request as WSGI gives it.
    """

    environ: dict[str, Any]

    @property
    def method(self) -> str:
        """Such as "GET"; HEAD counts as GET, whose content is left out at the end."""
        method = str(self.environ["REQUEST_METHOD"])
        return "GET" if method == "HEAD" else method

    @property
    def path(self) -> str:
        """The path of the target, unquoted; bytes that are not UTF-8 become a mark."""
        return str(self.environ.get("PATH_INFO") or "/").encode("latin-1").decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """The value of a header field, empty without one."""
        return str(self.environ.get("HTTP_" + name.upper().replace("-", "_"), ""))

    def query(self, name: str) -> str | None:
        """The first value of a parameter in the query."""
        return parse_qs(str(self.environ.get("QUERY_STRING", ""))).get(name, [None])[0]

    def cookie(self, name: str) -> str | None:
        """The value of a cookie that the client sent back."""
        try:
            morsel = SimpleCookie(self.header("Cookie")).get(name)
        except CookieError:
            return None
        return morsel.value if morsel else None

    def quality(self, field_name: str, offer: str) -> float:
        """How much the client likes an offer, from 0 to 1 (RFC 9110, section 12.4.2); 1 if it has not said.

        Args:
            field_name: "Accept" or "Accept-Encoding".
            offer: a media type such as "text/html", or a coding such as "gzip".
        """
        wishes: dict[str, float] = {}
        for item in self.header(field_name).lower().split(","):
            wish, *parameters = [part.strip() for part in item.split(";")]
            weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
            if wish:
                wishes[wish] = float(weight) if re.fullmatch(r"[01](\.\d{0,3})?", weight) else 0.0
        family = offer.partition("/")[0] + "/*"
        return next(
            (wishes[name] for name in (offer, family, "*/*", "*") if name in wishes), float(not wishes)
        )


@dataclass(frozen=True)
class Reply:
    """What goes back.

    Attributes:
        content: the bytes of the page, picture or file.
        kind: its media type.
        status: the status code.
        cache: the value of Cache-Control.
        headers: further header fields.
        ranges: whether parts of it can be asked for.
    """

    content: bytes = b""
    kind: str = HTML
    status: int = 200
    cache: str = REVALIDATE
    headers: Sequence[tuple[str, str]] = field(default=())
    ranges: bool = False

    def prepared(self, visit: Visit) -> Reply:
        """This reply as the client wants it: compressed, a part of it, or only "you have it already"."""
        if self.status != HTTPStatus.OK:
            return self
        ranged = visit.header("Range") if self.ranges else ""
        reply = self._compressed(visit) if not ranged else self
        tag = entity_tag(reply.content)
        reply = reply.plus(("ETag", tag))
        known = [each.strip().removeprefix("W/") for each in visit.header("If-None-Match").split(",")]
        if tag in known or "*" in known:
            return replace(reply, status=HTTPStatus.NOT_MODIFIED, content=b"")
        if ranged and visit.header("If-Range") in ("", tag):
            return reply._part(ranged)
        return reply

    def plus(self, *headers: tuple[str, str]) -> Reply:
        """This reply with further header fields."""
        return replace(self, headers=(*self.headers, *headers))

    def start(self) -> tuple[str, list[tuple[str, str]]]:
        """The status and the header fields, as WSGI's `start_response` wants them."""
        headers = [("Cache-Control", self.cache), *self.headers]
        if self.status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            headers += [("Content-Type", self.kind), ("Content-Length", str(len(self.content)))]
        return f"{self.status} {HTTPStatus(self.status).phrase}", headers

    def _compressed(self, visit: Visit) -> Reply:
        if len(self.content) < SMALL or not self.kind.startswith(TEXT):
            return self
        reply = self.plus(("Vary", "Accept-Encoding"))
        if not visit.header("Accept-Encoding") or not visit.quality("Accept-Encoding", "gzip"):
            return reply
        packed = gzip.compress(self.content, mtime=0)  # no date inside: the same page has the same tag
        return replace(reply.plus(("Content-Encoding", "gzip")), content=packed)

    def _part(self, wanted: str) -> Reply:
        """One part of the content (RFC 9110, section 14); what asks for several, or for nonsense, gets it all."""
        size = len(self.content)
        match = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted.replace(" ", ""))
        if not match or match.groups() == ("", ""):
            return self
        first, last = match.groups()
        start = int(first) if first else max(size - int(last), 0)
        end = min(int(last), size - 1) if first and last else size - 1
        if first and last and int(last) < int(first):
            return self
        if start >= size:
            return Reply(
                b"", "text/plain; charset=utf-8", 416, headers=(("Content-Range", f"bytes */{size}"),)
            )
        part = replace(self, status=206, content=self.content[start : end + 1])
        return part.plus(("Content-Range", f"bytes {start}-{end}/{size}"))


def entity_tag(content: bytes) -> str:
    """A strong validator: it changes with every byte of the content."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'
