"""Typical wrong answers of lesson 06: the exercise, words that the report must hold, and the student's code."""

NAME = """
def encode_name(name):
    bare = {bare}
    wire = b""
    for label in {labels}:
        {check}
        wire += bytes([len(label)]) + label.encode("ascii")
    {longest}
    return {wire}
"""

DECODE = """
def decode_name(message, offset):
    labels, after, start, jumps = [], None, offset, 0
    while True:
        {inside}
        size = message[offset]
        if size == 0:
            return ".".join(labels){dot}, {zero} if after is None else after
        if size >= 0xC0:
            {pointer}
            target = (size & 0x3F) << 8 | message[offset + 1]
            {circle}
            {after}
            start = offset = target
        else:
            label = message[offset + 1 : offset + 1 + size]
            {short}
            labels.append(label.decode("ascii"))
            offset += 1 + size
"""

MAIL = """
def mail_servers(domain, ask):
    records = [value.split() for value in ask(domain, "MX")]
    {none}
    records.sort({key})
    return [{host} for _, host in records {null}]
"""

WALK = """
def resolve(name, kind, ask, root="192.0.2.1"):
    ip = root
    {loop}
        message = ask(name, {kind}, ip)
        {missing}
        if message.answers:
            return [record.value for record in message.answers {only}]
        servers = [record.value for record in message.authority if record.type_name == "NS"]
        {nothing}
        ip = next(record.value for record in message.additional if record.name in servers)
    {end}
"""

CACHE = """
class Cache:
    {shared}

    def __init__(self, clock):
        self.clock = clock
        {own}

    def put(self, name, kind, values, ttl):
        self.kept[{key}] = values, {until}

    def get(self, name, kind):
        {get}
        return values if {good} else None
"""

TRUST = """
def is_answer(query, reply, asked, sender):
    return (
        {sender}
        and {length}
        and {same_id}
        and {qr}
        and {question}
    )
"""


def name(
    bare='name.removesuffix(".")',
    labels='bare.split(".") if bare else []',
    check='if not 1 <= len(label) <= 63: raise ValueError("label")',
    longest='if len(wire) + 1 > 255: raise ValueError("name")',
    wire='wire + b"\\0"',
) -> str:
    return NAME.format(bare=bare, labels=labels, check=check, longest=longest, wire=wire)


def decode(
    inside='if offset >= len(message): raise ValueError("ends")',
    dot="",
    zero="offset + 1",
    pointer='if offset + 1 >= len(message): raise ValueError("ends")',
    circle='if target >= start: raise ValueError("round")',
    after="after = offset + 2 if after is None else after",
    short='if len(label) < size: raise ValueError("ends")',
) -> str:
    return DECODE.format(
        inside=inside, dot=dot, zero=zero, pointer=pointer, circle=circle, after=after, short=short
    )


def mail(
    none="if not records: return [domain]",
    key="key=lambda record: int(record[0])",
    host='host.removesuffix(".")',
    null='if host != "."',
) -> str:
    return MAIL.format(none=none, key=key, host=host, null=null)


def walk(
    loop="for _ in range(10):",
    kind="kind",
    missing='if message.rcode == "NXDOMAIN": raise LookupError(name)',
    only="if record.type_name == kind",
    nothing="if not servers: return []",
    end="raise LookupError(name)",
) -> str:
    return WALK.format(loop=loop, kind=kind, missing=missing, only=only, nothing=nothing, end=end)


def cache(
    shared="pass",
    own="self.kept = {}",
    key="name.lower(), kind",
    until="self.clock() + ttl",
    get="values, until = self.kept.get((name.lower(), kind), (None, 0))",
    good="self.clock() < until",
) -> str:
    return CACHE.format(shared=shared, own=own, key=key, until=until, get=get, good=good)


def trust(
    sender="sender == asked",
    length="len(reply) >= len(query)",
    same_id="reply[:2] == query[:2]",
    qr="bool(reply[2] & 0x80)",
    question="reply[12 : len(query)].lower() == query[12:].lower()",
) -> str:
    return TRUST.format(sender=sender, length=length, same_id=same_id, qr=qr, question=question)


def kinds(task: str, kind: str) -> str:
    right = {
        "reach the web site over IPv6": "AAAA",
        "find out where mail for ticker.example goes": "MX",
        "let shop.ticker.example be another name of www.ticker.example": "CNAME",
        "prove to a company that ticker.example is ours": "TXT",
        "hand all names under lab.ticker.example to the laboratory's own server": "NS",
        "write names instead of addresses into a log": "PTR",
    }
    (whole,) = (each for each in right if task in each)
    return f"kinds = {right | {whole: kind}}"


