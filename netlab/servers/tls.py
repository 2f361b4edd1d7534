"""TLS for the course: a certificate authority of its own, made afresh in every process.

Its key never leaves memory, so nothing on this machine comes to trust it by accident.
"""

from __future__ import annotations

import functools
import ssl

import trustme


@functools.cache
def course_ca() -> trustme.CA:
    """The course's certificate authority."""
    return trustme.CA(organization_name="netlab course", organization_unit_name="loopback only")


def server_context(*names: str) -> ssl.SSLContext:
    """A context for a server, with a certificate that the course's authority signed.

    Args:
        *names: the host names and IP addresses it is valid for; this machine's own if none is given.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = course_ca().issue_cert(*(names or ("127.0.0.1", "::1", "localhost")))
    certificate.configure_cert(context)
    return context


def client_context() -> ssl.SSLContext:
    """A context for a client that trusts the course's authority and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    course_ca().configure_trust(context)
    return context
