"""Solutions of lesson 03, TCP sockets."""

import struct

# 03-order
order = "gbdaefc"


# 03-framing
class LineReader:
    """Reads lines from a socket, however the network cuts them."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def read_line(self):
        """Return the next line without its end, None at the end of the stream; raise EOFError for half a line."""
        while b"\n" not in self.buffer:
            piece = self.sock.recv(4096)
            if not piece:
                if self.buffer:
                    raise EOFError("the stream ended in the middle of a line")
                return None
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.removesuffix(b"\r")


# 03-length
def receive_exactly(sock, count):
    """Return exactly count bytes; raise EOFError when the peer closes before."""
    data = b""
    while len(data) < count:
        piece = sock.recv(count - len(data))
        if not piece:
            raise EOFError("the stream ended in the middle of a message")
        data += piece
    return data


def receive_message(sock):
    """Return one message whose length stands before it."""
    (length,) = struct.unpack("!I", receive_exactly(sock, 4))
    return receive_exactly(sock, length)


# 03-send
def send_report(sock, text):
    """Send all of text as UTF-8."""
    sock.sendall(text.encode())


# 03-server
def serve(listener, prices):
    """Serve one client after another, until the listener is closed."""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:  # the listener was closed from outside
            return
        with client:
            client.settimeout(2)
            try:
                serve_client(client, prices)
            except (OSError, EOFError, UnicodeDecodeError):
                continue


def serve_client(client, prices):
    """Answer the lines of one client until it says bye or goes."""
    reader = LineReader(client)
    while (line := reader.read_line()) is not None:
        if line == b"bye":
            client.sendall(b"bye\n")
            return
        ticker, mark, rest = line.decode().partition("?")
        price = prices.get(ticker) if mark and not rest else None
        answer = f"{ticker} {price}\n" if price else "ERR no such share\n"
        client.sendall(answer.encode())


# 03-chat
def converse(sock, reply):
    """Answer each line with reply(text) until a farewell; return the number of replies."""
    reader = LineReader(sock)
    turns = 0
    try:
        while (line := reader.read_line()) is not None:
            text = line.decode()
            if text in ("bye", "再见"):
                sock.sendall(f"{text}\n".encode())
                break
            sock.sendall(f"{reply(text)}\n".encode())
            turns += 1
    except EOFError:  # the other side went in the middle of a line
        pass
    return turns


# 03-diagnose
diagnosis = {"refused": "b", "reset": "d", "timed out": "a", "in use": "c"}
