"""Solutions of lesson 05, UDP sockets."""

import random
import socket


# 05-ask
def ask(address, ticker):
    """Ask the UDP quote server at address for a share; return its answer as bytes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(2)
        sock.sendto(f"{ticker}?".encode(), address)
        return sock.recv(1024)


# 05-tape
def inspect_tape(numbers):
    """Return (missing, doubled, late) for sequence numbers in order of arrival."""
    seen, doubled, late = set(), set(), set()
    largest = None
    for number in numbers:
        if number in seen:
            doubled.add(number)
        elif largest is not None and number < largest:
            late.add(number)
        seen.add(number)
        largest = number if largest is None else max(largest, number)
    missing = [n for n in range(min(seen), max(seen) + 1) if n not in seen] if seen else []
    return missing, sorted(doubled), sorted(late)


# 05-pack
def pack(lines, limit=1200):
    """Join lines with newlines into datagrams of at most limit bytes each; return the list of datagrams."""
    datagrams, current = [], []
    for line in lines:
        if current and len(b"\n".join([*current, line])) > limit:
            datagrams.append(b"\n".join(current))
            current = []
        current.append(line)
    return [*datagrams, b"\n".join(current)] if current else datagrams


# 05-retry
def reliable_ask(address, ticker, attempts=5):
    """Return the price of a share as a float, in spite of lost, doubled and late datagrams."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.settimeout(0.2)
        first = random.randrange(1_000_000)
        for number in range(first, first + attempts):
            sock.send(f"{number} {ticker}?".encode())
            try:
                while True:
                    parts = sock.recv(1024).split()
                    if len(parts) == 3 and parts[0] == str(number).encode():
                        return float(parts[2])
            except TimeoutError:
                continue
    raise TimeoutError(f"no answer to {attempts} questions")


# 05-choose
choice = {
    "live prices, a new one every 100 ms": "UDP",
    "the order to buy 100 shares": "TCP",
    "the price history of ten years, as a file": "TCP",
    "a voice call with a broker": "UDP",
    "one price, asked once, answered in one datagram": "UDP",
}


# 05-desk
class Desk:
    """Carries out each numbered order once, however often it arrives."""

    def __init__(self):
        self.sold = 0
        self.answers = {}

    def handle(self, sender, datagram):
        """Return the answer to one datagram such as b"7 SELL AAPL 100" from sender, an address."""
        number, _, _, shares = datagram.split()
        request = sender, number
        if request not in self.answers:
            self.sold += int(shares)
            self.answers[request] = number + b" OK"
        return self.answers[request]
