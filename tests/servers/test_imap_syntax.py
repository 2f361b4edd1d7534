"""The words of IMAP: commands out of a stream, names of folders, sets of numbers, strings and times."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netlab.servers.imap_names import decode_name, encode_name, matches, with_levels
from netlab.servers.imap_reader import LONGEST_LINE, SMALL_COMMAND, CommandReader, TooLongError
from netlab.servers.imap_syntax import BadCommandError, Parser, ranges, written, written_time


def read(data: bytes, size: int) -> list[bytes | str]:
    """The commands in a stream that comes in pieces; "+" where the client must be asked to go on."""
    reader = CommandReader()
    found: list[bytes | str] = []
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])
        while True:
            try:
                command = reader.command()
            except TooLongError as error:
                found.append(f"{error.tag}: {error}")
                continue
            if command is not None:
                found.append(command)
            elif reader.wants_literal:
                reader.wants_literal = False
                found.append("+")
            else:
                break
    return found


@pytest.mark.parametrize("size", [1, 10, 10_000])
class TestReader:
    def test_a_command_is_a_line(self, size):
        assert read(b"a NOOP\r\nb NOOP\nc", size) == [b"a NOOP", b"b NOOP"]

    def test_a_literal_is_asked_for_and_may_hold_line_ends(self, size):
        stream = b"a LOGIN {3}\r\na\r\n {4}\r\nx\n{1\r\n"
        assert read(stream, size) == ["+", "+", b"a LOGIN {3}\r\na\r\n {4}\r\nx\n{1"]

    def test_a_literal_with_a_plus_is_not_asked_for(self, size):
        assert read(b"a LOGIN {3+}\r\nada {2+}\r\npw\r\n", size) == [b"a LOGIN {3+}\r\nada {2+}\r\npw"]

    def test_a_literal_may_be_empty(self, size):
        assert read(b"a X {0}\r\n\r\nb Y {0+}\r\n\r\n", size) == ["+", b"a X {0}\r\n", b"b Y {0+}\r\n"]

    def test_braces_elsewhere_are_no_literal(self, size):
        assert read(b'a X "{5}"\r\nb Y {5} \r\n', size) == [b'a X "{5}"', b"b Y {5} "]

    def test_a_literal_that_is_too_large_is_refused_before_it_is_sent(self, size):
        wrong = f"a: a command has at most {SMALL_COMMAND:,} bytes"
        assert read(b"a X {99999}\r\nb NOOP\r\n", size) == [wrong, b"b NOOP"]

    def test_one_that_comes_unasked_is_skipped_and_never_taken_for_commands(self, size):
        wrong = f"a: a command has at most {SMALL_COMMAND:,} bytes"
        stream = b"a X {20000+}\r\n" + b"evil NOOP\r\n" * 2000
        stream = stream[: 20000 + len(b"a X {20000+}\r\n")] + b" rest {3+}\r\nabc\r\nb NOOP\r\n"
        assert read(stream, size) == [wrong, b"b NOOP"]

    def test_many_literals_together_may_not_be_larger_either(self, size):
        stream = (
            b"a X"
            + b" {4000+}\r\n"
            + b"x" * 4000
            + b" {4000+}\r\n"
            + b"x" * 4000
            + b" {9000+}\r\n"
            + b"x" * 9000
        )
        assert read(stream + b"\r\nb NOOP\r\n", size) == [
            f"a: a command has at most {SMALL_COMMAND:,} bytes",
            b"b NOOP",
        ]

    def test_a_line_that_is_too_long_is_refused_once_and_skipped(self, size):
        found = read(b"a X" + b"y" * 40_000 + b"\r\nb NOOP\r\n", size)
        assert found == [f"a: a line has at most {LONGEST_LINE:,} bytes", b"b NOOP"]


@given(st.binary(max_size=200), st.integers(1, 50))
@example(b"a {3}\r\n{1}\r\n\r\n", 1)
def test_the_pieces_do_not_matter(data, size):
    assert read(data, size) == read(data, max(len(data), 1))


# names of folders


@pytest.mark.parametrize(
    ("name", "coded"),
    [
        ("INBOX", b"INBOX"),
        ("A & B", b"A &- B"),
        ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # the RFC's own example
        ("Börse", b"B&APY-rse"),
        ("📈", b"&2D3cyA-"),
        ("&&", b"&-&-"),
    ],
)
def test_names_are_written_in_modified_utf_7(name, coded):
    assert encode_name(name) == coded
    assert decode_name(coded) == name


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_every_name_comes_back(name):
    if name.partition("/")[0].upper() != "INBOX":
        assert decode_name(encode_name(name)) == name


@pytest.mark.parametrize(
    "coded", [b"&AGE-", b"&APY", b"&A-", b"&2AA-", b"&AP&-", b"B\xc3\xb6rse", b"&U,BTFw=-", b"a&"]
)
def test_a_name_has_one_spelling_and_any_other_is_refused(coded):
    with pytest.raises(ValueError):  # noqa: PT011
        decode_name(coded)


def test_the_inbox_may_be_written_in_any_capitals_other_names_not():
    assert decode_name(b"inBox") == "INBOX"
    assert decode_name(b"inbox/old") == "INBOX/old"
    assert decode_name(b"Work") != decode_name(b"WORK")


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*", "Work/2013", True),
        ("%", "Work", True),
        ("%", "Work/2013", False),
        ("Work/%", "Work/2013", True),
        ("Work/%", "Work/2013/May", False),
        ("Work/*", "Work", False),
        ("W%/%3", "Work/2013", True),
        ("*2*", "Work/2013", True),
        ("", "Work", False),
        ("work", "Work", False),
        ("inbox", "INBOX", True),
        ("i%x", "INBOX", True),
        ("Wor.", "Work", False),
    ],
)
def test_a_star_stands_for_anything_and_a_percent_sign_for_one_level(pattern, name, fits):
    assert matches(pattern, name) == fits


def test_the_worst_of_patterns_is_answered_at_once():
    assert not matches("*a%" * 2000 + "b", "a/" * 50)
    assert matches("*%" * 3000, "a" * 100)


def test_the_levels_above_a_folder():
    assert with_levels({"a/b/c", "x"}) == {"a", "a/b", "a/b/c", "x"}


# numbers, strings, times


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1", [(1, 1)]),
        ("*", [(9, 9)]),
        ("3:1", [(1, 3)]),
        ("2,4:7,9,12:*", [(2, 2), (4, 7), (9, 12)]),  # the RFC's own, where 12 and * are swapped
        ("1:*,1:*,2:3", [(1, 9)]),
        ("1,2,3", [(1, 3)]),
        ("100:*", [(9, 100)]),
    ],
)
def test_sets_of_numbers(text, found):
    parser = Parser(text.encode())
    assert ranges(parser.sequence(), 9) == found
    parser.end()


@pytest.mark.parametrize("text", [b"", b"0", b"a", b",1", b":1", b"-1", b"01", b"99999999999"])
def test_what_is_no_set_of_numbers(text):
    parser = Parser(text)
    with pytest.raises(BadCommandError):  # noqa: PT012
        parser.sequence()
        parser.end()


def test_strings_in_three_ways():
    parser = Parser(b'word "with \\"quotes\\" and \\\\" {5}\r\na\r\n"b{2+}\r\n\xff\x00')
    found = [parser.astring()]
    parser.space()
    found.append(parser.string())
    parser.space()
    found += [parser.string(), parser.string()]
    assert found == [b"word", b'with "quotes" and \\', b'a\r\n"b', b"\xff\x00"]
    parser.end()


@pytest.mark.parametrize(
    "text", [b'"open', b'"a\\b"', b'"a\r\nb"', b"{5}", b"{9}\r\nabc", b"", b"(", b"\xff"]
)
def test_what_is_no_string(text):
    with pytest.raises(BadCommandError):
        Parser(text).astring()


@given(st.binary(max_size=100))
def test_a_written_string_can_be_read(data):
    assert Parser(written(data)).string() == data


def test_no_string_is_nil():
    assert written(None) == b"NIL"
    assert written(b"NIL") == b'"NIL"'
    assert written(b"") == b'""'


def test_times_are_written_and_read():
    when = datetime(2013, 3, 1, 16, 0, 5, tzinfo=timezone(-timedelta(hours=5)))
    assert written_time(when) == b'" 1-Mar-2013 16:00:05 -0500"'
    assert Parser(written_time(when)).date_time() == when
    assert Parser(b'"01-mar-2013 16:00:05 -0500"').date_time() == when


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_time_comes_back(when):
    assert Parser(written_time(when)).date_time() == when.replace(microsecond=0)


@pytest.mark.parametrize("text", ["31-Feb-2013", "1-Foo-2013", "1-Mar-0000", "Mar", "", '"1-Mar-13"'])
def test_days_that_are_none(text):
    with pytest.raises(BadCommandError):
        Parser(text.encode()).date()


@pytest.mark.parametrize(
    "text", ["01-Mar-2013 25:00:00 +0000", "01-Mar-2013 16:00:05 +9900", "1-Mar-2013 16:00:05 +0000"]
)
def test_times_that_are_none(text):
    with pytest.raises(BadCommandError):
        Parser(f'"{text}"'.encode()).date_time()


@given(st.binary(max_size=60))
def test_bytes_are_either_read_or_refused(data):
    words = ("atom", "number", "string", "astring", "mailbox", "list_mailbox", "flags", "date", "date_time")
    for name in words:
        with contextlib.suppress(BadCommandError):
            getattr(Parser(data), name)()
