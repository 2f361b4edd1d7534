"""What a visitor keeps for us: it can be read, and not be changed."""

from __future__ import annotations

import hashlib
import hmac


def sign(value: str, secret: bytes) -> str:
    """The value and its signature, with a dot between them."""
    signature = hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()
    return f"{value}.{signature}"


def unsign(signed: str, secret: bytes) -> str | None:
    """The value, if its signature is ours; None otherwise."""
    value, _, _ = signed.rpartition(".")
    if not hmac.compare_digest(sign(value, secret).encode(), signed.encode()):
        return None
    return value
