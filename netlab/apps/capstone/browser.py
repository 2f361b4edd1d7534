"""A browser for pages that take their time: a picture that is drawn for the first time, a site that has just begun."""

from __future__ import annotations

import socket

from netlab.http import Session
from netlab.http.places import Place
from netlab.http.timings import _Stopwatch

PATIENCE = 30.0  # seconds for an answer


class Browser(Session):
    """The session of lesson 08, with more patience for an answer than for a connection."""

    def _connect(self, place: Place, watch: _Stopwatch) -> socket.socket:
        sock = super()._connect(place, watch)
        sock.settimeout(PATIENCE)
        return sock
