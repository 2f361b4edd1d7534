"""Passwords: kept as Argon2id hashes (RFC 9106), slow to guess by design."""

from __future__ import annotations

import base64
import secrets

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10  # characters; no other rules: length is what counts (NIST SP 800-63B)
LONGEST = 200
COMMON = frozenset(
    (
        "1234567890",
        "0123456789",
        "123123123123",
        "111111111111",
        "qwertyuiop",
        "qwertyuiop123",
        "qwerty123456",
        "password123",
        "password1234",
        "passwordpassword",
        "1q2w3e4r5t",
        "1qaz2wsx3edc",
        "iloveyou123",
        "abcdefghij",
        "abcdefghijkl",
        "letmein123456",
        "administrator",
        "football123",
        "baseball123",
        "sunshine123",
        "princess123",
        "welcome12345",
        "changeme123",
        "tickerticker",
    )
)


class Passwords:
    """Makes and checks hashes.

    Args:
        time_cost: passes over the memory.
        memory_cost: KiB.
        parallelism: lanes.
    """

    def __init__(self, time_cost: int = 3, memory_cost: int = 65536, parallelism: int = 4) -> None:
        self._hasher = PasswordHasher(time_cost, memory_cost, parallelism, type=Type.ID)
        self._nobody = self._no_hash()

    def hash(self, password: str) -> str:
        """A new hash, with a salt of its own and its parameters inside."""
        return self._hasher.hash(password)

    def is_right(self, password: str, kept: str | None) -> bool:
        """Whether a password fits a hash.

        Args:
            password: what was typed.
            kept: the hash; None if there is no such user: it takes as long, so that time tells nobody
                which accounts exist.
        """
        try:
            self._hasher.verify(kept if kept is not None else self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _no_hash(self) -> str:
        """What looks like a hash of today and is none: to compute one, each start would wait a tenth of a second."""
        made = self._hasher
        lengths = made.salt_len, made.hash_len
        salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in lengths)
        costs = f"m={made.memory_cost},t={made.time_cost},p={made.parallelism}"
        return f"$argon2id$v=19${costs}${salt}${digest}"


def weakness(password: str, email: str = "") -> str | None:
    """What makes a new password too easy to guess, as a sentence; None if nothing does."""
    lowered = password.lower()
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; a few words that only you combine are good."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if lowered in COMMON or len(set(lowered)) < 4:
        return "This is among the first passwords that anyone would try."
    if email and lowered in (email.lower(), email.lower().partition("@")[0]):
        return "Do not use your mail address as your password."
    return None
