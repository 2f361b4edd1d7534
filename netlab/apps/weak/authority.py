"""A small authorization server (RFC 6749) with PKCE (RFC 7636), on Authlib; and one resource that it guards.

This one is not weak: every code is for one use, one client and one address, and the method of the challenge is S256
(RFC 9700, section 2.1.1). It has one user, Ada, who is logged in already, and agrees to what she is asked.
"""

from __future__ import annotations

import secrets
import time
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token  # type: ignore[import-untyped]
from authlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749 import grants  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.errors import InvalidRequestError  # type: ignore[import-untyped]
from authlib.oauth2.rfc6750 import BearerTokenValidator  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import CodeChallenge  # type: ignore[import-untyped]
from flask import Flask, jsonify, render_template_string, request
from flask.typing import ResponseReturnValue

from netlab.apps.weak.granted import LIFE_OF_TOKEN, Client, Code, Token
from netlab.apps.weak.guard import LoopbackOnly
from netlab.servers.web import WebServer

ADA = SimpleNamespace(id=1, email="ada@ticker.example")
CONSENT = """<!doctype html><title>Allow?</title>
<p>{{ client }} asks for: {{ scope }}. Ada, do you allow that?</p>
<form method="post"><button name="answer" value="yes">Yes</button><button name="answer" value="no">No</button></form>
"""


class Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE for everybody, by S256 alone: `plain` would show the verifier to who can read the first request."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a request without a challenge."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Send a code_challenge, made by S256.")
        super().validate_code_challenge(grant, redirect_uri)


def make_app(clients: dict[str, Client]) -> Flask:
    """Make the app: `/authorize`, `/token`, `/revoke`, and `/alerts`, which needs a token with `alerts:read`."""
    app = Flask("authority", static_folder=None)
    codes: dict[str, Code] = {}
    tokens: dict[str, Token] = {}

    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("none",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload
            challenge, method = (asked.data[f"code_challenge{end}"] for end in ("", "_method"))
            codes[code] = Code(
                code, request.client.client_id, asked.redirect_uri, asked.scope, challenge, method
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            found = codes.pop(code, None)  # one try, right or wrong
            mine = found and found.client_id == client.client_id and found.expires_at > time.time()
            return found if mine else None

        def delete_authorization_code(self, authorization_code: Code) -> None:
            codes.pop(authorization_code.code, None)

        def authenticate_user(self, authorization_code: Code) -> Any:  # noqa: ARG002
            return ADA

    class Validator(BearerTokenValidator):  # type: ignore[misc]
        def authenticate_token(self, token_string: str) -> Token | None:
            return tokens.get(token_string)

    def save_token(token: dict[str, Any], request: Any) -> None:
        expires = time.time() + token["expires_in"]
        tokens[token["access_token"]] = Token(request.client.client_id, token["scope"], expires)

    app.config["OAUTH2_SCOPES_SUPPORTED"] = ["alerts:read"]
    app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": LIFE_OF_TOKEN}
    server = AuthorizationServer(app, clients.get, save_token)
    server.register_grant(CodeGrant, [Challenge(required=True)])
    guard = ResourceProtector()
    guard.register_token_validator(Validator())

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> ResponseReturnValue:
        try:
            grant = server.get_consent_grant(end_user=ADA)
        except OAuth2Error as error:  # to nobody: an address that is not registered must not be followed
            return dict(error.get_body()), error.status_code
        if request.method == "GET":
            asked = grant.request
            return render_template_string(CONSENT, client=asked.client.client_id, scope=asked.payload.scope)
        allowed = request.form.get("answer") == "yes"
        response: ResponseReturnValue = server.create_authorization_response(
            grant=grant, grant_user=ADA if allowed else None
        )
        return response

    @app.post("/token")
    def token() -> ResponseReturnValue:
        answer: ResponseReturnValue = server.create_token_response()
        return answer

    @app.post("/revoke")
    def revoke() -> ResponseReturnValue:
        """RFC 7009: 200 in any case, so that nobody can ask which tokens exist."""
        if kept := tokens.get(request.form.get("token", "")):
            kept.revoked = True
        return "", 200

    @app.get("/alerts")
    @guard("alerts:read")  # type: ignore[untyped-decorator]
    def alerts() -> ResponseReturnValue:
        return jsonify(client=current_token.client_id, items=[{"ticker": "AAPL", "price": 500.0}])

    return app


class Authority(WebServer):
    """The authorization server on loopback, by HTTPS: over plain HTTP, codes and tokens could be read.

    Args:
        redirect_uri: where the client `chart-app` wants the code.

    Attributes:
        client_id: the name under which that client is registered.
    """

    client_id = "chart-app"

    def __init__(self, redirect_uri: str = "https://charts.example/back") -> None:
        self.redirect_uri = redirect_uri
        app = make_app({self.client_id: Client(self.client_id, redirect_uri)})
        app.secret_key = secrets.token_urlsafe()
        super().__init__(LoopbackOnly(app.wsgi_app), tls=True)
