"""SEARCH: keys that become a question asked of each message (RFC 3501, section 6.4.4)."""

from __future__ import annotations

import email.utils
import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from netlab.servers.imap_syntax import BadCommandError, Parser
from netlab.servers.imap_view import View
from netlab.servers.mailbox import Message
from netlab.servers.mime import decode_words

CHARSETS = ("US-ASCII", "UTF-8")


class BadCharsetError(Exception):
    """SEARCH names a charset that is not known here."""


@dataclass(slots=True)
class Candidate:
    """A message of which questions are asked, in the folder where it is."""

    view: View
    message: Message
    _texts: tuple[str, str] | None = None

    @property
    def texts(self) -> tuple[str, str]:
        """All headers and all text, each encoding undone, capitals made small; found once."""
        if self._texts is None:
            headers, bodies = [], []
            for part in self.message.tree.walk():
                headers += [f"{name}: {decode_words(value)}" for name, value in part.fields]
                if part.kind[0] == "text":
                    bodies.append(part.text())
            self._texts = ("\n".join(headers).casefold(), "\n".join(bodies).casefold())
        return self._texts

    @property
    def received(self) -> date:
        """The day on which it came, in the time zone that was noted with it."""
        return self.message.received.date()

    @property
    def sent(self) -> date | None:
        """The day in the header's Date, in the time zone that it names; None if it names no day."""
        try:
            return email.utils.parsedate_to_datetime(self.message.tree.header_text("Date")).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


Question = Callable[[Candidate], bool]


@dataclass(frozen=True, slots=True)
class Search:
    """What SEARCH asks for: the messages for which each question is answered by yes."""

    questions: tuple[Question, ...]

    def find(self, view: View) -> list[tuple[int, Message]]:
        """The messages found, with their numbers."""
        return [
            (number, message)
            for number, message in enumerate(view.messages, 1)
            if self.fits(Candidate(view, message))
        ]

    def fits(self, candidate: Candidate) -> bool:
        """Whether a message is one of those."""
        return all(question(candidate) for question in self.questions)


def search_program(parser: Parser) -> Search:
    """All that stands behind SEARCH.

    Raises:
        BadCharsetError: if the strings are in a charset that is not known.
    """
    if parser.skip(b"CHARSET "):
        charset = parser.astring().decode("ascii", "replace").upper()
        if charset not in CHARSETS:
            raise BadCharsetError(charset)
        parser.space()
    questions = [_key(parser)]
    while parser.skip(b" "):
        questions.append(_key(parser))
    return Search(tuple(questions))


def _key(parser: Parser) -> Question:
    if parser.next_is(b"("):
        return Search(tuple(parser.some(lambda: _key(parser)))).fits
    if parser.next_is(b"*") or parser.data[parser.position : parser.position + 1].isdigit():
        return _numbers(parser, uid=False)
    name = parser.atom().upper()
    if name not in KEYS:
        raise BadCommandError(f"there is no {name} to search for; there are {', '.join(sorted(KEYS))}")
    return KEYS[name](parser)


def _numbers(parser: Parser, *, uid: bool) -> Question:
    sequence = parser.sequence()

    @functools.lru_cache(maxsize=1)
    def members(view: View) -> set[Message]:
        return {message for _, message in view.chosen(sequence, uid=uid)}

    return lambda candidate: candidate.message in members(candidate.view)


def _text(parser: Parser) -> str:
    try:
        return parser.astring().decode("utf-8").casefold()
    except UnicodeDecodeError:
        raise BadCommandError("this string is not in UTF-8") from None


# Each of these takes what stands behind the name of a key, the space included.


def _uid(parser: Parser) -> Question:
    parser.space()
    return _numbers(parser, uid=True)


def _not(parser: Parser) -> Question:
    parser.space()
    question = parser.deeper(lambda: _key(parser))
    return lambda candidate: not question(candidate)


def _or(parser: Parser) -> Question:
    parser.space()
    one = parser.deeper(lambda: _key(parser))
    parser.space()
    other = parser.deeper(lambda: _key(parser))
    return lambda candidate: one(candidate) or other(candidate)


