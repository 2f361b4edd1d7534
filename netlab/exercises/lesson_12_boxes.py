"""The exercises of lesson 12 on encryption: a nonce for each message, and a feed under numbers."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

Errors = dict[type[BaseException], str]

BROKEN = """
def encrypt(key, text):
    return AESGCM(key).encrypt(b"ticker-nonce", text.encode(), None)


def decrypt(key, data):
    return AESGCM(key).decrypt(b"ticker-nonce", data, None).decode()
"""


@exercise(
    "12-nonce",
    title="A bug: good in every test",
    objective="12-o2",
    points=2,
    starter=BROKEN,
    hints=(
        "Encrypt two texts with one key. What did the eavesdropper do with such a pair?",
        "`nonce = secrets.token_bytes(12)`, inside `encrypt`, so that each call makes another one.",
        "The receiver needs it, and it is not secret: return `nonce + ciphertext`, and take it apart in `decrypt`: `data[:12]`, `data[12:]`.",
    ),
    passed="Each message has a nonce of its own, and brings it along.",
)
def nonce(t: Trial, encrypt: Callable[[bytes, str], bytes], decrypt: Callable[[bytes, bytes], str]) -> None:
    """AES-GCM whose nonce is new each time."""
    key = AESGCM.generate_key(bit_length=256)
    text, other = "AAPL 430.47", "IBM  202.91"
    alone = "`decrypt` gets the key and what `encrypt` returned, and nothing else: send the nonce along, in front."
    lost: Errors = {InvalidTag: alone, NameError: alone}
    with t.case("it returns bytes") as case:
        came = encrypt(key, text)
        words = "`encrypt` has to return bytes, all of it in one: nonce + ciphertext."
        case.expect_that(isinstance(came, (bytes, bytearray)), "bytes", type(came).__name__, words)
        words = "That is a token of Fernet's, which has a key of its own kind. Here AES-GCM is asked for, with a nonce of yours."
        case.expect_that(
            not came.startswith(b"gAAAA"), "a nonce, a text, a tag", "a token of Fernet's", words
        )
    if not t.results[-1].passed:
        return
    with t.case("what is encrypted can be decrypted", lost) as case:
        case.expect(decrypt(key, encrypt(key, text)), text)
    with t.case("in another order", lost) as case:
        first, second = encrypt(key, text), encrypt(key, other)
        case.expect((decrypt(key, second), decrypt(key, first)), (other, text), advice=alone)
    complete = all(result.passed for result in t.results)
    _nonces_are_new(t, encrypt, key)
    with t.case("no more than needed") as case:
        words = "12 bytes of nonce, the text, 16 bytes of tag. A nonce is not secret: it needs no encryption."
        bare = "The nonce is there, and no tag: anybody could change a price. AES-GCM makes both." if complete else alone  # fmt: skip
        written = "Base64 makes it longer by a third. Bytes may go as they are."
        case.expect(len(encrypt(key, text)), 12 + len(text) + 16, [(len(text) + 16, bare), (52, written)], advice=words)  # fmt: skip
    with t.case("a message that was changed") as case:
        data = bytearray(encrypt(key, text))
        data[14] ^= 1
        words = "A changed message has to raise InvalidTag: leave it to GCM."
        case.expect_error(InvalidTag, lambda: decrypt(key, bytes(data)), words)


def _nonces_are_new(t: Trial, encrypt: Callable[[bytes, str], bytes], key: bytes) -> None:
    """Whether no nonce comes twice, nor can be foretold: from two messages, a thousand, a restart, a seed."""
    text, other = "AAPL 430.47", "IBM  202.91"
    with t.case("an eavesdropper with two messages") as case:
        seen = [encrypt(key, each) for each in (text, other)]
        xored = bytes(a ^ b for a, b in zip(*(each[-27:-16] for each in seen), strict=True))
        same = xored == bytes(a ^ b for a, b in zip(text.encode(), other.encode(), strict=True))
        words = "XOR of the two ciphertexts is XOR of the two texts: the nonce is the same in both calls. Make it inside `encrypt`, so that each call makes another one."
        case.expect_that(not same, "noise", "the XOR of the two texts", words)
    with t.case("a thousand times the same text") as case:
        different = {bytes(encrypt(key, text)) for _ in range(1000)}
        if len(different) == 1:
            words = "The same text gives the same bytes, so everybody sees that the price has not moved. The nonce has to come from `secrets.token_bytes`, at each call."
        else:
            words = "Among so many, two nonces were equal: take 12 random bytes, no fewer."
        case.expect_that(len(different) == 1000, "1000 different ones", f"{len(different)} different", words)
    if not t.results[-1].passed:
        return
    with t.case("after a restart") as case:
        parts = [{message[at : at + 4] for message in different} for at in (0, 8)]
        words = "Some bytes of the nonce hardly change: a counter or a clock? A counter begins again after a restart, and clocks are set back. Random bytes need no memory."
        case.expect_that(min(map(len, parts)) > 900, "nonces of random bytes", "nonces that can be foretold", words)  # fmt: skip
    with t.case("when `random` is seeded as before") as case:
        twice = set()
        for _ in range(2):
            random.seed(12)
            twice.add(bytes(encrypt(key, text)))
        words = "`random` gives the same numbers after the same seed, and then your nonces come again: `secrets.token_bytes(12)`."
        case.expect_that(len(twice) == 2, "another nonce", "the same nonce", words)


def _numbered(key: bytes, quotes: Iterable[str]) -> list[bytes]:
    return [
        AESGCM(key).encrypt(number.to_bytes(12, "big"), quote.encode(), None)
        for number, quote in enumerate([*quotes, ""])
    ]


def _and_then_nothing(frames: Iterable[bytes]) -> Iterator[bytes]:
    """Frames, and then a silence without an end."""
    yield from frames
    raise TimeoutError("nothing comes, and nobody hangs up")


@exercise(
    "12-feed",
    title="A feed that nobody cuts, repeats or reorders",
    objective="12-o2",
    points=3,
    hints=(
        "`for number, frame in enumerate(frames):` counts for you, from 0.",
        '`AESGCM(key).decrypt(number.to_bytes(12, "big"), frame, None)` opens a frame at its place, and raises `InvalidTag` at any other.',
        "`except InvalidTag: raise ValueError(…) from None`. An empty text is the end: return what you have.",
        "And if the loop ends without it? Then somebody has cut the feed: raise ValueError behind the loop.",
    ),
    passed="That is, in small, how TLS 1.3 guards its records.",
)
def feed(t: Trial, receive: Callable[[bytes, Any], list[str]]) -> None:
    """A numbered feed, and all that a man in the middle can do to it."""
    key = AESGCM.generate_key(bit_length=256)
    quotes = ["AAPL 441.40", "AAPL 430.47", "AAPL 420.05"]
    one, two, three, end = frames = _numbered(key, quotes)
    place = 'The nonce of a frame is its number, in 12 bytes: `number.to_bytes(12, "big")`, from 0.'
    raw: Errors = {InvalidTag: place}
    iterable = "`frames` may be any iterable, read once: loop over it."
    wide = 'A byte only counts to 255, and the feed goes on. The whole nonce is the number: `number.to_bytes(12, "big")`.'
    with t.case("a whole feed", raw) as case:
        wrong: Wrong = [
            ([*quotes, ""], "The empty frame marks the end; it is no quote."),
            (lambda v: isinstance(v, list) and v and isinstance(v[0], bytes), "Quotes are str: `.decode()`."),
            (lambda v: hasattr(v, "__next__"), "A list is asked for; a generator would give quotes away before it knows the end."),
        ]  # fmt: skip
        try:
            came = receive(key, frames)
        except TypeError as error:
            if "buffer" in str(error):
                case.errors = {TypeError: place}
            elif "not an iterator" in str(error):
                case.errors = {TypeError: iterable}
            raise
        except ValueError as error:
            opened = error.__context__ is None and "Nonce" not in str(error)
            missed = "Every frame opened, and the end was not seen: an empty text is the end, so return what you have."
            case.errors = {ValueError: missed if opened else place}
            raise
        case.expect(came, quotes, wrong)
    if not t.results[0].passed:
        return  # a genuine feed is not read: what is said about attacks would mislead
    with t.case("frames that come one by one", {TypeError: iterable}) as case:
        case.expect(receive(key, iter(frames)), quotes)
    with t.case("no quotes today", raw) as case:
        case.expect(receive(key, _numbered(key, [])), [], advice="Only the empty frame: an empty list.")
    stop = "Stop at the empty frame: what comes behind it is none of this feed."
    with t.case("something behind the end", {InvalidTag: stop, ValueError: stop}) as case:
        case.expect(receive(key, [*frames, b"what is this?"]), quotes, advice=stop)
    waited = "You asked for one frame more than there are, and on a connection you would wait for it: go through `frames` one by one, and return at the empty one."
    with t.case(
        "a connection that stays open behind the end", {TimeoutError: waited, TypeError: iterable}
    ) as case:
        case.expect(receive(key, _and_then_nothing(frames)), quotes)
    with t.case("a long day, of 300 quotes", {**raw, OverflowError: wide, ValueError: wide}) as case:
        day = [f"AAPL {400 + number / 10:.2f}" for number in range(300)]
        case.expect(receive(key, _numbered(key, day)), day, advice=wide)
    changed = bytes([two[0] ^ 1]) + two[1:]
    skipping = "That was accepted. Do not skip a frame that does not open, nor return what came before it: the whole feed has failed."
    counting = "That was accepted. The number must be the place at which the frame *came*: never search for one that fits."
    early = "An end was taken for genuine that is the end of another place. Sixteen bytes are no end, nor are any others: open it, under the number at which it came."
    attacks = {
        "a changed frame": ([one, changed, three, end], skipping),
        "the first frame again": ([one, two, one, end], counting),
        "one more in between, a copy": ([one, one, two, three, end], skipping),
        "one more in between, of anybody's": ([one, os.urandom(27), two, three, end], skipping),
        "two frames swapped": ([one, three, two, end], counting),
        "one left out": ([one, three, end], counting),
        "a frame of another feed": ([one, _numbered(os.urandom(32), quotes)[1], three, end], skipping),
        "an end from nowhere": ([one, b""], "An empty frame without a tag is no end: the end is a frame that opens, with an empty text."),
        "the end too early": ([one, end], early),
    }  # fmt: skip
    for what, (attacked, words) in attacks.items():
        with t.case(what, {InvalidTag: "Say it in the caller's terms: `except InvalidTag: raise ValueError(…)`."}) as case:  # fmt: skip
            case.expect_error(ValueError, lambda attacked=attacked: receive(key, attacked), words)  # type: ignore[misc]
    cut = (
        "The frames ended without the empty one: somebody has cut the feed. Raise ValueError behind the loop."
    )
    for what, rest in {"cut after two frames": [one, two], "cut before the first": []}.items():
        with t.case(what) as case:
            case.expect_error(ValueError, lambda rest=rest: receive(key, rest), cut)  # type: ignore[misc]
