"""Solutions of the exercises of lesson 07, HTTP."""

import re

import requests


# 07-request
def build_request(method, path, host, fields, content=""):
    """Return a request as bytes; the content is text, sent as UTF-8."""
    data = content.encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    if data:
        lines.append(f"Content-Length: {len(data)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break in a field would begin a line of its own")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + data


# 07-response
def read_response(stream):
    """Return the status, the fields (names in lower case) and the content of the next response."""
    start = stream.readline().split()
    if len(start) < 2:
        raise ValueError("the connection ended before the status")
    status = int(start[1])
    fields = {}
    while (line := stream.readline()) != b"\r\n":
        if not line:
            raise ValueError("the connection ended in the header")
        name, _, value = line.decode("latin-1").partition(":")
        fields[name.lower()] = value.strip()
    if status in (204, 304):
        return status, fields, b""
    if fields.get("transfer-encoding") == "chunked":
        content = b""
        while size := int(stream.readline().partition(b";")[0], 16):
            content += read_exactly(stream, size)
            stream.readline()
        stream.readline()
    elif "content-length" in fields:
        content = read_exactly(stream, int(fields["content-length"]))
    else:
        content = stream.read()
    return status, fields, content


def read_exactly(stream, size):
    """Return so many bytes, or raise ValueError."""
    data = stream.read(size)
    if len(data) < size:
        raise ValueError("the connection ended in the content")
    return data


# 07-methods
methods = {
    "read the quote of AAPL": "GET",
    "learn how long the quote is, without fetching it": "HEAD",
    "have the server make a new alert and choose its number": "POST",
    "store this alert as number 7, whatever was there": "PUT",
    "add one field to alert 7 and leave the others": "PATCH",
    "remove alert 7": "DELETE",
    "ask which methods alert 7 allows": "OPTIONS",
    "see what arrives of your own request": "TRACE",
    "ask a proxy for a tunnel to another host": "CONNECT",
}
safe = {"GET", "HEAD", "OPTIONS", "TRACE"}
idempotent = safe | {"PUT", "DELETE"}


# 07-cache
def fetch(url, get, kept, now):
    """Return the content of a page, from what is kept if that is fresh."""
    content, etag, until = kept.get(url, (None, None, 0))
    if now < until:
        return content
    status, fields, new = get(url, {"If-None-Match": etag} if etag else {})
    if status not in (200, 304):
        return new
    if status == 200:
        content = new
    control = fields.get("Cache-Control", "")
    if "no-store" in control:
        kept.pop(url, None)
    else:
        seconds = re.search(r"max-age=(\d+)", control)
        kept[url] = content, fields.get("ETag"), now + int(seconds[1]) if seconds else 0
    return content


# 07-cookies
def remember(jar, set_cookie):
    """Take the value of one Set-Cookie field into the jar, a dictionary."""
    pair, *attributes = set_cookie.split(";")
    name, _, value = pair.partition("=")
    if "max-age=0" in [each.strip().lower() for each in attributes]:
        jar.pop(name.strip(), None)
    else:
        jar[name.strip()] = value.strip()


def cookie_field(jar):
    """Return the value of the field Cookie."""
    return "; ".join(f"{name}={value}" for name, value in jar.items())


# 07-forms
def send_note(session, url, share, note):
    """Send a form with a share and a note."""
    return session.post(url, data={"share": share, "note": note}, timeout=2)


def send_alert(session, url, share, limit):
    """Send an alert as JSON."""
    return session.post(url, json={"share": share, "limit": limit}, timeout=2)


def send_prices(session, url, name, data):
    """Send a file of prices."""
    return session.post(url, files={"prices": (name, data, "text/csv")}, timeout=2)


# 07-fetch
def fetch_quote(session, url, tries=3, timeout=2):
    """Return the JSON at a URL, after as many tries as allowed."""
    for attempt in range(1, tries + 1):
        try:
            response = session.get(url, timeout=timeout)
        except (requests.Timeout, requests.ConnectionError):
            if attempt == tries:
                raise
        else:
            if response.status_code < 500 or attempt == tries:
                break
    response.raise_for_status()
    return response.json()


# 07-server
def read_request(stream):
    """Return method, path and fields of the next request, None at the end; ValueError for what is none."""
    line = stream.readline()
    if not line:
        return None
    method, path, version = line.decode("latin-1").split()
    fields = {}
    while (line := stream.readline()) != b"\r\n":
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise ValueError(f"no field: {line!r}")
        fields[name.lower()] = value.strip()
    if version != "HTTP/1.1" or "host" not in fields:
        raise ValueError("no HTTP/1.1, or no Host")
    length = fields.get("content-length", "0")
    if not length.isdecimal():
        raise ValueError(f"no length: {length!r}")
    stream.read(int(length))
    return method, path, fields


def respond(connection, method, status, content, **fields):
    """Send a response."""
    data = content.encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/plain", f"Content-Length: {len(data)}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    head = "\r\n".join(lines) + "\r\n\r\n"
    connection.sendall(head.encode() + (b"" if method == "HEAD" else data))


def handle(connection, prices):
    """Answer requests until the client is done, asks to close, or sends what is no request."""
    with connection.makefile("rb") as stream:
        while True:
            try:
                request = read_request(stream)
            except ValueError as error:
                return respond(connection, "GET", "400 Bad Request", f"{error}\n", Connection="close")
            if request is None:
                return None
            method, path, fields = request
            share = path.removeprefix("/quotes/")
            if method not in ("GET", "HEAD"):
                respond(connection, method, "405 Method Not Allowed", "Only GET.\n", Allow="GET, HEAD")
            elif not path.startswith("/quotes/") or share not in prices:
                respond(connection, method, "404 Not Found", "There is no such quote.\n")
            else:
                respond(connection, method, "200 OK", f"{share} {prices[share]:.2f}\n")
            if fields.get("connection", "").lower() == "close":
                return None
