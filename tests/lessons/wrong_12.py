"""Typical wrong answers of lesson 12, encryption, digests and secrets: exercise, words of the report, source."""

CHECKSUM = """
import hashlib


def checksum(stream):
    digest = hashlib.{kind}()
    {loop}
    return digest.{result}
"""
TAG = """
import hashlib
import hmac


def seal(key, message):
    return {tag} + message


def unseal(key, sealed):
    tag, message = sealed[:32], sealed[32:]
    {compare}
        raise ValueError("no")
    return {result}
"""
NONCE = """
import hashlib
import secrets
{state}

def encrypt(key, text):
    nonce = {nonce}
    return {sent}AESGCM(key).encrypt(nonce, text.encode(), None)


def decrypt(key, data):
    {decrypt}
"""
FEED = """
def receive(key, frames):
    quotes = []
    for number, frame in enumerate(frames{first}):
        try:
            quote = AESGCM(key).decrypt({nonce}.to_bytes(12, "big"), frame, None)
        except InvalidTag:
            {wrong}
        if not quote:
            {end}
        quotes.append(quote{decode})
    {cut}
"""
LOOP = "while piece := stream.read(65536): digest.update(piece)"
COMPARE = "if not hmac.compare_digest(tag, hmac.new(key, message, hashlib.sha256).digest()):"


def checksum(**parts):
    return CHECKSUM.format(**{"kind": "sha256", "loop": LOOP, "result": "hexdigest()", **parts})


def tag(**parts):
    right = {
        "tag": "hmac.new(key, message, hashlib.sha256).digest()",
        "compare": COMPARE,
        "result": "message",
    }
    return TAG.format(**{**right, **parts})


def nonce(**parts):
    right = {
        "state": "",
        "nonce": "secrets.token_bytes(12)",
        "sent": "nonce + ",
        "decrypt": "return AESGCM(key).decrypt(data[:12], data[12:], None).decode()",
    }
    return NONCE.format(**{**right, **parts})


def feed(**parts):
    right = {
        "first": "",
        "nonce": "number",
        "wrong": 'raise ValueError("no") from None',
        "end": "return quotes",
        "decode": ".decode()",
        "cut": 'raise ValueError("cut")',
    }
    return FEED.format(**{**right, **parts})


RIGHT_TAG = "hmac.new(key, message, hashlib.sha256).digest()"
ASSERTED = COMPARE.replace("if not", "assert").replace("):", ")\n    if False:")
IN_LETTERS = """
import secrets
from base64 import b64decode, b64encode


def encrypt(key, text):
    nonce = secrets.token_bytes(12)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, text.encode(), None))


def decrypt(key, data):
    data = b64decode(data)
    return AESGCM(key).decrypt(data[:12], data[12:], None).decode()
"""
DECRYPT_16 = "return AESGCM(key).decrypt(data[:16], data[16:], None).decode()"
UNTIL_SHORT = """piece = b"x" * 65536
    while len(piece) == 65536:
        piece = stream.read(65536)
        digest.update(piece)"""
