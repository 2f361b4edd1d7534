"""Typical wrong answers of lesson 05: the exercise, words that the report must hold, and the student's code."""

ASK = """
import socket

def ask(address, ticker):
    with socket.socket(socket.AF_INET, socket.{kind}) as sock:
        sock.settimeout(0.3)
        {connect}
        sock.sendto({question}, address)
        return sock.{receive}
"""


def ask(kind="SOCK_DGRAM", connect="pass", question='f"{ticker}?".encode()', receive="recv(1024)") -> str:
    return ASK.format(kind=kind, connect=connect, question=question, receive=receive)


TAPE = """
def inspect_tape(numbers):
    seen, doubled, late, largest = [], [], [], 0
    for number in numbers:
        if number in seen:
            {again}
        elif number < largest:
            {behind}
        seen.append(number)
        largest = max(largest, number)
    missing = [n for n in range({first}, {last}) if n not in seen]
    return missing, sorted(doubled), sorted(late)
"""


def tape(
    again="doubled.append(number) if number not in doubled else None",
    behind="late.append(number)",
    first="min(seen, default=0)",
    last="largest + 1 if seen else 0",
) -> str:
    return TAPE.format(again=again, behind=behind, first=first, last=last)


PACK = """
def pack(lines, limit=1200):
    datagrams, current = [], []
    for line in lines:
        if {full}:
            datagrams.append(b"\\n".join(current))
            current = {fresh}
        current.append(line)
    return {result}
"""


def pack(
    full='len(b"\\n".join([*current, line])) > limit',
    fresh="[]",
    result='[*datagrams, b"\\n".join(current)] if current else datagrams',
) -> str:
    return PACK.format(full=full, fresh=fresh, result=result)


RETRY = """
import socket

def reliable_ask(address, ticker, attempts=5):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        {connect}
        sock.settimeout(0.2)
        for number in range({attempts}):
            {send}({question}{to})
            try:
                while {on}:
                    parts = sock.recv(1024).split()
                    if {mine}:
                        return {price}
            except TimeoutError:
                {missed}
    {end}
"""


def retry(
    attempts="attempts",
    question='f"{number} {ticker}?".encode()',
    mine="len(parts) == 3 and parts[0] == str(number).encode()",
    price="float(parts[2])",
    missed="continue",
    end='raise TimeoutError("no answer")',
    connect="sock.connect(address)",
    on="True",
    send="sock.send",
    to="",
) -> str:
    return RETRY.format_map(locals())


DESK = """
class Desk:
    def __init__(self):
        self.sold = 0
        self.answers = {{}}

    def handle(self, sender, datagram):
        number, _, ticker, shares = datagram.split()
        key = {key}
        if key in self.answers:
            return {again}
        self.sold += int(shares)
        self.answers[key] = number + b" OK"
        return number + b" OK"
"""

WRONG = [
    ("05-ask", "A TCP connection was tried", ask(kind="SOCK_STREAM", connect="sock.connect(address)")),
    ("05-ask", "No answer came in time", ask(receive="recv(1024) and sock.recv(1024)")),
    ("05-ask", "it wants the share and a question mark", ask(question="ticker.encode()")),
    ("05-ask", "but IBM was asked for", ask(question='b"AAPL?"')),
    ("05-ask", "return only the first, the bytes", ask(receive="recvfrom(1024)")),
    ("05-ask", "A client needs no `bind`", ask(connect="sock.bind(address)")),
    ("05-ask", "`sendto` takes the bytes first", ask(question='f"{ticker}?"')),
    ("05-tape", "A second copy is doubled, not late", tape(again="late.append(number)")),
    ("05-tape", "Name each number once", tape(again="doubled.append(number)")),
    ("05-tape", "Count from the smallest number that came", tape(first="0")),
    ("05-tape", "three empty lists", tape(first="min(numbers)")),
    ("05-tape", "A number is late when", tape(behind="pass")),
    ("05-pack", "The last lines are missing", pack(result="datagrams")),
    ("05-pack", "that is a datagram too", pack(result="datagrams")),
    ("05-pack", "Join them", pack(result="datagrams + current")),
    ("05-pack", "The limit is an argument", pack(full='len(b"\\n".join([*current, line])) > 1200')),
    (
        "05-pack",
        "The joining newlines count as well",
        pack(full="sum(map(len, current)) + len(line) > limit"),
    ),
    (
        "05-pack",
        "an empty datagram would be a message too",
        pack(result='[*datagrams, b"\\n".join(current)]'),
    ),
    ("05-pack", "only when the line no longer fits", pack(full="len(current) == 5")),
    (
        "05-pack",
        "Use the argument `limit`",
        pack(
            full='len(b"\\n".join([*current, line])) > (100 if limit == 100 else 20 if limit == 20 else 5000)'
        ),
    ),
    ("05-retry", "has the form `17 AAPL?`", retry(question='f"{ticker}?".encode()')),
    ("05-retry", "One lost datagram and your function gave up", retry(missed="raise")),
    (
        "05-retry",
        "the answer to an earlier question",
        retry(mine="len(parts) == 3 and parts[1] == ticker.encode()"),
    ),
    (
        "05-retry",
        "look at its parts before you use them",
        retry(mine="True", price="float(parts[2] if len(parts) > 2 else 'x')"),
    ),
    ("05-retry", "raise TimeoutError", retry(end="return None")),
    (
        "05-retry",
        "A stranger's datagram was taken",
        retry(connect="pass", send="sock.sendto", to=", address"),
    ),
    ("05-retry", "That is the price of AAPL, but IBM", retry(question='f"{number} AAPL?".encode()')),
    (
        "05-retry",
        "ask anew only on a timeout",
        retry(mine='len(parts) == 3 and parts[0] == str(number).encode() or exec("raise TimeoutError")'),
    ),
    (
        "05-choose",
        "A repeated price comes too late",
        'choice = {"live prices, a new one every 100 ms": "TCP"}',
    ),
    ("05-choose", "An order must not be lost", 'choice = {"the order to buy 100 shares": "UDP"}'),
    ("05-choose", "A file with holes in it", 'choice = {"the price history of ten years, as a file": "UDP"}'),
    ("05-desk", "together with its sender", DESK.format(key="number", again="self.answers[key]")),
    (
        "05-desk",
        "Two clients may send the same bytes",
        DESK.format(key="datagram", again="self.answers[key]"),
    ),
    ("05-desk", "Two orders of one client", DESK.format(key="sender", again="self.answers[key]")),
    ("05-desk", "gets its answer again", DESK.format(key="(sender, number)", again="None")),
    ("05-desk", "carried out each time it came", DESK.format(key="object()", again="None")),
]