WRONG = [
    ("06-name", "The zero at the end is missing", name(wire="wire")),
    (
        "06-name",
        "There are no dots on the wire",
        "def encode_name(name):\n    return name.encode() + b'\\0'",
    ),
    ("06-name", "take the dot away first", name(bare="name", check="pass", labels='name.split(".")')),
    ("06-name", 'The name "." is the root', name(labels='bare.split(".")')),
    ("06-name", "63 is the most", name(check='if not label: raise ValueError("empty")')),
    (
        "06-name",
        "would end the name in its middle",
        name(check='if len(label) > 63: raise ValueError("long")'),
    ),
    ("06-name", "more than 255 bytes", name(longest="pass")),
    ("06-decode", "begins *after* the zero", decode(zero="offset")),
    ("06-decode", "Without a dot at the end", decode(dot=' + "."')),
    ("06-decode", "right behind the pointer's two bytes", decode(after="pass")),
    ("06-decode", "a second one must not change it", decode(after="after = offset + 2")),
    ("06-decode", "Pointers that go round never end", decode(circle="pass")),
    ("06-decode", "tells nobody what is wrong", decode(inside="pass")),
    (
        "06-decode",
        "tells nobody what is wrong",
        decode(short="pass", inside="if offset >= len(message): return '', 0"),
    ),
    ("06-kinds", "IPv6 has four times as many", kinds("IPv6", "A")),
    ("06-kinds", "an alias follows by itself", kinds("another name", "A")),
    ("06-kinds", "Who answers for all names below", kinds("hand all", "CNAME")),
    ("06-kinds", "the address is known", kinds("log", "A")),
    ("06-mail", "as a number", mail(key="")),
    ("06-mail", "Without the dots", mail(host="host")),
    ("06-mail", "the domain itself is the mail server", mail(none="pass")),
    ("06-mail", "no mail here", mail(null="")),
    ("06-walk", "it has a referral: follow it", walk(loop="for _ in range(1):", end="return []")),
    ("06-walk", "How many levels there are is not known", walk(loop="for _ in range(3):", end="return []")),
    ("06-walk", "The CNAME came along", walk(only="")),
    ("06-walk", "Ask for the type that was wanted", walk(kind='"A"', only="")),
    ("06-walk", "raise LookupError", walk(missing="pass")),
    ("06-walk", "return an empty list", walk(nothing="pass")),
    ("06-walk", "give up after ten", walk(loop="while True:", end="pass")),
    (
        "06-cache",
        "the type belongs into the key",
        cache(key="name.lower()", get="values, until = self.kept.get(name.lower(), (None, 0))"),
    ),
    (
        "06-cache",
        "`name.lower()`",
        cache(key="name, kind", get="values, until = self.kept.get((name, kind), (None, 0))"),
    ),
    ("06-cache", "it may not be used any more", cache(good="self.clock() <= until")),
    ("06-cache", "it may not be used any more", cache(good="True")),
    ("06-cache", "Compare with `is None`", cache(good="values and self.clock() < until")),
    ("06-cache", "Of a name that was never put", cache(get="values, until = self.kept[name.lower(), kind]")),
    (
        "06-cache",
        "is to be called each time",
        cache(own="self.kept, self.now = {}, clock()", until="self.now + ttl", good="self.now < until"),
    ),
    ("06-cache", "make the dictionary in `__init__`", cache(shared="kept = {}", own="pass")),
    ("06-trust", "compare *both* bytes", trust(same_id="reply[0] == query[0]")),
    ("06-trust", "That is a query", trust(qr="True")),
    ("06-trust", "compare the question too", trust(question="True")),
    (
        "06-trust",
        "The question is name, type and class",
        trust(question="reply[12:30].lower() == query[12:30].lower()"),
    ),
    ("06-trust", "somebody who was not asked", trust(sender="True")),
    ("06-trust", "compare the pair", trust(sender="sender[0] == asked[0]")),
    ("06-trust", "Look at the length", trust(length="True", same_id="True", sender="reply[2] & 0x80")),
    ("06-trust", "right behind the first twelve", trust(question="query[12:].lower() in reply.lower()")),
    ("06-trust", "Upper and lower case", trust(question="reply[12 : len(query)] == query[12:]")),
]
