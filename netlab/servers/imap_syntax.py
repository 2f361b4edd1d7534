"""The words of IMAP (RFC 3501, section 9): read out of a command, and written for an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TypeVar

from netlab.servers.imap_names import decode_name, encode_name

SYSTEM_FLAGS = ("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft")  # section 2.3.2
DEEPEST = 50  # lists in lists, or NOT of NOT
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ATOM = re.compile(rb'[^\x00-\x20\x7f-\xff(){%*"\\\]]+')
_ASTRING = re.compile(rb'[^\x00-\x20\x7f-\xff(){%*"\\]+')
_LIST_NAME = re.compile(rb'[^\x00-\x20\x7f-\xff(){"\\]+')
_QUOTED = re.compile(rb'"((?:[^"\\\r\n\x00]|\\["\\])*)"')
_LITERAL = re.compile(rb"\{(\d{1,10})\+?\}\r?\n")
_FLAG = re.compile(rb"\\?[^\x00-\x20\x7f-\xff(){%*\"\\\]]+")
_NUMBER = re.compile(rb"\d{1,10}")
_RANGE = rb"(?:[1-9]\d{0,9}|\*)(?::(?:[1-9]\d{0,9}|\*))?"
_SEQUENCE = re.compile(_RANGE + rb"(?:," + _RANGE + rb")*")
_DATE = re.compile(rb'"?(\d{1,2})-([A-Za-z]{3})-(\d{4})"?')
_DATE_TIME = re.compile(rb'"([ \d]\d-[A-Za-z]{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4})"')

T = TypeVar("T")


class BadCommandError(Exception):
    """The client has written something that is no command: the answer is BAD."""


class Parser:
    """Takes a command apart from left to right; each method takes what it is named after.

    Args:
        data: the command, literals in place, without the line end behind it.

    Raises:
        BadCommandError: each method, if something else stands there.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0
        self.depth = 0

    def match(self, pattern: re.Pattern[bytes], what: str) -> re.Match[bytes]:
        """What fits a pattern."""
        found = pattern.match(self.data, self.position)
        if found is None:
            rest = self.data[self.position : self.position + 20].decode("ascii", "replace")
            raise BadCommandError(f"expected {what} at {rest!r}" if rest else f"expected {what} at the end")
        self.position = found.end()
        return found

    def next_is(self, text: bytes) -> bool:
        """Whether that comes next; capitals do not matter."""
        return self.data[self.position : self.position + len(text)].upper() == text

    def skip(self, text: bytes) -> bool:
        """Take it if it comes next."""
        found = self.next_is(text)
        if found:
            self.position += len(text)
        return found

    def expect(self, text: bytes) -> None:
        """Exactly that."""
        if not self.skip(text):
            raise BadCommandError(f"expected {text.decode('ascii')!r} at byte {self.position}")

    def space(self) -> None:
        """A single space."""
        self.expect(b" ")

    def end(self) -> None:
        """The end."""
        if self.position < len(self.data):
            raise BadCommandError(f"nothing was expected from byte {self.position} on")

    def atom(self) -> str:
        """A word."""
        return self.match(_ATOM, "a word")[0].decode("ascii")

    def number(self) -> int:
        """A number."""
        return int(self.match(_NUMBER, "a number")[0])

    def string(self) -> bytes:
        """A string in quotes, or a literal."""
        if self.next_is(b"{"):
            size = int(self.match(_LITERAL, "a literal such as {5}")[1])
            start, self.position = self.position, self.position + size
            if self.position > len(self.data):
                raise BadCommandError("a literal begins at the end of a line")
            return self.data[start : self.position]
        return re.sub(rb"\\(.)", rb"\1", self.match(_QUOTED, "a string in quotes")[1])

    def astring(self) -> bytes:
        """A word or a string."""
        if self.next_is(b'"') or self.next_is(b"{"):
            return self.string()
        return self.match(_ASTRING, "a word or a string")[0]

    def mailbox(self) -> str:
        """The name of a folder."""
        return self._name(self.astring())

    def list_mailbox(self) -> str:
        """The pattern of LIST."""
        if self.next_is(b'"') or self.next_is(b"{"):
            return self._name(self.string())
        return self._name(self.match(_LIST_NAME, "a pattern")[0])

    def _name(self, data: bytes) -> str:
        try:
            return decode_name(data)
        except ValueError:
            raise BadCommandError("a folder's name is written in modified UTF-7") from None

    def flag(self) -> str:
        r"""A flag that can be stored: a keyword, or one of the system's such as \Seen."""
        name = self.match(_FLAG, "a flag")[0].decode("ascii")
        if not name.startswith("\\"):
            return name
        known = {flag.lower(): flag for flag in SYSTEM_FLAGS}
        if name.lower() not in known:
            raise BadCommandError(f"there is no flag {name}, only {' '.join(SYSTEM_FLAGS)}, and keywords")
        return known[name.lower()]

    def some(self, item: Callable[[], T]) -> list[T]:
        """A list in brackets with something in it."""
        items = self.many(item)
        if not items:
            raise BadCommandError(f"a list is empty before byte {self.position}")
        return items

    def many(self, item: Callable[[], T]) -> list[T]:
        """A list in brackets, with single spaces between."""
        self.expect(b"(")
        items: list[T] = []
        while not self.skip(b")"):
            if items:
                self.space()
            items.append(self.deeper(item))
        return items

    def deeper(self, item: Callable[[], T]) -> T:
        """Something that may have others of its kind in it, but not too many."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadCommandError(f"that is more than {DEEPEST} levels deep")
        taken = item()
        self.depth -= 1
        return taken

    def flags(self) -> list[str]:
        """A list of flags."""
        return self.many(self.flag)

    def sequence(self) -> str:
        """A set of numbers such as `1:3,7,9:*`."""
        return self.match(_SEQUENCE, "a set of numbers such as 1:3,7")[0].decode("ascii")

    def date(self) -> date:
        """A date such as 1-Mar-2013."""
        found = self.match(_DATE, "a date such as 1-Mar-2013")
        try:
            return date(int(found[3]), month(found[2]), int(found[1]))
        except ValueError as error:
            raise BadCommandError(f"there is no such date: {error}") from None

    def date_time(self) -> datetime:
        """A date with a time, such as "01-Mar-2013 16:00:00 -0500"."""
        text = self.match(_DATE_TIME, 'a time such as "01-Mar-2013 16:00:00 -0500"')[1]
        try:
            number = b"%02d" % month(text[3:6])
            digits = text[:3].replace(b" ", b"0") + number + text[6:]
            return datetime.strptime(digits.decode("ascii"), "%d-%m-%Y %H:%M:%S %z")
        except ValueError as error:
            raise BadCommandError(f"there is no such time: {error}") from None


def month(name: bytes) -> int:
    """The number of a month; ValueError if there is none of that name."""
    return MONTHS.index(name.decode("ascii").capitalize()) + 1


def ranges(sequence: str, last: int) -> list[tuple[int, int]]:
    """The ranges of a set of numbers, in order, none within another; `*` stands for the last number in use."""
    pairs = []
    for part in sequence.split(","):
        first, _, until = part.partition(":")
        ends = sorted(last if end == "*" else int(end) for end in (first, until or first))
        pairs.append((ends[0], ends[1]))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def quoted(data: bytes) -> bytes:
    """A string in quotes."""
    return b'"' + re.sub(rb'(["\\])', rb"\\\1", data) + b'"'


def written(data: bytes | None) -> bytes:
    """A string as an answer has it: in quotes if it can be, else a literal; NIL for none."""
    if data is None:
        return b"NIL"
    if len(data) < 1000 and re.fullmatch(rb"[\x20-\x7e]*", data):
        return quoted(data)
    return literal(data)


def written_astring(data: bytes) -> bytes:
    """A string as an answer has it where it may also be a word."""
    return data if _ASTRING.fullmatch(data) else written(data)


def literal(data: bytes) -> bytes:
    """A literal."""
    return b"{%d}\r\n%s" % (len(data), data)


def written_name(name: str) -> bytes:
    """A folder's name as an answer has it."""
    return quoted(encode_name(name))


def written_time(when: datetime) -> bytes:
    """A time as an answer has it (date-time of section 9); the locale does not matter."""
    text = f"{when.day:2}-{MONTHS[when.month - 1]}-{when.year:04} {when:%H:%M:%S %z}"
    return quoted(text.encode("ascii"))


def listed(items: Iterable[bytes]) -> bytes:
    """A list in brackets."""
    return b"(" + b" ".join(items) + b")"


def written_flags(flags: Iterable[str]) -> bytes:
    """Flags as an answer has them, always in the same order."""
    return listed(flag.encode("ascii") for flag in sorted(flags))
