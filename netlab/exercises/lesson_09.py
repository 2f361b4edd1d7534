"""The exercises of lesson 09, FTP: replies, a transfer by hand, and a progress bar."""

from __future__ import annotations

import contextlib
import io
from collections import deque
from collections.abc import Callable
from typing import Any

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong


@exercise(
    "09-reply",
    title="Read a reply to its end",
    objective="09-o1",
    points=3,
    hints=(
        '`stream.readline()` gives a line with its `\\r\\n`, and `b""` at the end of the stream. Decode it, take the end off.',
        "Read the first line. Its first three characters are the code. If the fourth is a `-`, more lines follow.",
        "The last line begins with the same code *and a space*: `line.startswith(code + ' ')`. Any other line belongs to the text.",
        'Whenever `readline()` gives `b""`, or a line without `\\n`, the stream has ended in the middle: raise EOFError.',
    ),
    passed="You read replies of any length, and stop exactly where they end.",
)
def reply(t: Trial, read_reply: Callable[[Any], tuple[int, list[str]]]) -> None:
    """One reply of a control connection, of one line or of many."""
    one = (220, ["220 Ticker's files."])
    with t.case("a reply of one line") as case, _stream(b"220 Ticker's files.\r\n") as stream:
        wrong: Wrong = [
            (("220", one[1]), "The code is a number: `int(line[:3])`."),
            ((220, ["220 Ticker's files.\r\n"]), "The lines come without their `\\r\\n`."),
            ((220, ["Ticker's files."]), "Leave the lines whole, with their code."),
            (lambda v: isinstance(v[1], str), "The second is a list, also when it has one line."),
            (lambda v: isinstance(v[1][0], bytes), "The lines are text: decode them."),
        ]
        case.expect(read_reply(stream), one, wrong)
    blank = "Only the `\\r\\n` comes off, `rstrip()`: the space at the beginning belongs to the line, and tells it from the last one."
    features = (211, ["211-Features:", " EPSV", " UTF8", "211 End"])
    with (
        t.case("a reply of four lines") as case,
        _stream(b"211-Features:\r\n EPSV\r\n UTF8\r\n211 End\r\n") as stream,
    ):
        first = "A `-` behind the code says that more lines follow."
        wrong = [
            (stripped(features[1]), blank),
            (lambda v: v[1] == features[1][:1], first),
            (lambda v: "211 End" not in v[1], "The last line is part of it."),
        ]
        case.expect(read_reply(stream), features, wrong)
    tricky = ["211-Numbers:", " 211 in front of a space", "500 is another code", "211-goes on", "211 End"]
    data = "\r\n".join(tricky).encode() + b"\r\n"
    with t.case("lines that only look like the last") as case, _stream(data) as stream:
        wrong = [
            (stripped(tricky), blank),
            (stripped(tricky[:2]), blank),
            (
                lambda v: v[1] == tricky[:2],
                "That line begins with a space. Only one that *begins* with the code and a space ends it.",
            ),
            (
                lambda v: v[1] == tricky[:3],
                "The last line has the same code as the first one. 500 is part of the text.",
            ),
            (lambda v: v[1] == tricky[:4], "`211-` goes on: the last line has a space behind its code."),
        ]
        case.expect(read_reply(stream), (211, tricky), wrong)
    with (
        t.case("two replies in one piece") as case,
        _stream(b"150 Here it comes.\r\n226 Done.\r\n") as stream,
    ):
        came = [read_reply(stream), read_reply(stream)]
        words = "Read line by line: what stands behind the reply is for the next call."
        case.expect(came, [(150, ["150 Here it comes."]), (226, ["226 Done."])], advice=words)
    pieces = peers.one_byte_at_a_time(b"211-Numbers:\r\n EPSV\r\n211 End\r\n")
    with t.case("one byte at a time") as case, _stream(*pieces) as stream:
        words = "One read is not one line: `readline()` waits for the end of the line."
        case.expect(
            read_reply(stream),
            (211, ["211-Numbers:", " EPSV", "211 End"]),
            [(lambda v: len(v[1]) == 1, first), (stripped(["211-Numbers:", " EPSV", "211 End"]), blank)],
            advice=words,
        )
    _reply_ends(t, read_reply)


def stripped(lines: list[str]) -> Callable[[Any], bool]:
    """Recognizes a reply whose lines have lost the space at their beginning."""
    bare = [line.strip() for line in lines]
    return lambda came: bool(came[1] == bare != lines)


