"""Lesson 16's checks take every right way, give no solution away, and judge policies as a browser does."""

from __future__ import annotations

import hmac
import ipaddress
import json
import secrets
import sqlite3
import struct
from base64 import b32decode
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import request, session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from werkzeug.exceptions import Forbidden

from netlab import check
from netlab.apps.weak.incident import record
from netlab.exercises.lesson_16_log import ANSWERS
from netlab.exercises.lesson_16_policy import Policy


@pytest.fixture(autouse=True)
def _outside_of_a_workspace(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETLAB_STRICT", "1")


def one_by_one(connection: sqlite3.Connection, tickers: list[str]) -> dict[str, float]:
    found = {}
    for ticker in tickers:
        row = connection.execute("SELECT close FROM shares WHERE ticker = ?", (ticker,)).fetchone()
        if row:
            found[ticker] = row[0]
    return found


def by_json(connection: sqlite3.Connection, tickers: list[str]) -> dict[str, float]:
    sql = "SELECT ticker, close FROM shares WHERE ticker IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(sql, (json.dumps(tickers),)))


def in_python(connection: sqlite3.Connection, words: str) -> list[str]:
    names = [name for (name,) in connection.execute("SELECT name FROM shares")]
    return [name for name in names if words.lower() in name.lower()]


def by_escape(connection: sqlite3.Connection, words: str) -> list[str]:
    for special in "\\%_":
        words = words.replace(special, "\\" + special)
    sql = "SELECT name FROM shares WHERE name LIKE '%' || ? || '%' ESCAPE '\\'"
    return [name for (name,) in connection.execute(sql, (words,))]


@pytest.mark.parametrize(("closes", "find_names"), [(one_by_one, in_python), (by_json, by_escape)])
def test_questions_may_be_asked_in_any_way_without_a_hole(closes: Any, find_names: Any) -> None:
    report = check("16-sql", closes, find_names)
    assert report.state == "passed", report


hasher = PasswordHasher()


def keep(password: str) -> str:
    return hasher.hash(password)


def by_kind_of_error(users: dict[str, str], email: str, password: str) -> bool:
    import hashlib

    kept = users.get(email)
    if kept is None:
        hasher.hash(password)  # as long as to verify
        return False
    try:
        return hasher.verify(kept, password)
    except VerifyMismatchError:
        return False
    except InvalidHashError:
        right = secrets.compare_digest(kept, hashlib.sha256(password.encode()).hexdigest())
        if right:
            users[email] = keep(password)
        return right


def test_an_old_hash_may_be_known_by_what_it_is_not() -> None:
    report = check("16-password", keep, by_kind_of_error)
    assert report.state == "passed", report


@pytest.mark.parametrize(
    "policy",
    [
        "default-src 'self'; img-src 'self' pictures.example; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'",
        "Default-Src 'none' ;Script-Src 'SELF' 'nonce-abc'; style-src 'self';img-src 'self' data: "
        "https://pictures.example/; connect-src https://ticker.example;"
        " form-action 'self'; base-uri 'self'; frame-ancestors 'self';",
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://pictures.example/apple.png;\n"
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors https://ticker.example",
    ],
)
def test_a_policy_may_be_written_in_many_ways(policy: str) -> None:
    report = check("16-csp", policy)
    assert report.state == "passed", report


def test_the_first_directive_of_a_name_counts() -> None:
    assert not Policy("script-src 'self'; script-src *").loads("script-src", "https://evil.example/x.js")
    assert Policy("script-src https://*.cdn.example").loads("script-src", "https://a.cdn.example/x.js")
    assert not Policy("script-src https://*.cdn.example").loads("script-src", "https://cdn.example/x.js")
    assert Policy("").loads("img-src", "https://evil.example/")
    assert Policy("script-src 'unsafe-inline'").inline()
    assert not Policy("script-src 'unsafe-inline' 'nonce-abc'").inline()


def forbidding() -> None:
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        sent = request.headers.get("X-CSRF-Token", request.form.get("csrf_token", default=""))
        if "csrf_token" not in session or session["csrf_token"].encode() != sent.encode():
            raise Forbidden


def test_a_guard_may_raise_itself() -> None:
    report = check("16-csrf", forbidding)
    assert report.state == "passed", report


def may(user: Any, action: str, alert: Any) -> Any:
    match user and user.active and (user.role, action):
        case ("analyst" | "administrator", "read") | ("administrator", "delete"):
            return True
        case ("user" | "analyst" | "administrator", "read" | "change") | ("user", "delete"):
            return alert.owner == user.id
    return 0


def test_permissions_may_be_a_match() -> None:
    report = check("16-access", may)
    assert report.state == "passed", report


def read_token(token: str, pem: bytes, revoked: set[str]) -> str:
    try:
        claims = jwt.decode(token, RSAKey.import_key(pem), algorithms=["RS256"]).claims
        jwt.JWTClaimsRegistry(exp={"essential": True}).validate(claims)
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims["iss"] != "https://ticker.example" or "prices-api" not in audience:
            raise ValueError
        if claims["jti"] in revoked:
            raise ValueError
        return str(claims["sub"])
    except (JoseError, KeyError) as error:
        raise ValueError from error


def test_claims_may_be_looked_at_by_hand() -> None:
    report = check("16-jwt", read_token)
    assert report.state == "passed", report


def accept(secret: str, code: str, now: int, last: int) -> int | None:
    for shift in (0, -1, 1):
        step = now // 30 + shift
        digest = hmac.digest(b32decode(secret), struct.pack(">Q", step), "sha1")
        place = digest[-1] & 15
        number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
        if str(number)[-6:].zfill(6) == code and step > last:
            return step
    return None


def test_codes_may_be_computed_by_hand() -> None:
    report = check("16-totp", accept)
    assert report.state == "passed", report


def may_fetch(url: str, resolve: Callable[[str], list[str]]) -> bool:
    try:
        parts = urlsplit(url)
        if parts.scheme != "https" or "@" in parts.netloc or (parts.port or 443) != 443:
            return False
        if not parts.hostname:
            return False
        return {ipaddress.ip_address(each).is_global for each in resolve(parts.hostname)} == {True}
    except (ValueError, OSError):
        return False


def test_addresses_may_be_judged_as_a_set() -> None:
    report = check("16-fetch", may_fetch)
    assert report.state == "passed", report


@pytest.mark.parametrize("wrong", ["ebgahcif", "abcefghi", "ihgfecba"])
def test_a_wrong_order_is_not_answered_with_the_right_one(wrong: str) -> None:
    report = check("16-oauth", wrong)
    assert report.state == "failed"
    assert "ebgahcfi" not in repr(report)


def test_the_report_of_a_wrong_report_gives_nothing_away() -> None:
    wrong = {"address": "10.0.0.1", "first": "", "failed": 0, "account": "eve", "read": [], "changed": []}
    said = repr(check("16-log", wrong))
    for right in ("127.0.0.66", "09:20:05", "13", "bob@ticker.example", "/profile"):
        assert right not in said, right


def test_the_answers_are_what_the_log_says() -> None:
    lines = [json.loads(line) for line in record()]
    failed = {}
    for line in lines:
        if line["path"] == "/log-in" and line["status"] == 422:
            failed.setdefault(line["address"], Counter())[line["form"]["email"]] += 1
    (address,) = [address for address, people in failed.items() if len(people) > 2]
    theirs = [line for line in lines if line["address"] == address]
    (entered,) = [line for line in theirs if line["path"] == "/log-in" and line["status"] == 303]
    read = [line["path"] for line in theirs if line["path"].startswith("/alerts/") and line["status"] == 200]
    own = {line["path"] for line in lines if line["user"] == entered["user"] and line["address"] != address}
    changed = [line["path"] for line in theirs if line["method"] == "POST" and line["status"] < 400]
    assert {
        "address": address,
        "first": theirs[0]["time"][11:19],
        "failed": failed[address].total(),
        "account": entered["form"]["email"],
        "read": [int(path.rpartition("/")[2]) for path in read if path not in own],
        "changed": [path for path in changed if path != "/log-in"],
    } == ANSWERS
    assert record() == record(), "the same each time"
    assert not [line for line in record() if "sunshine" in line or "weak_session" in line]
