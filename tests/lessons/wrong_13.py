"""Typical wrong answers of lesson 13: the exercise, words that the report must hold, and the student's code."""

WORK = {
    "runs the JavaScript of a page": "browser",
    "keeps a cookie, and sends it with each request": "browser",
    "ends TLS, serves the pictures, passes the rest on": "web server",
    "turns a request into environ, and calls a Python function": "application server",
    "starts a worker again that has died": "application server",
    "fills in a template": "application",
    "refuses a price below zero, although the form's JavaScript has done so already": "application",
    "finds one row among millions": "database",
}
SEEN = {
    "method": "POST",
    "path": "/quotes/Café AG",
    "days": "5",
    "note": "",
    "host": "ticker.example",
    "key of Accept-Language": "HTTP_ACCEPT_LANGUAGE",
    "key of Content-Type": "CONTENT_TYPE",
    "bytes to read": 8,
}
PINS = {
    "1.4.2 and no other": "==1.4.2",
    "1.4.2 or newer": ">=1.4.2",
    "1.4.2 or newer, but below 2": ">=1.4.2,<2",
    "1.4.2 or a newer one of 1.4": "~=1.4.2",
    "any of 1, but not the broken 1.4.1": "==1.*,!=1.4.1",
}

WSGI = """
PRICES = {{"AAPL": 430.47, "IBM": 202.90}}


def quotes(environ, start_response):
    ticker = {ticker}
    if {known}:
        status, content = {ok}, {quote}
    else:
        status, content = {gone}, {none}
    data = {data}
    {start}
    return {result}
"""
WSGI_PARTS = {
    "ticker": 'environ["PATH_INFO"].removeprefix("/")',
    "known": "ticker in PRICES",
    "ok": '"200 OK"',
    "quote": 'f"{ticker} {PRICES[ticker]:.2f}\\n"',
    "gone": '"404 Not Found"',
    "none": '"There is no such share.\\n"',
    "data": "content.encode()",
    "start": 'start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(data)))])',
    "result": "[data]",
}

ROUTE = """
def match(pattern, path):
    wanted, came = {wanted}, {came}
    {count}
    found = {{}}
    for part, value in zip(wanted, came):
        if not part.startswith("<"):
            if part != value:
                return None
            continue
        kind, _, name = {name}
        if kind == "int":
            {check}
            value = {number}
        {empty}
        found[name] = value
    return {result}
"""
ROUTE_PARTS = {
    "wanted": 'pattern.split("/")',
    "came": 'path.split("/")',
    "count": "if len(wanted) != len(came): return None",
    "name": 'part.strip("<>").rpartition(":")',
    "check": "if not (value.isascii() and value.isdigit() and len(value) <= 9): return None",
    "number": "int(value)",
    "empty": "if value == '': return None",
    "result": "found",
}
DOLLAR = r'match(expression.replace(".", r"\.") + "$", path)'
REGEX = """
import re


def match(pattern, path):
    expression = re.sub("<int:(.*?)>", r"(?P<\\\\1>[0-9]{1,9})", pattern)
    expression = re.sub("(?<!P)<([a-z]+)>", r"(?P<\\\\1>[^/]+)", expression)
    found = re.FIT
    if found is None:
        return None
    return {name: int(value) if f"<int:{name}>" in pattern else value for name, value in found.groupdict().items()}
""".replace("\\\\", "\\")

REQUEST = """
from urllib.parse import parse_qsl

from netlab.apps.tiny import HTTPError


class Request:
    def __init__(self, environ):
        self.environ = environ
        self.method = environ["REQUEST_METHOD"]
        self.path = {path}
        self.query = self.pairs({query})
        self._form = None

    def form(self):
        if {again}:
            length = {length}
            {digits}
            {large}
            self._form = self.pairs({body})
        return self._form

    def text(self, data):
        try:
            return data.decode()
        except UnicodeDecodeError:
            {bad}

    def pairs(self, text):
        try:
            return dict(parse_qsl(text{blank}{strict}))
        except ValueError:
            raise HTTPError(400) from None
"""
REQUEST_PARTS = {
    "path": 'self.text(environ["PATH_INFO"].encode("latin-1"))',
    "query": 'environ.get("QUERY_STRING", "")',
    "again": "self._form is None",
    "length": 'self.environ.get("CONTENT_LENGTH") or "0"',
    "digits": "if not (length.isascii() and length.isdigit()): raise HTTPError(400)",
    "large": "if int(length) > 10_000: raise HTTPError(413)",
    "body": 'self.text(self.environ["wsgi.input"].read(int(length)))',
    "bad": "raise HTTPError(400) from None",
    "blank": ", keep_blank_values=True",
    "strict": ', errors="strict"',
}