def _reply_ends(t: Trial, read_reply: Callable[[Any], tuple[int, list[str]]]) -> None:
    hangs = 'At the end of the stream `readline()` gives `b""` again and again: your loop never ends.'
    half = "The stream ended before the reply did: raise EOFError, or half a reply passes for a whole one."
    for what, data in {
        "the stream ends at once": b"",
        "the stream ends in a line": b"220 Tick",
        "the stream ends between two lines": b"211-Features:\r\n EPSV\r\n",
    }.items():
        raised: dict[type[BaseException], str] = {IndexError: half, ValueError: half}
        with t.case(what, raised, hangs=hangs) as case, _stream(data, then="close") as stream:
            case.expect_error(EOFError, lambda stream=stream: read_reply(stream), half)  # type: ignore[misc]


@contextlib.contextmanager
def _stream(*pieces: bytes, then: str = "wait") -> Any:
    with (
        peers.sending(*(piece for piece in pieces if piece), then=then) as sock,
        sock.makefile("rb") as stream,
    ):
        yield stream


BUGGY_DOWNLOAD = '''
def download(say, connect, name):
    """Return the bytes of a file; raise OSError when it cannot be had whole."""
    say("TYPE I")
    with connect(say("PASV")) as data:
        say(f"RETR {name}")
        return data.makefile("rb").read()
'''


PASSIVE = "227 Entering passive mode (127,0,0,1,188,133)."


class ScriptedServer:
    """Both connections of a server that answers RETR as it is told, without a network.

    Args:
        begins: its reply to RETR.
        data: what comes on the data connection.
        ends: its reply after the data; none where it begins with a refusal.
        passive: its reply to PASV.
    """

    def __init__(self, begins: str, data: bytes = b"", ends: str = "", *, passive: str = PASSIVE) -> None:
        self.begins, self.data, self.ends, self.passive = begins, data, ends, passive
        self.waiting: deque[str] = deque()

    def say(self, command: str | None = None) -> str:
        """Take a command, and give the oldest reply that nobody has read."""
        word = (command or "").partition(" ")[0]
        if word == "RETR":
            self.waiting += [self.begins, self.ends] if self.ends else [self.begins]
        elif command is not None:
            replies = {
                "TYPE": "200 Type set to: Binary.",
                "PASV": self.passive,
            }
            self.waiting.append(replies.get(word, "200 OK."))
        if not self.waiting:
            raise TimeoutError("no reply came")
        return self.waiting.popleft()

    def connect(self, reply: str) -> _Data:
        """The data connection, if that is what the reply speaks of."""
        if not reply.startswith("227"):
            raise ValueError(f"no address of a data connection: {reply}")
        return _Data(self.data if self.ends else None)


class _Data(contextlib.AbstractContextManager["_Data"]):
    """A data connection; without data, one on which nothing ever comes."""

    def __init__(self, data: bytes | None) -> None:
        self.stream = io.BytesIO(data or b"")
        self.silent = data is None

    def __exit__(self, *_: object) -> None:
        return None

    def makefile(self, _: str = "rb") -> io.BytesIO:
        if self.silent:
            raise TimeoutError("no data came")
        return self.stream

    def recv(self, size: int) -> bytes:
        return self.makefile().read(min(size, 100))


@exercise(
    "09-download",
    title="Three bugs: whole, or not at all",
    objective="09-o1",
    points=3,
    starter=BUGGY_DOWNLOAD,
    hints=(
        "How many replies has a transfer? Which of them does the function look at, and which does it read at all?",
        "Keep the reply to PASV. Only a 227 says where to connect: raise OSError with any other.",
        'Keep the reply to RETR. If it does not begin with "1", no data will come: raise OSError with it.',
        "After the data connection has ended, `say()` reads the last reply. It must begin with 226.",
    ),
    passed="What you return is whole, and the next command gets its own answer.",
)
def download(t: Trial, download: Callable[..., bytes]) -> None:
    """A download over scripted connections: done, refused, broken off."""
    data = bytes(range(256))
    with t.case("a file") as case:
        server = ScriptedServer("150 Here it comes.", data, "226 Transfer complete.")
        case.expect(download(server.say, server.connect, "AAPL.csv"), data)
        words = "It was left behind, and would answer the next command: read it, with `say()`."
        case.expect_that(not server.waiting, "all replies are read", f"unread: {list(server.waiting)}", words)
    with t.case("a file, when the data connection was open already") as case:
        server = ScriptedServer("125 Here it comes.", data, "226 Transfer complete.")
        words = "125 begins a transfer as 150 does: look at the first digit."
        try:
            came = download(server.say, server.connect, "AAPL.csv")
        except OSError as error:
            case.fail("the file", f"OSError: {error}", words)
        case.expect(came, data)
    nowhere = "PASV was refused, so there is nothing to connect to: look at its reply first, and raise OSError with it."
    server = ScriptedServer("550 Not reached.", passive="425 Cannot open passive connection.")
    _refused(t, download, "passive mode is refused", server, nowhere)
    waits = "The server said 550, and no data will come. Look at the reply to RETR before you read."
    _refused(t, download, "there is no such file", ScriptedServer("550 No such file."), waits)
    broken = "The data ended, but the last reply says that the file is not whole: raise OSError with it."
    server = ScriptedServer("150 Here it comes.", data[:100], "426 Transfer aborted.")
    _refused(t, download, "the transfer is broken off", server, broken)
    server = ScriptedServer("150 Here it comes.", data[:100], "451 Disk error.")
    _refused(t, download, "the disk fails", server, broken)


