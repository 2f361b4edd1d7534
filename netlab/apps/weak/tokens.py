"""Signed tokens (JWT, RFC 7519). Weak: the token says how it is to be checked. Mended: we say it, once and for all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from flask import Flask, abort, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

ISSUER, AUDIENCE = "https://ticker.example", "weak-api"
LIFE = 300  # seconds
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    sub={"essential": True},
    exp={"essential": True},
)


def decoded(part: str) -> bytes:
    """Base64 for URLs, without its padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def weak_read(token: str, public_pem: bytes) -> dict[str, Any]:
    """The claims, checked as the token wants to be. This is how libraries did it around 2015."""
    head, claims, signature = token.split(".")
    algorithm = json.loads(decoded(head))["alg"]
    if algorithm == "HS256":  # the key is public, and now it is a password as well
        right = hmac.new(public_pem, f"{head}.{claims}".encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(right, decoded(signature)):
            raise ValueError("The signature is wrong.")
    elif algorithm != "none":
        return jwt.decode(token, RSAKey.import_key(public_pem), [algorithm]).claims
    return dict(json.loads(decoded(claims)))


def mended_read(token: str, public_pem: bytes) -> dict[str, Any]:
    """The claims of a token that is ours, for us, and not too old."""
    claims = jwt.decode(token, RSAKey.import_key(public_pem), ["RS256"]).claims
    CLAIMS.validate(claims)
    return claims


def issue(key: RSAKey, email: str, **more: Any) -> str:
    """A token for a user."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": email, "exp": int(time.time()) + LIFE, **more}
    return jwt.encode({"alg": "RS256"}, claims, key)


def register(app: Flask, *, mended: bool) -> None:
    """A page for programs with a token; the public key is where everybody can fetch it."""
    read = mended_read if mended else weak_read
    key: RSAKey = app.extensions["signing"]
    public = key.as_pem(private=False)

    @app.get("/public-key")
    def public_key() -> tuple[bytes, dict[str, str]]:
        return public, {"Content-Type": "text/plain"}

    @app.get("/api/me")
    def who() -> dict[str, Any]:
        given = request.authorization
        try:
            return {"you are": read((given.token if given else None) or "", public)["sub"]}
        except (JoseError, ValueError, KeyError):
            abort(401, "This token opens nothing.")
