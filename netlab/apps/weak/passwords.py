"""Passwords as they are kept. Weak: a fast hash, the same for all who chose the same. Mended: Argon2id (RFC 9106)."""

from __future__ import annotations

import functools
import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

# Argon2id, as little as OWASP's cheat sheet allows: two passes over 19 MiB. Salt and cost stand in each hash.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def weak_keep(password: str) -> str:
    """SHA-256: made to be fast, so it is fast for a thief, too."""
    return hashlib.sha256(password.encode()).hexdigest()


@functools.cache  # the site is started often, and each hash is slow on purpose
def mended_keep(password: str) -> str:
    """A hash that is slow to compute and needs much memory."""
    return hasher.hash(password)


def fits(kept: str, password: str) -> bool:
    """Whether a password is the one of an Argon2id hash."""
    try:
        return hasher.verify(kept, password)
    except VerificationError:
        return False


def keep(password: str, *, mended: bool) -> str:
    """What is written into the database."""
    return mended_keep(password) if mended else weak_keep(password)
