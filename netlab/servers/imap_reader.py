r"""Commands of IMAP out of a stream of bytes (RFC 3501, sections 2.2.1 and 4.3; LITERAL+ of RFC 7888).

A command is a line, in which a string may be a *literal*: `{5}\r\n` and then five bytes, whatever they are. The
client waits for a line that begins with `+` before it sends a literal, unless it has written `{5+}`.
"""

from __future__ import annotations

import re

LONGEST_LINE = 8192  # bytes (RFC 2683, section 3.2.1.5)
LARGEST_COMMAND = 32 * 1024 * 1024  # bytes, literals included: of a mail that a client may append
SMALL_COMMAND = 16 * 1024  # of a client that has not logged in

_LITERAL = re.compile(rb"\{(\d{1,10})(\+?)\}\r?\n\Z")
_TAG = re.compile(rb'[^\x00-\x20\x7f-\xff(){%*"\\+]+')


class TooLongError(Exception):
    """A command is longer than allowed, and is dropped; the message is for the client.

    Attributes:
        tag: of the command, "*" if it has none.
    """

    def __init__(self, tag: str, words: str) -> None:
        super().__init__(words)
        self.tag = tag


class CommandReader:
    """Collects bytes until a command is whole.

    Attributes:
        limit: bytes that a command may have.
        wants_literal: whether the client waits for `+` before it goes on; who has sent it sets this back.
    """

    def __init__(self) -> None:
        self.limit = SMALL_COMMAND
        self.wants_literal = False
        self._data = bytearray()
        self._command = bytearray()
        self._missing = 0  # bytes of a literal that are still to come
        self._dropping = False  # the command that comes is not kept

    def feed(self, data: bytes) -> None:
        """Add what came."""
        self._data += data

    def command(self) -> bytes | None:
        """The next command with its literals in place, without the line end behind it; None until it is whole.

        Raises:
            TooLongError: for one that is too long; what there is and what comes of it is dropped.
        """
        while self._take_literal():
            line = self._line()
            if line is None:
                return None
            literal = _LITERAL.search(line)
            if literal is None:
                command = bytes(self._command) + line.removesuffix(b"\n").removesuffix(b"\r")
                self._command.clear()
                if not self._dropping:
                    return command
                self._dropping = False
                continue
            size, unasked = int(literal[1]), bool(literal[2])
            if self._dropping:
                self._missing = size if unasked else 0
                self._dropping = unasked
            elif len(self._command) + len(line) + size > self.limit:
                self._missing = size if unasked else 0
                raise self._drop(line, f"a command has at most {self.limit:,} bytes", more=unasked)
            else:
                self._command += line
                self._missing = size
                if not unasked:
                    self.wants_literal = True
                    return None
        return None

    def _take_literal(self) -> bool:
        """Take what there is of a literal; whether it is complete."""
        taken = min(self._missing, len(self._data))
        if taken:
            if not self._dropping:
                self._command += memoryview(self._data)[:taken]
            del self._data[:taken]
            self._missing -= taken
        return not self._missing

    def _line(self) -> bytes | None:
        end = self._data.find(b"\n", 0, LONGEST_LINE)
        if end >= 0:
            line = bytes(self._data[: end + 1])
            del self._data[: end + 1]
            return line
        if len(self._data) < LONGEST_LINE:
            return None
        start = bytes(self._data)
        self._data.clear()
        if self._dropping:
            return None
        raise self._drop(start, f"a line has at most {LONGEST_LINE:,} bytes", more=True)

    def _drop(self, line: bytes, words: str, *, more: bool) -> TooLongError:
        tag = _TAG.match(bytes(self._command[:100]) or line)
        self._command.clear()
        self._dropping = more
        return TooLongError(tag[0].decode("ascii") if tag else "*", words)
