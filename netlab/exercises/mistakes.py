"""A student's exception in words that help a beginner: which line, what it means, what to try."""

from __future__ import annotations

import linecache
import re
import socket
import traceback

_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (
        TimeoutError,
        "Your code waited for what never came. Does it wait for more than the other side sends?",
    ),
    (
        ConnectionRefusedError,
        "Nobody listens at that port. Is it the address that you were given?",
    ),
    (BrokenPipeError, "Your code sent to a connection that the other side had closed already."),
    (ConnectionResetError, "The other side broke the connection off while your code still used it."),
    (
        UnicodeDecodeError,
        "These bytes are no complete text. Was a character cut in half?",
    ),
    (RecursionError, "The function calls itself without end."),
    (SystemExit, "Your code ended the program. Return a value instead of calling `exit()`."),
    (IndentationError, "The lines are not indented alike."),
    (ZeroDivisionError, "Something was divided by zero."),
    (NotImplementedError, "This part is not written yet."),
    (KeyError, "The dictionary has no such key."),
    (
        IndexError,
        "The sequence is shorter than your code expects: which index does it ask for, and how many items are there?",
    ),
    (socket.gaierror, "The host name is not known. Is the address a pair of host and port?"),
)


def explain_exception(error: BaseException, files: frozenset[str]) -> tuple[str, str]:
    """Say what a student's exception was, and what to try.

    Args:
        error: the exception.
        files: the names of the files (a notebook's cells are files too) that hold the student's code.

    Returns:
        What came (the exception and the student's line that raised it), and the advice.
    """
    message = without_addresses(str(error)) or "no message"
    came = f"{type(error).__name__}: {message}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    if frames:
        came += f", in {where(frames[-1].filename, frames[-1].lineno or 0, frames[-1].name)}"
    return came, _advice(error, message)


def is_of_the_student(error: BaseException, files: frozenset[str], objects: tuple[object, ...]) -> bool:
    """Whether an exception came out of a student's code, or from a call that their objects do not take.

    Args:
        error: the exception.
        files: the names of the files that hold the student's code.
        objects: what the student handed in.
    """
    if any(frame.filename in files for frame in traceback.extract_tb(error.__traceback__)):
        return True
    if not isinstance(error, TypeError):
        return False
    names = tuple(f"{each.__qualname__}()" for each in objects if hasattr(each, "__qualname__"))
    uncallable = {f"'{type(each).__name__}' object is not callable" for each in objects if not callable(each)}
    return str(error).startswith(names) or str(error) in uncallable


def without_addresses(text: str) -> str:
    """Text without the memory addresses of Python's reprs, which differ from run to run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def where(filename: str, line: int, function: str) -> str:
    """A line of the student's code: the function, the number in its cell, and the text."""
    source = linecache.getline(filename, line).strip()
    shown = f": {source}" if source else ""
    return f"line {line} of its cell, {function}{shown}"


def _advice(error: BaseException, message: str) -> str:
    if isinstance(error, TypeError):
        return _about_types(message)
    if isinstance(error, NameError):
        return "A name is used that has no value. Is it misspelt, or defined in a cell that was not run?"
    if isinstance(error, AttributeError) and "'NoneType'" in message:
        return "Something is None where an object was expected: a function that returned nothing?"
    if isinstance(error, OSError) and "timed out" in message:
        return _WORDS[0][1]
    if isinstance(error, OSError) and "Bad file descriptor" in message:
        return "The socket was closed already when your code used it. Is the line outside its `with` block?"
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words
    return "Read the message, then the line: what does it get that you did not expect?"


def _about_types(message: str) -> str:
    if "bytes-like object is required, not 'str'" in message:
        return "A socket takes bytes, and this is text: `.encode()` it first."
    if "can't concat str to bytes" in message or 'can only concatenate str (not "bytes")' in message:
        return "Text and bytes cannot be joined: `.encode()` the text or `.decode()` the bytes first."
    if "is not callable" in message:
        return "That is not a function. Hand in the function itself, its name without `()`."
    if "positional argument" in message:
        return "A function was called with more or fewer arguments than it takes."
    if "NoneType" in message:
        return "Something is None where a value was expected: a function that returned nothing?"
    if "ellipsis" in message.lower():
        return "There is still a `...` to replace."
    return "A value has another type than this line expects. Print `type(...)` of what stands in it."
