"""Solutions of the exercises of lesson 06, DNS."""


# 06-name
def encode_name(name):
    """Return the bytes of a name: each label behind its length, then a zero."""
    bare = name.removesuffix(".")
    wire = b""
    for label in bare.split(".") if bare else []:
        if not 1 <= len(label) <= 63:
            raise ValueError(f"{label!r} needs 1 to 63 bytes")
        wire += bytes([len(label)]) + label.encode("ascii")
    if len(wire) + 1 > 255:
        raise ValueError("a name has 255 bytes at the most")
    return wire + b"\0"


# 06-decode
def decode_name(message, offset):
    """Return the name at an offset of a message, and the offset of what follows it."""
    labels, after, start = [], None, offset
    while True:
        if offset >= len(message):
            raise ValueError("the message ends in a name")
        size = message[offset]
        if size == 0:
            return ".".join(labels), offset + 1 if after is None else after
        if size >= 0xC0:
            if offset + 1 >= len(message):
                raise ValueError("the message ends in a pointer")
            target = (size & 0x3F) << 8 | message[offset + 1]
            if target >= start:
                raise ValueError("a pointer has to lead back")
            after = offset + 2 if after is None else after
            start = offset = target
        else:
            label = message[offset + 1 : offset + 1 + size]
            if len(label) < size:
                raise ValueError("the message ends in a label")
            labels.append(label.decode("ascii"))
            offset += 1 + size


# 06-kinds
kinds = {
    "reach the web site over IPv6": "AAAA",
    "find out where mail for ticker.example goes": "MX",
    "let shop.ticker.example be another name of www.ticker.example": "CNAME",
    "prove to a company that ticker.example is ours": "TXT",
    "hand all names under lab.ticker.example to the laboratory's own server": "NS",
    "write names instead of addresses into a log": "PTR",
}


# 06-mail
def mail_servers(domain, ask):
    """Return the names of a domain's mail servers, without a dot at the end, in the order to try them."""
    records = [value.split() for value in ask(domain, "MX")]
    if not records:
        return [domain]
    records.sort(key=lambda record: int(record[0]))
    return [host.removesuffix(".") for _, host in records if host != "."]


# 06-walk
def resolve(name, kind, ask, root="192.0.2.1"):
    """Return the values of a name's records, found from the root on."""
    ip = root
    for _ in range(10):
        message = ask(name, kind, ip)
        if message.rcode == "NXDOMAIN":
            raise LookupError(f"there is no {name}")
        if message.answers:
            return [record.value for record in message.answers if record.type_name == kind]
        servers = {record.value for record in message.authority if record.type_name == "NS"}
        if not servers:
            return []
        glue = [
            record.value
            for record in message.additional
            if record.name in servers and record.type_name == "A"
        ]
        if not glue:
            raise LookupError(f"nobody says where {', '.join(servers)} is")
        ip = glue[0]
    raise LookupError(f"ten servers, and no end in sight for {name}")


# 06-cache
class Cache:
    """Answers by name and type, for as long as they may be kept; upper and lower case are one."""

    def __init__(self, clock):
        """clock() returns the seconds of now."""
        self.clock = clock
        self.kept = {}

    def put(self, name, kind, values, ttl):
        """Keep a list of values, which may be empty, for ttl seconds."""
        self.kept[name.lower(), kind] = values, self.clock() + ttl

    def get(self, name, kind):
        """Return the list of values, or None if there is none that may still be used."""
        values, until = self.kept.get((name.lower(), kind), (None, 0))
        return values if self.clock() < until else None


# 06-trust
def is_answer(query, reply, asked, sender):
    """Whether reply, which came from the pair sender, answers query, which was sent to the pair asked."""
    return (
        sender == asked
        and len(reply) >= len(query)
        and reply[:2] == query[:2]
        and bool(reply[2] & 0x80)
        and reply[12 : len(query)].lower() == query[12:].lower()
    )
