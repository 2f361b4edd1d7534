"""Typical wrong answers of lesson 07, HTTP, a server: exercise, words of the report, source."""

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


def server(**parts: str) -> str:
    return SERVER.format(**{**SERVER_PARTS, **parts})


WRONG = [
    ("07-server", "the client has to wait until you close", server(length="", close="return None")),
    (
        "07-server",
        "One recv is not one request",
        """
def handle(connection, prices):
    while data := connection.recv(65536).decode():
        method, path, version = data.split("\\r\\n")[0].split()
        content = f"{path[8:]} {prices[path[8:]]:.2f}\\n"
        connection.sendall(f"HTTP/1.1 200 OK\\r\\nContent-Length: {len(content)}\\r\\n\\r\\n{content}".encode())
""",
    ),
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
