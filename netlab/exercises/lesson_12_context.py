"""The exercise of lesson 12 on verifying: a client's context that refuses what is not good."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import trustme
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from netlab.exercises.lesson_12_certificates import NAME, serving, visit
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

BLIND = """
def make_context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
"""


@exercise(
    "12-context",
    title="A bug: since then everything works",
    objective="12-o4",
    points=2,
    starter=BLIND,
    hints=(
        "`PROTOCOL_TLS_CLIENT` begins with all checks on. Which two lines switch them off?",
        "Take both away. Now even the good server is refused: why should the client believe its CA?",
        "`context.load_verify_locations(cadata=authority)` makes it trust this one, and nobody else.",
    ),
    passed="Your client talks to whom it means to, or not at all.",
)
def context(t: Trial, make_context: Callable[[str], ssl.SSLContext]) -> None:
    """A client's context among good and bad servers."""
    authority, stranger = trustme.CA(), trustme.CA()
    made: list[ssl.SSLContext] = []
    both: dict[type[BaseException], str] = {
        ssl.SSLError: "PEM is text: hand it on as it is, `cadata=authority`. Bytes would be read as DER.",
        OSError: "`load_verify_locations` takes its first argument for the name of a file. The text itself goes in as `cadata=authority`.",
        ValueError: "`ssl` itself refuses: no certificate, but its name? Both lines have to go.",
    }
    with t.case("it is a context", both) as case:
        came = make_context(authority.cert_pem.bytes().decode())
        case.expect_that(isinstance(came, ssl.SSLContext), "a context", type(came).__name__, "Return the context.")  # fmt: skip
        made.append(came)
    if not made:
        return
    (mine,) = made
    yesterday = datetime.now(UTC) - timedelta(days=1)

    def offering(certificate: trustme.LeafCert) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    with t.case("the good server") as case:
        words = "The client trusts nobody, or not this CA: `context.load_verify_locations(cadata=authority)`."
        try:
            case.expect(visit(offering(authority.issue_cert(NAME)), mine), b"AAPL 430.47\n")
        except ssl.SSLError as error:
            case.fail("the page", str(error.reason), words)
    chain = "The client accepts any certificate: without `verify_mode = ssl.CERT_REQUIRED` it encrypts, to whoever answers."
    name = "The certificate is for another name, and the client does not look: `check_hostname` has to stay True."
    root = serialization.load_pem_private_key(stranger.private_key_pem.bytes(), None)
    assert isinstance(root, ec.EllipticCurvePrivateKey)
    bad = {
        "a certificate of another CA": (offering(stranger.issue_cert(NAME)), chain),
        "a self-signed certificate": (serving(stranger.cert_pem.bytes(), root), chain),
        "an expired certificate": (offering(authority.issue_cert(NAME, not_after=yesterday)), chain),
        "a good certificate, for another name": (offering(authority.issue_cert("thief.example")), name),
    }
    for what, (server_tls, words) in bad.items():
        with t.case(what) as case:
            case.expect_error(
                ssl.SSLCertVerificationError,
                lambda server_tls=server_tls: visit(server_tls, mine),  # type: ignore[misc]
                words,
            )
    with t.case("nobody else is trusted") as case:
        words = "Ticker's programs talk to Ticker's servers: one CA is enough, and each one more could sign for your name."
        trusted = len(mine.get_ca_certs())
        case.expect_that(trusted == 1, "one CA", f"{trusted} of them", words)