def _header(parser: Parser) -> Question:
    parser.space()
    name = parser.astring().decode("ascii", "replace")
    return _in_field(name)(parser)


def _in_field(name: str) -> Callable[[Parser], Question]:
    wanted = name.lower()

    def key(parser: Parser) -> Question:
        parser.space()
        text = _text(parser)
        return lambda candidate: any(
            text in decode_words(value).casefold()
            for field, value in candidate.message.tree.fields
            if field == wanted
        )

    return key


def _in_texts(places: slice) -> Callable[[Parser], Question]:
    def key(parser: Parser) -> Question:
        parser.space()
        text = _text(parser)
        return lambda candidate: any(text in each for each in candidate.texts[places])

    return key


def _keyword(parser: Parser) -> Question:
    parser.space()
    flag = parser.atom()
    return lambda candidate: flag in candidate.message.flags


def _unkeyword(parser: Parser) -> Question:
    question = _keyword(parser)
    return lambda candidate: not question(candidate)


def _flag(flag: str, *, wanted: bool) -> Callable[[Parser], Question]:
    return lambda _: lambda candidate: (flag in candidate.message.flags) == wanted


def _day(fits: Callable[[Candidate, date], bool]) -> Callable[[Parser], Question]:
    def key(parser: Parser) -> Question:
        parser.space()
        day = parser.date()
        return lambda candidate: fits(candidate, day)

    return key


def _sent(fits: Callable[[date, date], bool]) -> Callable[[Parser], Question]:
    return _day(lambda candidate, day: candidate.sent is not None and fits(candidate.sent, day))


def _size(fits: Callable[[int, int], bool]) -> Callable[[Parser], Question]:
    def key(parser: Parser) -> Question:
        parser.space()
        number = parser.number()
        return lambda candidate: fits(len(candidate.message.data), number)

    return key


def _is_recent(candidate: Candidate) -> bool:
    return candidate.message in candidate.view.recent


KEYS: dict[str, Callable[[Parser], Question]] = {
    "ALL": lambda _: lambda _: True,
    "ANSWERED": _flag("\\Answered", wanted=True),
    "DELETED": _flag("\\Deleted", wanted=True),
    "DRAFT": _flag("\\Draft", wanted=True),
    "FLAGGED": _flag("\\Flagged", wanted=True),
    "SEEN": _flag("\\Seen", wanted=True),
    "UNANSWERED": _flag("\\Answered", wanted=False),
    "UNDELETED": _flag("\\Deleted", wanted=False),
    "UNDRAFT": _flag("\\Draft", wanted=False),
    "UNFLAGGED": _flag("\\Flagged", wanted=False),
    "UNSEEN": _flag("\\Seen", wanted=False),
    "RECENT": lambda _: _is_recent,
    "OLD": lambda _: lambda candidate: not _is_recent(candidate),
    "NEW": lambda _: lambda candidate: _is_recent(candidate) and "\\Seen" not in candidate.message.flags,
    "KEYWORD": _keyword,
    "UNKEYWORD": _unkeyword,
    "BCC": _in_field("Bcc"),
    "CC": _in_field("Cc"),
    "FROM": _in_field("From"),
    "SUBJECT": _in_field("Subject"),
    "TO": _in_field("To"),
    "HEADER": _header,
    "BODY": _in_texts(slice(1, 2)),
    "TEXT": _in_texts(slice(0, 2)),
    "BEFORE": _day(lambda candidate, day: candidate.received < day),
    "ON": _day(lambda candidate, day: candidate.received == day),
    "SINCE": _day(lambda candidate, day: candidate.received >= day),
    "SENTBEFORE": _sent(lambda sent, day: sent < day),
    "SENTON": _sent(lambda sent, day: sent == day),
    "SENTSINCE": _sent(lambda sent, day: sent >= day),
    "LARGER": _size(lambda size, number: size > number),
    "SMALLER": _size(lambda size, number: size < number),
    "UID": _uid,
    "NOT": _not,
    "OR": _or,
}
