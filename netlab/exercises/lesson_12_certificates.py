"""The exercises of lesson 12 on certificates: to issue one, and to refuse those that are not good."""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong
from netlab.servers.tls import key_usage
from netlab.servers.web import WebServer

NAME = "quotes.ticker.example"
DAYS = 30
TIMEOUT = 2.0


def _site(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:  # noqa: ARG001
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"AAPL 430.47\n"]


def _visit(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, name: str = NAME) -> bytes:
    """Serve HTTPS with one context, and fetch a page with the other."""
    with (
        WebServer(_site, tls=server_tls) as server,
        socket.create_connection(server.address, timeout=TIMEOUT) as sock,
        client_tls.wrap_socket(sock, server_hostname=name) as secure,
    ):
        secure.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        with secure.makefile("rb") as stream:
            return stream.read().rpartition(b"\r\n\r\n")[2]


def _serving(certificate: bytes, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
    """A server's context of a certificate, in PEM, and its key."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "server.pem")
        path.write_bytes(secret + certificate)
        context.load_cert_chain(path)
    return context


@functools.cache
def _authority() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A CA as the lesson makes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "The judge's CA")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage("key_cert_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


_VERDICTS = {
    "Hostname mismatch": "The client asked for {name}, and the SAN does not name it: `[x509.DNSName(name)]`.",
    "certificate has expired": "It ended before it began: `not_valid_after(now + timedelta(days=30))`.",
    "self-signed certificate": "It vouches for itself: the issuer has to be `ca_certificate.subject`, and `ca_key` signs.",
    "unable to get local issuer certificate": "The issuer named in it is not the CA: `.issuer_name(ca_certificate.subject)`, and the key identifier is that of the CA's public key.",
    "certificate signature failure": "The signature is not the CA's: `.sign(ca_key, hashes.SHA256())`.",
}


@contextlib.contextmanager
def _explained(case: Case) -> Iterator[None]:
    """Say what a client's refusal means."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        words = next((w for said, w in _VERDICTS.items() if said in error.verify_message), "")
        advice = words.format(name=NAME) or "Compare each line with the certificate of the CA above."
        case.fail("the page", f"the client refuses: {error.verify_message}", advice)
    except ssl.SSLError as error:
        if "KEY_VALUES_MISMATCH" not in str(error):
            raise
        whose = (
            "The certificate names a public key that is not the server's: `.public_key(key.public_key())`."
        )
        case.fail("a certificate for the server's key", "one for another key", whose)


@exercise(
    "12-certificate",
    title="Be the CA",
    objective="12-o3",
    points=4,
    hints=(
        "Issuer: who vouches. That is the name in the CA's certificate: `ca_certificate.subject`.",
        "The public key is the server's: `key.public_key()`. The signature is the CA's: `.sign(ca_key, hashes.SHA256())`.",
        "The server signs no certificates: `ca=False`. The SAN is a list with `x509.DNSName(name)`.",
        "The key identifier tells which key of the issuer signed: that of `ca_key.public_key()`.",
    ),
    passed="Whoever trusts your CA now knows your server, by its name.",
)
def certificate(t: Trial, certificate_for: Callable[..., x509.Certificate]) -> None:
    """A certificate that a strict client accepts, and that promises no more than it should."""
    ca_certificate, ca_key = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=ca_certificate.public_bytes(serialization.Encoding.PEM).decode())
    made: list[x509.Certificate] = []
    with t.case("it is a certificate") as case:
        came = certificate_for(NAME, key, ca_certificate, ca_key)
        case.expect_that(isinstance(came, x509.Certificate), "a certificate", type(came).__name__, "Return what `sign` returns.")  # fmt: skip
        made.append(came)
    if not made:
        return
    pem = made[0].public_bytes(serialization.Encoding.PEM)
    with t.case("a client that trusts the CA visits the site") as case, _explained(case):
        case.expect(_visit(_serving(pem, key), client), b"AAPL 430.47\n")
    with t.case("a client of the strict kind, as browsers are") as case, _explained(case):
        client.verify_flags |= ssl.VERIFY_X509_STRICT
        case.expect(_visit(_serving(pem, key), client), b"AAPL 430.47\n")
    with t.case("a client that wants another site is not fooled") as case:
        words = "Your certificate is good for `bank.example` too. Name one host, the one that was asked for."
        case.expect_error(
            ssl.SSLCertVerificationError, lambda: _visit(_serving(pem, key), client, "bank.example"), words
        )
    with t.case("it is no CA") as case:
        ca = made[0].extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        wrong: Wrong = [(True, "With `ca=True` the owner of one site could sign for all sites of the world.")]
        case.expect(ca, False, wrong)
    with t.case("for 30 days") as case:
        days = round((made[0].not_valid_after_utc - datetime.now(UTC)) / timedelta(days=1))
        case.expect(days, DAYS, advice="`not_valid_after(now + timedelta(days=30))`: short lives limit what a stolen key is good for.")  # fmt: skip
    with t.case("another name, another certificate") as case, _explained(case):
        other = certificate_for("mail.ticker.example", key, ca_certificate, ca_key)
        names = other.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        case.expect(names.get_values_for_type(x509.DNSName), ["mail.ticker.example"], advice="The name is an argument.")  # fmt: skip


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
        ValueError: "`ssl` itself refuses: no certificate, but its name? Both lines have to go."
    }
    with t.case("it is a context", both) as case:
        came = make_context(authority.cert_pem.bytes().decode())
        case.expect_that(isinstance(came, ssl.SSLContext), "a context", type(came).__name__, "Return the context.")  # fmt: skip
        made.append(came)
    if not made:
        return
    (mine,) = made
    yesterday = datetime.now(UTC) - timedelta(days=1)

    def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        return context

    with t.case("the good server") as case:
        words = "The client trusts nobody, or not this CA: `context.load_verify_locations(cadata=authority)`."
        try:
            case.expect(_visit(serving(authority.issue_cert(NAME)), mine), b"AAPL 430.47\n")
        except ssl.SSLError as error:
            case.fail("the page", str(error.reason), words)
    chain = "The client accepts any certificate: without `verify_mode = ssl.CERT_REQUIRED` it encrypts, to whoever answers."
    name = "The certificate is for another name, and the client does not look: `check_hostname` has to stay True."
    root = serialization.load_pem_private_key(stranger.private_key_pem.bytes(), None)
    assert isinstance(root, ec.EllipticCurvePrivateKey)
    bad = {
        "a certificate of another CA": (serving(stranger.issue_cert(NAME)), chain),
        "a self-signed certificate": (_serving(stranger.cert_pem.bytes(), root), chain),
        "an expired certificate": (serving(authority.issue_cert(NAME, not_after=yesterday)), chain),
        "a good certificate, for another name": (serving(authority.issue_cert("thief.example")), name),
    }
    for what, (server_tls, words) in bad.items():
        with t.case(what) as case:
            case.expect_error(
                ssl.SSLCertVerificationError,
                lambda server_tls=server_tls: _visit(server_tls, mine),  # type: ignore[misc]
                words,
            )
    with t.case("nobody else is trusted") as case:
        words = "Ticker's programs talk to Ticker's servers: one CA is enough, and each one more could sign for your name."
        trusted = len(mine.get_ca_certs())
        case.expect_that(trusted == 1, "one CA", f"{trusted} of them", words)
