"""The exercises of lesson 02, local networks: who receives a frame, and whose address ARP asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

_HEARD: dict[str, tuple[int, Wrong]] = {
    "first ping, hub": (
        4,
        [
            (0, "A hub cannot read: it repeats every frame to every port, whoever it is for."),
            (1, "The answer of ARP and both pings go past cleo too: a hub repeats every frame to all."),
            (2, "Four frames pass in a first ping: question and answer of ARP, then of the ping."),
        ],
    ),
    "first ping, switch": (
        1,
        [
            (
                0,
                "The first frame asks *everybody* for a MAC address: a broadcast reaches cleo through a switch too.",
            ),
            (
                2,
                "Only the broadcast is for all. Ben's answer is addressed to ada, and the switch has seen where she is.",
            ),
            (
                3,
                "The switch learned ada's port from her broadcast, and ben's from his answer: cleo gets neither ping.",
            ),
            (4, "That would be a hub. The switch learns a port from every frame that comes in."),
        ],
    ),
    "second ping, hub": (
        2,
        [
            (
                4,
                "Four was the first ping. Now ada knows ben's MAC address already: how many frames are left?",
            ),
            (0, "The hub has learned nothing: it still repeats every frame to every port."),
            (1, "A ping is two frames, question and answer, and a hub repeats both."),
        ],
    ),
    "second ping, switch": (
        0,
        [
            (1, "No ARP question is asked this time: ada still has the answer in her cache."),
            (2, "The switch knows the ports of both. Frames between ada and ben go nowhere else."),
        ],
    ),
}


@exercise(
    "02-heard",
    title="Who hears it?",
    objective="02-o1",
    points=2,
    hints=(
        "List the frames of a first ping: who asks whom for what, before the echo request can be sent?",
        "A first ping is four frames. A hub repeats each of them to cleo. Which of the four would a switch send to all?",
        "In a second ping the ARP cache is warm: two frames. The switch has learned both ports by then.",
    ),
    passed="A hub repeats everything to everybody; a switch floods only broadcasts and what it does not know.",
)
def heard(t: Trial, frames_at_cleo: dict[str, int]) -> None:
    """How many frames of a ping reach a third computer."""
    for question, (right, wrong) in _HEARD.items():
        with t.case(question, {KeyError: "Keep the four names of the dictionary as they were."}) as case:
            case.expect(
                frames_at_cleo[question],
                right,
                wrong,
                advice="Count the frames in the trace of a first ping; a second one needs no ARP.",
            )


_LEARN = '''
def switch(table, port, source, target, ports):
    """Return the ports that a frame leaves by, and note in table what it teaches."""
    table[target] = port
    if target in table:
        return [table[target]]
    return ports
'''


@exercise(
    "02-learn",
    title="Mend the switch",
    objective="02-o1",
    points=3,
    hints=(
        "A frame that comes in by a port proves one thing: who sent it is behind that port. What does the first line note?",
        "`table[source] = port`. Then: a frame to all, or to an unknown address, leaves by every port except `port`.",
        "A third bug: if `table[target] == port`, the target is where the frame came from, and the answer is [].",
    ),
    passed="It learns from the source, floods what it does not know, and sends nothing back to where it came from.",
    starter=_LEARN,
)
def learn(t: Trial, switch: Callable[..., list[int]]) -> None:
    """A switch's decision, frame by frame."""
    ada, ben, cleo, everybody = (
        "02:00:00:00:00:01",
        "02:00:00:00:00:02",
        "02:00:00:00:00:03",
        "ff:ff:ff:ff:ff:ff",
    )
    ports = [1, 2, 3, 4]
    back = "The frame went back to where it came from: leave out `port`."
    table: dict[str, int] = {}
    with t.case("a broadcast from ada, by port 1") as case:
        came = sorted(switch(table, 1, ada, everybody, list(ports)))
        case.expect(
            came,
            [2, 3, 4],
            [
                ([1, 2, 3, 4], back),
                (
                    [1],
                    "Your table says that the *receiver* is behind the port a frame came in by. It proves where the *sender* is.",
                ),
                (
                    [],
                    "A broadcast is for all the others, ports 2, 3 and 4. Did you note where the *receiver* is? "
                    "A frame proves where the *sender* is.",
                ),
            ],
        )
        case.expect_that(
            table == {ada: 1},
            f"the table is {{{ada!r}: 1}}",
            f"it is {table}",
            "Learn from the source address alone: nobody has the broadcast address.",
        )
    with t.case("ben, by port 2, answers ada") as case:
        case.expect(
            switch(table, 2, ben, ada, list(ports)),
            [1],
            [
                (
                    lambda v: len(v) > 1,
                    "The first frame has shown that ada is behind port 1: send it only there.",
                )
            ],
        )
    with t.case("a frame to cleo, of whom nothing was heard") as case:
        case.expect(
            sorted(switch(table, 1, ada, cleo, list(ports))),
            [2, 3, 4],
            [
                ([1, 2, 3, 4], back),
                ([], "A switch floods what it does not know; else cleo would never be reached."),
            ],
        )
    with t.case("two computers behind one port") as case:
        behind = dict(table)
        switch(behind, 1, cleo, everybody, list(ports))
        same = "The receiver is behind the port that the frame came in by: it has it already. Return []."
        case.expect(switch(behind, 1, ada, cleo, list(ports)), [], [([1], same)])
    with t.case("ben has moved to port 4") as case:
        moved = dict(table)
        switch(moved, 4, ben, everybody, list(ports))
        old = "The newest frame counts: overwrite what the table says about a sender."
        case.expect(switch(moved, 1, ada, ben, list(ports)), [4], [([2], old)])