RESPONSE = """
from http import HTTPStatus


class Response:
    def __init__(self, content="", status=200, kind="text/html; charset=utf-8", fields=()):
        self.content = {content}
        self.status = {status}
        self.fields = [("Content-Type", kind), ("Content-Length", {length}), *fields]
        {safe}

    def send(self, environ, start_response):
        start_response(self.status, self.fields)
        return {result}
"""
RESPONSE_PARTS = {
    "content": "content.encode() if isinstance(content, str) else content",
    "status": 'f"{status} {HTTPStatus(status).phrase}"',
    "length": "str(len(self.content))",
    "safe": 'if any("\\r" in v or "\\n" in v for _, v in self.fields): raise ValueError("line break")',
    "result": '[] if environ["REQUEST_METHOD"] == "HEAD" else [self.content]',
}

APP = """
import traceback

from netlab.apps.tiny import HTTPError, Request, Response, match


class App:
    def __init__(self):
        self.routes = []

    def route(self, pattern, methods=("GET",)):
        def register(view):
            self.routes.append((pattern, {{*methods, *(["HEAD"] if "GET" in methods else [])}}, view))
            return view

        return register

    def respond(self, request):
        allowed = set()
        for pattern, methods, view in self.routes:
            values = match(pattern, request.path)
            if {missed}:
                continue
            if {fits}:
                answer = view(request{values})
                return {answer}
            {other}
        if allowed:
            raise {refused}
        raise HTTPError(404)

    def __call__(self, environ, start_response):
        {before}
        try:
            response = self.respond({request})
        except {http} as error:
            response = Response({told}, error.status, fields=error.fields)
        {every}:
            {log}
            response = Response({sorry}, 500)
        return response.send(environ, start_response)
"""
APP_PARTS = {
    "missed": "values is None",
    "fits": "request.method in methods",
    "values": ", **values",
    "answer": "answer if isinstance(answer, Response) else Response(answer)",
    "other": "allowed |= methods",
    "refused": 'HTTPError(405, ("Allow", ", ".join(sorted(allowed))))',
    "before": "pass",
    "request": "Request(environ)",
    "http": "HTTPError",
    "told": 'f"<h1>{error}</h1>"',
    "every": "except Exception",
    "log": 'environ["wsgi.errors"].write(traceback.format_exc())',
    "sorry": '"<h1>500 Internal Server Error</h1>"',
}

TEMPLATE = """
page = '''
<h1>{heading}</h1>
<input name="q" value={value}>
<script>const share = {script};</script>
'''
"""
TEMPLATE_PARTS = {"heading": "{{ name }}", "value": '"{{ query }}"', "script": "{{ name|tojson }}"}

SESSION = """
import hashlib
import hmac


def sign(value, secret):
    signature = {mac}
    return {joined}


def unsign(signed, secret):
    {split}
    {check}
    return value
"""
SESSION_PARTS = {
    "mac": "hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()",
    "joined": 'f"{value}.{signature}"',
    "split": 'value, _, came = signed.rpartition(".")',
    "check": "if not hmac.compare_digest(sign(value, secret).encode(), signed.encode()): return None",
}

DATABASE = """
def find_shares(connection, text):
    return connection.execute(f"SELECT ticker, close FROM shares WHERE {where}{order}"{values}){fetch}
"""
DATABASE_PARTS = {
    "where": "instr(lower(name), lower(?))",
    "order": " ORDER BY ticker",
    "values": ", (text,)",
    "fetch": ".fetchall()",
}


def wsgi(**parts: str) -> str:
    return WSGI.format(**{**WSGI_PARTS, **parts})


def started(fields: str) -> str:
    return f"start_response(status, {fields})"


def route(**parts: str) -> str:
    return ROUTE.format(**{**ROUTE_PARTS, **parts})


def regex(fit: str) -> str:
    return REGEX.replace("FIT", fit)


def request(**parts: str) -> str:
    return REQUEST.format(**{**REQUEST_PARTS, **parts})


def response(**parts: str) -> str:
    return RESPONSE.format(**{**RESPONSE_PARTS, **parts})


def app(**parts: str) -> str:
    return APP.format(**{**APP_PARTS, **parts})


def template(**parts: str) -> str:
    return TEMPLATE.format(**{**TEMPLATE_PARTS, **parts})


def session(**parts: str) -> str:
    return SESSION.format(**{**SESSION_PARTS, **parts})


