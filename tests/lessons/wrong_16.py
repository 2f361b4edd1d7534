"""Typical wrong answers of lesson 16: the exercise, words that the report must hold, and the student's code."""

# ruff: noqa: E501 (lines of code within quotes)

SQL = """
def closes(connection, tickers):
    {list}


def find_names(connection, words):
    {search}
    return [name for (name,) in rows]
"""
SQL_PARTS = {
    "list": "return dict(connection.execute(f\"SELECT ticker, close FROM shares WHERE ticker IN ({', '.join('?' * len(tickers))})\", tickers))",
    "search": 'rows = connection.execute("SELECT name FROM shares WHERE instr(lower(name), lower(?)) > 0", (words,))',
}
PASSWORD = """
import hashlib
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

hasher = PasswordHasher({cost})
NOBODY = PasswordHasher(1, 64, 1).hash("nobody has this")


def keep(password):
    {keep}


def enter(users, email, password):
    {nobody}
    kept = users.get(email, NOBODY)
    if len(kept) == 64:
        {old}
        {new}
        return True
    {verify}
"""
PASSWORD_PARTS = {
    "cost": "",
    "keep": "return hasher.hash(password)",
    "nobody": "",
    "old": "if hashlib.sha256(password.encode()).hexdigest() != kept: return False",
    "new": "users[email] = keep(password)",
    "verify": "try:\n        return hasher.verify(kept, password) and email in users\n    except VerificationError:\n        return False",
}
GUARD = """
import hmac
from flask import abort, request, session


def guard():
    if request.method in {free}:
        return {passed}
    expected = {expected}
    sent = {sent}
    {judge}
"""
GUARD_PARTS = {
    "free": '("GET", "HEAD", "OPTIONS")',
    "passed": "None",
    "expected": 'session.get("csrf_token", "")',
    "sent": 'request.form.get("csrf_token") or request.headers.get("X-CSRF-Token", "")',
    "judge": "if not expected or not hmac.compare_digest(expected.encode(), sent.encode()): abort(403)",
}
ACCESS = """
RULES = {{
    "user": {{"read": "own", "change": "own", "delete": "own"}},
    "analyst": {{"read": "any", "change": {analyst}}},
    "administrator": {{"read": "any", "change": {administrator}, "delete": "any"}},
}}


def may(user, action, alert):
    {first}
    reach = {reach}
    return {answer}
"""
ACCESS_PARTS = {
    "analyst": '"own"',
    "administrator": '"own"',
    "first": "if user is None or not user.active: return False",
    "reach": "RULES.get(user.role, {}).get(action)",
    "answer": 'reach == "any" or (reach == "own" and alert.owner == user.id)',
}
TOKEN = """
import base64
import json
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

CLAIMS = jwt.JWTClaimsRegistry({claims})


def unpack(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def read_token(token, pem, revoked):
    try:
        {before}
        claims = jwt.decode(token, RSAKey.import_key(pem), {algorithms}).claims
        {validate}
    except {caught} as error:
        raise ValueError("no") from error
    {revoked}
    return {result}
"""
TOKEN_CLAIMS = {
    "iss": '{"essential": True, "value": "https://ticker.example"}',
    "aud": '{"essential": True, "value": "prices-api"}',
    "sub": '{"essential": True}',
    "exp": '{"essential": True}',
    "jti": '{"essential": True}',
}
TOKEN_PARTS = {
    "before": "pass",
    "algorithms": '["RS256"]',
    "validate": "CLAIMS.validate(claims)",
    "caught": "(JoseError, KeyError, IndexError)",
    "revoked": 'if claims["jti"] in revoked: raise ValueError("revoked")',
    "result": 'claims["sub"]',
}
TOTP = """
import hmac
import pyotp


def accept(secret, code, now, last):
    totp = pyotp.TOTP(secret)
    for step in {steps}:
        if {fits}:
            return {result}
    return None
"""
TOTP_PARTS = {
    "steps": "(now // 30 - 1, now // 30, now // 30 + 1)",
    "fits": "step > last and hmac.compare_digest(totp.at(step * 30).encode(), code.encode())",
    "result": "step",
}
FETCH = """
import ipaddress
from urllib.parse import urlsplit


def may_fetch(url, resolve):
    try:
        parts = urlsplit(url)
        if {scheme}: return False
        if {user}: return False
        if {port}: return False
        addresses = {addresses}
        return {public}
    except {caught}:
        return False
"""
FETCH_PARTS = {
    "scheme": 'parts.scheme != "https" or not parts.hostname',
    "user": "parts.username is not None",
    "port": "parts.port not in (None, 443)",
    "addresses": "resolve(parts.hostname)",
    "public": "all(ipaddress.ip_address(each).is_global for each in addresses)",
    "caught": "(ValueError, OSError)",
}
MORNING = {
    "address": "127.0.0.66",
    "first": "09:20:05",
    "failed": 13,
    "account": "bob@ticker.example",
    "read": [1],
    "changed": ["/phone", "/profile"],
}