@exercise(
    "02-hop",
    title="Whom does ARP ask for?",
    objective="02-o2",
    points=2,
    hints=(
        "`ip_interface(own).network` is the network of the computer; `ip_address(target) in network` says whether the target is on it.",
        "On the same network ARP asks for the target itself; else for the gateway, whoever the target is.",
        "if ip_address(target) in ip_interface(own).network: return target\nreturn gateway",
    ),
    passed="Same network: the target itself. Any other: the gateway. No gateway: nobody, and the packet cannot go.",
)
def hop(t: Trial, next_hop: Callable[[str, str | None, str], str | None]) -> None:
    """The next hop of a packet, as a host decides it."""
    first_three = (
        "Do not compare the text of the first three numbers: the mask decides, and it need not end at a dot."
    )
    errors: dict[type[BaseException], str] = {
        AttributeError: "A text is in no network. Make an address of it first: `ip_address(target) in …`.",
        ValueError: "`ip_network` wants the first address of a network. For a computer's own address with its mask "
        "there is `ip_interface(own).network`.",
    }
    with t.case("a neighbour on the same network", errors) as case:
        case.expect(
            next_hop("192.168.1.10/24", "192.168.1.1", "192.168.1.77"),
            "192.168.1.77",
            [
                ("192.168.1.1", "A neighbour is reached without the gateway."),
                (lambda v: not isinstance(v, str), "Return the address as text."),
            ],
        )
    with t.case("a computer on another network", errors) as case:
        case.expect(
            next_hop("192.168.1.10/24", "192.168.1.1", "203.0.113.80"),
            "192.168.1.1",
            [
                (
                    "203.0.113.80",
                    "ARP never asks for a computer on another network: a broadcast does not pass a router.",
                )
            ],
        )
    for name, own, gateway, target, expected in (
        ("a small network, /28", "192.168.1.10/28", "192.168.1.1", "192.168.1.20", "192.168.1.1"),
        ("a large network, /16", "172.16.1.10/16", "172.16.0.1", "172.16.200.9", "172.16.200.9"),
    ):
        with t.case(name, errors) as case:
            other = target if expected == gateway else gateway
            case.expect(next_hop(own, gateway, target), expected, [(other, first_three)])
    with t.case("no gateway", errors) as case:
        nowhere = "Without a gateway there is no next hop for another network: return None."
        came = next_hop("192.168.1.10/24", None, "203.0.113.80")
        case.expect(came, None, [("203.0.113.80", nowhere), (lambda v: v is not None, nowhere)])
    with t.case("no gateway, but a neighbour", errors) as case:
        needless = "A neighbour is reached whether there is a gateway or not."
        case.expect(next_hop("192.168.1.10/24", None, "192.168.1.11"), "192.168.1.11", [(None, needless)])


