"""The exercises of lesson 06 on what a resolver does: walk, keep, and trust."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers.zone import Zone
from netlab.wire.dns import DNSMessage, build_query

SOA = "@ 3600 IN SOA ns hostmaster 1 7200 3600 604800 300\n"
Ask = Callable[[str, str, str], DNSMessage]


class Internet:
    """Name servers by their addresses, and the order in which they were asked.

    Args:
        zones: for each address the zone of its server.
    """

    def __init__(self, zones: dict[str, Zone]) -> None:
        self._zones = zones
        self.asked: list[str] = []

    def ask(self, name: str, kind: str, ip: str) -> DNSMessage:
        """The answer of the server with an address, in real bytes.

        Raises:
            OSError: when no server is there.
        """
        self.asked.append(ip)
        if ip not in self._zones:
            raise OSError(f"nobody answers at {ip!r}")
        reply = self._zones[ip].answer(build_query(name, kind, id=7))
        assert reply is not None
        return DNSMessage.parse(reply)


def small_internet() -> Internet:
    """Root, top-level domain, authority, and one level more below it."""
    return Internet(
        {
            "192.0.2.1": Zone(
                ".",
                SOA
                + "other. 60 IN NS ns.other.\nns.other. 60 IN A 192.0.2.9\n"
                + "example. 60 IN NS ns.example.\nns.example. 60 IN A 192.0.2.2\n",
            ),
            "192.0.2.2": Zone(
                "example",
                SOA + "ns 60 IN A 192.0.2.2\nticker 60 IN NS ns1.ticker\nns1.ticker 60 IN A 192.0.2.3\n",
            ),
            "192.0.2.3": Zone(
                "ticker.example",
                SOA
                + "www 60 IN A 192.0.2.80\nwww 60 IN A 192.0.2.81\nquotes 60 IN CNAME www\n"
                + "www 60 IN TXT hello\nlab 60 IN NS ns.lab\nns.lab 60 IN A 192.0.2.4\n",
            ),
            "192.0.2.4": Zone("lab.ticker.example", SOA + "pi 60 IN A 192.0.2.90\n"),
        }
    )


@exercise(
    "06-walk",
    title="From the root to the answer",
    objective="06-o3",
    points=4,
    hints=(
        "A loop of ten steps: ask the server `ip`, which is the root at first. What are the three kinds of reply?",
        '`message.rcode == "NXDOMAIN"`: raise LookupError. Answers: return the values of those whose `type_name` is `kind`.',
        "No answers, and NS records in `authority`: a referral. Take the name of the server there, and look in `additional` for its A record: that is the next `ip`.",
        "No answers, and no NS in `authority`: the name has no record of this type. Return an empty list.",
    ),
    passed="Your resolver needs no list of all names: it asks its way.",
)
def walk(t: Trial, resolve: Callable[..., list[str]]) -> None:
    """A resolver over servers that give referrals."""
    with t.case("an address, three servers away") as case:
        net = small_internet()
        came = sorted(resolve("www.ticker.example", "A", net.ask))
        wrong: Wrong = [([], "The root's reply has no answers, but it has a referral: follow it.")]
        case.expect(came, ["192.0.2.80", "192.0.2.81"], wrong)
        way = ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
        case.expect(net.asked, way, advice="Begin at the root, and ask each server once.")
    with t.case("one level more") as case:
        net = small_internet()
        came = resolve("pi.lab.ticker.example", "A", net.ask)
        case.expect(came, ["192.0.2.90"], advice="How many levels there are is not known before: loop.")
    with t.case("another type") as case:
        came = resolve("www.ticker.example", "TXT", small_internet().ask)
        case.expect(came, ['"hello"'], advice="Ask for the type that was wanted, at every step.")
    with t.case("an alias") as case:
        came = sorted(resolve("quotes.ticker.example", "A", small_internet().ask))
        words = "The CNAME came along. Return the values of the records of the wanted type only."
        wrong = [(lambda v: any("example" in each for each in v), words)]
        case.expect(came, ["192.0.2.80", "192.0.2.81"], wrong)
    never = "No such record is no reason to go on asking: without answers and referral, return an empty list."
    with t.case(
        "a name without such a record", {IndexError: never, StopIteration: never}, hangs=never
    ) as case:
        case.expect(resolve("www.ticker.example", "MX", small_internet().ask), [], advice=never)
    with t.case("a name that does not exist", hangs=never) as case:
        words = "NXDOMAIN is something else than no record: raise LookupError."
        case.expect_error(
            LookupError, lambda: resolve("zoe.ticker.example", "A", small_internet().ask), words
        )
    circle = "Two servers sent you to each other for ever: give up after ten, with LookupError."
    with t.case("servers that send you round", {RecursionError: circle}, hangs=circle) as case:
        lame = Zone(".", SOA + "example. 60 IN NS ns.example.\nns.example. 60 IN A 192.0.2.1\n")
        net = Internet({"192.0.2.1": lame})
        case.expect_error(LookupError, lambda: resolve("www.example", "A", net.ask), circle)


@exercise(
    "06-cache",
    title="Keep an answer",
    objective="06-o4",
    points=3,
    hints=(
        "A dictionary: the key is `(name.lower(), kind)`, the value a pair, the values and the time until which they hold.",
        "Note the *time of the end* when you put: `self.clock() + ttl`. When you get, compare it with `self.clock()`.",
        "An empty list is an answer, *there is none*; None means that you have to ask. So compare with `is None`.",
    ),
    passed="Your cache knows when it does not know any more.",
)
def cache(t: Trial, make_cache: Callable[..., Any]) -> None:
    """A cache of answers with a clock that the judge turns."""
    now = [1000.0]
    kept = make_cache(lambda: now[0])
    name, values = "www.ticker.example", ["192.0.2.80"]
    never = "Of a name that was never put, `get` returns None."
    with t.case("a name that was never put", {KeyError: never, TypeError: never}) as case:
        case.expect(kept.get(name, "A"), None, advice=never)
    with t.case("what was put") as case:
        kept.put(name, "A", values, 300)
        case.expect(kept.get(name, "A"), values)
    with t.case("another type") as case:
        words = "A and AAAA are two answers: the type belongs into the key."
        case.expect(kept.get(name, "AAAA"), None, [(values, words)])
    with t.case("in capitals") as case:
        case.expect(
            kept.get("WWW.Ticker.Example", "A"),
            values,
            [(None, "Upper and lower case are one: `name.lower()`.")],
        )
    with t.case("a second before its end") as case:
        now[0] = 1299.0
        words = "A TTL of 300 counts from the moment of `put`: at second 299 it still holds."
        case.expect(kept.get(name, "A"), values, [(None, words)])
    with t.case("at its end") as case:
        now[0] = 1300.0
        words = (
            "After 300 seconds it may not be used any more: compare the time of now with that of the end. "
            "`clock()` is to be called each time, in `put` and in `get`: what `__init__` was told is long ago."
        )
        case.expect(kept.get(name, "A"), None, [(values, words)])
    with t.case("put again") as case:
        kept.put(name, "A", ["192.0.2.99"], 60)
        case.expect(kept.get(name, "A"), ["192.0.2.99"], advice="The newest answer counts.")
    with t.case("the answer that there is none") as case:
        kept.put("zoe.ticker.example", "A", [], 300)
        words = "An empty list is an answer that is kept; None means that nothing is known. Compare with `is None`."
        case.expect(kept.get("zoe.ticker.example", "A"), [], [(None, words)])
    with t.case("a TTL of 0") as case:
        kept.put("now.ticker.example", "A", values, 0)
        case.expect(
            kept.get("now.ticker.example", "A"), None, advice="A TTL of 0 says: do not keep it at all."
        )
    with t.case("two caches") as case:
        other = make_cache(lambda: now[0])
        words = "A second cache knew what was put into the first: make the dictionary in `__init__`."
        case.expect(other.get(name, "A"), None, [(["192.0.2.99"], words)])


@exercise(
    "06-trust",
    title="Is this my answer?",
    objective="06-o5",
    points=3,
    hints=(
        "Four comparisons, joined by `and`. And before them: is the reply long enough to have all that?",
        "The id: `reply[:2] == query[:2]`. QR: `reply[2] & 0x80`.",
        "The question: `reply[12:len(query)].lower() == query[12:].lower()`. The sender: `sender == asked`.",
        "Return True or False: `bool(...)` makes it so.",
    ),
    passed="Who wants to fool you has to guess id and port at the same time.",
)
def trust(t: Trial, is_answer: Callable[..., bool]) -> None:
    """Which datagrams answer a query."""
    zone = Zone("ticker.example", SOA + "www 60 IN A 192.0.2.80\nmail 60 IN A 192.0.2.25\n")

    def reply_to(query: bytes) -> bytes:
        reply = zone.answer(query)
        assert reply is not None
        return reply

    query = build_query("www.ticker.example", "A", id=0x1234)
    good = reply_to(query)
    asked = ("192.0.2.3", 53)
    with t.case("the answer itself", {IndexError: "Look at the length before you look at a byte."}) as case:
        case.expect(
            is_answer(query, good, asked, asked), True, [(0x80, "Return True or False: `bool(...)`.")]
        )
    with t.case("the name in other capitals") as case:
        case.expect(
            is_answer(query, good.replace(b"ticker", b"TicKer"), asked, asked),
            True,
            advice="Upper and lower case count as the same: compare `.lower()` of both.",
        )
    first = build_query("www.ticker.example", "A", id=0x1299)
    for what, reply, sender, words in (
        (
            "another id",
            reply_to(first),
            asked,
            "The id differs: compare *both* bytes, `reply[:2]` with `query[:2]`.",
        ),
        (
            "our own query, sent back",
            query,
            asked,
            "That is a query: its flag QR, the highest bit of byte 2, is 0.",
        ),
        (
            "the answer to another question",
            reply_to(build_query("mail.ticker.example", "A", id=0x1234)),
            asked,
            "The id can be guessed, or be the same by chance: compare the question too.",
        ),
        (
            "the same name, another type",
            reply_to(build_query("www.ticker.example", "TXT", id=0x1234)),
            asked,
            "The question is name, type and class: compare all of `query[12:]`.",
        ),
        (
            "the question, but not where the question stands",
            good[:12] + b"\x04evil\x00\x00\x01\x00\x01" + good[12:],
            asked,
            "Compare the question where it stands, right behind the first twelve bytes.",
        ),
        ("from another address", good, ("198.51.100.7", 53), "It came from somebody who was not asked."),
        (
            "from another port",
            good,
            ("192.0.2.3", 5353),
            "The same machine, but another program: compare the pair.",
        ),
        ("three bytes", good[:3], asked, "Too short to be an answer."),
        ("nothing", b"", asked, "Too short to be an answer."),
    ):
        short = "Look at the length first: anybody can send you a datagram of any length, also an empty one."
        with t.case(what, {IndexError: short}) as case:
            case.expect(is_answer(query, reply, asked, sender), False, advice=words)
