"""What a Content-Security-Policy lets a page do: as much of CSP Level 3 as a small site needs."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

OURS = "https://ticker.example"
FETCHES = (
    "script-src", "style-src", "img-src", "connect-src", "object-src", "frame-src", "font-src", "media-src",
)  # fmt: skip


class Policy:
    """A policy as a browser reads it; the first directive of a name counts (CSP, section 2.2.1)."""

    def __init__(self, text: str) -> None:
        self.directives: dict[str, list[str]] = {}
        for part in text.split(";"):
            name, *sources = part.split()[:1] + part.split()[1:] if part.split() else [""]
            if name:
                self.directives.setdefault(name.lower(), sources)

    def sources(self, directive: str) -> list[str] | None:
        """The sources of a directive, or of `default-src` where that steps in; None if nothing is said."""
        found = self.directives.get(directive)
        if found is None and directive in FETCHES:
            return self.directives.get("default-src")
        return found

    def loads(self, directive: str, url: str) -> bool:
        """Whether a URL may be loaded, framed, sent to, or be the base."""
        sources = self.sources(directive)
        return sources is None or any(_fits(source.lower(), url) for source in sources)

    def inline(self, directive: str = "script-src") -> bool:
        """Whether what stands in the page itself may run; a nonce or a hash switches unsafe-inline off."""
        sources = self.sources(directive)
        if sources is None:
            return True
        guarded = any(source.lower().startswith(("'nonce-", "'sha")) for source in sources)
        return not guarded and any(source.lower() == "'unsafe-inline'" for source in sources)

    def eval(self) -> bool:
        """Whether text may be made a program."""
        sources = self.sources("script-src")
        return sources is None or any(source.lower() == "'unsafe-eval'" for source in sources)

    def unknown(self) -> Iterator[str]:
        """Words that look like keywords, and are none without their quotes."""
        words = {"self", "none", "unsafe-inline", "unsafe-eval"}
        for sources in self.directives.values():
            yield from (source for source in sources if source.lower() in words)


def _fits(source: str, url: str) -> bool:
    parts, own = urlsplit(url), urlsplit(OURS)
    if source == "'self'":
        return (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
    if source == "*":
        return parts.scheme in ("http", "https", "ws", "wss", own.scheme)
    if source.endswith(":"):
        return _scheme_fits(source[:-1], parts.scheme)
    wanted = urlsplit(source if "://" in source else f"//{source}")
    if parts.scheme not in ("http", "https") or not _scheme_fits(wanted.scheme or own.scheme, parts.scheme):
        return False
    host, _, port = wanted.netloc.partition(":")
    if port not in ("", "*", "443"):
        return False
    if host == "*" or host.startswith("*."):
        return (parts.hostname or "").endswith(host[1:])
    path = wanted.path  # one that ends with a slash is a folder (CSP, section 6.7.2.12)
    whole = parts.path.startswith(path) if not path or path.endswith("/") else parts.path == path
    return bool(host) and host == parts.hostname and whole


def _scheme_fits(wanted: str, came: str) -> bool:
    """Whether a scheme is the wanted one, or its secure form (CSP, section 6.7.2.8)."""
    return came == wanted or (wanted, came) == ("http", "https")