_CAUSES: dict[str, tuple[str, dict[str, Any]]] = {
    "a": (
        "no gateway",
        {
            "cable": "Ada's question gets through to cleo: look at the trace of her ping. The answer is what is missing.",
            "mask": "Ada asks the router, as she should. Follow her packet: who gets it, and what happens then?",
            "wrong gateway": "Ada's gateway passes her packet on. Ask cleo to ping ada, and read what she says.",
            "address twice": "The trace has one answer to each ARP question. Ask cleo to ping ada, and read what she says.",
        },
    ),
    "b": (
        "address twice",
        {
            "mask": "Ada reaches cleo, so her mask will do. Ping 192.168.1.10 from cleo: which MAC address answers the ARP question?",
            "no gateway": "Packets go to the other network and come back. It is a neighbour of ada that is missing: ben.",
            "cable": "Ben pings cleo without trouble, so his cable is whole. Under which address?",
            "wrong gateway": "Ada reaches cleo through the gateway. Which address has ben?",
        },
    ),
    "c": (
        "mask",
        {
            "wrong gateway": "Look for whom ada's ARP question asks: not for a gateway at all. Why does she take cleo for a neighbour?",
            "no gateway": "Ada has one, as her routing table says. But for whom does her ARP question ask?",
            "cable": "Ben reaches cleo from the same switch. For whom does ada's ARP question ask?",
            "address twice": "Nobody at all answers ada's ARP question. For whom does it ask?",
        },
    ),
    "d": (
        "cable",
        {
            "no gateway": "The error comes from 192.168.1.1: the gateway has the packet, and it cannot get on. Whom does it ask for?",
            "wrong gateway": "The gateway reports the error, so it is there and works. What is between it and cleo?",
            "mask": "Ada and ben both use the gateway, and it fails for both. What is between the router and cleo?",
            "address twice": "No ARP question on cleo's side is answered at all. What is between the router and cleo?",
        },
    ),
    "e": (
        "wrong gateway",
        {
            "no gateway": "Ada has a gateway: her routing table names it. Does anybody answer to that address?",
            "mask": "Ada sends what is for cleo to a gateway, so her mask is right. Does anybody have that address?",
            "cable": "Ben reaches cleo by the same switch and router. Whom does ada's ARP question ask for?",
            "address twice": "Nobody answers the ARP question of ada. Whose address does it ask for?",
        },
    ),
}


@exercise(
    "02-diagnose",
    title="Five patients",
    objective="02-o5",
    points=5,
    hints=(
        "Ping in both directions, neighbours first: `net = patient('a')`, `net['ada'].ping('192.168.1.11')`, then `net.trace.story()`.",
        "Look for whom ARP asks, and who reports an error. 'says 192.168.1.10' is ada herself; 192.168.1.1 is the router.",
        "Compare `net['ada'].routing_table` with what it should be. In one of them, ask the trace which MAC address answers.",
    ),
    passed="You asked the network instead of guessing: who is asked for, who answers, who complains.",
)
def diagnose(t: Trial, diagnosis: dict[str, str]) -> None:
    """What is wrong in each of five networks."""
    causes = ", ".join(
        f"'{cause}'" for cause in ("mask", "no gateway", "wrong gateway", "cable", "address twice")
    )
    for name, (cause, wrong) in _CAUSES.items():
        with t.case(
            f"patient {name}", {KeyError: "Keep the five names of the dictionary as they were."}
        ) as case:
            case.expect(
                diagnosis[name], cause, list(wrong.items()), advice=f"Choose one of {causes}, as text."
            )


from netlab.exercises import lesson_02_quizzes, lesson_02_routers  # noqa: E402,F401
