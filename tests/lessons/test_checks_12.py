"""Lesson 12's checks take every right way, and give no solution away."""

import hashlib
import hmac
from collections.abc import Callable
from hmac import compare_digest
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from netlab import check


@pytest.fixture(autouse=True)
def _outside_of_a_workspace(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETLAB_STRICT", "1")


def by_file_digest(stream: Any) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def into_a_buffer(stream: Any) -> str:
    digest, buffer = hashlib.sha256(), memoryview(bytearray(65536))
    while size := stream.readinto(buffer):
        digest.update(buffer[:size])
    return digest.hexdigest()


def by_small_pieces(stream: Any) -> str:
    digest = hashlib.sha256()
    for piece in iter(lambda: stream.read(4096), b""):
        digest.update(piece)
    return digest.hexdigest()


@pytest.mark.parametrize("checksum", [by_file_digest, into_a_buffer, by_small_pieces])
def test_a_big_file_may_be_read_in_any_way_that_keeps_little_of_it(checksum: Callable[[Any], str]) -> None:
    report = check("12-checksum", checksum)
    assert report.state == "passed", report


def test_something_that_is_no_function_is_not_told_about_hashes() -> None:
    assert "`hashlib` takes bytes" not in repr(check("12-checksum", "x"))


def seal(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest() + message


def unseal_with_a_name_of_its_own(key: bytes, sealed: bytes) -> bytes:
    if not compare_digest(seal(key, sealed[32:]), sealed):
        raise ValueError("no")
    return sealed[32:]


def unseal_with_cryptography(key: bytes, sealed: bytes) -> bytes:
    right = HMAC(key, hashes.SHA256())
    right.update(sealed[32:])
    try:
        right.verify(sealed[:32])
    except InvalidSignature:
        raise ValueError("no") from None
    return sealed[32:]


@pytest.mark.parametrize("unseal", [unseal_with_a_name_of_its_own, unseal_with_cryptography])
def test_tags_may_be_compared_with_whatever_takes_constant_time(
    unseal: Callable[[bytes, bytes], bytes],
) -> None:
    report = check("12-tag", seal, unseal)
    assert report.state == "passed", report


@pytest.mark.parametrize("wrong", ["abcdfgh", "abcdefg", "bfadhcg", "hgfdcba"])
def test_a_wrong_order_is_not_answered_with_the_right_one(wrong: str) -> None:
    report = check("12-order", wrong)
    assert report.state == "failed"
    assert "bfadhgc" not in repr(report)


def test_wrong_bytes_are_not_answered_with_the_right_ones() -> None:
    wrong = {"the first cipher suite": 0x1303, "server name": "ticker", "says": "peer"}
    said = repr(check("12-hello", wrong))
    assert "0x1303" in said, "in hex, as the question has it"
    for right in ("4866", "0x1302", "232", "0xe8", "quotes.ticker.example", "'client'"):
        assert right not in said


def test_a_signature_at_the_wrong_end_is_not_taken_for_other_json() -> None:
    def sign_list(private_key: Any, prices: dict[str, float]) -> bytes:
        return repr(prices).encode() + bytes(private_key.sign(b""))

    def read_list(public_key: Any, data: bytes) -> None:
        try:
            public_key.verify(data[-64:], data[:-64])
        except InvalidSignature:
            raise ValueError("no") from None

    said = repr(check("12-signed", sign_list, read_list))
    assert "stands in front" in said
    assert "You write the JSON anew" not in said


def test_one_nonce_for_all_is_told_once_what_it_is() -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    def encrypt(key: bytes, text: str) -> bytes:
        return bytes(12) + AESGCM(key).encrypt(bytes(12), text.encode(), None)

    def decrypt(key: bytes, data: bytes) -> str:
        return AESGCM(key).decrypt(data[:12], data[12:], None).decode()

    said = repr(check("12-nonce", encrypt, decrypt))
    assert "the nonce is the same in both calls" in said
    assert "no fewer" not in said
    assert "a counter or a clock" not in said