def database(where: str = DATABASE_PARTS["where"], **parts: str) -> str:
    return DATABASE.format(**{**DATABASE_PARTS, "where": where, **parts})


def work(task: str, name: str) -> str:
    return f"work = { ({**WORK, task: name})!r}"


def seen(key: str, value: object) -> str:
    return f"seen = { ({**SEEN, key: value})!r}"


def pins(wish: str, specifier: str) -> str:
    return f"pins = { ({**PINS, wish: specifier})!r}"


TYPED = '[("Content-Type", "text/plain" if status[0] == "2" else "text/html"), ("Content-Length", str(len(data)))]'
SIZED = '[("Content-Type", "text/plain"), ("Content-Length", len(data))]'
ONCE = '[("Content-Type", "text/plain"), *([("Content-Length", str(len(data)))] if status[0] == "2" else [])]'
EQUAL = "if sign(value, secret) != signed: return None"
RAISED = SESSION_PARTS["check"].replace("return None", "raise ValueError")
GLUED = """
def find_shares(connection, text):
    question = "SELECT ticker, close FROM shares WHERE instr(lower(name), lower('{}')) > 0 ORDER BY ticker"
    return connection.execute(question.format(text.replace("'", "''"))).fetchall()
"""
BY_PYTHON = """
def find_shares(connection, text):
    rows = connection.execute("SELECT ticker, name, close FROM shares ORDER BY ticker")
    return [(ticker, close) for ticker, name, close in rows if text.lower() in name.lower()]
"""
JS, CHECKED = "runs the JavaScript of a page", list(WORK)[6]
PYTHONS = 'if not {*length} <= {*"0123456789+_"}: raise HTTPError(400)'  # what Python's int() takes