def _refused(
    t: Trial, download: Callable[..., bytes], what: str, server: ScriptedServer, advice: str
) -> None:
    reply = server.ends or server.begins
    code = (reply if server.passive == PASSIVE else server.passive)[:3]
    with t.case(what, {ValueError: advice}) as case:
        try:
            came = download(server.say, server.connect, "AAPL.csv")
        except TimeoutError as error:
            case.fail(f"OSError with the reply {code}", f"a wait until the time-out: {error}", advice)
        except OSError as error:
            words = "Put the reply into the exception: it says why."
            case.expect_that(code in str(error), f"a message with {code} in it", repr(str(error)), words)
            words = "A reply was left behind, and would answer the next command."
            case.expect_that(
                not server.waiting, "all replies are read", f"unread: {list(server.waiting)}", words
            )
        else:
            case.fail(f"OSError with the reply {code}", f"{len(came)} bytes were returned", advice)


@exercise(
    "09-bar",
    title="A progress bar",
    objective="09-o4",
    points=2,
    hints=(
        "Two values that have no percentage come first: `None`, and 0, by which nothing can be divided.",
        "`done = min(done, total)`; then `done * 100 // total` percent, and `done * width // total` blocks.",
        "f\"{'█' * blocks}{'░' * (width - blocks)} {percent:3} %\"",
    ),
    passed="Your bar never lies: 100 % is done, and nothing else is.",
)
def bar(t: Trial, bar: Callable[..., str]) -> None:
    """A bar as text, also for what has no percentage."""

    def right(blocks: int, percent: int, width: int = 20) -> str:
        return f"{'█' * blocks}{'░' * (width - blocks)} {percent:3} %"

    with t.case("a quarter") as case:
        wrong: Wrong = [
            (right(5, 25).replace("  25", " 25"), "The percentage takes three places: `{percent:3}`."),
            (lambda v: "25.0" in v, "Whole numbers only: `//` instead of `/`."),
        ]
        case.expect(bar(50, 200), right(5, 25), wrong)
    with t.case("nothing yet") as case:
        case.expect(bar(0, 200), right(0, 0))
    with t.case("all of it") as case:
        case.expect(bar(200, 200), right(20, 100))
    with t.case("all but one byte") as case:
        rounded = "Round down, with `//`: 100 % would say that it is done."
        wrong = [
            (lambda v: "100" in v, rounded),
            (right(20, 99), "19 blocks: the last one is for the last byte."),
        ]
        case.expect(bar(199, 200), right(19, 99), wrong)
    with t.case("29 of 100") as case:
        words = "29/100 is stored as a little less than 0.29, so 0.29 times 100 becomes 28.99…: stay with whole numbers, `done * 100 // total`."
        case.expect(bar(29, 100), right(5, 29), [(right(5, 28), words)])
    with t.case("a bar of ten") as case:
        case.expect(bar(100, 200, width=10), right(5, 50, 10), advice="As many blocks as `width` says.")
    with t.case("the total is not known", {TypeError: "`None` is no number: treat it first."}) as case:
        case.expect(bar(50, None), "50 bytes")
    with t.case(
        "an empty file", {ZeroDivisionError: "Nothing can be divided by 0: an empty file is done at once."}
    ) as case:
        case.expect(bar(0, 0), right(20, 100))
    with t.case("a file that grew meanwhile") as case:
        words = "More than all of it is 100 %: `min(done, total)`."
        case.expect(bar(300, 200), right(20, 100), advice=words)


from netlab.exercises import (  # noqa: E402
    lesson_09_connections,  # noqa: F401
    lesson_09_protection,  # noqa: F401
    lesson_09_quizzes,  # noqa: F401
    lesson_09_transfers,  # noqa: F401
)
