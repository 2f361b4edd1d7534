"""The exercises of lesson 01 on addresses: masks, networks, and the short form of IPv6."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

_ALL = 0xFFFFFFFF

_NETWORK_OF = '''
def network_of(address, mask):
    """Return the network part of an address; all three are numbers of 32 bits."""
    return address | mask
'''


@exercise(
    "01-mask",
    title="The network part of an address",
    objective="01-o3",
    hints=(
        "Where the mask has a one, the bit of the address is to be kept. Where it has a zero, the result is to be zero.",
        "Write down the table for one bit: 1 and 1 gives 1; 1 and 0, 0 and 1, 0 and 0 give 0. Which operator is that?",
        "It is the bitwise *and*: `return address & mask`.",
    ),
    passed="The mask keeps the network part and clears the host part, wherever it cuts.",
    starter=_NETWORK_OF,
)
def mask(t: Trial, network_of: Callable[[int, int], int]) -> None:
    """Change one operator; tried with masks that cut at a dot and between dots."""
    for address, length in (("192.0.2.130", 26), ("192.0.2.10", 24), ("172.20.77.5", 12), ("10.1.2.3", 8)):
        number, bits = int(IPv4Address(address)), _ALL << (32 - length) & _ALL
        right = number & bits
        with t.case(f"{address} with the mask {IPv4Address(bits)}") as case:
            case.expect(
                network_of(number, bits),
                right,
                [
                    (
                        number | bits,
                        "*Or* sets a bit where either has a one: the mask comes through, not the address.",
                    ),
                    (
                        number ^ bits,
                        "*Exclusive or* turns the bits of the network part round. They are to be kept.",
                    ),
                    (
                        number & ~bits,
                        "That is the host part: the other half. Keep the bits where the mask has ones.",
                    ),
                    (number & 0xFFFFFF00, "That is right for a /24 only. Use `mask`, whatever it is."),
                    (number - bits, "A mask is not subtracted: look at it bit by bit."),
                    (
                        bool(number and bits),
                        "`and` asks whether things are true. Bit by bit it is written `&`.",
                    ),
                    (bits, "`and` gives one of its two values. Bit by bit it is written `&`."),
                ],
                advice=f"The network of {address} with this mask is {IPv4Address(right)}, the number {right}.",
            )


@exercise(
    "01-subnet",
    title="The same network?",
    objective="01-o3",
    points=2,
    hints=(
        "Two machines are in the same network when their network parts are equal. You know how to get one of them.",
        "Turn all three texts into numbers: `int(ip_address(a))`, and the same for `b` and `mask`.",
        "Compare `int(ip_address(a)) & m` with `int(ip_address(b)) & m`, where m is the mask's number.",
    ),
    passed="That is the question a machine asks before it sends any packet.",
)
def subnet(t: Trial, same_network: Callable[[str, str, str], bool]) -> None:
    """Masks that cut at a dot, between dots, everywhere and nowhere."""
    text = (
        "You compare the texts. 192.0.2.1 and 192.0.2.10 begin alike as texts; a network is decided by bits."
    )
    dots = "This mask does not cut at a dot. Compare bits, not the numbers between the dots."
    cases = (
        ("192.0.2.10", "192.0.2.200", "255.255.255.0", True, "Only the host part differs, the last number."),
        (
            "192.0.2.10",
            "192.0.3.10",
            "255.255.255.0",
            False,
            "The third number differs, and the mask covers it.",
        ),
        ("192.0.2.10", "192.0.2.130", "255.255.255.192", False, dots),
        ("192.0.2.130", "192.0.2.190", "255.255.255.192", True, dots),
        ("172.16.5.1", "172.31.250.9", "255.240.0.0", True, dots),
        ("172.20.0.1", "172.32.0.1", "255.240.0.0", False, dots),
        ("192.0.2.1", "192.0.2.10", "255.255.255.255", False, text),
        (
            "10.0.0.1",
            "203.0.113.9",
            "0.0.0.0",  # noqa: S104
            True,
            "A mask of zeros has no network part: everything is inside.",
        ),
    )
    strict = "`ip_network` wants the first address of a range. Use numbers and `&`, or `ip_interface`."
    for a, b, bits, expected, advice in cases:
        with t.case(f"{a} and {b}, mask {bits}", {ValueError: strict}) as case:
            case.expect(
                same_network(a, b, bits),
                expected,
                [
                    (lambda v: v is None, "Your function ends without a `return`."),
                    (
                        lambda v: not isinstance(v, bool),
                        "Return True or False: compare two network parts with `==`.",
                    ),
                ],
                advice=advice,
            )


_SHORT: dict[str, Wrong] = {
    "2001:0db8:0000:0000:0000:0000:0000:0007": [
        (
            "2001:0db8::0007",
            "Nearly: zeros in front of a group go too, so `0db8` is `db8` and `0007` is `7`.",
        ),
        ("2001:db8::0007", "Nearly: zeros in front of a group go too, so `0007` is `7`."),
        ("2001:0db8::7", "Nearly: zeros in front of every group go, so `0db8` is `db8`."),
        ("2001:db8:0:0:0:0:0:7", "The run of zero groups is replaced by `::`."),
        ("2001:db8:::7", "Two colons stand for the whole run, never three."),
        ("2001:db8:7", "Where is the run of zero groups? Two colons mark it: `::`."),
    ],
    "2001:0DB8:0000:0000:0001:0000:0000:0001": [
        (
            "2001:db8::1::1",
            "`::` may stand only once: nobody could tell how many groups each of the two stands for.",
        ),
        ("2001:db8:0:0:1::1", "Both runs have two groups. Of equal runs the first one is shortened."),
        ("2001:DB8::1:0:0:1", "Nearly: RFC 5952 wants small letters."),
    ],
    "2001:0db8:0000:0001:0001:0001:0001:0001": [
        ("2001:db8::1:1:1:1:1", "A single zero group is not shortened: write it as `0`."),
        ("2001:db8:1:1:1:1:1", "The third group is gone: a zero group is written as `0`."),
    ],
    "2001:0db8:0000:0000:1000:0000:0000:0000": [
        ("2001:db8:0:0:1::", "`1000` is not `1`: only zeros in *front* of a group may go."),
        ("2001:db8::1000:0:0:0", "The longest run is the one at the end, with three groups."),
        ("2001:db8::1:0:0:0", "`1000` is not `1`, and the longest run is the one at the end."),
        ("2001:db8::1000::", "`::` may stand only once, for the longest run."),
    ],
    "0000:0000:0000:0000:0000:0000:0000:0001": [
        ("0::1", "The run begins with the first group, so nothing stands before the `::`."),
        (":1", "Two colons stand for the run, also at the beginning."),
        ("1", "Seven groups of zeros are missing. `::` stands for them."),
        ("127.0.0.1", "That is loopback in IPv4. Shorten the address as it is written."),
    ],
}


@exercise(
    "01-ipv6",
    title="IPv6 in short",
    objective="01-o4",
    points=2,
    hints=(
        "Go group by group first: leave out the zeros in front, keep at least one digit, and use small letters.",
        "Then find the runs of groups that are 0. Only one becomes `::`: the longest, or the first of equal ones.",
        "In the fourth address, `1000` keeps its zeros, and the three groups after it are the longest run.",
    ),
    passed="Your short forms are those that every program writes into its logs.",
)
def ipv6(t: Trial, short: dict[str, str]) -> None:
    """Five addresses to shorten by hand: runs of equal length, a lone zero group, zeros at the end of a group."""
    for full, wrong in _SHORT.items():
        gone = f"The line {full!r} is missing: keep the addresses as they were."
        with t.case(full, {KeyError: gone}) as case:
            right = str(IPv6Address(full.lower()))
            case.expect(
                short[full],
                right,
                [*wrong, (_means(full), "The same address, but not in the form of RFC 5952.")],
                advice="That is another address, or none: `::` may stand only once, and the groups must add up to eight.",
            )


def _means(full: str) -> Callable[[str], bool]:
    return lambda text: IPv6Address(text) == IPv6Address(full)
