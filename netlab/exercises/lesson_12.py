"""The exercises of lesson 12, encryption: fingerprints and tags."""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

Errors = dict[type[BaseException], str]
PIECE = 65536
SHORT = 'A read may bring less than it asked for, as with sockets: only `b""` is the end.'
LARGEST_BUFFER = 1 << 20
BIG = 16 << 20  # bytes of the file that may not be in memory at once


class _LinesError(MemoryError):
    """Raised when a line is asked for: a file may be a single one."""


class _BigFile(io.RawIOBase):
    """A file that does not fit into memory: whoever asks for all of it gets an error; some reads are short."""

    def __init__(self, data: bytes, piece: int = PIECE) -> None:
        self._data = data
        self._place = 0
        self._piece = piece

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """At most one piece."""
        if size is None or not 0 <= size <= PIECE:
            raise MemoryError("more was asked for than fits into memory")
        begin = self._place
        self._place = min(begin + min(size, self._piece), len(self._data))
        return self._data[begin : self._place]

    def readinto(self, buffer: Any) -> int:
        """At most one piece, into a buffer of the caller's, as `hashlib.file_digest` reads."""
        if len(buffer) > LARGEST_BUFFER:
            raise MemoryError("more was asked for than fits into memory")
        piece = self.read(min(len(buffer), PIECE))
        buffer[: len(piece)] = piece
        return len(piece)

    def readline(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002
        """No lines here."""
        raise _LinesError("a line may be as long as the file")

    def __next__(self) -> bytes:
        return self.readline()


def _most_memory(call: Callable[[], Any]) -> int:
    """How many bytes a call held at once, at the most."""
    tracing = tracemalloc.is_tracing()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not tracing:
            tracemalloc.stop()


def _wrong_hashes(data: bytes, piece: int) -> Wrong:
    """What comes of the usual mistakes, for a file that is read in pieces of a size."""
    pieces = [data[i : i + piece] for i in range(0, len(data), piece)]
    one = "That is the hash of one piece. One hash object for all of them, made before the loop."
    wrong: list[tuple[Any, str]] = [
        (lambda v: isinstance(v, bytes), "64 hex digits are asked for: `.hexdigest()`."),
        (hashlib.md5(data, usedforsecurity=False).hexdigest(), "That is MD5. SHA-256 is `hashlib.sha256`."),
    ]
    if len(pieces) > 1:
        wrong.append((hashlib.sha256(pieces[-1]).hexdigest(), one))
        wrong.append((hashlib.sha256(pieces[0]).hexdigest(), one if piece == PIECE else SHORT))
    if data:
        wrong.append((hashlib.sha256(b"").hexdigest(), "That is the hash of nothing: was anything read?"))
    return wrong


@exercise(
    "12-checksum",
    title="The hash of a big file",
    objective="12-o1",
    points=1,
    hints=(
        "`digest = hashlib.sha256()` makes a hash object that has seen nothing yet.",
        "`while piece := stream.read(65536):` goes on until the end.",
        "`digest.update(piece)` for each piece; after the loop, once: `digest.hexdigest()`.",
    ),
    passed="A terabyte costs you 64 KiB of memory.",
)
def checksum(t: Trial, checksum: Callable[[Any], str]) -> None:
    """A hash in pieces."""
    too_much: Errors = {
        _LinesError: "A line ends at a newline, and ten years of ticks may have none: ask for pieces, `stream.read(65536)`.",
        MemoryError: "Read in pieces: `stream.read(65536)` in a loop. `read()` alone takes the whole file into memory.",
    }
    if callable(checksum):
        too_much[TypeError] = (
            "`hashlib` takes bytes, and `update` returns nothing: keep the hash object, and update it."
        )
    several = bytes(range(251)) * 700
    files = {
        "a small file": (b"AAPL 430.47\n", PIECE, ""),
        "a file of several pieces": (several, PIECE, ""),
        "short reads": (several, 1000, SHORT),
        "an empty file": (b"", PIECE, ""),
    }
    for what, (data, piece, advice) in files.items():
        with t.case(what, too_much) as case:
            right = hashlib.sha256(data).hexdigest()
            case.expect(checksum(_BigFile(data, piece)), right, _wrong_hashes(data, piece), advice=advice)
    if not all(result.passed for result in t.results):
        return
    with t.case("a file larger than the memory it may use", too_much) as case:
        file = _BigFile(bytes(BIG))
        most = _most_memory(lambda: checksum(file))
        words = "The pieces were all kept, or joined: give each one to `update`, and let go of it."
        case.expect_that(most < BIG // 4, "a few pieces in memory", f"{most >> 20} MiB of {BIG >> 20}", words)


def _calls(call: Callable[[], Any]) -> set[str]:
    """The names of the built-in functions that a call calls, however they were imported."""
    seen: set[str] = set()

    def watch(frame: FrameType, event: str, called: Any) -> None:  # noqa: ARG001
        if event == "c_call":
            seen.add(getattr(called, "__name__", ""))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(before)
    return seen


@exercise(
    "12-tag",
    title="A tag on every order",
    objective="12-o1",
    points=2,
    hints=(
        "`hmac.new(key, message, hashlib.sha256).digest()` is the tag: 32 bytes.",
        "`tag, message = sealed[:32], sealed[32:]` takes it apart. Then make the tag yourself, and compare.",
        "Compare with `hmac.compare_digest(tag, right)`; if it is False, raise ValueError.",
    ),
    passed="Nobody without the key makes an order that you accept, and your comparison tells their clock nothing.",
)
def tag(t: Trial, seal: Callable[[bytes, bytes], bytes], unseal: Callable[[bytes, bytes], bytes]) -> None:
    """HMAC on messages, and forgeries of several kinds."""
    key, message = os.urandom(32), b"BUY 10 AAPL"
    right = hmac.new(key, message, hashlib.sha256).digest()
    with t.case("a message is sealed") as case:
        plain = "That is a hash with the key glued on. With SHA-256 others can glue on more, without the key (length extension); HMAC is made so that they cannot: `hmac.new`."
        wrong: Wrong = [
            (message + right, "The tag stands in front, the message behind it."),
            (right, "The message is missing behind the tag."),
            (hashlib.sha256(message).digest() + message, "Where is the key? Anybody can make that."),
            (hashlib.sha256(key + message).digest() + message, plain),
            (hashlib.sha256(message + key).digest() + message, plain),
            (hmac.new(message, key, hashlib.sha256).digest() + message, "The key comes first, then the message."),
            (hmac.new(key, message, hashlib.sha256).hexdigest().encode() + message, "32 bytes, not 64 hex digits: `.digest()`."),
        ]  # fmt: skip
        case.expect(seal(key, message), right + message, wrong, advice="The HMAC-SHA256, then the message.")
    with t.case("and opened") as case:
        wrong = [(right + message, "Return the message without its tag.")]
        case.expect(bytes(unseal(key, right + message)), message, wrong)
    with t.case("an empty message") as case:
        empty = hmac.new(key, b"", hashlib.sha256).digest()
        case.expect(bytes(unseal(key, empty)), b"", advice="An empty message is a message.")
    forgeries = {
        "a changed message": right + b"BUY 90 AAPL",
        "a changed tag": bytes([right[0] ^ 1]) + right[1:] + message,
        "a tag whose last bit is changed": right[:-1] + bytes([right[-1] ^ 1]) + message,
        "the tag of another key": hmac.new(b"another", message, hashlib.sha256).digest() + message,
        "the tag of another message": hmac.new(key, b"BUY 90 AAPL", hashlib.sha256).digest() + message,
        "a hash without a key": hashlib.sha256(message).digest() + message,
        "nothing at all": b"",
        "half a tag": right[:16],
    }
    asserted = "`assert` is for your own mistakes, and `python -O` leaves it out: `if` the tag does not fit, `raise ValueError`."
    for what, forged in forgeries.items():
        with t.case(what, {AssertionError: asserted}) as case:
            words = "No ValueError came: raise one unless the whole tag fits."
            case.expect_error(ValueError, lambda forged=forged: unseal(key, forged), words)  # type: ignore[misc]
    with t.case("with a clock that measures how long you compare") as case:
        called = _calls(lambda: unseal(key, right + message))
        words = "`==`, `in` and `startswith` may stop at the first byte that differs, and their time tells where: `hmac.compare_digest`."
        # `verify` is what the HMAC of `cryptography` has; it compares in constant time too.
        constant = not called.isdisjoint({"compare_digest", "verify"})
        case.expect_that(constant, "tags compared in constant time", "a comparison that may stop early", words)  # fmt: skip


from netlab.exercises import (  # noqa: E402
    lesson_12_boxes,  # noqa: F401
    lesson_12_certificates,  # noqa: F401
    lesson_12_context,  # noqa: F401
    lesson_12_quizzes,  # noqa: F401
    lesson_12_signed,  # noqa: F401
    lesson_12_wire,  # noqa: F401
)
