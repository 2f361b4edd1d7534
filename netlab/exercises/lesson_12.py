"""The exercises of lesson 12, encryption: fingerprints, tags, signatures."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

Errors = dict[type[BaseException], str]
PIECE = 65536
TAG = 32


class _BigFile(io.RawIOBase):
    """A file that does not fit into memory: whoever asks for all of it gets an error; some reads are short."""

    def __init__(self, data: bytes, piece: int = PIECE) -> None:
        self._left = data
        self._piece = piece

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """At most one piece."""
        if size is None or not 0 <= size <= PIECE:
            raise MemoryError("more was asked for than fits into memory")
        size = min(size, self._piece)
        piece, self._left = self._left[:size], self._left[size:]
        return piece


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
        MemoryError: "Read in pieces: `stream.read(65536)` in a loop. `read()` alone takes the whole file into memory.",
        TypeError: "`hashlib` takes bytes, and `update` returns nothing: keep the hash object, and update it.",
    }
    last = "That is the hash of one piece. One hash object for all of them, made before the loop."
    with t.case("a small file", too_much) as case:
        data = b"AAPL 430.47\n"
        wrong: Wrong = [
            (lambda v: isinstance(v, bytes), "64 hex digits are asked for: `.hexdigest()`."),
            (
                hashlib.md5(data, usedforsecurity=False).hexdigest(),
                "That is MD5. SHA-256 is `hashlib.sha256`.",
            ),
            (hashlib.sha256(b"").hexdigest(), "That is the hash of nothing: was anything read?"),
        ]
        case.expect(checksum(_BigFile(data)), hashlib.sha256(data).hexdigest(), wrong)
    with t.case("a file of several pieces", too_much) as case:
        data = bytes(range(251)) * 700
        pieces = [data[i : i + PIECE] for i in range(0, len(data), PIECE)]
        wrong = [
            (hashlib.sha256(pieces[-1]).hexdigest(), last),
            (hashlib.sha256(pieces[0]).hexdigest(), last),
        ]
        case.expect(checksum(_BigFile(data)), hashlib.sha256(data).hexdigest(), wrong)
    with t.case("short reads", too_much) as case:
        words = 'A read may bring less than it asked for, as with sockets: only `b""` is the end.'
        came = checksum(_BigFile(data, piece=1000))
        case.expect(came, hashlib.sha256(data).hexdigest(), advice=words)
    with t.case("an empty file", too_much) as case:
        case.expect(checksum(_BigFile(b"")), hashlib.sha256(b"").hexdigest())


class _Watched(bytes):
    """Bytes that notice when they are compared with `==`; so do their slices."""

    compared = False

    def __getitem__(self, index: Any) -> Any:
        piece = super().__getitem__(index)
        return _Watched(piece) if isinstance(piece, bytes) else piece

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bytes) and len(other) == TAG:
            _Watched.compared = True
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = bytes.__hash__


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
    passed="Nobody without the key makes an order that you accept, and no clock helps them.",
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
    for what, forged in forgeries.items():
        with t.case(what) as case:
            words = "That was accepted: raise ValueError unless the whole tag fits."
            case.expect_error(ValueError, lambda forged=forged: unseal(key, forged), words)  # type: ignore[misc]
    with t.case("with a clock that measures how long you compare") as case:
        _Watched.compared = False
        unseal(key, _Watched(right + message))
        words = (
            "`==` may stop at the first byte that differs, and its time tells where: `hmac.compare_digest`."
        )
        case.expect_that(
            not _Watched.compared, "a comparison in constant time", "tags compared with ==", words
        )


@exercise(
    "12-signed",
    title="A signed price list",
    objective="12-o1",
    points=2,
    hints=(
        "`data = json.dumps(prices).encode()`, and `private_key.sign(data) + data`.",
        "`signature, data = data[:64], data[64:]`, and `public_key.verify(signature, data)` before anything else.",
        "`verify` returns nothing: it raises `InvalidSignature`. Turn that into a ValueError.",
        "Verify the bytes that came. To write the JSON anew would give other bytes for a list of another program.",
    ),
    passed="Your list may travel by mail, by FTP, on a stick: it is yours, or it is refused.",
)
def signed(
    t: Trial,
    sign_list: Callable[[Ed25519PrivateKey, dict[str, float]], bytes],
    read_list: Callable[[Any, bytes], dict[str, float]],
) -> None:
    """A price list with an Ed25519 signature in front."""
    private, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public, prices = private.public_key(), {"AAPL": 430.47, "IBM": 202.91}
    anew = "The bytes that came are what was signed. You write the JSON anew, with other blanks or in another order."
    raw: Errors = {
        InvalidSignature: "`verify` raises InvalidSignature; ValueError is asked for: catch and raise."
    }

    def sign(data: bytes, key: Ed25519PrivateKey = private) -> bytes:
        return key.sign(data) + data

    with t.case("a list is signed") as case:
        _is_signed(case, public, sign_list(private, prices), prices)
    with t.case("and read", raw) as case:
        wrong: Wrong = [
            (lambda v: v is True, "Return the prices, not that they are genuine."),
            (lambda v: isinstance(v, (bytes, str)), "Prices are a dictionary: `json.loads`."),
        ]
        case.expect(read_list(public, sign(json.dumps(prices).encode())), prices, wrong)
    with t.case(
        "one of another program, with other blanks", {InvalidSignature: anew, ValueError: anew}
    ) as case:
        spaced = json.dumps(prices, indent=2, sort_keys=True).encode()
        case.expect(read_list(public, sign(spaced)), prices, advice=anew)
    good = sign(json.dumps(prices).encode())
    forgeries = {
        "a changed price": good.replace(b"430.47", b"930.47"),
        "a changed signature": bytes([good[0] ^ 1]) + good[1:],
        "signed by somebody else": sign(json.dumps(prices).encode(), stranger),
        "not signed at all": json.dumps(prices).encode().rjust(64 + 40),
        "no JSON, and not signed": bytes(64) + b"\xff\xfe",
        "nothing": b"",
    }
    for what, forged in forgeries.items():
        with t.case(what, raw) as case:
            words = "Prices came of it. Verify first; if it fails, raise ValueError, and return nothing."
            case.expect_error(ValueError, lambda forged=forged: read_list(public, forged), words)  # type: ignore[misc]


def _is_signed(case: Case, public: Any, came: Any, prices: dict[str, float]) -> None:
    """Whether what came is a signature, and JSON behind it."""
    case.expect_that(isinstance(came, bytes), "bytes", type(came).__name__, "Signature and JSON, both bytes.")
    try:
        public.verify(came[:64], came[64:])
    except InvalidSignature:
        behind = "The signature has 64 bytes and stands in front; it is over exactly the bytes behind it."
        case.fail("a signature over what stands behind it", "another one, or none", behind)
    try:
        written = json.loads(came[64:])
    except ValueError:
        case.fail("JSON behind the signature", repr(came[64:104]), "`json.dumps(prices).encode()`.")
    case.expect(written, prices)


from netlab.exercises import lesson_12_boxes, lesson_12_certificates, lesson_12_quizzes, lesson_12_wire  # noqa: E402,F401
