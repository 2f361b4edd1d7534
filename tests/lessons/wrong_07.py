"""Typical wrong answers of lesson 07: the exercise, words that the report must hold, and the student's code."""

REQUEST = """
def build_request(method, path, host, fields, content=""):
    data = content.encode()
    lines = [f"{{method}} {{path}} HTTP/1.1"{host}]
    lines += [f"{{name}}: {{value}}" for name, value in fields.items()]
    if {counted}:
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
        {ended}
        {cut}
        fields[{name}] = value
    {none}
    if fields.get({te}) == "chunked":
        content = b""
        while size := {size}:
            content += {chunk}
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
    {errors}
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
            response = {asker}.get(url{timeout})
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
    while (line := stream.readline()) not in {blank}:
        name, colon, value = line.decode("latin-1").partition(":")
        {colon}
        fields[name.lower()] = value.strip()
    {version}
    length = fields.get("content-length", "0")
    {number}
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
                respond(connection, "GET", "400 Bad Request", "bad", Connection="close")
                {after}
            if request is None:
                return None
            method, path, fields = request
            share = path.{share}
            if method not in ("GET", "HEAD"):
                respond(connection, method, {refused})
            elif {unknown}:
                respond(connection, method, {missing})
            else:
                respond(connection, method, "200 OK", f"{{share}} {{prices[share]{digits}}}\\n")
            {close}
"""

