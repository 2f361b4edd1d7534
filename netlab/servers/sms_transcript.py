"""A transcript of HTTP that does not repeat the credentials of a request."""

from __future__ import annotations

import re

from netlab.servers.transcript import Transcript

FIELD = b"authorization:"
SECRET = re.compile(rb"(?im)^(authorization:[ \t]*(?:(?:basic|bearer)[ \t]+)?)[^\r\n]+")
ENOUGH = 64  # bytes of a line that tell whether it holds a secret


class DiscreetTranscript(Transcript):
    """A transcript with *** in place of credentials, in whatever pieces they come."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: dict[str, bytes] = {}  # how a line with a secret begins that somebody has not ended yet

    def record(self, speaker: str, listener: str, data: bytes) -> None:
        """Add what somebody said, without the secrets."""
        begun = self._begun.pop(speaker, b"")
        said = begun + data
        line = said[said.rfind(b"\n") + 1 :][:ENOUGH]
        if line and FIELD.startswith(line[: len(FIELD)].lower()):
            self._begun[speaker] = line
        shown = SECRET.sub(rb"\1***", said)[len(SECRET.sub(rb"\1***", begun)) :]
        if shown:
            super().record(speaker, listener, shown)
