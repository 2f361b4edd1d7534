"""The exercise of lesson 10 about SPF: may this address send for that domain?"""

from __future__ import annotations

from collections.abc import Callable

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

BITS = "`/20` means: the first 20 bits are the same, which may end within a number. As text you cannot see it: `ip_network`."
HOST = "Only the first 24 bits count, the others may be anything: `ip_network(…, strict=False)`."
SKIP = "Pass over rules of other kinds, such as `mx`: only `ip4:`, `ip6:` and `all` are judged here."


@exercise(
    "10-spf",
    title="May this address send for that domain?",
    objective="10-o5",
    points=3,
    hints=(
        "`words = record.split()`. Is there a record, and is its first word exactly `v=spf1`? If not: `none`.",
        "Each further word is a sign, `+`, `-`, `~` or `?`, and a rule; without a sign it is `+`. Go through them in order; the first that fits decides.",
        "`ip_address(ip) in ip_network(rule, strict=False)`, where the rule stands behind `ip4:` or `ip6:`. `all` fits always.",
        '`{"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}`; and when nothing fits: `neutral`.',
    ),
    passed="You read SPF as a receiving server does.",
)
def spf(t: Trial, spf: Callable[[str, str | None], str]) -> None:
    """SPF records of ip4, ip6 and all (RFC 7208, sections 4.5 to 4.7)."""
    record = "v=spf1 ip4:192.0.2.25 ip4:198.51.100.0/24 -all"
    first = "The rules are read from left to right, and the *first* that fits decides."
    cases: list[tuple[str, str, str | None, str, Wrong]] = [
        ("the server itself", "192.0.2.25", record, "pass", [("fail", first), ("none", "There is a record: look at its words.")]),
        ("an address of the network", "198.51.100.77", record, "pass", [("fail", "`/24` is a network: 256 addresses are in it.")]),
        ("a network that is no multiple of 8 bits", "10.20.30.40", "v=spf1 ip4:10.20.16.0/20 -all", "pass", [("fail", BITS)]),
        ("a neighbour of a small network", "198.51.100.20", "v=spf1 ip4:198.51.100.0/28 -all", "fail", [("pass", BITS)]),
        ("a network named by one of its hosts", "192.0.2.77", "v=spf1 ip4:192.0.2.5/24 -all", "pass", [("fail", HOST)]),
        ("an address like another", "192.0.2.250", record, "fail", [("pass", "As text one begins like the other. Compare addresses, by `ip_address`.")]),
        ("a stranger", "203.0.113.9", record, "fail", [("neutral", "`-all` fits everybody else, and its sign says fail."), ("softfail", "`~` is softfail, `-` is fail.")]),
        ("a softer end", "203.0.113.9", "v=spf1 ip4:192.0.2.25 ~all", "softfail", [("fail", "`~` means: probably not, take it with care.")]),
        ("no end", "203.0.113.9", "v=spf1 ip4:192.0.2.25", "neutral", [("fail", "Nothing fitted, and nothing was said about the others: neutral."), (None, "Nothing fitted: neutral.")]),
        ("a question mark", "203.0.113.9", "v=spf1 ?all", "neutral", []),
        ("an exception comes first", "198.51.100.9", "v=spf1 -ip4:198.51.100.9 ip4:198.51.100.0/24 -all", "fail", [("pass", first)]),
        ("IPv6", "2001:db8::25", "v=spf1 ip4:192.0.2.25 ip6:2001:db8::/64 -all", "pass", [("fail", "An IPv6 address is in an `ip6:` network; IPv4 ones do not fit it.")]),
        ("`all` without a sign", "203.0.113.9", "v=spf1 all", "pass", [("neutral", "Without a sign a rule has the sign `+`: pass.")]),
        ("a rule of another kind", "192.0.2.25", "v=spf1 mx ip4:192.0.2.25 -all", "pass", [("neutral", SKIP), ("none", SKIP), ("fail", SKIP)]),
        ("capital letters", "192.0.2.25", "V=SPF1 IP4:192.0.2.25 -ALL", "pass", [("none", "Capitals do not matter.")]),
        ("no record", "192.0.2.25", None, "none", [("neutral", "Without a record the domain says nothing at all: none.")]),
        ("another kind of record", "192.0.2.25", "v=spf10 ip4:192.0.2.25", "none", [("pass", "The first word has to be `v=spf1`, not only to begin so.")]),
    ]  # fmt: skip
    for name, ip, text, right, wrong in cases:
        errors: dict[type[BaseException], str] = {
            AttributeError: "There may be no record at all: then it is None.",
            ValueError: HOST if "host" in name else SKIP,
        }
        with t.case(f"{name}: {ip}", errors) as case:
            case.expect(spf(ip, text), right, wrong, advice=first)
