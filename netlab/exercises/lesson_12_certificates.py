"""The exercise of lesson 12 on certificates: to issue one."""

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


def visit(server_tls: ssl.SSLContext, client_tls: ssl.SSLContext, name: str = NAME) -> bytes:
    """Serve HTTPS with one context, and fetch a page with the other."""
    with (
        WebServer(_site, tls=server_tls) as server,
        socket.create_connection(server.address, timeout=TIMEOUT) as sock,
        client_tls.wrap_socket(sock, server_hostname=name) as secure,
    ):
        secure.sendall(f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
        with secure.makefile("rb") as stream:
            return stream.read().rpartition(b"\r\n\r\n")[2]


def serving(certificate: bytes, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
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


Authority = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


@functools.cache
def _authorities() -> tuple[Authority, Authority]:
    """A root as the lesson makes it, and a CA that the root has signed."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, name = "The check's root CA", "The check's second CA"
    root = _authority(root_name, root_key, root_name, root_key)
    return (root, root_key), (_authority(name, key, root_name, root_key), key)


def _authority(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """The certificate of a CA, signed by its issuer."""
    now = datetime.now(UTC)
    public, signer = key.public_key(), issuer_key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(key_usage("key_cert_sign"), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)


_VERDICTS = {
    "CA cert does not include key usage extension": "It says that it is a CA: `ca=False`.",
    "Hostname mismatch": "The client asked for {name}, and the SAN does not name it: `[x509.DNSName(name)]`.",
    "certificate has expired": "It ended before it began: `not_valid_after(now + timedelta(days=30))`.",
    "self-signed certificate": "It vouches for itself: the issuer has to be `ca_certificate.subject`, and `ca_key` signs.",
    "unable to get local issuer certificate": "The issuer named in it is not the CA: `.issuer_name(ca_certificate.subject)`, and the key identifier is that of the CA's public key.",
    "certificate signature failure": "The signature is not the CA's: `.sign(ca_key, hashes.SHA256())`.",
}


_BUILDER = {  # a part of what the builder says, and what it means
    "x509.Name object": "`.issuer_name` takes a name, which is no text and no certificate: a certificate has its owner's in `.subject`.",
    "Expecting one of": "`.public_key` takes a public key, and a private key gives its own: `key.public_key()`.",
    "no attribute 'public_bytes'": "The key identifier is made of a public key, and a private key gives its own: `.public_key()`.",
    "Expecting datetime": "`.not_valid_after` takes a moment, such as `now` and a `timedelta` added to it.",
    "boolean": "`ca` is True or False: may the owner of this certificate sign others?",
    "GeneralName": "The SAN is a list, and each name in it an object: `x509.DNSName(name)`.",
    "'DNSName' object is not iterable": "The SAN is a list, and each name in it an object: `[x509.DNSName(name)]`.",
    "Key must be": "`.sign` takes a private key: the one of who vouches.",
}


@contextlib.contextmanager
def _built(case: Case) -> Iterator[None]:
    """Say what the builder did not take."""
    try:
        yield
    except (TypeError, AttributeError) as error:
        words = next((words for part, words in _BUILDER.items() if part in str(error)), "")
        case.errors = {type(error): words} if words else {}
        raise


@contextlib.contextmanager
def _explained(case: Case) -> Iterator[None]:
    """Say what a client's refusal means."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        words = next((w for said, w in _VERDICTS.items() if said in error.verify_message), "")
        advice = words.format(name=NAME) or "Compare each line with the certificate of the CA above."
        case.fail("the page", f"the client refuses: {error.verify_message}", advice)


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
    (ca_certificate, ca_key), second = _authorities()
    key = ec.generate_private_key(ec.SECP256R1())
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=_pem(ca_certificate).decode())
    made: list[x509.Certificate] = []
    with t.case("it is a certificate") as case, _built(case):
        came = certificate_for(NAME, key, ca_certificate, ca_key)
        case.expect_that(isinstance(came, x509.Certificate), "a certificate", type(came).__name__, "Return what `sign` returns.")  # fmt: skip
        made.append(came)
    if not made:
        return
    pem = _pem(made[0])
    with t.case("for the server's key") as case:
        words = (
            "The certificate names a public key that is not the server's: `.public_key(key.public_key())`."
        )
        case.expect_that(made[0].public_key() == key.public_key(), "the server's public key", "another one", words)  # fmt: skip
    if not t.results[-1].passed:
        return  # no server could use it
    with t.case("it is no CA") as case:
        ca = made[0].extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        wrong: Wrong = [(True, "With `ca=True` the owner of one site could sign for all sites of the world.")]
        case.expect(ca, False, wrong)
    with t.case("a client that trusts the CA visits the site") as case, _explained(case):
        case.expect(visit(serving(pem, key), client), b"AAPL 430.47\n")
    with t.case("a client of the strict kind, as browsers are") as case, _explained(case):
        client.verify_flags |= ssl.VERIFY_X509_STRICT
        case.expect(visit(serving(pem, key), client), b"AAPL 430.47\n")
    with t.case("a client that wants another site is not fooled") as case:
        words = "Your certificate is good for `bank.example` too. Name one host, the one that was asked for."
        case.expect_error(
            ssl.SSLCertVerificationError, lambda: visit(serving(pem, key), client, "bank.example"), words
        )
    with t.case("for 30 days") as case:
        days = round((made[0].not_valid_after_utc - datetime.now(UTC)) / timedelta(days=1))
        case.expect(days, DAYS, advice="`not_valid_after(now + timedelta(days=30))`: short lives limit what a stolen key is good for.")  # fmt: skip
    with t.case("another name, another certificate") as case, _explained(case):
        other = certificate_for("mail.ticker.example", key, ca_certificate, ca_key)
        names = other.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        wanted = "mail.ticker.example"
        many = "One name was asked for: `[x509.DNSName(name)]`, and no other beside it."
        named = names.get_values_for_type(x509.DNSName)
        case.expect(named, [wanted], [(lambda v: wanted in v, many)], advice="The name is an argument.")
    with t.case("by a CA that another CA has signed") as case, _explained(case):
        chained = certificate_for(NAME, key, *second)
        words = "That is who vouches for the CA. Who vouches for the server is the CA itself: `ca_certificate.subject`. For a root both are the same."
        issuer = (chained.issuer.rfc4514_string(), second[0].subject.rfc4514_string())
        case.expect(*issuer, [(second[0].issuer.rfc4514_string(), words)])
        case.expect(visit(serving(_pem(chained, second[0]), key), client), b"AAPL 430.47\n")
