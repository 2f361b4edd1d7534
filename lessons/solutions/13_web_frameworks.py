"""Solutions of lesson 13, web frameworks."""

import hashlib
import hmac
import traceback
from http import HTTPStatus
from urllib.parse import parse_qsl

from netlab.apps.tiny import HTTPError

# 13-work: who does what
work = {
    "runs the JavaScript of a page": "browser",
    "keeps a cookie, and sends it with each request": "browser",
    "ends TLS, serves the pictures, passes the rest on": "web server",
    "turns a request into environ, and calls a Python function": "application server",
    "starts a worker again that has died": "application server",
    "fills in a template": "application",
    "refuses a price below zero, although the form's JavaScript has done so already": "application",
    "finds one row among millions": "database",
}

# 13-environ: read environ
seen = {
    "method": "POST",
    "path": "/quotes/Café AG",
    "days": "5",
    "note": "",
    "host": "ticker.example",
    "key of Accept-Language": "HTTP_ACCEPT_LANGUAGE",
    "key of Content-Type": "CONTENT_TYPE",
    "bytes to read": 8,
}


# 13-wsgi: a WSGI app
PRICES = {"AAPL": 430.47, "IBM": 202.90}


def quotes(environ, start_response):
    """Answer `/AAPL` with its price, as plain text."""
    ticker = environ["PATH_INFO"].removeprefix("/")
    if ticker in PRICES:
        status, content = "200 OK", f"{ticker} {PRICES[ticker]:.2f}\n"
    else:
        status, content = "404 Not Found", "There is no such share.\n"
    data = content.encode()
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(data)))])
    return [data]


# 13-middleware: lines in disorder
order = "gebadc"


# 13-route: match a path
def match(pattern, path):
    """Return the parameters of a path that fits, as a dictionary; None if it does not fit."""
    wanted, came = pattern.split("/"), path.split("/")
    if len(wanted) != len(came):
        return None
    found = {}
    for part, value in zip(wanted, came):
        if not part.startswith("<"):
            if part != value:
                return None
            continue
        kind, _, name = part.strip("<>").rpartition(":")
        if kind == "int":
            if not (value.isascii() and value.isdigit() and len(value) <= 9):
                return None
            value = int(value)
        elif not value:
            return None
        found[name] = value
    return found


# 13-request: mend a Request
class Request:
    """What environ says, decoded."""

    def __init__(self, environ):
        self.environ = environ
        self.method = environ["REQUEST_METHOD"]
        self.path = self.text(environ["PATH_INFO"].encode("latin-1"))
        self.query = self.pairs(environ.get("QUERY_STRING", ""))
        self._form = None

    def form(self):
        """The fields of a form."""
        if self._form is None:
            length = self.environ.get("CONTENT_LENGTH") or "0"
            if not (length.isascii() and length.isdigit()):
                raise HTTPError(400)
            if int(length) > 10_000:
                raise HTTPError(413)
            self._form = self.pairs(self.text(self.environ["wsgi.input"].read(int(length))))
        return self._form

    def text(self, data):
        """Bytes as text."""
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise HTTPError(400) from None

    def pairs(self, text):
        """`a=1&b=2` as a dictionary."""
        try:
            return dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
        except ValueError:
            raise HTTPError(400) from None


# 13-response: a Response
class Response:
    """Content, a status, a media type, further header fields."""

    def __init__(self, content="", status=200, kind="text/html; charset=utf-8", fields=()):
        self.content = content.encode() if isinstance(content, str) else content
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.fields = [("Content-Type", kind), ("Content-Length", str(len(self.content))), *fields]
        if any("\r" in value or "\n" in value for _, value in self.fields):
            raise ValueError("a line break in a header field")

    def send(self, environ, start_response):
        """Answer as WSGI wants it."""
        start_response(self.status, self.fields)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.content]


# 13-app: the app around it all
class App:
    """A web application: views, each behind a pattern and its methods."""

    def __init__(self):
        self.routes = []

    def route(self, pattern, methods=("GET",)):
        """Register the decorated function as a view."""

        def register(view):
            self.routes.append((pattern, {*methods, *(["HEAD"] if "GET" in methods else [])}, view))
            return view

        return register

    def respond(self, request):
        """Return the Response of the view that fits, or raise HTTPError 404 or 405."""
        allowed = set()
        for pattern, methods, view in self.routes:
            values = match(pattern, request.path)
            if values is None:
                continue
            if request.method in methods:
                answer = view(request, **values)
                return answer if isinstance(answer, Response) else Response(answer)
            allowed |= methods
        if allowed:
            raise HTTPError(405, ("Allow", ", ".join(sorted(allowed))))
        raise HTTPError(404)

    def __call__(self, environ, start_response):
        """Answer one request, whatever happens."""
        try:
            response = self.respond(Request(environ))
        except HTTPError as error:
            response = Response(f"<h1>{error}</h1>\n", error.status, fields=error.fields)
        except Exception:
            environ["wsgi.errors"].write(traceback.format_exc())
            response = Response("<h1>500 Internal Server Error</h1>\n", 500)
        return response.send(environ, start_response)


# 13-template: mend a template
page = """
<h1>{{ name }}</h1>
<input name="q" value="{{ query }}">
<script>const share = {{ name|tojson }};</script>
"""


# 13-session: a cookie that cannot be forged
def sign(value, secret):
    """Return the value and its signature, with a dot between them."""
    signature = hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()
    return f"{value}.{signature}"


def unsign(signed, secret):
    """Return the value, or None if the signature is not ours."""
    value, _, _ = signed.rpartition(".")
    if not hmac.compare_digest(sign(value, secret).encode(), signed.encode()):
        return None
    return value


# 13-database: ask a database
def find_shares(connection, text):
    """Return ticker and close of the shares whose name has the text in it, in the order of their tickers."""
    question = "SELECT ticker, close FROM shares WHERE instr(lower(name), lower(?)) ORDER BY ticker"
    return connection.execute(question, (text,)).fetchall()


# 13-pins: versions that may come
pins = {
    "1.4.2 and no other": "==1.4.2",
    "1.4.2 or newer": ">=1.4.2",
    "1.4.2 or newer, but below 2": ">=1.4.2,<2",
    "1.4.2 or a newer one of 1.4": "~=1.4.2",
    "any of 1, but not the broken 1.4.1": "==1.*,!=1.4.1",
}
