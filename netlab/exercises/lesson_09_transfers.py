"""The exercises of lesson 09 on whole files: publish, and go on after a cut."""

from __future__ import annotations

import contextlib
import ftplib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from netlab.exercises import peers
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial
from netlab.servers import FTPServer

RESET = ConnectionResetError("the line was cut")
ABORTED = ftplib.error_temp("426 Connection closed; transfer aborted.")  # noqa: S321
USERS = {"ada": "secret"}
DATA = bytes(range(256)) * 400  # 102,400 bytes, line ends of all kinds among them


@contextlib.contextmanager
def server_of(**options: Any) -> Iterator[FTPServer]:
    """A server with an empty folder, where ada may write."""
    with TemporaryDirectory() as folder, FTPServer(folder, users=USERS, **options) as server:
        yield server


@contextlib.contextmanager
def _logged_in(server: FTPServer) -> Iterator[ftplib.FTP]:
    with contextlib.closing(ftplib.FTP(timeout=peers.TIMEOUT)) as ftp:  # noqa: S321
        ftp.connect(server.host, server.port)
        ftp.login("ada", "secret")
        yield ftp


def commands_at(server: FTPServer) -> list[str]:
    """What its first client said, line by line."""
    return server.transcript.said_by("client 1").decode().splitlines()


