"""Cables, hubs and switches: who hears what, and when; and the spanning tree that keeps frames from circling."""

from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.errors import SimulationError
from netlab.lan import Network
from netlab.lan.stp import CONFIGURATION, GROUP_ADDRESS, TOPOLOGY_CHANGE, Offer, pack
from netlab.wire.ethernet import BROADCAST, Ethernet, mac_bytes

ADA, BEN = "192.168.1.10", "192.168.1.11"


def frame(source, target, size=64):
    """A frame that no host knows what to do with."""
    return Ethernet(target, source.mac, 0x88B5).pack() + bytes(size - Ethernet.LENGTH)


def shout(net, host, seconds=0.01):
    """Send a broadcast, and let it travel."""
    host.ports[0].send(frame(host, BROADCAST))
    net.run(seconds)


def heard(net, name):
    """The frames that reached a device."""
    return [hop for hop in net.trace if hop.target.device.name == name and hop.fate == "delivered"]


def fates(link):
    return [hop.fate for hop in link.trace.on(link)]


# the cable


def test_a_frame_takes_its_bits_and_the_length_of_the_cable(nets):
    net = nets.two_hosts(delay=0.25, bandwidth=8000)
    net["ada"].ports[0].send(frame(net["ada"], BROADCAST, 976))  # with preamble and gap 1,000 bytes: a second
    net.run(2)
    (hop,) = net.trace
    assert hop.sent == 0
    assert hop.arrived == pytest.approx(1.25)


def test_a_short_frame_takes_as_long_as_the_shortest_that_is_allowed(nets):
    for size in (20, 60):
        net = nets.two_hosts(delay=0, bandwidth=8 * 84)
        net["ada"].ports[0].send(frame(net["ada"], BROADCAST, size))
        assert net.trace[0].arrived == pytest.approx(1)


def test_frames_wait_for_those_before_them_and_not_for_those_the_other_way(nets):
    net = nets.two_hosts(delay=0, bandwidth=8000)
    for _ in range(3):
        net["ada"].ports[0].send(frame(net["ada"], BROADCAST, 976))
    net["ben"].ports[0].send(frame(net["ben"], BROADCAST, 976))
    sent = [(hop.source.device.name, hop.sent) for hop in net.trace]
    assert sent == [("ada", 0), ("ben", 0), ("ada", pytest.approx(1)), ("ada", pytest.approx(2))]


def test_what_does_not_fit_into_the_buffer_is_dropped(nets):
    net = nets.two_hosts(bandwidth=8000)
    net.links[0].buffer = 2000
    for _ in range(5):
        net["ada"].ports[0].send(frame(net["ada"], BROADCAST, 976))
    assert sorted(fates(net.links[0])) == ["delivered"] * 3 + ["dropped"] * 2
    net.run(10)
    assert len(heard(net, "ben")) == 3


def test_the_frames_that_drop_names_are_lost_and_no_others(nets):
    net = nets.two_hosts(drop={1, 4})
    for _ in range(5):
        shout(net, net["ada"])
    assert fates(net.links[0]) == ["lost", "delivered", "delivered", "lost", "delivered"]
    assert len(heard(net, "ben")) == 3


def test_the_same_seed_loses_the_same_frames_and_another_seed_others():
    def lost(seed):
        net = Network(seed=seed)
        link = net.link(net.host("ada", f"{ADA}/24"), net.host("ben", f"{BEN}/24"), loss=0.3)
        for _ in range(200):
            shout(net, net["ada"])
        return fates(link)

    assert lost(1) == lost(1) != lost(2)
    assert 40 <= lost(1).count("lost") <= 80


@pytest.mark.parametrize(("loss", "answers"), [(0, True), (1, False)])
def test_a_loss_of_none_or_all_is_certain(nets, loss, answers):
    net = nets.two_hosts(loss=loss)
    assert net["ada"].ping(BEN).answered is answers


