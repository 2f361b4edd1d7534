"""Lines of text out of a stream of bytes, as the mail protocols send them: ended by CRLF, and of limited length."""

from __future__ import annotations


class LineTooLongError(ValueError):
    """A line has more bytes than allowed; it is skipped up to its end."""


class LineBuffer:
    r"""Collects bytes, and gives them back line by line.

    A line ends with \r\n; a lone \n is taken as well, since people type it.

    Args:
        limit: bytes that a line may have, its end included.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._data = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> None:
        """Add what came."""
        self._data += data

    def line(self) -> bytes | None:
        """The next line without its end; None until it is complete.

        Raises:
            LineTooLongError: once for each line that is too long.
        """
        end = self._data.find(b"\n")
        if end < 0:
            if len(self._data) >= self.limit:
                self._data.clear()
                if not self._skipping:
                    self._skipping = True
                    raise LineTooLongError
            return None
        line = bytes(self._data[:end]).removesuffix(b"\r")
        del self._data[: end + 1]
        if self._skipping:  # the rest of a line that was too long
            self._skipping = False
            return self.line()
        if end >= self.limit:
            raise LineTooLongError
        return line
