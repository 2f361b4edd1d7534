"""The authorization server: a code is for one use, one client, one address, and for who knows the verifier."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from netlab.apps.weak import Authority
from netlab.servers.tls import ca_file

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


class Client:
    """The other side, with a request that can be changed."""

    def __init__(self, authority, ca):
        self.url, self.ca, self.authority = authority.url, ca, authority
        self.session = requests.Session()
        self.session.trust_env = False

    def ask(self, method, path, **more):
        options = {"timeout": 5, "verify": self.ca, "allow_redirects": False}
        return self.session.request(method, self.url + path, **options, **more)

    def query(self, **changed):
        query = {
            "response_type": "code",
            "client_id": "chart-app",
            "redirect_uri": self.authority.redirect_uri,
            "scope": "alerts:read",
            "state": "xyz",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (query | changed).items() if value is not None}

    def code(self, answer="yes", **changed):
        response = self.ask("POST", "/authorize", params=self.query(**changed), data={"answer": answer})
        return {
            name: value[0] for name, value in parse_qs(urlsplit(response.headers["Location"]).query).items()
        }

    def token(self, code, **changed):
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.authority.redirect_uri,
            "client_id": "chart-app",
            "code_verifier": VERIFIER,
        }
        form = {name: value for name, value in (form | changed).items() if value is not None}
        return self.ask("POST", "/token", data=form)

    def alerts(self, token):
        return self.ask("GET", "/alerts", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def client():
    with Authority() as authority, ca_file() as ca:
        client = Client(authority, ca)
        yield client
        client.session.close()


def test_the_verifier_of_the_rfc_has_the_challenge_of_the_rfc():
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == CHALLENGE


def test_the_whole_way(client):
    assert "chart-app asks for: alerts:read" in client.ask("GET", "/authorize", params=client.query()).text
    back = client.code()
    assert back["state"] == "xyz"
    answer = client.token(back["code"]).json()
    assert (answer["token_type"], answer["scope"], answer["expires_in"]) == ("Bearer", "alerts:read", 3600)
    assert client.alerts(answer["access_token"]).json()["client"] == "chart-app"


def test_a_revoked_token_opens_nothing(client):
    token = client.token(client.code()["code"]).json()["access_token"]
    assert client.ask("POST", "/revoke", data={"token": token}).status_code == 200
    assert client.alerts(token).status_code == 401
    assert client.ask("POST", "/revoke", data={"token": "never was"}).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": None},
        {"code_verifier": "x" * 43},
        {"redirect_uri": "https://evil.example/back"},
        {"client_id": "another-app"},
        {"grant_type": "password"},
    ],
)
def test_a_stolen_code_opens_nothing_and_is_spent(client, changed):
    code = client.code()["code"]
    assert client.token(code, **changed).status_code in (400, 401)


def test_a_code_is_for_one_use(client):
    code = client.code()["code"]
    assert client.token(code).status_code == 200
    assert client.token(code).json()["error"] == "invalid_grant"


def test_a_wrong_try_spends_the_code(client):
    code = client.code()["code"]
    client.token(code, code_verifier="x" * 43)
    assert client.token(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changed",
    [
        {"code_challenge": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"redirect_uri": "https://charts.example/back/../evil"},
        {"redirect_uri": "https://charts.example.evil.example/back"},
        {"client_id": "another-app"},
        {"response_type": "token"},
    ],
)
def test_a_bad_question_is_answered_here_and_to_nobody_else(client, changed):
    response = client.ask("GET", "/authorize", params=client.query(**changed))
    assert response.status_code in (400, 401)
    assert "Location" not in response.headers


def test_ada_may_say_no(client):
    back = client.code("no")
    assert back["error"] == "access_denied"
    assert "code" not in back


def test_more_than_was_registered_is_not_given(client):
    response = client.ask("GET", "/authorize", params=client.query(scope="alerts:write"))
    assert response.json()["error"] == "invalid_scope"
