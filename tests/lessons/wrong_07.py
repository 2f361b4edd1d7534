"""Typical wrong answers of lesson 07, HTTP, messages and methods: exercise, words of the report, source."""

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
CAPITALS = {
    "name": "name",
    "te": '"Transfer-Encoding"',
    "cl": '"Content-Length"',
    "known": 'read_exactly(stream, int(fields["Content-Length"]))',
}


def request(**parts: str) -> str:
    return REQUEST.format(**{**REQUEST_PARTS, **parts})


def search(where: str, *ends: str) -> str:
    return f"if any(end in each for end in {ends or CR_AND_LF!r} for each in {where}): raise ValueError"


def response(**parts: str) -> str:
    return RESPONSE.format(**{**RESPONSE_PARTS, **parts})


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
    (
        "07-response",
        "it may have several words, or none",
        response(status="[int(code) for _, code, _ in [stream.readline().split()]][0]"),
    ),
    (
        "07-response",
        "it may have several words, or none",
        response(status="[int(code) for _, code, *_, _ in [stream.readline().split()]][0]"),
    ),
    ("07-response", "Names in lower case", response(**CAPITALS)),
    ("07-response", "written in hex", response(size='int(stream.readline().partition(b";")[0])')),
    ("07-response", "after it; size 0 ends", response(te='"no such field"', rest="read_exactly(stream, 37)")),
    ("07-response", "an empty line: it belongs to this response", response(last="pass")),
    ("07-response", "the length it *would* have", response(none="pass")),
    ("07-response", "12 bytes were promised", response(whole="pass")),
    ("07-response", "A chunk of 7 bytes, and 3 came", response(chunk="stream.read(size)", size=NOTHING_IS_0)),
    ("07-response", "No chunk of size 0 came", response(size=NOTHING_IS_0)),
    ("07-response", "Nothing came at all", response()),
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
    ("07-methods", "Write a set of names", methods(safe='"GET"').replace('{"GET"}', '"GET"')),
    ("07-methods", "Two POSTs make two alerts", methods(idempotent=IDEMPOTENT + ', "POST"')),
]  # fmt: skip