def sql(**parts: str) -> str:
    source = SQL
    for name, text in (SQL_PARTS | parts).items():
        source = source.replace(f"{{{name}}}", text)
    return source


def password(**parts: str) -> str:
    return PASSWORD.format(**(PASSWORD_PARTS | parts))


def guard(**parts: str) -> str:
    return GUARD.format(**(GUARD_PARTS | parts))


def access(**parts: str) -> str:
    return ACCESS.format(**(ACCESS_PARTS | parts))


def token(without: str = "", **parts: str) -> str:
    claims = ", ".join(f"{name}={rule}" for name, rule in TOKEN_CLAIMS.items() if name != without)
    return TOKEN.format(**(TOKEN_PARTS | {"claims": claims} | parts))


def totp(**parts: str) -> str:
    return TOTP.format(**(TOTP_PARTS | parts))


def fetch(**parts: str) -> str:
    return FETCH.format(**(FETCH_PARTS | parts))


def policy(**parts: str) -> str:
    all_parts = {
        "default": "'none'",
        "script": "'self'",
        "style": "'self'",
        "img": "'self' https://pictures.example",
        "connect": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
    } | {name.replace("_", "-"): value for name, value in parts.items()}
    words = [
        f"{name if '-' in name else name + '-src'} {value}" for name, value in all_parts.items() if value
    ]
    return f"policy = {'; '.join(words)!r}"


def morning(**parts: object) -> str:
    return f"morning = {MORNING | parts!r}"