REQUEST_PARTS = {
    "host": ', f"Host: {host}"',
    "length": "len(data)",
    "counted": "data",
    "safe": 'if any("\\r" in line or "\\n" in line for line in lines): raise ValueError("line break")',
    "result": '("\\r\\n".join(lines) + "\\r\\n\\r\\n").encode() + data',
}
RESPONSE_PARTS = {
    "ended": 'if not line: raise ValueError("ended")',
    "cut": 'name, value = map(str.strip, line.decode("latin-1").split(":", 1))',
    "chunk": "read_exactly(stream, size)",
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
CR_AND_LF = ("\r", "\n")
AT_BLANK = 'name, value = line.decode().strip().split(": ")'
NOTHING_IS_0 = 'int(stream.readline().partition(b";")[0] or b"0", 16)'
KEPT = 'kept[url] = content, fields.get("ETag"), now + int(seconds[1]) if seconds else 0'
WELL_KEPT = f'if "no-store" in control: kept.pop(url, None)\n    else: {KEPT}'
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
    "errors": "if status not in (200, 304): return new",
    "use": "if status != 304: content = new",
    "keep": WELL_KEPT,
}
COOKIE_PARTS = {
    "split": 'pair, *attributes = set_cookie.split(";")',
    "partition": '_, value = pair.partition("=")',
    "gone": '"max-age=0" in [each.strip().lower() for each in attributes]',
    "forget": "jar.pop(name, None)",
    "joined": '"; "',
}
FETCH_PARTS = {
    "asker": "session",
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
    "blank": '(b"\\r\\n",)',
    "colon": 'if not colon: raise ValueError("no field")',
    "number": 'if not length.isdecimal(): raise ValueError("no number")',
    "content": "stream.read(int(length))",
    "after": "return None",
    "digits": ":.2f",
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


def search(where: str, *ends: str) -> str:
    return f"if any(end in each for end in {ends or CR_AND_LF!r} for each in {where}): raise ValueError"


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


FORMS = """
def send_note(session, url, share, note):
    {by}.post(url, {note}, timeout=2)


def send_alert(session, url, share, limit):
    {by}.post(url, {alert}, timeout=2)


def send_prices(session, url, name, data):
    {by}.post(url, {prices}, timeout=2)
"""
FORM_PARTS = {
    "by": "session",
    "note": 'data={"share": share, "note": note}',
    "alert": 'json={"share": share, "limit": limit}',
    "prices": 'files={"prices": (name, data, "text/csv")}',
}


def forms(**parts: str) -> str:
    return "import json\nimport requests\n" + FORMS.format(**{**FORM_PARTS, **parts})


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
    ("07-request", "evil each on its own", request(safe=search("lines", "\r\n"))),
    ("07-request", "evil each on its own", request(safe=search("lines", "\n"))),
    ("07-request", "can choose a name could", request(safe=search("[path, host, *fields.values()]"))),
    ("07-request", "can choose a host could", request(safe=search("[path, *lines[2:]]"))),
    ("07-request", "can choose a path could", request(safe=search("lines[1:]"))),
    ("07-request", "a GET has nothing to count", request(counted="True")),
    ("07-response", "reading to the end waits for ever", response(known="stream.read()")),
    ("07-response", "The status is a number", response(status="stream.readline().split()[1].decode()")),
    ("07-response", "Names in lower case", response(**CAPITALS)),
    ("07-response", "written in hex", response(size='int(stream.readline().partition(b";")[0])')),
    ("07-response", "after it; size 0 ends", response(te='"no such field"', rest="read_exactly(stream, 37)")),
    ("07-response", "an empty line: it belongs to this response", response(last="pass")),
    ("07-response", "the length it *would* have", response(none="pass")),
    ("07-response", "12 bytes were promised", response(whole="pass")),
    ("07-response", "A chunk of 7 bytes, and 3 came", response(chunk="stream.read(size)", size=NOTHING_IS_0)),
    ("07-response", "No chunk of size 0 came", response(size=NOTHING_IS_0)),
    ("07-response", "that is the end of the stream", response(ended="if not line: break")),
    ("07-response", "the blank after it may be missing", response(cut=AT_BLANK)),
    ("07-response", "what stands before the semicolon", response(size="int(stream.readline(), 16)")),
    ("07-response", "204 says *No Content*", response(none='if status == 304: return status, fields, b""')),
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
    ("07-cache", "what you kept before has to go", cache(keep=f'if "no-store" not in control: {KEPT}')),
    ("07-cache", "in the place of the good page", cache(errors="pass")),
    ("07-cache", "Not each response has a Cache-Control", cache(errors='fields["Cache-Control"]')),
    ("07-cache", "it is stale at once", cache(keep=f"if not control: seconds = [0, 60]\n    {WELL_KEPT}")),
    ("07-cache", "would be sent as text", cache(ask='{"If-None-Match": etag} if content else {}')),
    ("07-cookies", "notes for the client", cookies(split='pair, attributes = set_cookie, []')),
    ("07-cookies", "Split at the *first*", cookies(partition='value = pair.split("=")[:2]')),
    ("07-cookies", "forget this cookie", cookies(gone="False")),
    ("07-cookies", "Names of attributes may come in any case", cookies(gone='" Max-Age=0" in attributes')),
    ("07-cookies", "It may be gone already", cookies(forget="del jar[name]")),
    ("07-cookies", "60 seconds are not over yet", cookies(gone='"max-age" in set_cookie.lower()')),
    ("07-cookies", "Here `max-age=0` is the value", cookies(gone='"max-age=0" in set_cookie.lower()')),
    ("07-cookies", "joined by a semicolon", cookies(joined='", "')),
    ("07-forms", "That is JSON. A dictionary as `data=`", forms(note='json={"share": share, "note": note}')),
    ("07-forms", "into every log", forms(note='params={"share": share, "note": note}')),
    ("07-forms", "hand over a dictionary", forms(note='data=f"share={share}&note={note}"')),
    ("07-forms", "in which 450 is a text", forms(alert='data={"share": share, "limit": limit}')),
    ("07-forms", "but nothing says so", forms(alert='data=json.dumps({"share": share, "limit": limit})')),
    ("07-forms", "The bytes alone came", forms(prices="data=data")),
    ("07-forms", "called after the key in `files`", forms(prices='files={name: (name, data, "text/csv")}')),
    ("07-forms", "A triple tells it all", forms(prices='files={"prices": (name, data)}')),
    ("07-forms", "the session that you were given", forms(by="requests")),
    ("07-fetch", "as Python objects", fetch(result="response.text")),
    ("07-fetch", "It is worth another try", fetch(enough="if True:")),
    ("07-fetch", "500 is the server's trouble", fetch(enough="if response.status_code <= 500:")),
    ("07-fetch", "the session that you were given", fetch(asker="requests")),
    ("07-fetch", "Asking again will not help", fetch(enough="if response.status_code in (200, 404):")),
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
    ("07-server", "a lax server and a strict one", server(blank='(b"\\r\\n", b"\\n")')),
    ("07-server", "a name, a colon, and a value", server(colon="if not line: return None")),
    ("07-server", "A length is digits only", server(number='if not length.isdecimal(): length = "0"')),
    ("07-server", "after 400, return", server(after="continue")),
    ("07-server", "Two digits after the point", server(digits="")),
    ("07-server", "ends with its empty line", server(data='(b"" if method == "HEAD" and status[0] == "2" else data)')),
]  # fmt: skip
