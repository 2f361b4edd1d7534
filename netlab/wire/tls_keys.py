"""Opening TLS 1.3 records with the secrets that one of the two sides wrote down (RFC 9846, sections 5 and 7).

A client with `context.keylog_filename` writes them in NSS key log format, as browsers do for Wireshark. Whoever is
on the way has no such file.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from netlab.errors import OptionError, PacketError
from netlab.wire.tls import APPLICATION_DATA, FINISHED, HANDSHAKE, TLSRecord, handshake_messages

IV = 12  # bytes of a nonce
SUITES: dict[
    int, tuple[type[AESGCM | ChaCha20Poly1305], type[hashes.HashAlgorithm], int]
] = {  # cipher, hash, bytes of the key (RFC 9846, appendix B.4)
    0x1301: (AESGCM, hashes.SHA256, 16),
    0x1302: (AESGCM, hashes.SHA384, 32),
    0x1303: (ChaCha20Poly1305, hashes.SHA256, 32),
}
SIDES = {"client": "CLIENT", "server": "SERVER"}


@dataclass(frozen=True, slots=True)
class Opened:
    """What was inside an encrypted record.

    Attributes:
        type: the real type, which the header hides.
        content: the bytes, without type, padding and tag.
    """

    type: int
    content: bytes


def read_keylog(text: str) -> dict[tuple[str, bytes], bytes]:
    """The secrets of a key log by their labels and the client's random."""
    secrets = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            label, random, secret = line.split()
            secrets[label, bytes.fromhex(random)] = bytes.fromhex(secret)
    return secrets


def expand_label(secret: bytes, label: str, length: int, algorithm: hashes.HashAlgorithm) -> bytes:
    """HKDF-Expand-Label of RFC 9846, section 7.1, with an empty context."""
    name = b"tls13 " + label.encode("ascii")
    info = length.to_bytes(2, "big") + bytes([len(name)]) + name + b"\0"
    return HKDFExpand(algorithm, length, info).derive(secret)


class _Keys:
    """Key, starting nonce and sequence number of one direction."""

    def __init__(self, secret: bytes, suite: int) -> None:
        cipher, algorithm, size = SUITES[suite]
        self.cipher = cipher(expand_label(secret, "key", size, algorithm()))
        self.iv = int.from_bytes(expand_label(secret, "iv", IV, algorithm()), "big")
        self.number = 0

    def open(self, record: TLSRecord) -> Opened:
        """Decrypt the next record: the nonce is the starting nonce XOR the number of the record."""
        nonce = (self.iv ^ self.number).to_bytes(IV, "big")
        inner = self.cipher.decrypt(nonce, record.body, record.header).rstrip(b"\0")
        self.number += 1
        return Opened(inner[-1], inner[:-1])


class RecordOpener:
    """Opens the records of one side in their order.

    Args:
        sender: "client" or "server".
        keylog: the text of a key log.
        random: the client's random, from its hello.
        suite: the cipher suite that the server chose.

    Raises:
        OptionError: when the log has no secrets of this connection.
        PacketError: for a suite that is none of TLS 1.3.
    """

    def __init__(self, sender: str, keylog: str, random: bytes, suite: int) -> None:
        if suite not in SUITES:
            raise PacketError(f"The cipher suite {suite:#06x} is none of TLS 1.3.")
        secrets, side = read_keylog(keylog), SIDES[sender]
        try:
            self._handshake = _Keys(secrets[f"{side}_HANDSHAKE_TRAFFIC_SECRET", random], suite)
            self._traffic = _Keys(secrets[f"{side}_TRAFFIC_SECRET_0", random], suite)
        except KeyError:
            raise OptionError("The key log has no secrets of this connection.") from None
        self._finished = False

    def open(self, record: TLSRecord) -> Opened:
        """What a record holds; one that was never encrypted is given back as it is.

        Raises:
            PacketError: when it was changed on the way, or its keys have changed since.
        """
        if record.type != APPLICATION_DATA:
            return Opened(record.type, record.body)
        keys = self._traffic if self._finished else self._handshake
        try:
            opened = keys.open(record)
        except InvalidTag:
            raise PacketError("The keys do not fit this record.") from None
        if opened.type == HANDSHAKE and not self._finished:
            self._finished = any(m.type == FINISHED for m in handshake_messages(opened.content))
        return opened
