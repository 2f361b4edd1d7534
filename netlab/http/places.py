"""A URL taken apart: where its server is, and what to ask it for."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from netlab.errors import OptionError
from netlab.http.messages import Headers, Request, Response

PORTS = {"http": 80, "https": 443}

Place = tuple[str, str, int]  # scheme, host, port: what a connection belongs to


def split_url(url: str) -> tuple[SplitResult, Place]:
    """The parts of a URL, and the place where its server is.

    Raises:
        OptionError: for what cannot be fetched over HTTP.
    """
    refusal = f"{url!r} cannot be fetched: a URL begins with http:// or https:// and a host."
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "") if parts.scheme in PORTS else ""
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    except (ValueError, AttributeError, TypeError) as error:  # a port that is none, an open bracket, no text
        raise OptionError(f"{refusal} ({error})") from None
    if not host or any(character <= " " for character in host):
        raise OptionError(refusal)
    return parts, (parts.scheme, host, PORTS[parts.scheme] if port is None else port)


def request_for(parts: SplitResult, place: Place, kept: Response | None) -> bytes:
    """A GET request; with a kept answer that has a mark it asks whether that is still right (RFC 9110, 13.1.2)."""
    scheme, host, port = place
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    named = f"[{host}]" if ":" in host else host
    headers = [("Host", named if port == PORTS[scheme] else f"{named}:{port}"), ("User-Agent", "netlab")]
    if kept and (tag := kept.headers.get("ETag")):
        headers.append(("If-None-Match", tag))
    return Request("GET", target, Headers(headers)).pack()


def system_resolver(host: str) -> str:
    """An address that the system gives for a name, IPv4 before IPv6: netlab's servers listen there."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return str(min(found, key=lambda each: each[0] != socket.AF_INET)[4][0])


def literal(host: str) -> str | None:
    """The host itself if it is an address and no name."""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address(host))
    return None