def test_a_cut_cable_carries_nothing_until_it_is_mended(nets):
    net = nets.two_hosts()
    assert net["ada"].ping(BEN)
    net.links[0].cut()
    assert repr(net.links[0]) == "<link ada – ben, cut>"
    assert not net["ada"].ping(BEN)
    assert net.trace[-1].fate == "cut"
    net.links[0].mend()
    assert net["ada"].ping(BEN)


def test_what_is_on_the_way_when_the_cable_is_cut_still_arrives(nets):
    net = nets.two_hosts(delay=1)
    net["ada"].ports[0].send(frame(net["ada"], BROADCAST))
    net.links[0].cut()
    net.run(2)
    assert len(heard(net, "ben")) == 1


def test_a_device_without_a_cable_talks_to_nobody():
    net = Network()
    ada = net.host("ada", f"{ADA}/24")
    assert ada.ping(BEN).error == "host unreachable"
    assert len(net.trace) == 0


# the hub


def test_a_hub_repeats_a_frame_to_all_but_its_sender(nets):
    net = nets.star(4, hub=True)
    net["pc0"].ping("10.0.0.2")
    net.trace.clear()
    net["pc0"].ping("10.0.0.2")
    for name, frames in (("pc0", 1), ("pc1", 1), ("pc2", 2), ("pc3", 2)):
        assert len(heard(net, name)) == frames
    assert net["pc2"].ignored == 5  # both pings, and the answer of ARP; its question was for everybody
    assert net["pc1"].ignored == 0


def test_two_that_send_to_a_hub_at_once_collide_and_both_come_through_later(nets):
    net = nets.star(3, hub=True)
    for name in ("pc0", "pc1"):
        net[name].ports[0].send(frame(net[name], BROADCAST))
    net.run(0.1)
    assert net["h1"].collisions >= 1
    assert [hop.fate for hop in net.trace][:2] == ["collision", "collision"]
    assert len(heard(net, "pc2")) == 2


def test_whoever_hears_that_the_wire_is_in_use_waits(nets):
    net = nets.star(3, hub=True)
    net["pc0"].ports[0].send(frame(net["pc0"], BROADCAST, 1000))
    net.run(1e-4)
    net["pc1"].ports[0].send(frame(net["pc1"], BROADCAST))
    net.run(0.1)
    assert net["h1"].collisions == 0
    assert [hop.source.device.name for hop in net.trace if hop.target.device is net["h1"]] == ["pc0", "pc1"]
    first, second = (hop for hop in net.trace if hop.target.device is net["h1"])
    assert second.sent >= first.arrived


@pytest.mark.parametrize("senders", [1, 3])
def test_the_ports_of_a_hub_share_its_bandwidth_and_those_of_a_switch_do_not(nets, senders):
    """Each sends 100 frames of 1,000 bytes to a partner of its own."""
    took = {}
    for hub in (True, False):
        net = nets.star(6, hub=hub)
        if not hub:
            for link in net.links:
                link.bandwidth = 10e6
        for number in range(6):  # the switch has to know them all
            shout(net, net[f"pc{number}"])
        began = net.now
        for number in range(senders):
            one, other = net[f"pc{number}"], net[f"pc{number + 3}"]
            for _ in range(100):
                one.ports[0].send(frame(one, other.mac, 976))
        net.run(5)
        took[hub] = net.trace[-1].arrived - began
    alone = 100 * 8000 / 10e6
    assert took[False] == pytest.approx(alone, rel=0.05)
    assert took[True] >= senders * alone


def test_after_sixteen_collisions_a_frame_is_given_up_and_the_next_one_has_its_turn(nets):
    net = nets.star(2, hub=True)
    one, other = net["pc0"], net["pc1"]
    net._simulation.chance.randrange = lambda _: 0  # nobody ever draws another number than the others
    for host in (one, other):
        host.ports[0].send(frame(host, BROADCAST))
    net.run(1)
    assert net["h1"].collisions == 16
    assert heard(net, "pc1") == []
    shout(net, one)
    assert len(heard(net, "pc1")) == 1


