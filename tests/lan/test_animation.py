"""The animation of a trace: each frame on its way, in its order; still on paper."""

from xml.etree import ElementTree

from netlab.lan import Network
from netlab.lan.animation import steps

SVG = "{http://www.w3.org/2000/svg}"


def motions(drawing):
    """The moving labels: their word, the way they take, and when they begin."""
    root = ElementTree.fromstring(drawing.svg)
    return [
        (group.findtext(f"{SVG}text"), motion.get("path"), float(motion.get("keyTimes", "").split(";")[1]))
        for group in root.iter(f"{SVG}g")
        for motion in group.findall(f"{SVG}animateMotion")
    ]


def pinged(net, who="ada", target="192.168.1.11"):
    net[who].ping(target)
    return net


def test_every_frame_moves_along_its_cable_in_the_order_of_the_trace(nets):
    net = pinged(nets.two_hosts())
    moving = motions(net.animation())
    assert [word for word, _, _ in moving] == ["ARP ?", "ARP !", "ping", "pong"]
    there, back = moving[0][1], moving[1][1]
    assert there != back, "an answer moves the other way"
    assert [begin for *_, begin in moving] == sorted({begin for *_, begin in moving})


def test_what_a_switch_floods_moves_together(nets):
    net = nets.star(4)
    net["pc0"].who_has("10.0.0.2")
    begins = [begin for *_, begin in motions(net.animation())]
    assert len(begins) == 6
    assert begins[1] == begins[2] == begins[3]
    assert [str(step) for step in steps(net.trace)][1] == "s1 → pc1, pc2, pc3: ARP who has 10.0.0.2?"


def test_what_a_hub_repeats_is_seen_after_what_it_repeats(nets):
    net = nets.star(3, hub=True)
    net["pc0"].tell(("10.0.255.255", 7001), b"AAPL 430.47\n")
    net.run(0.01)
    first, *copies = motions(net.animation())
    assert len(copies) == 2
    assert all(begin > first[2] for *_, begin in copies)


def test_a_frame_that_is_lost_ends_in_a_cross(nets):
    net = nets.two_hosts(drop=[3])
    net["ada"].ping("192.168.1.11")
    drawing = net.animation()
    assert "✗" in drawing.svg
    assert "3. ada → ben: ICMP echo request ✗ lost" in drawing.plain


def test_it_plays_for_ever_without_a_script_and_stands_still_on_paper(nets):
    net = pinged(nets.two_hosts())
    svg = net.animation().svg
    assert "<script" not in svg
    assert svg.count('repeatCount="indefinite"') == svg.count("<animate")
    assert "@media print" in svg
    assert "prefers-reduced-motion" in svg
    still = net.animation(still=True)
    assert "<animate" not in still.svg
    assert net.animation().plain == still.plain, "the steps are told on paper too"


def test_the_same_trace_gives_the_same_animation_and_two_on_a_page_do_not_share_names(nets):
    one, same = (pinged(nets.two_hosts()).animation().svg for _ in range(2))
    assert one == same
    other = pinged(nets.star(2), "pc0", "10.0.0.2").animation().svg
    names = [svg.split("move-")[1][:8] for svg in (one, other)]
    assert names[0] != names[1]


def test_of_a_long_trace_the_first_steps_are_shown_and_the_rest_is_counted(nets):
    net = nets.two_hosts()
    for _ in range(20):
        net["ada"].ping("192.168.1.11")
    drawing = net.animation()
    assert len(motions(drawing)) == 24
    assert "… and 18 later steps, not shown" in drawing.plain


def test_a_part_of_a_trace_can_be_played_and_an_empty_one_says_so(nets):
    net = pinged(nets.two_hosts())
    pings = net.trace.where(lambda hop: hop.packet.icmp is not None)
    assert [word for word, *_ in motions(net.animation(pings))] == ["ping", "pong"]
    assert "No frame was sent." in Network().animation().plain


def test_hosts_that_share_a_symbol_share_its_frames(nets):
    net = nets.star(60)
    net["pc0"].who_has("10.0.0.60")
    moving = motions(net.animation())
    assert len(moving) < 20, "one label for all that are drawn as one"
    assert ElementTree.fromstring(net.animation().svg) is not None
