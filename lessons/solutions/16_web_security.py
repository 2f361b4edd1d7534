"""Solutions of lesson 16, web security."""

import base64
import functools
import hashlib
import hmac
import ipaddress
import secrets
from urllib.parse import urlsplit

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import abort, request, session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey


# 16-sql: two questions without a hole
def closes(connection, tickers):
    """The closes of some shares, as a dictionary."""
    marks = ", ".join("?" * len(tickers))
    return dict(connection.execute(f"SELECT ticker, close FROM shares WHERE ticker IN ({marks})", tickers))


def find_names(connection, words):
    """The names that contain some words."""
    rows = connection.execute("SELECT name FROM shares WHERE instr(lower(name), lower(?)) > 0", (words,))
    return [name for (name,) in rows]


# 16-password: a table that is worth little to a thief
hasher = PasswordHasher()


@functools.cache
def nobody():
    """A hash that fits nobody, made once."""
    return hasher.hash(secrets.token_urlsafe())


def keep(password):
    """What the table holds of a password."""
    return hasher.hash(password)


def enter(users, email, password):
    """Whether somebody may come in; an old hash becomes a new one."""
    kept = users.get(email) or nobody()
    if not kept.startswith("$"):
        old = hashlib.sha256(password.encode()).hexdigest()
        if not hmac.compare_digest(old, kept):
            return False
        users[email] = keep(password)
        return True
    try:
        hasher.verify(kept, password)
    except VerificationError:
        return False
    return email in users


# 16-csp: a policy with holes
policy = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https://pictures.example; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


# 16-csrf: a guard against forms from elsewhere
def guard():
    """Refuse what changes something and has no token of this session."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    expected = session.get("csrf_token", "")
    sent = request.form.get("csrf_token") or request.headers.get("X-CSRF-Token", "")
    if not expected or not hmac.compare_digest(expected.encode(), sent.encode()):
        abort(403)


# 16-access: who may do what, with which alert
RULES = {
    "user": {"read": "own", "change": "own", "delete": "own"},
    "analyst": {"read": "any", "change": "own"},
    "administrator": {"read": "any", "change": "own", "delete": "any"},
}


def may(user, action, alert):
    """Whether somebody may read, change or delete an alert."""
    if user is None or not user.active:
        return False
    reach = RULES.get(user.role, {}).get(action)
    return reach == "any" or (reach == "own" and alert.owner == user.id)


# 16-jwt: a token that says how to be checked
ISSUER, AUDIENCE = "https://ticker.example", "prices-api"
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    sub={"essential": True},
    exp={"essential": True},
    jti={"essential": True},
)


def unpack(part):
    """Base64 for URLs, without its padding."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def read_token(token, pem, revoked):
    """Whose token it is."""
    try:
        claims = jwt.decode(token, RSAKey.import_key(pem), ["RS256"]).claims
        CLAIMS.validate(claims)
    except JoseError as error:
        raise ValueError("This token opens nothing.") from error
    if claims["jti"] in revoked:
        raise ValueError("This token was revoked.")
    return claims["sub"]


# 16-oauth: steps in disorder
steps = "ebgahcfi"


# 16-totp: a code for one moment, and for one use
def accept(secret, code, now, last):
    """The step of a code that may be used now; None if there is none."""
    totp = pyotp.TOTP(secret)
    for step in (now // 30 - 1, now // 30, now // 30 + 1):
        if step > last and hmac.compare_digest(totp.at(step * 30).encode(), code.encode()):
            return step
    return None


# 16-fetch: where the server may go for a stranger
def may_fetch(url, resolve):
    """Whether a server may fetch a URL that a stranger has given."""
    try:
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or parts.username is not None:
            return False
        if parts.port not in (None, 443):
            return False
        addresses = resolve(parts.hostname)
        return bool(addresses) and all(ipaddress.ip_address(each).is_global for each in addresses)
    except (ValueError, OSError):
        return False


# 16-log: what happened on that morning
morning = {
    "address": "127.0.0.66",
    "first": "09:20:05",
    "failed": 13,
    "account": "bob@ticker.example",
    "read": [1],
    "changed": ["/phone", "/profile"],
}