class _BrokenFile(io.BytesIO):
    """A file whose disk fails after the first piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError("the disk failed")
        return super().read(size if size and size > 0 else 8192)


@exercise(
    "09-publish",
    title="Publish in one step",
    objective="09-o3",
    points=3,
    hints=(
        'Choose a name that nobody reads: `name + ".part"`.',
        '`ftp.storbinary(f"STOR {temporary}", file)`, and when it has returned, the file is whole.',
        "`ftp.rename(temporary, name)` replaces what was there, in one step. No delete before.",
    ),
    passed="Readers meet the old file or the new one, and never half of any.",
)
def publish(t: Trial, publish: Callable[[ftplib.FTP, str, Any], None]) -> None:
    """An upload to a real server, and what its transcript says about it."""
    with t.case("a new file") as case, server_of() as server, _logged_in(server) as ftp:
        publish(ftp, "AAPL.csv", io.BytesIO(DATA))
        names = sorted(path.name for path in server.root.iterdir())
        left = "Under its own name, and nothing beside it: has the file been renamed?"
        case.expect(names, ["AAPL.csv"], advice=left)
        text = "The bytes were changed on the way: `storlines` is for text, `storbinary` keeps them."
        same = (server.root / "AAPL.csv").read_bytes() == DATA
        case.expect_that(same, "the same bytes on the server", "other bytes", text)
    with t.case("nobody meets half of it") as case, server_of() as server, _logged_in(server) as ftp:
        publish(ftp, "AAPL.csv", io.BytesIO(DATA))
        straight = {"STOR AAPL.csv", "APPE AAPL.csv"} & set(commands_at(server))
        words = "From the first byte on, everybody can read it under this name: upload under another."
        case.expect_that(not straight, "an upload under another name", f"{''.join(straight)}", words)
    with (
        t.case("an older file is replaced in one step") as case,
        server_of() as server,
        _logged_in(server) as ftp,
    ):
        (server.root / "AAPL.csv").write_bytes(b"old")
        publish(ftp, "AAPL.csv", io.BytesIO(DATA))
        gone = {"DELE AAPL.csv", "RNFR AAPL.csv"} & set(commands_at(server))
        words = "For a moment there was no file at all: renaming replaces the old one by itself."
        case.expect_that(
            not gone, "the old file stays until the new one takes its place", f"{''.join(gone)}", words
        )
        came = (server.root / "AAPL.csv").read_bytes()
        case.expect_that(came != b"old", "the new file", "the old one", words)
        case.expect_that(came == DATA, "the same bytes on the server", "other bytes", text)
    with t.case("two files at the same time") as case, server_of() as server, _logged_in(server) as ftp:
        for name in ("AAPL.csv", "IBM.csv"):
            publish(ftp, name, io.BytesIO(DATA))
        temporary = [line for line in commands_at(server) if line.startswith(("STOR", "APPE"))]
        words = (
            "Two programs that publish at the same time would write into one file: make the name from `name`."
        )
        case.expect_that(len(set(temporary)) > 1, "two temporary names", f"twice {temporary[0]!r}", words)
    with t.case("the upload fails") as case, server_of() as server, _logged_in(server) as ftp:
        (server.root / "AAPL.csv").write_bytes(b"old")
        swallowed = "Whoever called has to learn of it: let the exception go through."
        case.expect_error(OSError, lambda: publish(ftp, "AAPL.csv", _BrokenFile(DATA)), swallowed)
        kept = (server.root / "AAPL.csv").read_bytes() if (server.root / "AAPL.csv").exists() else None
        case.expect(
            kept,
            b"old",
            advice="The upload failed, and the old file is gone or spoilt. It should be as it was.",
        )
    with t.case("twice under the same name") as case, server_of() as server, _logged_in(server) as ftp:
        for data in (b"first", DATA):
            publish(ftp, "AAPL.csv", io.BytesIO(data))
        case.expect_that((server.root / "AAPL.csv").read_bytes() == DATA, "the second file", "another", "")


class Line:
    """A line to a server that is cut again and again.

    Args:
        server: what it leads to.
        cuts: after how many bytes of data each session is cut, in turn; those after the last are not.
        error: how the client learns of a cut.

    Attributes:
        sessions: how many there were.
        came: bytes of data in all of them.
    """

    def __init__(self, server: FTPServer, cuts: list[int], error: Exception) -> None:
        self.server = server
        self.cuts = cuts
        self.error = error
        self.sessions = 0
        self.came = 0

    @contextlib.contextmanager
    def connect(self) -> Iterator[ftplib.FTP]:
        """A new session, logged in."""
        left = self.cuts[self.sessions] if self.sessions < len(self.cuts) else 10**9
        self.sessions += 1
        with contextlib.closing(_CutFTP(timeout=peers.TIMEOUT)) as ftp:
            ftp.line, ftp.left = self, left
            ftp.connect(self.server.host, self.server.port)
            ftp.login("ada", "secret")
            yield ftp


class _CutFTP(ftplib.FTP):
    line: Line
    left: int

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> Any:
        conn, size = super().ntransfercmd(cmd, rest)
        return _CutData(conn, self), size


class _CutData(contextlib.AbstractContextManager["_CutData"]):
    def __init__(self, conn: Any, ftp: _CutFTP) -> None:
        self.conn, self.ftp = conn, ftp

    def recv(self, size: int) -> bytes:
        if not self.ftp.left:
            self.ftp.close()
            raise self.ftp.line.error
        data: bytes = self.conn.recv(min(size, self.ftp.left))
        self.ftp.left -= len(data)
        self.ftp.line.came += len(data)
        return data

    def close(self) -> None:
        self.conn.close()

    def __exit__(self, *_: object) -> None:
        self.close()


@exercise(
    "09-resume",
    title="On after a cut",
    objective="09-o4",
    points=4,
    hints=(
        'Open the file for appending, `path.open("ab")`: its `tell()` says how much is there already.',
        '`ftp.retrbinary(f"RETR {name}", file.write, rest=file.tell())`, in a new session each time, in a loop over the attempts.',
        "Return as soon as `retrbinary` has returned. Catch `OSError`, `EOFError` and `ftplib.error_temp`, and raise it again when it was the last attempt.",
        "`ftplib.error_perm` is none of these: do not catch it, it would only be refused again.",
    ),
    passed="Pull the cable as often as you like: no byte travels twice.",
    limit=8.0,
)
def resume(t: Trial, fetch: Callable[..., None]) -> None:
    """Downloads over a line that is cut."""
    hangs = "It tried for ever: `attempts` is how often, and the last error goes through."
    for what, cuts, there, error in (
        ("a line that holds", [], 0, RESET),
        ("one cut", [40_000], 0, RESET),
        ("the beginning is there already", [], 30_000, RESET),
        ("three cuts, one of them at once", [40_000, 0, 20_000], 0, RESET),
        ("the whole file is there already", [], len(DATA), RESET),
        ("silence, until the time-out", [40_000], 0, TimeoutError("timed out")),
        ("the control connection ends", [40_000], 0, EOFError("the server has closed")),
        ("426, broken off", [40_000], 0, ABORTED),
    ):
        raised: dict[type[BaseException], str] = {
            ConnectionResetError: "The line was cut, and could have been tried again.",
            **dict.fromkeys(
                (TimeoutError, EOFError),
                "That is a cut, too: catch `OSError`, of which a time-out is one, and `EOFError`.",
            ),
            ftplib.error_temp: "A 4 means: not now, such as 426 for a transfer that broke off. Try again.",
            FileNotFoundError: 'The file is not there at first: how much of it is, then? `open("ab")` makes it.',
            ftplib.error_reply: "Where did this reply come from? A session that was cut is of no more use: make a new one.",
            AttributeError: "A session that was cut is closed, and of no more use: each attempt begins with a new `connect()`.",
        }
        with t.case(what, raised, hangs=hangs) as case, server_of() as server, TemporaryDirectory() as folder:
            line, path = _prepared(server, folder, cuts, there, error)
            fetch(line.connect, "AAPL.csv", path)
            _judge(case, line, path, there)
    with (
        t.case("it is cut each time", hangs=hangs) as case,
        server_of() as server,
        TemporaryDirectory() as folder,
    ):
        line, path = _prepared(server, folder, [100] * 9, 0)
        try:
            fetch(line.connect, "AAPL.csv", path, attempts=3)
        except OSError:
            pass
        else:
            half = "Half a file passes for a whole one: after the last attempt let the error go through."
            words = hangs if line.sessions > 3 else half
            case.fail("the last error", f"no error after {line.sessions} sessions", words)
        case.expect(line.sessions, 3, advice="`attempts` sessions, not more and not less.")
        kept = path.read_bytes() if path.exists() else b""
        words = (
            "What came before the last cut is lost: write each block to the file as it comes, not at the end."
        )
        case.expect_that(
            kept == DATA[:300], "the 300 bytes that came", f"{len(kept)} bytes in the file", words
        )
    with (
        t.case("there is no such file", hangs=hangs) as case,
        server_of() as server,
        TemporaryDirectory() as folder,
    ):
        line, path = _prepared(server, folder, [], 0)
        words = "The server has refused: let `ftplib.error_perm` go through."
        case.expect_error(ftplib.error_perm, lambda: fetch(line.connect, "NOTHING.csv", path), words)
        case.expect(line.sessions, 1, advice="Asking again does not mend a refusal: a 5 is a lasting no.")


def _prepared(
    server: FTPServer, folder: str, cuts: list[int], there: int, error: Exception = RESET
) -> tuple[Line, Path]:
    (server.root / "AAPL.csv").write_bytes(DATA)
    path = Path(folder, "AAPL.csv")
    if there:
        path.write_bytes(DATA[:there])
    return Line(server, cuts, error), path


def _judge(case: Any, line: Line, path: Path, there: int) -> None:
    came = path.read_bytes()
    words = "Compare where you write with what you ask for: appended, and from the byte behind the last one."
    if len(came) > len(DATA):
        words = "Some bytes are there twice: ask for the rest only, `rest=` how many you have."
    elif came == DATA[-len(came) :]:
        words = 'The beginning is lost: `"wb"` empties the file, `"ab"` goes on at its end.'
    case.expect_that(came == DATA, f"the file, {len(DATA):,} bytes", f"{len(came):,} bytes, not those", words)
    twice = f"{line.came:,} bytes came for {len(DATA) - there:,} that were missing: `rest=` leaves out what you have."
    case.expect_that(
        line.came == len(DATA) - there, "no byte travels twice", f"{line.came:,} bytes travelled", twice
    )