def test_loss_on_a_cable_to_a_hub_takes_the_frame_from_all(nets):
    net = nets.star(3, hub=True)
    net.links[0].drop = {1}
    shout(net, net["pc0"])
    assert heard(net, "pc1") == []
    shout(net, net["pc0"])
    assert len(heard(net, "pc1")) == 1


# the switch


def learned(switch):
    return {row[0]: int(row[1]) for row in switch.table.rows}


def test_a_switch_learns_from_senders_and_floods_only_what_it_does_not_know(nets):
    net = nets.star(4)
    switch, one, other = net["s1"], net["pc0"], net["pc1"]
    one.ports[0].send(frame(one, other.mac))
    net.run(0.01)
    assert learned(switch) == {one.mac: 1}
    assert (switch.flooded, switch.forwarded) == (1, 0)
    assert all(len(heard(net, name)) == 1 for name in ("pc1", "pc2", "pc3"))
    other.ports[0].send(frame(other, one.mac))
    net.run(0.01)
    assert learned(switch) == {one.mac: 1, other.mac: 2}
    assert (switch.flooded, switch.forwarded) == (1, 1)
    assert len(heard(net, "pc2")) == 1


def test_a_broadcast_is_always_flooded_and_no_sender_is_learned_as_broadcast(nets):
    net = nets.star(3)
    net["pc0"].ports[0].send(bytes.fromhex("ff" * 12) + b"\x88\xb5" + bytes(50))
    net.run(0.01)
    assert learned(net["s1"]) == {}
    assert len(heard(net, "pc1")) == 1


def test_a_frame_for_somebody_on_the_side_where_it_came_from_goes_nowhere():
    net = Network()
    hub, switch = net.hub("h1"), net.switch("s1")
    ada, ben, cleo = (
        net.host(name, f"192.168.1.{n}/24") for n, name in enumerate(("ada", "ben", "cleo"), 10)
    )
    for ends in ((ada, hub), (ben, hub), (hub, switch), (switch, cleo)):
        net.link(*ends)
    ada.ping(BEN)
    told = len(heard(net, "cleo"))
    ada.ping(BEN)
    assert len(heard(net, "cleo")) == told
    assert switch.filtered >= 2


def test_what_a_switch_has_not_heard_from_for_long_it_forgets():
    net = Network()
    switch = net.switch("s1", ageing=10)
    ada, ben = net.host("ada", f"{ADA}/24"), net.host("ben", f"{BEN}/24")
    for host in (ada, ben):
        net.link(host, switch)
        shout(net, host)
    net.run(6)
    shout(net, ada)  # heard from again
    net.run(6)
    assert learned(switch) == {ada.mac: 1}
    ada.ports[0].send(frame(ada, ben.mac))
    net.run(0.01)
    assert switch.flooded == 4


def test_a_host_that_moves_is_found_at_its_new_port_as_soon_as_it_speaks(nets):
    net = nets.star(2)
    switch, one = net["s1"], net["pc0"]
    shout(net, one)
    switch.receive(switch.ports[1], frame(one, BROADCAST))
    assert learned(switch) == {one.mac: 2}


def test_a_switch_forgets_when_it_is_told_to_and_whoever_was_behind_a_cut_cable(nets):
    net = nets.star(3)
    for number in range(3):
        shout(net, net[f"pc{number}"])
    net.links[0].cut()
    assert list(learned(net["s1"]).values()) == [2, 3]
    net["s1"].forget()
    assert learned(net["s1"]) == {}


def test_a_broadcast_in_a_loop_is_a_storm_and_the_error_says_what_to_do(nets):
    net = nets.triangle()
    with pytest.raises(
        SimulationError, match=r"storm .* Cut one of its links, or build .* spanning_tree=True"
    ):
        shout(net, net["ada"], 10)


