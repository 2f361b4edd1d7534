"""The exercise of lesson 12 on signatures: a price list that everybody can check."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial, Wrong

Errors = dict[type[BaseException], str]


@exercise(
    "12-signed",
    title="A signed price list",
    objective="12-o1",
    points=2,
    hints=(
        "`data = json.dumps(prices).encode()`, and `private_key.sign(data) + data`.",
        "`signature, data = data[:64], data[64:]`, and `public_key.verify(signature, data)` before anything else.",
        "`verify` returns nothing: it raises `InvalidSignature`. Turn that into a ValueError.",
        "Verify the bytes that came. To write the JSON anew would give other bytes for a list of another program.",
    ),
    passed="Your list may travel by mail, by FTP, on a stick: it is yours, or it is refused.",
)
def signed(
    t: Trial,
    sign_list: Callable[[Ed25519PrivateKey, dict[str, float]], bytes],
    read_list: Callable[[Any, bytes], dict[str, float]],
) -> None:
    """A price list with an Ed25519 signature in front."""
    private, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public, prices = private.public_key(), {"AAPL": 430.47, "IBM": 202.91}
    anew = "The bytes that came are what was signed. You write the JSON anew, with other blanks or in another order."
    nothing = "Nothing was returned. `verify` returns None for a genuine list too: no exception is its yes, so `if` cannot ask it."
    raw: Errors = {
        InvalidSignature: "`verify` raises InvalidSignature; ValueError is asked for: catch and raise."
    }

    def sign(data: bytes, key: Ed25519PrivateKey = private) -> bytes:
        return key.sign(data) + data

    with t.case("a list is signed") as case:
        _is_signed(case, public, sign_list(private, prices), prices)
    with t.case("and read", raw) as case:
        wrong: Wrong = [
            (lambda v: v is None, nothing),
            (lambda v: v is True, "Return the prices, not that they are genuine."),
            (lambda v: isinstance(v, (bytes, str)), "Prices are a dictionary: `json.loads`."),
        ]
        case.expect(read_list(public, sign(json.dumps(prices).encode())), prices, wrong)
    if t.results[-1].passed:  # otherwise the fault is another one
        with t.case(
            "one of another program, with other blanks", {InvalidSignature: anew, ValueError: anew}
        ) as case:
            spaced = json.dumps(prices, indent=2, sort_keys=True).encode()
            case.expect(read_list(public, sign(spaced)), prices, advice=anew)
    good = sign(json.dumps(prices).encode())
    forgeries = {
        "a changed price": good.replace(b"430.47", b"930.47"),
        "a changed signature": bytes([good[0] ^ 1]) + good[1:],
        "signed by somebody else": sign(json.dumps(prices).encode(), stranger),
        "not signed at all": json.dumps(prices).encode().rjust(64 + 40),
        "no JSON, and not signed": bytes(64) + b"\xff\xfe",
        "nothing": b"",
    }
    for what, forged in forgeries.items():
        with t.case(what, raw) as case:
            words = "Prices came of it. Verify first; if it fails, raise ValueError, and return nothing."
            case.expect_error(ValueError, lambda forged=forged: read_list(public, forged), words)  # type: ignore[misc]
    early = "JSON was read before the signature was verified: a stranger's bytes have reached `json.loads`. Verify first, then read."
    with t.case("nested a hundred thousand deep, and not signed", {**raw, RecursionError: early}) as case:
        deep = bytes(64) + b"[" * 100_000
        case.expect_error(
            ValueError, lambda: read_list(public, deep), "Raise ValueError, and return nothing."
        )


def _is_signed(case: Case, public: Any, came: Any, prices: dict[str, float]) -> None:
    """Whether what came is a signature, and JSON behind it."""
    case.expect_that(isinstance(came, bytes), "bytes", type(came).__name__, "Signature and JSON, both bytes.")
    try:
        public.verify(came[:64], came[64:])
    except InvalidSignature:
        behind = "The signature has 64 bytes and stands in front; it is over exactly the bytes behind it."
        case.fail("a signature over what stands behind it", "another one, or none", behind)
    try:
        written = json.loads(came[64:])
    except ValueError:
        case.fail("JSON behind the signature", repr(came[64:104]), "`json.dumps(prices).encode()`.")
    case.expect(written, prices)
