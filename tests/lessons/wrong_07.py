"""Typical wrong answers of lesson 07: the exercise, words that the report must hold, and the student's code."""

REQUEST = """
def build_request(method, path, host, fields, content=""):
    data = content.encode()
    lines = [f"{{method}} {{path}} HTTP/1.1"{host}]
    lines += [f"{{name}}: {{value}}" for name, value in fields.items()]
    if data:
        lines.append(f"Content-Length: {{{length}}}")
    {safe}
    return {result}
"""

RESPONSE = """
def read_exactly(stream, size):
    data = stream.read(size)
    {whole}
    return data


def read_response(stream):
    status = {status}
    fields = {{}}
    while (line := stream.readline()) != b"\\r\\n":
        if not line:
            raise ValueError("ended")
        name, _, value = line.decode("latin-1").partition(":")
        fields[{name}] = value.strip()
    {none}
    if fields.get({te}) == "chunked":
        content = b""
        while size := {size}:
            content += read_exactly(stream, size)
            {end}
        {last}
    elif {cl} in fields:
        content = {known}
    else:
        content = {rest}
    return status, fields, content
"""

CACHE = """
import re


def fetch(url, get, kept, now):
    content, etag, until = {known}
    {fresh}
    status, fields, new = get(url, {ask})
    {use}
    control = fields.get("Cache-Control", "")
    seconds = re.search(r"max-age=(\\d+)", control)
    {keep}
    return content
"""

COOKIES = """
def remember(jar, set_cookie):
    {split}
    name, {partition}
    if {gone}:
        {forget}
    else:
        jar[name] = value


def cookie_field(jar):
    return {joined}.join(f"{{name}}={{value}}" for name, value in jar.items())
"""

FETCH = """
import requests


def fetch_quote(session, url, tries=3, timeout=2):
    for attempt in range({start}, tries + 1):
        try:
            response = session.get(url{timeout})
        except ({caught}):
            {last}
        else:
            {enough}
                break
    {check}
    return {result}
"""

SERVER = """
def read_request(stream):
    line = stream.readline()
    {end}
    {first}
    fields = {{}}
    while (line := stream.readline()) != b"\\r\\n":
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise ValueError("no field")
        fields[name.lower()] = value.strip()
    {version}
    {content}
    return method, path, fields


def respond(connection, method, status, content, **fields):
    data = content.encode()
    lines = [f"HTTP/1.1 {{status}}"{length}]
    lines += [f"{{name}}: {{value}}" for name, value in fields.items()]
    connection.sendall(("{newline}".join(lines) + "{newline}" * 2).encode() + {data})


def handle(connection, prices):
    with connection.makefile("rb") as stream:
        while True:
            try:
                request = read_request(stream)
            except {bad} as error:
                return respond(connection, "GET", "400 Bad Request", "bad", Connection="close")
            if request is None:
                return None
            method, path, fields = request
            share = path.{share}
            if method not in ("GET", "HEAD"):
                respond(connection, method, {refused})
            elif {unknown}:
                respond(connection, method, {missing})
            else:
                respond(connection, method, "200 OK", f"{{share}} {{prices[share]:.2f}}\\n")
            {close}
"""