BY_HAND = "By hand one always forgets a character"
WRONG = [
    # pasted together, with quotes around it
    (
        "16-sql",
        BY_HAND,
        sql(
            list="tickers_text = ', '.join(f\"'{each}'\" for each in tickers)\n    return dict(connection.execute(f'SELECT ticker, close FROM shares WHERE ticker IN ({tickers_text})'))"
        ),
    ),
    # quotes doubled: the NUL is left
    (
        "16-sql",
        "a NUL is no part of a question",
        sql(
            list="text = ', '.join(\"'\" + each.replace(\"'\", \"''\") + \"'\" for each in tickers)\n    return dict(connection.execute(f'SELECT ticker, close FROM shares WHERE ticker IN ({text})'))"
        ),
    ),
    # one place for all of them
    (
        "16-sql",
        "One `?` for each ticker",
        sql(list="return dict(connection.execute('SELECT ticker, close FROM shares WHERE ticker IN (?)', (', '.join(tickers),)))"),
    ),
    ("16-sql", "As many `?` as there are values", sql(list="return dict(connection.execute('SELECT ticker, close FROM shares WHERE ticker IN (?)', tickers))")),
    ("16-sql", "`%` is any text and `_` any character", sql(search="rows = connection.execute(\"SELECT name FROM shares WHERE name LIKE '%' || ? || '%'\", (words,))")),
    ("16-sql", BY_HAND, sql(search="rows = connection.execute(f\"SELECT name FROM shares WHERE name LIKE '%{words}%'\")")),
    ("16-sql", "`lower` on both sides", sql(search='rows = connection.execute("SELECT name FROM shares WHERE instr(name, ?) > 0", (words,))')),
    (
        "16-sql",
        "If `\\` is your ESCAPE",
        sql(search="words = words.replace('%', chr(92) + '%').replace('_', chr(92) + '_')\n    rows = connection.execute(\"SELECT name FROM shares WHERE name LIKE '%' || ? || '%' ESCAPE '\" + chr(92) + \"'\", (words,))"),
    ),
    (
        "16-sql",
        "If `!` is your ESCAPE",
        sql(search="words = words.replace('%', '!%').replace('_', '!_')\n    rows = connection.execute(\"SELECT name FROM shares WHERE name LIKE '%' || ? || '%' ESCAPE '!'\", (words,))"),
    ),
    # another sign for ESCAPE, not doubled; and left out of what is looked for
    ("16-sql", "The sign that you took for ESCAPE", sql(search="words = words.replace('%', '/%').replace('_', '/_')\n    rows = connection.execute(\"SELECT name FROM shares WHERE name LIKE '%' || ? || '%' ESCAPE '/'\", (words,))")),
    ("16-sql", "The sign that you took for ESCAPE", sql(search="words = words.replace('#', '').replace('%', '#%').replace('_', '#_')\n    rows = connection.execute(\"SELECT name FROM shares WHERE name LIKE '%' || ? || '%' ESCAPE '#'\", (words,))")),
    # rows as they come
    ("16-sql", "A dictionary is asked for", sql(list="return connection.execute(f\"SELECT ticker, close FROM shares WHERE ticker IN ({', '.join('?' * len(tickers))})\", tickers).fetchall()")),
    ("16-sql", "its first part is the close", sql(list="return {each: connection.execute('SELECT close FROM shares WHERE ticker = ?', (each,)).fetchone() for each in tickers}")),
    ("16-sql", "which has no parts", sql(list="return {each: connection.execute('SELECT close FROM shares WHERE ticker = ?', (each,)).fetchone()[0] for each in tickers}")),
    # quotes doubled in the search
    (
        "16-sql",
        "a NUL is no part of a question",
        sql(search="text = words.replace(\"'\", \"''\")\n    rows = connection.execute(f\"SELECT name FROM shares WHERE instr(lower(name), lower('{text}')) > 0\")"),
    ),
    # a fast hash
    ("16-password", "SHA-256 tells a thief", password(keep="return hashlib.sha256(password.encode()).hexdigest()")),
    ("16-password", "nearly a fast one", password(cost="time_cost=1, memory_cost=8, parallelism=1")),
    # one hash for all
    ("16-password", "A salt of its own for each", password(keep="return hasher.hash(password, salt=b'pepper-and-salt!')")),
    ("16-password", "`verify` says no by an exception", password(verify="return hasher.verify(kept, password) and email in users")),
    ("16-password", "It was said at once", password(nobody="if email not in users: return False")),
    ("16-password", "An address that nobody has", password(nobody="users[email]")),
    ("16-password", "Now, and only now, you know the password", password(new="pass")),
    ("16-password", "hash what was typed, not the old hash", password(new="users[email] = keep(kept)")),
    ("16-password", "hash what was typed, then compare", password(old="if kept not in (password, hashlib.sha256(password.encode()).hexdigest()): return False")),
    ("16-password", "After a wrong password the table stays", password(old="users[email] = keep(password)\n        if hashlib.sha256(password.encode()).hexdigest() != kept: return False")),
    # a hash that fits nobody, and fits a word; and one that is made anew each time
    ("16-password", "fits *this* word", password(verify="try:\n        return hasher.verify(kept, password)\n    except VerificationError:\n        return False").replace("nobody has this", "dummy")),
    (
        "16-password",
        "It takes twice as long",
        password(nobody="if email not in users:\n        try:\n            hasher.verify(keep('nobody'), password)\n        except VerificationError:\n            pass\n        return False"),
    ),
    # the policy
    ("16-csp", "the attacker's HTML could lay itself", policy(style="'self' 'unsafe-inline'")),
    ("16-csp", "That is any site", policy(script="'self' http:")),
    ("16-csp", "That is any site", policy(script="'self' https://*")),
    ("16-csp", "one of a dozen kinds", policy(default="", object_src="'none'", frame_src="'none'")),
    ("16-csp", "with its quotes: without them it is a host called self", policy(style="self")),
    ("16-csp", "`'unsafe-inline'` runs every script", policy(script="'self' 'unsafe-inline'")),
    ("16-csp", "That is any site", policy(script="'self' https:")),
    ("16-csp", "`data:` lets the attacker", policy(script="'self' data:")),
    ("16-csp", "makes programs of text", policy(script="'self' 'unsafe-eval'")),
    ("16-csp", "carries out what a script has read", policy(img="*")),
    ("16-csp", "there is no `default-src`", policy(default="", connect="")),
    ("16-csp", "asks for prices by `fetch`", policy(connect="")),
    ("16-csp", "`default-src` does not cover `form-action`", policy(form_action="")),
    ("16-csp", "Our own forms must work", policy(form_action="'none'")),
    ("16-csp", "`default-src` does not cover `base-uri`", policy(base_uri="")),
    ("16-csp", "clickjacking", policy(frame_ancestors="")),
    # the policy of the lesson, copied
    ("16-csp", "keeps our own front page out", policy(img="'self'", frame_ancestors="'none'")),
    ("16-csp", "Two sources stand side by side", policy(img="'self'")),
    ("16-csp", "and nothing else: name it at `img-src`", policy(default="'self' https://pictures.example", script="")),
    # the guard
    ("16-csrf", "`None == None`", guard(expected='session.get("csrf_token")', sent='request.form.get("csrf_token")', judge="if expected != sent: abort(403)")),
    ("16-csrf", "compare `.encode()`d bytes", guard(judge="if not expected or not hmac.compare_digest(expected, sent): abort(403)")),
    ("16-csrf", "is answered by 400", guard(sent='request.form["csrf_token"]')),
    ("16-csrf", "give it a default", guard(sent='request.form.get("csrf_token")')),
    ("16-csrf", "Look at the method first", guard(passed="True")),
    ("16-csrf", "not by `abort(403)`", guard(judge="if not expected or expected != sent: abort(401)")),
    ("16-csrf", "Not only POST changes something", guard(free='("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")')),
    ("16-csrf", "look into `request.headers.get", guard(sent='request.form.get("csrf_token", "")')),
    ("16-csrf", "An address stands in logs", guard(sent='request.values.get("csrf_token") or request.headers.get("X-CSRF-Token", "")')),
    ("16-csrf", "brings the cookie, and no token", guard(judge="if sent and sent != expected: abort(403)")),
    ("16-csrf", "It must be *this* visitor's", guard(judge='if not expected or not sent.startswith("token-"): abort(403)')),
    ("16-csrf", "only read", guard(free="()")),
    ("16-csrf", "all three are free", guard(free='("GET",)')),
    ("16-csrf", "that became the answer", guard(passed='"fine"')),
    # access
    ("16-access", "asks for the owner", access(answer="reach is not None")),
    ("16-access", "An analyst reads all alerts and changes her own only", access(analyst='"any"')),
    ("16-access", "not put words into their mouth", access(administrator='"any"')),
    ("16-access", "Suspended is suspended", access(first="if user is None: return False")),
    ("16-access", "Nobody is logged in", access(first="if not user.active: return False")),
    ("16-access", "is forbidden, and no reason to fail", access(reach="RULES[user.role].get(action)")),
    ("16-access", "a new role begins with nothing", access(reach='RULES.get(user.role, RULES["user"]).get(action)')),
    ("16-access", "a new role begins with nothing", access(reach="RULES.get(user.role.lower(), {}).get(action)")),
    ("16-access", "end with `return False`", access(answer='reach == "any" or (reach == "own" and alert.owner == user.id) or None')),
    # tokens
    ("16-jwt", "looks for a part of a text", token(without="aud", validate="CLAIMS.validate(claims)\n        if 'prices-api' not in claims['aud']: raise KeyError('aud')")),
    ("16-jwt", "Compare the whole issuer", token(without="iss", validate="CLAIMS.validate(claims)\n        if not claims['iss'].startswith('https://ticker.example'): raise KeyError('iss')")),
    ("16-jwt", "The token may not choose how it is checked", token(algorithms='[json.loads(unpack(token.split(".")[0]))["alg"]]')),
    ("16-jwt", "The token may not choose how it is checked", token(before='if json.loads(unpack(token.split(".")[0]))["alg"] == "none": return json.loads(unpack(token.split(".")[1]))["sub"]')),
    ("16-jwt", "taken for a shared secret", token(before="import hmac; head, body, _ = token.split('.')\n        if json.loads(unpack(head))['alg'] == 'HS256': return json.loads(unpack(body))['sub']")),
    ("16-jwt", "`decode` does not look at the clock", token(validate="pass")),
    ("16-jwt", "a password that nobody can change", token(without="exp")),
    ("16-jwt", "made for another service", token(without="aud")),
    ("16-jwt", "`iss={", token(without="iss")),
    ("16-jwt", "has to look into it: `jti`", token(revoked="pass")),
    ("16-jwt", "joserfc says no by a `JoseError`", token(caught="ValueError")),
    ("16-jwt", "Return whose it is", token(result="claims")),
    ("16-jwt", "`aud` may be a list", token(without="aud", validate="CLAIMS.validate(claims)\n        if claims.get('aud') != 'prices-api': raise KeyError('aud')")),
    # oauth
    ("16-oauth", "she types it in one place only", "steps = 'debgahcfi'"),
    ("16-oauth", "Only one is left out", "steps = 'ebgacfi'"),
    ("16-oauth", "somebody could slip you a code of theirs", "steps = 'ebgacfhi'"),
    ("16-oauth", "must be there before it", "steps = 'begahcfi'"),
    ("16-oauth", "No code before she has said yes", "steps = 'ebaghcfi'"),
    # totp
    ("16-totp", "Her clock is some seconds wrong", totp(steps="(now // 30,)")),
    ("16-totp", "One step to each side, no more", totp(steps="range(now // 30 - 2, now // 30 + 3)")),
    ("16-totp", "A code that was used once is used up", totp(fits="totp.at(step * 30) == code")),
    ("16-totp", "A code that was used once is used up", totp(fits="step >= last and totp.at(step * 30) == code")),
    ("16-totp", "it is the next `last`", totp(result="True")),
    ("16-totp", "compared as text: no `int()`", totp(fits="code.isdecimal() and step > last and int(totp.at(step * 30)) == int(code)")),
    ("16-totp", "compare bytes", totp(fits="step > last and hmac.compare_digest(totp.at(step * 30), code)")),
    ("16-totp", "and return *its* number", totp(result="now // 30")),
    ("16-totp", "not from the machine's clock", totp(fits="step > last and totp.now() == code")),
    ("16-totp", "Each user has a secret of her own", totp().replace("TOTP(secret)", "TOTP('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')")),
    # fetch
    ("16-fetch", "neither private nor public", fetch(public="not any(ipaddress.ip_address(each).is_private for each in addresses)")),
    ("16-fetch", "Look at the address behind the name", fetch(public='not parts.hostname.startswith(("127.", "10.", "192.168.", "localhost"))')),
    ("16-fetch", "the host alone", fetch(addresses="resolve(parts.netloc)", caught="ValueError")),
    ("16-fetch", "*All* addresses must be public", fetch(public="ipaddress.ip_address(addresses[0]).is_global")),
    ("16-fetch", "*All* addresses must be public", fetch(public="any(ipaddress.ip_address(each).is_global for each in addresses)")),
    ("16-fetch", "https only", fetch(scheme='parts.scheme not in ("http", "https") or not parts.hostname')),
    ("16-fetch", "A user name in an address is there to mislead", fetch(user="False")),
    ("16-fetch", "Another port is another service", fetch(port="False")),
    ("16-fetch", "raises OSError", fetch(caught="ValueError")),
    ("16-fetch", "raises ValueError", fetch(caught="OSError")),
    ("16-fetch", "169.254.169.254", fetch(public="not any(ipaddress.ip_address(each).is_loopback or each.startswith(('10.', '192.168.', 'fd')) for each in addresses)")),
    ("16-fetch", "what it is for", fetch(public="False")),
    # the log
    ("16-log", "That is forgetting", morning(address="127.0.0.13")),
    ("16-log", "somebody looked around", morning(first="09:20:30")),
    ("16-log", "The last try succeeded", morning(failed=14)),
    ("16-log", "Without Alan's", morning(failed=17)),
    ("16-log", "Bob reads 2 and 3 himself", morning(read=[1, 2, 3])),
    ("16-log", "Numbers, not text", morning(read=["1"])),
    ("16-log", "A number, without quotes", morning(failed="13")),
    ("16-log", "The time of day alone", morning(first="09:20:05+00:00")),
    ("16-log", "there was nothing to read", morning(read=[1, 2, 3, 4, 5, 6])),
    ("16-log", "there was nothing to read", morning(read=[1, 4, 5, 6])),
    ("16-log", "With its seconds", morning(first="09:20")),
    ("16-log", "he came in himself", morning(account="alan@ticker.example")),
    ("16-log", "may have changed something as well", morning(changed=["/phone"])),
    ("16-log", "Her tries from that address all have 422", morning(account="ada@ticker.example")),
]  # fmt: skip
