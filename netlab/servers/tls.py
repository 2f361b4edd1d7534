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
from cryptography import x509

from netlab.errors import OptionError

# This machine's own names, and those of the story, whatever server plays them.
NAMES = ("127.0.0.1", "::1", "localhost", "ticker.example", "*.ticker.example")

# What a key may be used for (RFC 5280, section 4.2.1.3).
USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)

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


def key_usage(*uses: str) -> x509.KeyUsage:
    """The extension that says what a certificate's key may be used for, and that it may be used for nothing else.

    Args:
        *uses: of `USES`; an authority that signs certificates needs "key_cert_sign".
    """
    if unknown := set(uses) - set(USES):
        raise OptionError(f"A key has no use {', '.join(sorted(unknown))}; choose from {', '.join(USES)}.")
    return x509.KeyUsage(**{use: use in uses for use in USES})