REQUEST_PARTS = {
    "host": ', f"Host: {host}"',
    "length": "len(data)",
    "safe": 'if any("\\r" in line or "\\n" in line for line in lines): raise ValueError("line break")',
    "result": '("\\r\\n".join(lines) + "\\r\\n\\r\\n").encode() + data',
}
RESPONSE_PARTS = {
    "whole": 'if len(data) < size: raise ValueError("ended")',
    "status": "int(stream.readline().split()[1])",
    "name": "name.lower()",
    "none": 'if status in (204, 304): return status, fields, b""',
    "te": '"transfer-encoding"',
    "cl": '"content-length"',
    "size": 'int(stream.readline().partition(b";")[0], 16)',
    "end": "stream.readline()",
    "last": "stream.readline()",
    "known": 'read_exactly(stream, int(fields["content-length"]))',
    "rest": "stream.read()",
}
KEPT = 'kept[url] = content, fields.get("ETag"), now + int(seconds[1]) if seconds else 0'
CAPITALS = {
    "name": "name",
    "te": '"Transfer-Encoding"',
    "cl": '"Content-Length"',
    "known": 'read_exactly(stream, int(fields["Content-Length"]))',
}
CACHE_PARTS = {
    "known": "kept.get(url, (None, None, 0))",
    "fresh": "if now < until: return content",
    "ask": '{"If-None-Match": etag} if etag else {}',
    "use": "if status != 304: content = new",
    "keep": 'if "no-store" not in control: ' + KEPT,
}
COOKIE_PARTS = {
    "split": 'pair, *attributes = set_cookie.split(";")',
    "partition": '_, value = pair.partition("=")',
    "gone": '"max-age=0" in [each.strip().lower() for each in attributes]',
    "forget": "jar.pop(name, None)",
    "joined": '"; "',
}
FETCH_PARTS = {
    "start": "1",
    "timeout": ", timeout=timeout",
    "caught": "requests.Timeout, requests.ConnectionError",
    "last": "if attempt == tries: raise",
    "enough": "if response.status_code < 500:",
    "check": "response.raise_for_status()",
    "result": "response.json()",
}
SERVER_PARTS = {
    "end": "if not line: return None",
    "first": 'method, path, version = line.decode("latin-1").split()',
    "version": 'if version != "HTTP/1.1" or "host" not in fields: raise ValueError("no HTTP/1.1")',
    "content": 'stream.read(int(fields.get("content-length", 0)))',
    "length": ', f"Content-Length: {len(data)}"',
    "newline": "\\r\\n",
    "data": '(b"" if method == "HEAD" else data)',
    "bad": "ValueError",
    "share": 'removeprefix("/quotes/")',
    "refused": '"405 Method Not Allowed", "no", Allow="GET, HEAD"',
    "unknown": 'not path.startswith("/quotes/") or share not in prices',
    "missing": '"404 Not Found", "none"',
    "close": 'if fields.get("connection", "").lower() == "close": return None',
}


def request(**parts: str) -> str:
    return REQUEST.format(**{**REQUEST_PARTS, **parts})


def response(**parts: str) -> str:
    return RESPONSE.format(**{**RESPONSE_PARTS, **parts})


def cache(**parts: str) -> str:
    return CACHE.format(**{**CACHE_PARTS, **parts})


def cookies(**parts: str) -> str:
    return COOKIES.format(**{**COOKIE_PARTS, **parts})


def fetch(**parts: str) -> str:
    return FETCH.format(**{**FETCH_PARTS, **parts})


def server(**parts: str) -> str:
    return SERVER.format(**{**SERVER_PARTS, **parts})


METHODS = """
methods = {{
    "read the quote of AAPL": "GET",
    "learn how long the quote is, without fetching it": "{head}",
    "have the server make a new alert and choose its number": "{post}",
    "store this alert as number 7, whatever was there": "{put}",
    "add one field to alert 7 and leave the others": "{patch}",
    "remove alert 7": "DELETE",
    "ask which methods alert 7 allows": "OPTIONS",
    "see what arrives of your own request": "TRACE",
    "ask a proxy for a tunnel to another host": "CONNECT",
}}
safe = {{{safe}}}
idempotent = {{{idempotent}}}
"""
IDEMPOTENT = '"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"'
METHOD_PARTS = {
    "head": "HEAD",
    "post": "POST",
    "put": "PUT",
    "patch": "PATCH",
    "safe": '"GET", "HEAD", "OPTIONS", "TRACE"',
    "idempotent": IDEMPOTENT,
}


def methods(**parts: str) -> str:
    return METHODS.format(**{**METHOD_PARTS, **parts})