def test_once_the_loop_is_cut_the_storm_is_over_and_the_network_answers(nets):
    net = nets.triangle()
    with pytest.raises(SimulationError):
        shout(net, net["ada"], 10)
    net.links[2].cut()
    net.run(0.1)
    assert net["ada"].ping(BEN)


# the spanning tree


def opened(net, link):
    """Whether frames may pass a cable between two switches."""
    return not link.is_cut and all(end.device.tree.forwards(end) for end in link.ends)


def parts(switches, links):
    """What hangs together by some cables, as sets of switches."""
    found = [{switch} for switch in switches]
    for link in links:
        one, other = (next(part for part in found if end.device in part) for end in link.ends)
        if one is not other:
            found.remove(other)
            one |= other
    return found


def assert_spanning_tree(net, switches, links):
    """Whatever hangs together does so without a loop, and it has one root."""
    whole = [link for link in links if not link.is_cut]
    tree = [link for link in links if opened(net, link)]
    islands = parts(switches, whole)
    assert {frozenset(part) for part in parts(switches, tree)} == {frozenset(part) for part in islands}
    assert len(tree) == len(switches) - len(islands), "frames could go round a loop"
    for island in islands:
        assert [switch for switch in island if switch.tree.is_root] == [
            min(island, key=lambda switch: switch.tree.identifier)
        ]


def assert_all_reach_each_other(net, islands):
    for island in islands:
        for one, other in permutations(island, 2):
            host, target = net[f"pc{one.name}"], net[f"pc{other.name}"]
            assert host.ping(str(target.address.ip)), f"{host.name} does not reach {target.name}"


@st.composite
def graphs(draw):
    """Pairs of switches that have a cable between them: 2 to 6 of them that hang together, and some cables more."""
    size = draw(st.integers(2, 6))
    tree = [(draw(st.integers(0, number - 1)), number) for number in range(1, size)]
    number = st.integers(0, size - 1)
    extra = draw(st.lists(st.tuples(number, number).filter(lambda pair: pair[0] != pair[1]), max_size=6))
    priorities = draw(st.lists(st.sampled_from([0, 4096, 32768]), min_size=size, max_size=size))
    return tree + extra, priorities


def wired(graph):
    pairs, priorities = graph
    net = Network()
    switches = [
        net.switch(str(number), ports=16, spanning_tree=True, priority=priority)
        for number, priority in enumerate(priorities)
    ]
    links = [net.link(switches[one], switches[other]) for one, other in pairs]
    for number, switch in enumerate(switches):
        net.link(net.host(f"pc{switch.name}", f"10.0.0.{number + 1}/24"), switch)
    return net, switches, links


@settings(max_examples=40)
@given(graphs())
def test_of_any_cabling_a_spanning_tree_is_left_open_and_all_reach_each_other(graph):
    net, switches, links = wired(graph)
    net.run(50)
    assert_spanning_tree(net, switches, links)
    assert_all_reach_each_other(net, [switches])


@settings(max_examples=40)
@given(graphs(), st.sets(st.integers(0, 10), max_size=4), st.booleans())
def test_whatever_is_cut_and_mended_the_tree_heals_and_no_frame_ever_circles(graph, cuts, quiet):
    net, switches, links = wired(graph)
    net.run(50)
    broken = [link for number, link in enumerate(links) if number in cuts]
    for change in ("cut", "mend"):
        for link in broken:
            getattr(link, change)()
        for _ in range(1 if quiet else 70):
            if not quiet:
                shout(net, net["pc0"])  # in a loop, this would be the beginning of a storm
            net.run(70 if quiet else 1)
        assert_spanning_tree(net, switches, links)
        islands = parts(switches, [link for link in links if not link.is_cut])
        assert_all_reach_each_other(net, islands)


