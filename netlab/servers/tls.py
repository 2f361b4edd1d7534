"""TLS for the course: a certificate authority of its own, made afresh in every process.

Its key never leaves memory, so nothing on this machine comes to trust it by accident.
"""

from __future__ import annotations

import contextlib
import functools
import ssl
import threading
from collections.abc import Iterator

import trustme

# This machine's own names, and those of the story, whatever server plays them.
NAMES = ("127.0.0.1", "::1", "localhost", "ticker.example", "*.ticker.example")

_lock = threading.Lock()


def course_ca() -> trustme.CA:
    """The course's certificate authority."""
    with _lock:  # a server and its client may ask at once, and must get the same one
        return _make_ca()


@functools.cache
def _make_ca() -> trustme.CA:
    return trustme.CA(organization_name="netlab course", organization_unit_name="loopback only")


def server_context(*names: str) -> ssl.SSLContext:
    """A context for a server, with a certificate that the course's authority signed.

    Args:
        *names: the host names and IP addresses it is valid for; `NAMES` if none is given.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = course_ca().issue_cert(*(names or NAMES))
    certificate.configure_cert(context)
    return context


def client_context() -> ssl.SSLContext:
    """A context for a client that trusts the course's authority and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    course_ca().configure_trust(context)
    return context


@contextlib.contextmanager
def ca_file() -> Iterator[str]:
    """The path of a file with the authority's certificate, for clients that want a file; gone after the block."""
    with course_ca().cert_pem.tempfile() as path:
        yield path