WRONG = [
    ("07-request", "Return bytes", request(result='"\\r\\n".join(lines) + "\\r\\n\\r\\n"')),
    ("07-request", "not with `\\n` alone", request(result='("\\n".join(lines) + "\\n\\n").encode() + data')),
    ("07-request", "The empty line at the end", request(result='("\\r\\n".join(lines) + "\\r\\n").encode() + data')),
    ("07-request", "Which site is it for?", request(host="")),
    ("07-request", "Content-Length counts bytes", request(length="len(content)")),
    ("07-request", "do not fit together", request(result='("\\r\\n".join(lines) + "\\r\\n\\r\\n").encode()')),
    ("07-request", "add fields of their own", request(safe="pass")),
    ("07-response", "reading to the end waits for ever", response(known="stream.read()")),
    ("07-response", "The status is a number", response(status="stream.readline().split()[1].decode()")),
    ("07-response", "Names in lower case", response(**CAPITALS)),
    ("07-response", "written in hex", response(size='int(stream.readline().partition(b";")[0])')),
    ("07-response", "behind it; size 0 ends", response(te='"no such field"', rest="read_exactly(stream, 37)")),
    ("07-response", "an empty line: it belongs to this response", response(last="pass")),
    ("07-response", "the length it *would* have", response(none="pass")),
    ("07-response", "Half a quote is a wrong quote", response(whole="pass")),
    ("07-response", "Without Content-Length and chunks", response(rest='b""')),
    ("07-methods", "Who chooses the number here?", methods(post="PUT", put="PUT")),
    ("07-methods", "the other fields would be gone", methods(patch="PUT")),
    ("07-methods", "One method asks for the header fields only", methods(head="GET")),
    ("07-methods", "7 would be told what to do", methods(put="POST")),
    ("07-methods", "safe methods are idempotent too", methods(idempotent='"PUT", "DELETE"')),
    ("07-methods", "nobody promises that twice is once", methods(idempotent=IDEMPOTENT + ', "PATCH"')),
    ("07-methods", "Safe is more than idempotent", methods(safe='"GET", "HEAD", "OPTIONS", "TRACE", "DELETE"')),
    ("07-methods", "Two POSTs make two alerts", methods(idempotent=IDEMPOTENT + ', "POST"')),
    ("07-cache", "think of the first visit", cache(known="kept.get(url)")),
    ("07-cache", "still fresh: no request is needed", cache(fresh="pass")),
    ("07-cache", "give back what you kept", cache(use="content = new")),
    ("07-cache", "send the tag along", cache(ask="{}")),
    ("07-cache", "At second 60 it is stale", cache(fresh="if now <= until and content: return content")),
    ("07-cache", "Store the new end", cache(use="if status == 304: return content\n    content = new")),
    ("07-cache", "but to use it without asking", cache(keep='if not control.startswith("no-"): ' + KEPT)),
    ("07-cache", "somebody's account", cache(keep=KEPT)),
    ("07-cache", "would be sent as text", cache(ask='{"If-None-Match": etag} if content else {}')),
    ("07-cookies", "notes for the client", cookies(split='pair, attributes = set_cookie, []')),
    ("07-cookies", "Split at the *first*", cookies(partition='value = pair.split("=")[:2]')),
    ("07-cookies", "forget this cookie", cookies(gone="False")),
    ("07-cookies", "Names of attributes may come in any case", cookies(gone='" Max-Age=0" in attributes')),
    ("07-cookies", "It may be gone already", cookies(forget="del jar[name]")),
    ("07-cookies", "60 seconds are not over yet", cookies(gone='"max-age" in set_cookie.lower()')),
    ("07-cookies", "joined by a semicolon", cookies(joined='", "')),
    ("07-fetch", "as Python objects", fetch(result="response.text")),
    ("07-fetch", "It is worth another try", fetch(enough="if True:")),
    ("07-fetch", "look at the status before you read", fetch(check="pass")),
    ("07-fetch", "4xx is the client's mistake", fetch(enough="if response.status_code < 400:")),
    ("07-fetch", "hand on `timeout=timeout`", fetch(timeout="")),
    ("07-fetch", "A timeout may have been bad luck", fetch(caught="requests.ConnectTimeout")),
    ("07-fetch", "None looks like an answer", fetch(last="if attempt == tries: return None")),
    ("07-fetch", "the number of requests in all", fetch(start="0")),
    ("07-server", "the client has to wait until you close", server(length="", close="return None")),
    ("07-server", "is no HTTP response", server(newline="\\n")),
    ("07-server", "is the end, and `handle` returns", server(end="while not line: line = stream.readline()")),
    ("07-server", "It is not in `prices`", server(unknown='not path.startswith("/quotes/")')),
    ("07-server", "Only paths that begin with", server(share='rpartition("/")[2]', unknown="share not in prices")),
    ("07-server", "After the answer read the next request", server(close="return None")),
    ("07-server", "ends with its empty line", server(data="data")),
    ("07-server", "the method is not: 405", server(refused='"404 Not Found", "no"')),
    ("07-server", "says in the field Allow", server(refused='"405 Method Not Allowed", "no"')),
    ("07-server", "is no request: read its Content-Length", server(content="pass")),
    ("07-server", "After `Connection: close` answer", server(close="pass")),
    ("07-server", "the server must not fall", server(bad="KeyError")),
    ("07-server", "no HTTP/1.1 request with a Host", server(version="pass")),
]  # fmt: skip
