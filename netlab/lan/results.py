"""What a ping and a traceroute found out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ping:
    """The result of one ping; true if it was answered.

    Attributes:
        target: the address that was asked.
        answered: whether it answered.
        seconds: how long the answer, or the error, took; None if nothing came.
        ttl: the answer's time to live when it arrived.
        error: what went wrong, in words; empty if nothing did.
        by: the address that reported the error.
    """

    target: str
    answered: bool
    seconds: float | None = None
    ttl: int | None = None
    error: str = ""
    by: str = ""

    def __bool__(self) -> bool:
        return self.answered

    def __repr__(self) -> str:
        if self.answered:
            assert self.seconds is not None
            return f"{self.target} answered: ttl {self.ttl}, {self.seconds * 1000:.3f} ms"
        return f"{self.target} did not answer: {self.error}{f', says {self.by}' if self.by else ''}"


@dataclass(frozen=True, slots=True)
class Path:
    """The result of a traceroute.

    Attributes:
        target: the address that was looked for.
        hops: who answered at each distance, None where nobody did.
        reached: whether the last of them is the target.
        error: why it ended before the target, in words.
    """

    target: str
    hops: tuple[str | None, ...]
    reached: bool
    error: str = ""

    def __repr__(self) -> str:
        lines = [f"{number:2}  {hop or '*'}" for number, hop in enumerate(self.hops, 1)]
        end = "" if self.reached else f"    {self.error or 'not reached'}"
        return "\n".join([f"to {self.target}", *lines, *([end] if end else [])])