def test_three_switches_in_a_triangle_close_one_port_of_six(nets):
    net = nets.triangle(spanning_tree=True)
    net.run(40)
    rows = [row for name in ("s1", "s2", "s3") for row in net[name].tree.table.rows if row[1][0] == "s"]
    assert [row[2] for row in rows].count("blocked") == 1
    assert [row[2] for row in rows].count("root") == 2
    assert net["s1"].tree.table.caption == "s1 is the root"
    assert net["s3"].tree.table.caption == "s3, cost 19"
    assert net["ada"].ping(BEN)


def test_ports_open_after_twice_the_forward_delay_and_learn_in_the_second_half():
    net = Network()
    switch = net.switch("s1", spanning_tree=True)
    net.link(net.host("ada", f"{ADA}/24"), switch)
    states = []
    for _ in range(40):
        states.append(switch.tree.table.rows[0][3])
        net.run(1)
    assert list(dict.fromkeys(states)) == ["blocking", "listening", "learning", "forwarding"]
    assert states.count("listening") == pytest.approx(15, abs=1)
    assert states.count("learning") == pytest.approx(15, abs=1)


def test_a_cable_that_is_plugged_in_later_waits_as_long_as_any_other():
    net = Network()
    switch = net.switch("s1", spanning_tree=True)
    net.run(100)
    net.link(net.host("ada", f"{ADA}/24"), switch)
    net.run(28)
    assert switch.tree.table.rows[0][3] == "learning"
    net.run(4)
    assert switch.tree.table.rows[0][3] == "forwarding"


def test_the_lowest_priority_becomes_the_root():
    net = Network()
    switches = [
        net.switch(f"s{n}", spanning_tree=True, priority=p) for n, p in enumerate((32768, 4096, 8192))
    ]
    for pair in pairwise(switches):
        net.link(*pair)
    net.run(10)
    assert [switch.tree.is_root for switch in switches] == [False, True, False]


def test_a_broken_cable_of_the_tree_is_replaced_by_the_one_that_was_closed(nets):
    net = nets.triangle(spanning_tree=True)
    net.run(40)
    assert net["ada"].ping(BEN)
    net.links[0].cut()
    assert not net["ada"].ping(BEN)
    net.run(35)
    assert net["ada"].ping(BEN)
    assert opened(net, net.links[1])


def test_a_cable_that_is_mended_opens_only_when_it_is_known_to_close_no_loop(nets):
    net = nets.triangle(spanning_tree=True)
    net.run(40)
    net.links[0].cut()
    net.run(60.5)
    assert net["s1"].tree.table.rows[0] == ("1", "s2", "–", "cut")
    net.links[0].mend()
    for _ in range(40):
        shout(net, net["ada"])
        net.run(1)
    assert_spanning_tree(net, [net[f"s{n}"] for n in (1, 2, 3)], net.links[:3])


def test_a_switch_that_falls_silent_is_missed_after_twenty_seconds(nets):
    """Frames of the tree are lost on the way, and nobody notices that a cable was cut."""
    net = nets.triangle(spanning_tree=True)
    net.run(40)
    assert net["s1"].tree.is_root
    net.links[0].loss = net.links[2].loss = 1.0
    net.run(15)
    assert not net["s2"].tree.is_root
    net.run(15)
    assert net["s2"].tree.is_root


def test_a_root_that_does_not_exist_is_believed_for_a_while_and_its_word_does_not_circle(nets):
    net = nets.triangle(spanning_tree=True)
    net.run(45)
    frames = len(net.trace)
    head = GROUP_ADDRESS + mac_bytes(net["s1"].mac)
    for message in (pack(CONFIGURATION, Offer(bytes(8), 0xFFFFFFFF, bytes(8), 1)), pack(TOPOLOGY_CHANGE)):
        net["s1"].ports[0].send(head + len(message).to_bytes(2, "big") + message)
        net.run(0.1)
    assert not net["s1"].tree.is_root
    net.run(60)
    assert_spanning_tree(net, [net[f"s{n}"] for n in (1, 2, 3)], net.links[:3])
    assert len(net.trace) - frames < 500
