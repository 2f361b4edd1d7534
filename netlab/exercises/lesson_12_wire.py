"""The exercises of lesson 12 on the TLS handshake: its order, and its bytes."""

from __future__ import annotations

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong, show

RIGHT = "bfadhgc"
MOVES = (  # a pair in the wrong order, and why it cannot be
    ("fb", "The client begins, as in TCP: the server cannot know what it can do."),
    ("af", "The certificate is encrypted, and there are no keys before both hellos are there."),
    ("da", "First the certificate, then the signature: it is checked with the key in the certificate."),
    ("hd", "Finished closes a side's handshake: the signature comes before it."),
    ("ha", "Finished closes a side's handshake: the certificate comes before it."),
    ("gh", "The client's Finished answers the server's: first it checks whom it talks to."),
    ("cg", "The client says Finished before its data: so the server knows that nobody has meddled with the hellos."),
)  # fmt: skip


@exercise(
    "12-order",
    title="The handshake, in order",
    objective="12-o5",
    points=1,
    hints=(
        "Hello, and hello. With that both have a key, and all that follows is encrypted.",
        "The server shows its certificate, then proves that it has the key, then says Finished.",
        "One was true until TLS 1.2, without forward secrecy: whoever stole the server's key could read all that was recorded.",
    ),
    passed="Seven messages, one round trip, and the client may talk.",
)
def order(t: Trial, handshake: str) -> None:
    """A Parsons problem: letters for messages, put in order, one of them too many."""
    came = "".join(handshake).replace(" ", "").lower() if isinstance(handshake, (str, list, tuple)) else ""
    with t.case("letters from a to h, each once at the most") as case:
        sound = bool(came) and set(came) <= set("abcdefgh") and len(set(came)) == len(came)
        case.expect_that(
            sound, 'such as "abcdefg"', repr(handshake), "Write the letters in a row, in quotes."
        )
    with t.case("the one that does not belong") as case:
        words = "Nobody encrypts a secret *to* the certificate in TLS 1.3: the keys come from the exchange in the hellos, and the certificate only signs."
        case.expect_that("e" not in came, "without e", came, words)
    with t.case("nothing is missing") as case:
        missing = sorted(set(RIGHT) - set(came))
        case.expect_that(not missing, "all seven", f"{', '.join(missing)} missing", "Only one is left out.")
    if missing:
        return
    with t.case("the order") as case:
        # The misconception of the first pair that stands the wrong way round.
        words = next((words for pair, words in MOVES if came.index(pair[0]) < came.index(pair[1])), "")
        # What was expected is not said: that would be the answer.
        case.expect_that(
            came.replace("e", "") == RIGHT, "each message behind those that it builds on", came, words
        )


SUITE = "the first cipher suite"
ANSWERS: dict[str, int | str] = {
    "type of the record": 22,
    "bytes in the record, behind its header": 0xE8,
    "says": "client",
    "how many cipher suites": 4,
    SUITE: 0x1302,
    "server name": "quotes.ticker.example",
}
_WORDS: dict[str, Wrong] = {
    "type of the record": [
        (0x22, "The byte is 16 in hex; that is 22 in decimal, and 22 in hex is 34."),
        (16, "16 in hex is `0x16`, the number 22."),
        (1, "1 is the kind of the hello. The type of the record is the very first byte."),
    ],
    "bytes in the record, behind its header": [
        (0xE4, "That is the length of the hello, without its own header of four bytes. The record's stands before it."),
        (0x0301, "That is the version, two bytes behind the type. The length follows it."),
        (0xE8 + 5, "Without the five bytes of the header itself."),
        (0xE800, "The first byte of a number on the wire is the big end: `00 e8`."),
        (120, "The record is longer than what was recorded of it: its header says how long."),
        (115, "The record is longer than what was recorded of it: its header says how long."),
    ],
    "says": [("server", "The kind of a hello is its first byte, behind the record's five: 1 is the client's.")],
    "how many cipher suites": [
        (8, "8 is the length of the list in bytes; each has two."),
        (3, "Count again: the length of the list is `00 08`, two bytes each. The last one, 00ff, is an old signal, and counts as one."),
    ],
    SUITE: [
        (0x1301, "That is the third one. The list begins behind its length, `00 08`."),
        (1302, "It is a number in hex: `0x1302`."),
        (0x0008, "`00 08` is the length of the list; the first suite follows it."),
    ],
    "server name": [
        ("ticker.example", "Longer: the length in front of the name is `00 15`, 21 bytes."),
    ],
}  # fmt: skip


@exercise(
    "12-hello",
    title="The first bytes of a TLS connection",
    objective="12-o5",
    points=2,
    hints=(
        "The first five bytes are the record's header: `16`, `03 01`, `00 e8`. In Python, `0x16` is a number.",
        "Then the hello: its kind (1 byte), its length (3), a version (2), random (32). That is byte 43.",
        "At byte 43 the session id has length `20`: 32 bytes. Behind them, at byte 76 (4c in hex): `00 08`, the length of the list.",
        "The name can be read in the right column of the dump.",
    ),
    passed="You can tell what a client wants, and what it can do, before a single byte was encrypted.",
)
def hello(t: Trial, hello: dict[str, object]) -> None:
    """Bytes to read."""
    for what, right in ANSWERS.items():
        with t.case(what) as case:
            came = hello.get(what, ...)
            if type(came) is type(right) and came == right:
                continue
            # What was expected is not said: that would be the answer.
            case.fail("what the bytes say", _shown(what, came), _about(what, came, right))


def _shown(what: str, came: object) -> str:
    """An answer, in hex where the question was in hex."""
    return hex(came) if what == SUITE and isinstance(came, int) else show(came)


def _about(what: str, came: object, right: object) -> str:
    """What to say about a wrong answer."""
    if came is ...:
        return "There is still a `...` to replace."
    for pattern, words in _WORDS[what]:
        if pattern(came) if callable(pattern) else type(pattern) is type(came) and pattern == came:
            return words
    if isinstance(right, int) and isinstance(came, str):
        return "A number, such as 0x1301, not a text: no quotes."
    if isinstance(right, str) and not isinstance(came, str):
        return "A text, in quotes."
    if isinstance(came, str) and came.lower().strip() == right:
        return "Small letters, as in the dump, and no blanks."
    return "Count the bytes again, with the text above the dump beside you."
