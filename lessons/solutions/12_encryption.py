"""Solutions of the exercises of lesson 12, encryption and TLS."""

import hashlib
import hmac
import json
import secrets
import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID


# 12-checksum
def checksum(stream):
    """Return the SHA-256 of all that a binary stream holds, as 64 hex digits."""
    digest = hashlib.sha256()
    while piece := stream.read(65536):
        digest.update(piece)
    return digest.hexdigest()


# 12-tag
def seal(key, message):
    """Return the HMAC-SHA256 of the message, 32 bytes, and the message behind it."""
    return hmac.new(key, message, hashlib.sha256).digest() + message


def unseal(key, sealed):
    """Return the message, or raise ValueError if the tag does not fit."""
    tag, message = sealed[:32], sealed[32:]
    if not hmac.compare_digest(tag, hmac.new(key, message, hashlib.sha256).digest()):
        raise ValueError("the tag does not fit the message")
    return message


# 12-nonce
def encrypt(key, text):
    """Return a text under AES-GCM, behind a nonce of its own."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), None)


def decrypt(key, data):
    """Return the text again."""
    return AESGCM(key).decrypt(data[:12], data[12:], None).decode()


# 12-feed
def receive(key, frames):
    """Return the quotes of a numbered feed, as a list of str."""
    quotes = []
    for number, frame in enumerate(frames):
        try:
            quote = AESGCM(key).decrypt(number.to_bytes(12, "big"), frame, None)
        except InvalidTag:
            raise ValueError(f"frame {number} is not the one that was sent") from None
        if not quote:
            return quotes
        quotes.append(quote.decode())
    raise ValueError("the feed was cut")


# 12-signed
def sign_list(private_key, prices):
    """Return an Ed25519 signature, 64 bytes, and behind it the prices as JSON in UTF-8."""
    data = json.dumps(prices).encode()
    return private_key.sign(data) + data


def read_list(public_key, data):
    """Return the prices, or raise ValueError if they are not what was signed."""
    signature, prices = data[:64], data[64:]
    try:
        public_key.verify(signature, prices)
    except InvalidSignature:
        raise ValueError("the signature does not fit the prices") from None
    return json.loads(prices)


# 12-certificate
def certificate_for(name, key, ca_certificate, ca_key):
    """Return a certificate for a server of that name, signed by the CA, valid for 30 days."""
    now = datetime.now(UTC)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(ca_certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(ca_key, hashes.SHA256())
    )


# 12-order
handshake = "bfadhgc"

# 12-hello
hello = {
    "type of the record": 22,
    "bytes in the record, behind its header": 0xE8,
    "says": "client",
    "how many cipher suites": 4,
    "the first cipher suite": 0x1302,
    "server name": "quotes.ticker.example",
}


# 12-context
def make_context(authority):
    """A context for a client that trusts this authority, given as PEM text, and nobody else."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority)
    return context