WRONG = [
    ("13-work", "It runs where the page is: ask who draws it", work(JS, "application")),
    ("13-work", "is the visitor's to change", work(CHECKED, "browser")),
    ("13-work", "nginx knows no Python and no Jinja2", work("fills in a template", "web server")),
    ("13-work", "Who calls it?", work("turns a request into environ, and calls a Python function", "application")),
    ("13-work", "as a last net", work(CHECKED, "database")),
    ("13-work", "dead, it cannot start itself", work("starts a worker again that has died", "application")),
    ("13-environ", "the two bytes of UTF-8, shown as Latin-1", seen("path", "/quotes/CafÃ© AG")),
    ("13-environ", "the bytes are left to decode", seen("path", "/quotes/Caf%C3%A9%20AG")),
    ("13-environ", "nobody knows that you mean a number", seen("days", 5)),
    ("13-environ", "the visitor left the field blank", seen("note", None)),
    ("13-environ", "the client says in Host", seen("host", "127.0.0.1")),
    ("13-environ", "so that no client can set", seen("key of Accept-Language", "ACCEPT_LANGUAGE")),
    ("13-environ", "the two without `HTTP_`", seen("key of Content-Type", "HTTP_CONTENT_TYPE")),
    ("13-environ", "write it without quotes", seen("bytes to read", "8")),
    ("13-wsgi", "You returned the bytes themselves", wsgi(result="data")),
    ("13-wsgi", "`.encode()` what you return", wsgi(data="content")),
    ("13-wsgi", "The status is text", wsgi(ok="200")),
    ("13-wsgi", "has a phrase behind the number", wsgi(gone='"404"')),
    ("13-wsgi", "The header is a list of pairs", wsgi(start=started('{"Content-Type": "text/plain"}'))),
    ("13-wsgi", "a field `Content-Type` is missing", wsgi(start=started('[("Content-Length", str(len(data)))]'))),
    ("13-wsgi", "Say it in Content-Length", wsgi(start=started('[("Content-Type", "text/plain")]'))),
    ("13-wsgi", "Call `start_response` once", wsgi(start="pass")),
    ("13-wsgi", "Two digits behind the point", wsgi(quote='f"{ticker} {PRICES[ticker]}\\n"')),
    ("13-wsgi", "It is not in `PRICES`: 404", wsgi(known="True")),
    ("13-wsgi", "Whatever was asked, it says AAPL", wsgi(quote='"AAPL 430.47\\n"')),
    ("13-wsgi", "It is in `PRICES` now", wsgi(known='ticker in ("AAPL", "IBM")')),
    ("13-wsgi", "Tell the visitor in a sentence", wsgi(none='""')),
    ("13-wsgi", "As `text/plain` it is text", wsgi(start=started(TYPED))),
    ("13-wsgi", "Values of header fields are text", wsgi(start=started(SIZED))),
    ("13-wsgi", "how long the 404 is", wsgi(start=started(ONCE))),
    ("13-middleware", "`start` is never used", 'order = "gebafc"'),
    ("13-middleware", "a function must be there before it is returned", 'order = "gcebad"'),
    ("13-middleware", "behind each `def` comes a line", 'order = "gebdac"'),
    ("13-middleware", "a middleware what the app inside has returned", 'order = "gebac"'),
    ("13-middleware", "`nosniff` returns nothing", 'order = "gebad"'),
    ("13-middleware", "`f` is too many", 'order = "gebadfc"'),
    ("13-middleware", "There are seven lines", 'order = "gebadcx"'),
    ("13-route", "None means that it does not fit", route(result="found or None")),
    ("13-route", "The name stands between the brackets", route(name='"", "", part')),
    ("13-route", "`<int:days>` promises a number", route(number="value")),
    ("13-route", "The kind stands before the colon", route(name='part.strip("<>").partition(":")')),
    ("13-route", "Compare the numbers of parts first", route(count="pass")),
    ("13-route", "names no share", route(empty="pass")),
    ("13-route", "Look before you leap", route(check="pass")),
    ("13-route", "Nine ASCII digits at the most", route(check="if not value.isdecimal(): return None")),
    ("13-route", "a dot fits anything", regex("fullmatch(expression, path)")),
    ("13-route", "`$` fits before a last line break", regex(DOLLAR)),
    ("13-request", "make bytes of it with Latin-1", request(path='environ["PATH_INFO"]')),
    ("13-request", "What is no UTF-8 is the visitor's mistake", request(bad="raise")),
    ("13-request", "A server may leave QUERY_STRING out", request(query='environ["QUERY_STRING"]')),
    ("13-request", "An empty field is a field", request(blank="")),
    ("13-request", "and says nothing: `errors=", request(strict="")),
    ("13-request", "as many bytes as CONTENT_LENGTH", request(body='self.text(self.environ["wsgi.input"].read())')),
    ("13-request", "Without content CONTENT_LENGTH is missing", request(length='self.environ["CONTENT_LENGTH"]')),
    ("13-request", "10,000 bytes are allowed", request(large="if int(length) >= 10_000: raise HTTPError(413)")),
    ("13-request", "a form of 10,001 bytes", request(large="if int(length) > 10_240: raise HTTPError(413)")),
    ("13-request", "Look at it before `int()`", request(digits="pass")),
    ("13-request", "takes +3 and 1_0, too", request(digits=PYTHONS)),
    ("13-request", "An empty form has been read, too", request(again="not self._form")),
    ("13-request", "is out of memory one day", request(large="pass")),
    ("13-request", "The second time nothing is left to read", request(again="True")),
    ("13-response", "encode first, then", response(length="str(len(content))")),
    ("13-response", "Header values are text", response(length="len(self.content)", safe="pass")),
    ("13-response", "Bytes need no `.encode()`", response(content="content.encode()")),
    ("13-response", "has a phrase behind the number", response(status="str(status)")),
    ("13-response", "HEAD asks for the header alone", response(result="[self.content]")),
    ("13-response", "a field of the attacker's", response(safe="pass")),
    ("13-response", "the media type too", response(safe=RESPONSE_PARTS["safe"].replace("self.fields", "fields"))),
    ("13-response", "You returned the bytes themselves", response(result="self.content")),
    ("13-app", "The view returns its parameter", app(answer='Response("x") if isinstance(answer, str) else answer')),
    ("13-app", "The view got the whole dictionary", app(values=", values")),
    ("13-app", "may have them in another order", app(values=", *values.values()")),
    ("13-app", "`{}` counts as false", app(missed="not values")),
    ("13-app", "sees a blank window", app(sorry='""')),
    ("13-app", "sees a blank window", app(told='""')),
    ("13-app", "take Ctrl-C as well", app(every="except")),
    ("13-app", "The last line in `wsgi.errors`: `TypeError", app(values=', "", **values')),
    ("13-app", "A view may return text", app(answer="answer")),
    ("13-app", "the method is not: 405", app(other="pass")),
    ("13-app", "The view is for GET", app(fits="True")),
    ("13-app", "says in the field Allow", app(refused="HTTPError(405)")),
    ("13-app", "go on until the last route", app(other='raise HTTPError(405, ("Allow", ", ".join(sorted(methods))))')),
    ("13-app", "An HTTPError is an answer", app(http="KeyError", every="except ValueError")),
    ("13-app", "goes out as it is", app(answer='Response(getattr(answer, "content", answer))')),
    ("13-app", "has to stand first", app(http="KeyError")),
    ("13-app", "must not take the server along", app(every="except KeyError")),
    ("13-app", "The traceback is for you", app(sorry="traceback.format_exc()")),
    ("13-app", "Nobody would ever learn why", app(log="pass")),
    ("13-app", "inside the `try`", app(before="request = Request(environ)", request="request")),
    ("13-app", "Collect the methods of all routes", app(other="allowed = methods")),
    ("13-template", "Each `{{` needs its `}}`", template(heading="{{ name")),
    ("13-template", "unknown tag", template(heading="{% when %}")),
    ("13-template", "A template is text", "page = None"),
    ("13-template", "gets two values, `name` and `query`", template(heading="{{ nmae }}")),
    ("13-template", "The three elements stay", 'page = "<h1>{{ name }}</h1>"'),
    ("13-template", "A name is none of yours", template(heading="{{ name|safe }}")),
    ("13-template", "It was escaped twice", template(heading="{{ name|e|string|forceescape }}")),
    ("13-template", "Without quotes an attribute ends at a blank", template(value="{{ query }}")),
    ("13-template", "JavaScript has its own rules", template(script='"{{ name }}"')),
    ("13-template", "without quotes of yours", template(script='"{{ name|tojson }}"')),
    ("13-session", "anybody could compute that", session(mac="hashlib.sha256(value.encode()).hexdigest()")),
    ("13-session", "The value stays readable", session(joined="signature")),
    ("13-session", "same for every value", session(mac='hmac.new(secret, b"", hashlib.sha256).hexdigest()')),
    ("13-session", "split at the last one", session(split='value, _, came = signed.partition(".")')),
    ("13-session", "and you believed it", session(check="pass")),
    ("13-session", "its time tells how many were right", session(check=EQUAL)),
    ("13-session", "wants ASCII text or bytes", session(check=SESSION_PARTS["check"].replace(".encode()", ""))),
    ("13-session", "No dot: nothing to compare", session(split='value, came = signed.rsplit(".", 1)')),
    ("13-database", "became a piece of the question", database("instr(lower(name), lower('{text}'))", values="")),
    ("13-database", "became a piece of the question", GLUED),
    ("13-database", "Python has looked through all rows", BY_PYTHON),
    ("13-database", "in quotes, `'?'` is a text", database("instr(lower(name), lower('?'))")),
    ("13-database", "Values come in a tuple", database(values=", text")),
    ("13-database", "`%` means anything", database("name LIKE '%' || ? || '%'")),
    ("13-database", "Capitals do not count", database("instr(lower(name), ?)")),
    ("13-database", "the answer still to be fetched", database(fetch="")),
    ("13-database", "In the order of their tickers", database(order="")),
    ("13-pins", "A pin has two equals signs", pins("1.4.2 and no other", ">=1.4.2")),
    ("13-pins", "Two equals signs", pins("1.4.2 and no other", "=1.4.2")),
    ("13-pins", "1.5.0 would be refused", pins("1.4.2 or newer, but below 2", "~=1.4.2")),
    ("13-pins", "something was broken on purpose", pins("1.4.2 or newer, but below 2", ">=1.4.2")),
    ("13-pins", "is npm's and Poetry's", pins("1.4.2 or newer, but below 2", "^1.4.2")),
    ("13-pins", "One number more", pins("1.4.2 or a newer one of 1.4", "~=1.4")),
    ("13-pins", "The broken one is in it", pins("any of 1, but not the broken 1.4.1", "==1.*")),
    ("13-environ", "The key is asked for", seen("key of Accept-Language", "fr")),
    ("13-environ", "The key is asked for", seen("key of Content-Type", "application/x-www-form-urlencoded")),
    ("13-environ", "What stands behind it?", seen("host", "HTTP_HOST")),
    ("13-environ", "no part of the path", seen("path", "/quotes/Café AG?days=5&note=")),
    ("13-environ", "How many bytes has it?", seen("bytes to read", b"limit=45")),
    ("13-wsgi", "Count the bytes that you send", wsgi(data='content.encode() + b"."', result="[data[:-1]]")),
    ("13-wsgi", "What an app returns is iterable", wsgi(result="len(data)")),
    ("13-middleware", "which of `d` and `f` uses `start`", 'order = "gebafc"'),
    ("13-response", "the number of bytes too", response(length="len(self.content)")),
    ("13-app", "a Response knows how to give them", app().replace(".send(environ, start_response)", "")),
    ("13-session", "return None, and raise nothing", session(check=RAISED)),
    ("13-database", "An empty text is a part of every name", database("lower(name) = lower(?)")),
]  # fmt: skip
