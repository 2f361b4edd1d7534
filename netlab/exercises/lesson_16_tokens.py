"""The exercises of lesson 16 on proofs that travel: a JWT, the steps of OAuth, a code for one moment."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

STARTER = '''
def read_token(token, pem, revoked):
    """Whose token it is."""
    head = json.loads(unpack(token.split(".")[0]))
    if head["alg"] == "none":
        return json.loads(unpack(token.split(".")[1]))["sub"]
    key = RSAKey.import_key(pem)
    return jwt.decode(token, key, [head["alg"]]).claims["sub"]
'''


def packed(data: bytes) -> str:
    """Base64 for URLs without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def made(claims: dict[str, Any], head: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """A token, made by hand: a library would refuse to make some of these."""
    message = f"{packed(json.dumps(head).encode())}.{packed(json.dumps(claims).encode())}"
    return f"{message}.{packed(sign(message.encode()))}"


@cache
def keys() -> tuple[Any, Any]:
    """Our key and a stranger's, made once."""
    from joserfc.jwk import RSAKey

    return RSAKey.generate_key(2048), RSAKey.generate_key(2048)


@exercise(
    "16-jwt",
    title="A token that says how to be checked",
    objective="16-o3",
    points=4,
    starter=STARTER,
    limit=15,
    hints=(
        "You say which algorithm, not the token: `jwt.decode(token, RSAKey.import_key(pem), [\"RS256\"])`, and nothing before it looks into the token.",
        "`decode` checks the signature only. The claims are checked by a registry: `jwt.JWTClaimsRegistry(iss={\"essential\": True, \"value\": ISSUER}, …)`, then `.validate(token.claims)`.",
        "Essential are `iss`, `aud`, `sub`, `exp` and `jti`. An essential `exp` is also compared with the clock.",
        "`if claims[\"jti\"] in revoked: raise ValueError`. And `try: … except (JoseError, ValueError) as error: raise ValueError(…) from error`.",
    ),
    passed="One algorithm, one key, four claims and a list of what is revoked: then it may come in.",
)  # fmt: skip
def token(t: Trial, read_token: Callable[[str, bytes, set[str]], str]) -> None:
    """Tokens good and bad."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    ours, stranger = keys()
    pem: bytes = ours.as_pem(private=False)
    now = int(time.time())
    good = {
        "iss": "https://ticker.example",
        "aud": "prices-api",
        "sub": "ada@ticker.example",
        "exp": now + 300,
        "jti": "token-1",
    }
    anna = good | {"sub": "anna@ticker.example"}

    def signed(claims: dict[str, Any], key: Any = ours, algorithm: str = "RS256") -> str:
        return jwt.encode({"alg": algorithm}, claims, key, [algorithm])

    errors: dict[type[BaseException], str] = {
        JoseError: "joserfc says no by a `JoseError`; ValueError is asked for: catch and raise.",
        KeyError: "A claim is missing: say which ones are essential, and let the registry look.",
        IndexError: "What is no token at all is refused by `decode`: do not look into it before.",
        ModuleNotFoundError: "That module is not here.",
    }
    with t.case("a good token", errors) as case:
        words = "Return whose it is: `claims[\"sub\"]`."  # fmt: skip
        case.expect(
            read_token(signed(good), pem, set()),
            "ada@ticker.example",
            [(lambda v: isinstance(v, dict), words)],
        )
    words = "`aud` may be a list (RFC 7519, section 4.1.3): the registry's `value` takes one of them."
    with t.case("a good token for several services", {ValueError: words, **errors}) as case:
        several = signed(good | {"aud": ["mail-api", "prices-api"]})
        case.expect(read_token(several, pem, set()), "ada@ticker.example", advice=words)
    algorithm = 'The token may not choose how it is checked: `jwt.decode(token, key, ["RS256"])`, and no `if` before it.'
    confused = made(anna, {"alg": "HS256"}, lambda m: hmac.new(pem, m, hashlib.sha256).digest())
    public = "The public key was taken for a shared secret, and everybody has it. " + algorithm
    bad: dict[str, tuple[str, str]] = {
        "alg: none, and Anna's name": (made(anna, {"alg": "none"}, lambda _: b""), algorithm),
        "alg: None, in another spelling": (made(anna, {"alg": "nOnE"}, lambda _: b""), algorithm),
        "HS256 with the public key as the secret": (confused, public),
        "another algorithm, RS512": (signed(good, algorithm="RS512"), algorithm),
        "signed by a stranger": (signed(anna, stranger), "The signature is a stranger's: verify with `pem`."),
        "claims changed": (_changed(signed(good), anna), "The signature does not fit the claims any more."),
        "no signature": (signed(good).rpartition(".")[0] + ".", "Without a signature it is a wish."),
        "five minutes too old": (signed(good | {"exp": now - 300}), "`decode` does not look at the clock: `exp={\"essential\": True}` in a registry, then `validate`."),
        "without an end": (signed({k: v for k, v in good.items() if k != "exp"}), "A token that never ends is a password that nobody can change: `exp` is essential."),
        "of another issuer": (signed(good | {"iss": "https://evil.example"}), "`iss={\"essential\": True, \"value\": ISSUER}`."),
        "of an issuer with a similar name": (signed(good | {"iss": "https://ticker.example.evil.example"}), "Compare the whole issuer: `iss={\"essential\": True, \"value\": ISSUER}`."),
        "for another service": (signed(good | {"aud": "mail-api"}), "It was made for another service, which could use it here: `aud={\"essential\": True, \"value\": AUDIENCE}`."),
        "for a service with a similar name": (signed(good | {"aud": "prices-api-of-others"}), "`in` looks for a part of a text, if `aud` is one text: compare the whole name, or let the registry do it."),
        "for nobody in particular": (signed({k: v for k, v in good.items() if k != "aud"}), "It was made for another service, which could use it here: `aud` is essential."),
        "of nobody": (signed({k: v for k, v in good.items() if k != "sub"}), "No `sub`, no user: essential."),
        "without a number": (signed({k: v for k, v in good.items() if k != "jti"}), "Without a `jti` it cannot be revoked: essential."),
        "no token": ("", "Nothing is no token: ValueError, by whatever way."),
        "no token either": ("a.b", "That is no token: `decode` refuses it; raise ValueError."),
    }  # fmt: skip
    for what, (text, words) in bad.items():
        with t.case(what, errors) as case:
            case.expect_error(ValueError, lambda text=text: read_token(text, pem, set()), words)  # type: ignore[misc]
    with t.case("revoked", errors) as case:
        words = "A signature stays good until `exp`. Who wants to end it before needs a list, and has to look into it: `jti`."
        case.expect_error(ValueError, lambda: read_token(signed(good), pem, {"token-9", "token-1"}), words)
    with t.case("another one is revoked", errors) as case:
        case.expect(
            read_token(signed(good), pem, {"token-9"}),
            "ada@ticker.example",
            advice="Only what is in the list is revoked.",
        )


def _changed(text: str, claims: dict[str, Any]) -> str:
    head, _, signature = text.split(".")
    return f"{head}.{packed(json.dumps(claims).encode())}.{signature}"


STEPS = {
    "a": "the authorization server sends Ada's browser back to the redirect URI, with a code",
    "b": "the client sends Ada's browser to /authorize, with the challenge and a state",
    "c": "the client sends the code and the verifier to /token",
    "d": "Ada types her password into the client",
    "e": "the client makes up a verifier, and its SHA-256, the challenge",
    "f": "the authorization server hashes the verifier, compares, and gives an access token",
    "g": "Ada logs in at the authorization server, and allows it",
    "h": "the client compares the state with the one it made up",
    "i": "the client asks the API, with the token in Authorization",
}
RIGHT = "ebgahcfi"
WHY = (
    ("eb", "The challenge travels in the first request: verifier and challenge must be there before it."),
    ("bg", "Ada is asked at the authorization server: her browser must have been sent there."),
    ("ga", "No code before she has said yes."),
    ("ah", "The state comes back together with the code: it can only be compared then."),
    ("hc", "First look whether this answer is one to your own question, then use the code: else somebody could slip you a code of theirs."),
    ("cf", "The server can hash a verifier only when it has it."),
    ("fi", "The API wants a token, and /token gives it."),
)  # fmt: skip


@exercise(
    "16-oauth",
    title="Steps in disorder: the code and its proof",
    objective="16-o3",
    points=2,
    hints=(
        "One of them does not belong: it is what OAuth was invented against.",
        "It begins at the client, with a secret that it makes up for this one time, and ends at the API.",
        "Through the browser go: challenge and state there, code and state back. Directly go: code and verifier there, token back.",
    ),
    passed="Ada's password was seen by one server only, the code was useless on its way, and the client has what she allowed.",
)
def oauth(t: Trial, steps: str) -> None:
    """A Parsons problem with one step too many."""
    came = "".join(each for each in str(steps).lower() if each.isalpha())
    with t.case("letters from a to i, each once at the most") as case:
        sound = bool(came) and set(came) <= set(STEPS) and len(set(came)) == len(came)
        case.expect_that(sound, 'such as "abcdefgh"', repr(steps), "Write the letters in a row, in quotes.")
    if not t.results[-1].passed:
        return
    with t.case("the one that does not belong") as case:
        words = "A program that has Ada's password can do everything she can, for ever. OAuth exists so that she types it in one place only."
        case.expect_that("d" not in came, "without d", came, words)
    with t.case("nothing is missing") as case:
        missing = sorted(set(RIGHT) - set(came))
        case.expect_that(not missing, "all eight", f"{', '.join(missing)} missing", "Only one is left out.")
    if not t.results[-1].passed:
        return
    for pair, words in WHY:
        first, second = pair[0], pair[1]
        with t.case(f"{STEPS[first]}, then {STEPS[second]}") as case:
            holds = came.index(first) < came.index(second)
            case.expect_that(holds, "in this order", "the other way round", words)


SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105  # RFC 6238, appendix B: 12345678901234567890


def code_at(step: int, secret: str = SECRET) -> str:
    """The code of a step of thirty seconds (RFC 4226, section 5.3)."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


STEP = 37037036  # RFC 6238, appendix B: 1111111109 seconds; its code begins with a zero


@exercise(
    "16-totp",
    title="A code for one moment, and for one use",
    objective="16-o2",
    points=3,
    hints=(
        "`step = now // 30`; with pyotp: `pyotp.TOTP(secret).at(step * 30)` is the code of a step.",
        "`for each in (step - 1, step, step + 1):` and the code of each; clocks go wrong by some seconds.",
        "A step is used up once it was accepted, and so are those before it: `if each > last and hmac.compare_digest(…): return each`.",
        "`code` is text: six digits, zeros in front included. `compare_digest` takes ASCII only: compare `.encode()`d bytes.",
    ),
    passed="Read over her shoulder, the code is worth nothing a moment later.",
)
def totp(t: Trial, accept: Callable[[str, str, int, int], int | None]) -> None:
    """Codes of the RFC's own secret, at moments of our choice."""
    now = STEP * 30 + 29  # 1111111109
    errors: dict[type[BaseException], str] = {
        ValueError: "Not every code is a number: compare text with text."
    }
    ascii_only = "`compare_digest` takes text of ASCII only: compare bytes, `code.encode()`."
    zero = "No step was found. Take the time from `now`, not from the machine's clock; and a code is text: as a number, 081804 loses the zero in front."
    with t.case(f"the code of this moment, {code_at(STEP)}", errors) as case:
        step = "Return the step that was accepted, `now // 30` for the code of this moment: it is the next `last`."
        case.expect(
            accept(SECRET, code_at(STEP), now, 0),
            STEP,
            [(None, zero), (True, step), (now, step)],
            advice=step,
        )
    for shift, what in ((-1, "the step before"), (1, "the step after")):
        with t.case(f"the code of {what}", errors) as case:
            words = "Her clock is some seconds wrong: take the step before and the one after, too, and return *its* number."
            case.expect(accept(SECRET, code_at(STEP + shift), now, 0), STEP + shift, advice=words)
    for shift in (-2, 2, -120):
        with t.case(f"the code of {shift} steps away", errors) as case:
            words = "One step to each side, no more: each one more is one more code that fits."
            case.expect(accept(SECRET, code_at(STEP + shift), now, 0), None, advice=words)
    again = "A code that was used once is used up, or who has read it over her shoulder logs in as well: only steps above `last`."
    for what, used, last in (
        ("the same code again", STEP, STEP),
        ("the step before, after this one was used", STEP - 1, STEP),
        ("the step after, used already", STEP + 1, STEP + 1),
    ):
        with t.case(what, errors) as case:
            case.expect(accept(SECRET, code_at(used), now, last), None, advice=again)
    with t.case("a new code after the one before was used", errors) as case:
        words = "Only what is not above `last` is used up."
        case.expect(accept(SECRET, code_at(STEP), now, STEP - 1), STEP, advice=words)
    for what, code in {
        "a wrong code": "123456",
        "nothing": "",
        "without its zero": code_at(STEP).lstrip("0"),
        "with a digit more": code_at(STEP) + "0",
        "with ü in it": "ü81804",
        "in digits of another script": "".join(chr(0x660 + int(d)) for d in code_at(STEP)),
        "a code of the year 1970": "287082",
    }.items():
        with t.case(what, errors if code.isascii() else {TypeError: ascii_only, **errors}) as case:
            words = "Six digits as they stand there, compared as text: no `int()`, which makes many texts one number."
            case.expect(accept(SECRET, code, now, 0), None, advice=words)
    with t.case("somebody else, with another secret", errors) as case:
        words = "Each user has a secret of her own: it comes as `secret`."
        other = base64.b32encode(b"twenty bytes of Anna").decode()
        case.expect(accept(other, code_at(STEP), now, 0), None, advice=words)
        case.expect(accept(other, code_at(STEP, other), now, 0), STEP, advice=words)
