"""Typical wrong answers of lesson 03: the exercise, words that the report must hold, and the student's code."""

READER = """
class LineReader:
    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def read_line(self):
{body}
"""


def reader(body: str) -> str:
    return READER.format(body="\n".join(f"        {line}" for line in body.strip("\n").splitlines()))


LOOP = """
while b"\\n" not in self.buffer:
    piece = self.sock.recv(4096)
    if not piece:
        {end}
    self.buffer += piece
line, _, self.buffer = self.buffer.partition(b"\\n")
return line.removesuffix(b"\\r")
"""

LENGTH = """
import struct

def receive_exactly(sock, count):
    {exactly}

def receive_message(sock):
    {message}
"""

SERVE = """
def serve(listener, prices):
    {outer}
        client, _ = listener.accept()
        with client:
            {try_}
                reader = LineReader(client)
                while (line := reader.read_line()) is not None:
                    if line == b"bye":
                        {bye}
                    ticker = line.decode().removesuffix("?")
                    {answer}
            {except_}

class LineReader:
    def __init__(self, sock):
        self.sock, self.buffer = sock, b""

    def read_line(self):
        while b"\\n" not in self.buffer:
            piece = self.sock.recv(4096)
            if not piece:
                return None
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\\n")
        return line
"""


def serve(**changes: str) -> str:
    usual = {
        "outer": "while True:",
        "try_": "try:",
        "bye": 'client.sendall(b"bye\\n"); break',
        "answer": """price = prices.get(ticker)
                    client.sendall(f"{ticker} {price}\\n".encode() if price else b"ERR no such share\\n")""",
        "except_": "except (OSError, UnicodeDecodeError): pass",
    }
    return SERVE.format(**usual | changes)


CHAT = """
def converse(sock, reply):
    file = sock.makefile("rb")
    turns = 0
    while True:
        line = file.readline()
        {over}
        text = line.decode().rstrip("\\n")
        if text in {farewells}:
            {farewell}
        {answer}
        turns += 1
    return turns
"""


def chat(**changes: str) -> str:
    usual = {
        "over": "if not line: break",
        "farewells": '("bye", "再见")',
        "farewell": "sock.sendall(line); break",
        "answer": 'sock.sendall(f"{reply(text)}\\n".encode())',
    }
    return CHAT.format(**usual | changes)


WRONG = [
    ("03-order", "accept() takes a client from the queue", 'order = "gbadefc"'),
    ("03-order", "Bind first", 'order = "gdbaefc"'),
    ("03-order", "Here the client speaks first", 'order = "gbdafec"'),
    ("03-order", "Missing: close", 'order = "gbdaef"'),
    ("03-framing", "One `recv` is not one message", reader("return self.sock.recv(1024).rstrip()")),
    (
        "03-framing",
        "it is not part of it",
        reader(
            LOOP.format(end="return None").replace('return line.removesuffix(b"\\r")', 'return line + b"\\n"')
        ),
    ),
    (
        "03-framing",
        "look there before you receive",
        reader(
            LOOP.format(end="return None")
            .replace("line, _, self.buffer", "line, _, _")
            .replace("while b", 'self.buffer = b""\nwhile b')
        ),
    ),
    (
        "03-framing",
        "only then split",
        reader(
            'self.buffer += self.sock.recv(1024)\nline, self.buffer = self.buffer.split(b"\\n", 1)\nreturn line'
        ),
    ),
    ("03-framing", "Half a line is no line", reader(LOOP.format(end="return None"))),
    ("03-framing", "At the end of the stream return None", reader(LOOP.format(end='return b""'))),
    ("03-framing", "Return bytes", reader("return self.sock.recv(1024).decode().rstrip()")),
    (
        "03-length",
        "at most n bytes, often fewer",
        LENGTH.format(
            exactly="return sock.recv(count)",
            message='return receive_exactly(sock, struct.unpack("!I", receive_exactly(sock, 4))[0])',
        ),
    ),
    (
        "03-length",
        "the next message was in the same read",
        LENGTH.format(
            exactly="""data = b""
    while len(data) < count:
        data += sock.recv(1024) or b"x" * count
    return data""",
            message='return receive_exactly(sock, struct.unpack("!I", receive_exactly(sock, 4)[:4])[0])',
        ),
    ),
    (
        "03-length",
        "raise EOFError when it does",
        LENGTH.format(
            exactly="""data = b""
    while len(data) < count:
        data += sock.recv(count - len(data))
    return data""",
            message='return receive_exactly(sock, struct.unpack("!I", receive_exactly(sock, 4))[0])',
        ),
    ),
    (
        "03-length",
        "raise EOFError",
        LENGTH.format(
            exactly="""data = b""
    while len(data) < count and (piece := sock.recv(count - len(data))):
        data += piece
    return data""",
            message='return receive_exactly(sock, struct.unpack("!I", receive_exactly(sock, 4))[0])',
        ),
    ),
    ("03-send", "sent only a part", "def send_report(sock, text):\n    sock.send(text.encode(), 0)"),
    (
        "03-send",
        "sent twice",
        """
def send_report(sock, text):
    data = text.encode()
    while sock.send(data) < len(data):
        pass
    sock.sendall(data)
""",
    ),
    (
        "03-send",
        "`send` counts bytes",
        "def send_report(sock, text):\n    while text:\n        text = text[sock.send(text.encode()) :]",
    ),
    ("03-server", "The farewell is missing", serve(bye="break")),
    (
        "03-server",
        "has to go on with the next line",
        serve(
            answer='client.sendall(f"{ticker} {prices[ticker]}\\n".encode())',
            except_="except (OSError, KeyError, UnicodeDecodeError): pass",
        ),
    ),
    ("03-server", "without a question mark is no question", serve()),
    (
        "03-server",
        "The keys of `prices` are text",
        serve(answer="client.sendall(prices[line[:-1]].encode())"),
    ),
    ("03-server", "The first client was served, the second was not", serve(outer="for _ in range(1):")),
    ("03-server", "must not take the server down", serve(except_="except ValueError: pass")),
    (
        "03-server",
        "end it with a newline",
        serve(
            answer="client.sendall(f'{ticker} {prices.get(ticker)}'.encode())",
            bye='client.sendall(b"bye"); break',
        ),
    ),
    ("03-server", "A line that is no UTF-8", serve(except_="except OSError: pass")),
    ("03-chat", "`再见` ends the conversation", chat(farewells='("bye",)')),
    ("03-chat", "Answer the farewell with the same word", chat(farewell="break")),
    (
        "03-chat",
        "An empty reply sent nothing",
        chat(answer='sock.sendall(f"{reply(text)}\\n".encode() if reply(text) else b"")'),
    ),
    ("03-chat", "does each reply end with a newline", chat(answer="sock.sendall(reply(text).encode())")),
    ("03-chat", "None is no line", chat(over="if not line: turns += 1; break")),
    (
        "03-diagnose",
        "That is `reset`",
        'diagnosis = {"refused": "d", "reset": "b", "timed out": "a", "in use": "c"}',
    ),
    (
        "03-diagnose",
        "That is `in use`",
        'diagnosis = {"refused": "b", "reset": "d", "timed out": "c", "in use": "a"}',
    ),
    (
        "03-diagnose",
        "Answer with one of a, b, c, d",
        'diagnosis = {"refused": "b", "reset": "d", "timed out": "a"}',
    ),
]