SEARCH = """
def receive(key, frames):
    quotes, used = [], set()
    for frame in frames:
        for number in range(100):
            try:
                quote = AESGCM(key).decrypt(number.to_bytes(12, "big"), frame, None)
                break
            except InvalidTag:
                continue
        else:
            raise ValueError("no")
        if number in used:
            raise ValueError("again")
        used.add(number)
        if not quote:
            return quotes
        quotes.append(quote.decode())
    raise ValueError("cut")
"""
JOINED = 'digest.update(b"".join(iter(lambda: stream.read(65536), b"")))'
SKIP = """
def receive(key, frames):
    quotes = []
    for frame in frames:
        try:
            quote = AESGCM(key).decrypt(len(quotes).to_bytes(12, "big"), frame, None)
        except InvalidTag:
            continue
        if not quote:
            return quotes
        quotes.append(quote.decode())
    raise ValueError("cut")
"""
UNOPENED = """
def receive(key, frames):
    quotes = []
    for number, frame in enumerate(frames):
        if len(frame) == 16:
            return quotes
        try:
            quotes.append(AESGCM(key).decrypt(number.to_bytes(12, "big"), frame, None).decode())
        except InvalidTag:
            raise ValueError("no") from None
    raise ValueError("cut")
"""
NEXT = """
def receive(key, frames):
    quotes = []
    while quote := AESGCM(key).decrypt(len(quotes).to_bytes(12, "big"), next(frames), None):
        quotes.append(quote.decode())
    return quotes
"""
STREAM = """
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
import secrets


def xored(key, nonce, text):
    return Cipher(algorithms.AES(key), modes.CTR(nonce)).encryptor().update(text)


def encrypt(key, text):
    nonce = secrets.token_bytes(16)
    return nonce + xored(key, nonce, text.encode())


def decrypt(key, data):
    return xored(key, data[:16], data[16:]).decode()
"""
PAIR = """
import secrets


def encrypt(key, text):
    nonce = secrets.token_bytes(12)
    return nonce, AESGCM(key).encrypt(nonce, text.encode(), None)


def decrypt(key, data):
    return AESGCM(key).decrypt(*data, None).decode()
"""
FERNET = """
import base64
from cryptography.fernet import Fernet


def encrypt(key, text):
    return Fernet(base64.urlsafe_b64encode(key)).encrypt(text.encode())


def decrypt(key, data):
    return Fernet(base64.urlsafe_b64encode(key)).decrypt(data).decode()
"""
WRONG = [
    ("12-checksum", "takes the whole file into memory", checksum(loop="digest.update(stream.read())")),
    ("12-checksum", "That is the hash of one piece", checksum(loop="digest.update(stream.read(65536))")),
    (
        "12-checksum",
        "That is the hash of one piece",
        checksum(loop="while piece := stream.read(65536): digest = hashlib.sha256(piece)"),
    ),
    ("12-checksum", "That is MD5", checksum(kind="md5")),
    ("12-checksum", "64 hex digits are asked for", checksum(result="digest()")),
    (
        "12-checksum",
        "A read may bring less",
        checksum(loop=UNTIL_SHORT),
    ),
    ("12-tag", "That is a hash with the key glued on", tag(tag="hashlib.sha256(key + message).digest()")),
    ("12-tag", "Where is the key", tag(tag="hashlib.sha256(message).digest()")),
    ("12-tag", "The key comes first", tag(tag="hmac.new(message, key, hashlib.sha256).digest()")),
    ("12-tag", "not 64 hex digits", tag(tag="hmac.new(key, message, hashlib.sha256).hexdigest().encode()")),
    ("12-tag", "may stop at the first byte", tag(compare=f"if tag != {RIGHT_TAG}:")),
    ("12-tag", "unless the whole tag fits", tag(compare=f"if tag[:8] != {RIGHT_TAG}[:8]:")),
    ("12-tag", "without its tag", tag(result="sealed")),
    ("12-nonce", "send the nonce along", nonce(sent="")),
    (
        "12-nonce",
        "send the nonce along",
        nonce(
            state="NONCES = [b'']",
            nonce="NONCES.__setitem__(0, secrets.token_bytes(12)) or NONCES[0]",
            sent="",
            decrypt="return AESGCM(key).decrypt(NONCES[0], data, None).decode()",
        ),
    ),
    ("12-nonce", "the nonce is the same in both calls", nonce(nonce="b'ticker-12345'[:12]")),
    ("12-nonce", "the price has not moved", nonce(nonce="hashlib.sha256(text.encode()).digest()[:12]")),
    ("12-nonce", "take 12 random bytes, no fewer", nonce(nonce="bytes(11) + secrets.token_bytes(1)")),
    (
        "12-nonce",
        "12 bytes of nonce, the text, 16 bytes of tag",
        nonce(nonce="secrets.token_bytes(16)", decrypt=DECRYPT_16),
    ),
    (
        "12-nonce",
        "A counter begins again after a restart",
        nonce(state="import itertools\n\nCOUNT = itertools.count()", nonce="next(COUNT).to_bytes(12, 'big')"),
    ),
    ("12-feed", "Do not skip a frame that does not open", feed(wrong="continue")),
    ("12-feed", "never search for one that fits", SEARCH),
    ("12-feed", "somebody has cut the feed", feed(cut="return quotes")),
    ("12-feed", "The empty frame marks the end", feed(end="quotes.append(''); return quotes")),
    ("12-feed", "what comes behind it is none of this feed", feed(end="continue", cut="return quotes")),
    ("12-feed", "Quotes are str", feed(decode="")),
    ("12-feed", "The nonce of a frame is its number", feed(nonce="(number + 1)", wrong="raise")),
    ("12-feed", "Say it in the caller's terms", feed(wrong="raise")),
    ("12-checksum", "The pieces were all kept", checksum(loop=JOINED)),
    ("12-checksum", "A line ends at a newline", checksum(loop="for line in stream: digest.update(line)")),
    ("12-tag", "may stop at the first byte", tag(compare=f"if tag.hex() != {RIGHT_TAG}.hex():")),
    ("12-tag", "may stop at the first byte", tag(compare="if seal(key, message) != sealed:")),
    ("12-tag", "may stop at the first byte", tag(compare=f"if not sealed.startswith({RIGHT_TAG}):")),
    ("12-nonce", "`encrypt` has to return bytes", PAIR),
    ("12-nonce", "a token of Fernet's", FERNET),
    ("12-nonce", "The nonce is there, and no tag", STREAM),
    ("12-nonce", "Make it inside `encrypt`", nonce(state="NONCE = secrets.token_bytes(12)", nonce="NONCE")),
    ("12-nonce", "the same numbers after the same seed", nonce(state="import random", nonce="random.randbytes(12)")),
    ("12-feed", "Do not skip a frame that does not open", SKIP),
    ("12-feed", "A byte only counts to 255", feed(nonce="(number % 256)")),
    ("12-feed", "A byte only counts to 255", feed(nonce='(int.from_bytes(number.to_bytes(1, "big"), "big"))')),
    ("12-feed", "Sixteen bytes are no end", UNOPENED),
    ("12-feed", "The nonce of a frame is its number", feed(nonce="(number + 1)")),
    ("12-feed", "in 12 bytes", feed().replace('number.to_bytes(12, "big")', "number")),
    ("12-feed", "read once: loop over it", NEXT),
    ("12-feed", "the end was not seen", feed(end="continue")),
    ("12-feed", "return at the empty one", feed().replace("(frames)", "(list(frames))")),
    ("12-feed", "nor return what came before it", feed(wrong="return quotes")),
    ("12-tag", "`python -O` leaves it out", tag(compare=ASSERTED)),
    ("12-nonce", "longer by a third", IN_LETTERS),
]  # fmt: skip
