"""The simulated TCP: connections open, carry whatever bytes they are given, and close, over any cable."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlab.errors import SimulationError
from netlab.lan import Network
from netlab.wire.tcp import ACK, FIN, RST, SYN

ADA, BEN, CLEO = "192.168.1.10", "192.168.1.11", "192.168.2.10"
PATIENCE = 5000.0  # simulated seconds, which cost nothing


def shop(seed=7, **cable):
    """Ada and ben, who have each other's MAC addresses, and the cable between them."""
    net = Network(seed=seed)
    ada, ben = net.host("ada", f"{ADA}/24"), net.host("ben", f"{BEN}/24")
    link = net.link(ada, ben)
    ada.ping(BEN)
    net.trace.clear()
    link.count = 0
    for name, value in cable.items():
        setattr(link, name, value)
    return net, ada, ben, link


def echo(connection, data):
    connection.sendall(data)


def keep(received):
    """A server that says nothing and keeps what comes."""
    return lambda connection, data: received.extend(data)


def served(host):
    """The connections that a host has had."""
    return list(host._connections.values())


def segments(net, name=None):
    """The segments that were sent, by all or by one."""
    return [hop.packet.tcp for hop in net.trace if hop.packet.tcp and name in (None, hop.source.device.name)]


def flags(net):
    return [(hop.source.device.name, ", ".join(hop.packet.tcp.flag_names)) for hop in net.trace]


# opening


def test_a_connection_opens_with_three_segments():
    net, ada, ben, _ = shop()
    ben.serve_tcp(80, echo)
    connection = ada.connect((BEN, 80)).connection
    assert flags(net) == [("ada", "SYN"), ("ben", "SYN, ACK"), ("ada", "ACK")]
    syn, answer, last = segments(net)
    assert answer.ack == syn.seq + 1
    assert (last.seq, last.ack) == (syn.seq + 1, answer.seq + 1)
    assert [option.kind for option in syn.options] == [2]
    assert connection.state == "ESTABLISHED"
    assert [each.state for each in served(ben)] == ["ESTABLISHED"]
    assert "ESTABLISHED" in repr(connection)


def test_where_nothing_listens_the_answer_is_a_reset_and_the_attempt_is_refused():
    net, ada, _, _ = shop()
    with pytest.raises(ConnectionRefusedError, match="nothing listens on that port"):
        ada.connect((BEN, 80))
    syn, reset = segments(net)
    assert syn.flags == SYN
    assert (reset.flags, reset.ack) == (RST | ACK, syn.seq + 1)


@pytest.mark.parametrize("lost", [{1}, {2}, {3}, {1, 2}, {1, 3, 4}, {2, 4}])
def test_the_handshake_survives_the_loss_of_any_of_its_segments(lost):
    _, ada, ben, _ = shop(drop=lost)
    ben.serve_tcp(80, echo)
    with ada.connect((BEN, 80)) as conversation:
        conversation.sendall(b"still here")
        assert conversation.recv() == b"still here"


def test_a_server_that_is_not_there_is_waited_for_and_given_up():
    net, ada, _, link = shop()
    link.cut()
    with pytest.raises(TimeoutError, match=f"{BEN} port 80 did not answer in 10 s"):
        ada.connect((BEN, 80))
    syns = [hop.sent for hop in net.trace]
    assert [later - sooner for sooner, later in pairwise(syns)] == pytest.approx([1, 2, 4])
    net.run(100)
    assert len(net.trace) == 4


def test_an_address_that_nobody_has_is_unreachable(nets):
    net = nets.routed()
    with pytest.raises(OSError, match=r"host unreachable, says 192\.168\.1\.1"):
        net["ada"].connect(("192.168.2.99", 80))


def test_two_conversations_with_one_server_do_not_mix(nets):
    net = nets.routed()
    net["cleo"].serve_tcp(80, echo)
    one, other = net["ada"].connect((CLEO, 80)), net["ada"].connect((CLEO, 80))
    third = net["ben"].connect((CLEO, 80))
    for number, conversation in enumerate((one, other, third)):
        conversation.sendall(b"%d" % number)
    assert [conversation.recv() for conversation in (third, other, one)] == [b"2", b"1", b"0"]


# data


def test_bytes_go_both_ways_and_are_acknowledged_on_the_back_of_the_answer():
    net, ada, ben, _ = shop()
    ben.serve_tcp(7, lambda connection, data: connection.sendall(data.upper()))
    conversation = ada.connect((BEN, 7))
    net.trace.clear()
    conversation.sendall(b"hello")
    assert conversation.recv() == b"HELLO"
    assert flags(net) == [("ada", "PSH, ACK"), ("ben", "PSH, ACK"), ("ada", "ACK")]
    question, answer, thanks = segments(net)
    assert answer.ack == question.seq + 5
    assert thanks.ack == answer.seq + 5


def test_long_data_is_cut_into_segments_that_fit_into_a_frame():
    net, ada, ben, _ = shop()
    received = bytearray()
    ben.serve_tcp(80, keep(received))
    with ada.connect((BEN, 80)) as conversation:
        conversation.sendall(bytes(4000))
    sizes = [len(hop.packet.payload) for hop in net.trace if hop.packet.payload]
    assert sizes == [1460, 1460, 1080]
    assert received == bytes(4000)


def test_no_more_is_on_the_way_than_the_other_side_has_room_for():
    net, ada, ben, _ = shop(delay=0.4)
    received = bytearray()
    ben.serve_tcp(80, keep(received))
    conversation = ada.connect((BEN, 80))
    began = net.now
    conversation.sendall(bytes(200_000))
    net.run(0.3)
    assert sum(len(hop.packet.payload) for hop in net.trace if hop.sent >= began) == 65_535
    conversation.close(PATIENCE)
    assert len(received) == 200_000
    assert conversation.connection.retransmissions == 0


def test_numbers_go_on_after_four_thousand_million_at_nought():
    net, ada, ben, _ = shop()
    net._simulation.chance.randrange = lambda _: 2**32 - 1000
    received = bytearray()
    ben.serve_tcp(80, keep(received))
    with ada.connect((BEN, 80)) as conversation:
        conversation.sendall(bytes(5000))
    assert len(received) == 5000
    assert {segment.seq < 2**31 for segment in segments(net, "ada")} == {True, False}
    assert conversation.connection.retransmissions == 0


def test_a_server_may_speak_to_several_and_remember_who_said_what():
    net, ada, ben, _ = shop()
    said = []

    def chat(connection, data):
        said.append((connection, data))
        for other, _ in said:
            other.sendall(data)

    ben.serve_tcp(80, chat)
    one, other = ada.connect((BEN, 80)), ada.connect((BEN, 80))
    one.sendall(b"a")
    net.run(1)
    other.sendall(b"b")
    net.run(1)
    assert (one.recv(), other.recv()) == (b"ab", b"b")


def test_nothing_that_comes_is_a_timeout_and_the_connection_goes_on():
    _, ada, ben, _ = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    with pytest.raises(TimeoutError, match=r"Nothing came in 2\.5 s"):
        conversation.recv(timeout=2.5)
    conversation.sendall(b"now")
    assert conversation.recv() == b"now"


def test_what_the_network_calls_cannot_wait_in_it():
    _, ada, ben, _ = shop()
    ben.serve_tcp(80, lambda connection, data: ben.ping(ADA))
    conversation = ada.connect((BEN, 80))
    conversation.sendall(b"x")
    with pytest.raises(SimulationError, match=r"cannot wait in it\. Answer, and return"):
        conversation.recv()


# loss


def test_a_lost_segment_is_sent_again_after_the_timeout():
    net, ada, ben, link = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    link.drop = {link.count + 1}
    conversation.sendall(b"hello")
    assert conversation.recv() == b"hello"
    assert conversation.connection.retransmissions == 1
    lost, again = (hop for hop in net.trace if hop.packet.payload and hop.source.device.name == "ada")
    assert lost.fate == "lost"
    assert lost.packet.tcp.seq == again.packet.tcp.seq
    assert again.sent - lost.sent == pytest.approx(0.2)


def test_a_lost_acknowledgment_means_that_the_same_comes_twice_and_is_taken_once():
    net, ada, ben, link = shop()
    received = bytearray()
    ben.serve_tcp(80, keep(received))
    conversation = ada.connect((BEN, 80))
    link.drop = {link.count + 2}
    conversation.sendall(b"once")
    net.run(5)
    assert conversation.connection.retransmissions == 1
    assert received == b"once"


def test_what_comes_before_its_turn_is_kept():
    net, ada, ben, link = shop()
    received = bytearray()
    ben.serve_tcp(80, keep(received))
    conversation = ada.connect((BEN, 80))
    link.drop = {link.count + 1}
    data = random.Random(1).randbytes(10_000)
    conversation.sendall(data)
    net.run(5)
    assert received == data
    assert conversation.connection.retransmissions == 1


def test_each_further_try_waits_twice_as_long_and_in_the_end_the_connection_is_given_up():
    net, ada, ben, link = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    link.cut()
    net.trace.clear()
    conversation.sendall(b"anybody there?")
    net.run(PATIENCE)
    sent = [hop.sent for hop in net.trace if hop.packet.tcp]
    waits = [later - sooner for sooner, later in pairwise(sent)]
    assert waits[:8] == pytest.approx([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6])
    assert (
        conversation.connection.retransmissions == 14
    )  # after a minute only ARP is seen, which asks in vain
    with pytest.raises(TimeoutError, match="given up"):
        conversation.recv()
    with pytest.raises(TimeoutError, match="given up"):
        conversation.sendall(b"x")


def test_a_cable_that_is_mended_in_time_lets_the_connection_go_on():
    net, ada, ben, link = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    link.cut()
    conversation.sendall(b"hello")
    net.run(100)
    link.mend()
    assert conversation.recv(PATIENCE) == b"hello"


def test_many_losses_do_not_make_the_timeout_grow_without_end():
    net, ada, ben, link = shop(seed=1)
    received = bytearray()
    ben.serve_tcp(80, keep(received))
    conversation = ada.connect((BEN, 80))
    link.loss = 0.1
    conversation.sendall(bytes(100_000))
    net.run(30)
    assert len(received) == 100_000
    assert conversation.connection.retransmissions >= 5


@given(
    data=st.integers(0, 20_000),
    seed=st.integers(0, 2**32),
    drop=st.sets(st.integers(1, 60), max_size=12),
    echoed=st.booleans(),
)
def test_whichever_frames_are_lost_all_bytes_arrive_in_order_and_the_connection_ends(
    data, seed, drop, echoed
):
    assert_arrives(data, seed, {"drop": drop}, echoed)


@settings(max_examples=100, derandomize=True)  # with bad luck, fifteen tries are not enough
@given(data=st.integers(0, 20_000), seed=st.integers(0, 2**32), loss=st.floats(0, 0.3), echoed=st.booleans())
def test_with_any_loss_that_chance_brings_all_bytes_arrive_in_order_and_the_connection_ends(
    data, seed, loss, echoed
):
    assert_arrives(data, seed, {"loss": loss}, echoed)


def assert_arrives(size, seed, cable, echoed):
    data = random.Random(seed).randbytes(size)
    net, ada, ben, _ = shop(seed=seed, **cable)
    received = bytearray()

    def serve(connection, piece):
        received.extend(piece)
        if echoed:
            connection.sendall(piece)

    ben.serve_tcp(80, serve)
    conversation = ada.connect((BEN, 80), timeout=PATIENCE)
    conversation.sendall(data)
    back = bytearray()
    while echoed and len(back) < size:
        back += conversation.recv(PATIENCE)
    conversation.close(PATIENCE)
    net.run(PATIENCE)
    assert received == data
    assert back == (data if echoed else b"")
    for connection in (conversation.connection, *served(ben)):
        assert connection.state == "CLOSED"
        assert not connection._flight
    assert conversation.connection.error is None


# closing


def test_the_client_closes_and_both_sides_say_and_hear_that_it_is_over():
    net, ada, ben, _ = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    net.trace.clear()
    conversation.close()
    assert flags(net) == [("ada", "FIN, ACK"), ("ben", "FIN, ACK"), ("ada", "ACK")]
    assert conversation.connection.state == "TIME-WAIT"
    assert [each.state for each in served(ben)] == ["CLOSED"]
    net.run(60)
    assert conversation.connection.state == "CLOSED"
    assert conversation.recv() == b""


def test_the_server_closes_after_its_answer_and_the_client_reads_to_the_end():
    net, ada, ben, _ = shop()

    def answer(connection, data):
        connection.sendall(b"x" * 5000)
        connection.close()

    ben.serve_tcp(80, answer)
    conversation = ada.connect((BEN, 80))
    conversation.sendall(b"GET")
    assert conversation.recv_all() == b"x" * 5000
    assert conversation.connection.state == "CLOSE-WAIT"
    assert [each.state for each in served(ben)] == ["FIN-WAIT-2"]
    conversation.close()
    net.run(1)
    assert conversation.connection.state == "CLOSED"
    assert [each.state for each in served(ben)] == ["TIME-WAIT"]


def test_a_client_whose_server_has_closed_may_still_speak():
    _, ada, ben, _ = shop()
    received = bytearray()

    def close_first(connection, data):
        received.extend(data)
        connection.close()

    ben.serve_tcp(80, close_first)
    conversation = ada.connect((BEN, 80))
    conversation.sendall(b"one ")
    assert conversation.recv() == b""
    conversation.sendall(b"two")
    conversation.close()
    assert received == b"one two"


def test_both_close_at_the_same_moment():
    net, ada, ben, _ = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    (server,) = served(ben)
    net.trace.clear()
    server.close()
    conversation.close()
    assert [segment.flags for segment in segments(net)] == [FIN | ACK, FIN | ACK, ACK, ACK]
    assert (conversation.connection.state, server.state) == ("TIME-WAIT", "TIME-WAIT")


@pytest.mark.parametrize("lost", [{1}, {2}, {3}, {1, 2}, {2, 4}, {3, 5}])
def test_the_farewell_survives_the_loss_of_any_of_its_segments(lost):
    net, ada, ben, link = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    link.drop = {link.count + number for number in lost}
    conversation.close()
    net.run(100)
    assert conversation.connection.state == "CLOSED"
    (server,) = served(ben)
    assert (server.state, server.error) == ("CLOSED", None)


def test_after_closing_there_is_no_more_to_send_and_a_second_close_does_nothing():
    net, ada, ben, _ = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    conversation.close()
    with pytest.raises(BrokenPipeError, match="send before you close"):
        conversation.sendall(b"one more thing")
    frames = len(net.trace)
    conversation.close()
    assert len(net.trace) == frames


def test_what_was_sent_before_closing_still_arrives():
    _, ada, ben, _ = shop(delay=0.5)
    received = bytearray()
    ben.serve_tcp(80, keep(received))
    conversation = ada.connect((BEN, 80))
    conversation.sendall(bytes(150_000))
    conversation.close(PATIENCE)
    assert len(received) == 150_000


def test_a_server_that_has_forgotten_the_connection_resets_it():
    net, ada, ben, _ = shop()
    ben.serve_tcp(80, echo)
    conversation = ada.connect((BEN, 80))
    ben._connections.clear()  # as after a restart
    conversation.sendall(b"hello?")
    with pytest.raises(ConnectionResetError, match="other side has reset"):
        conversation.recv()
    with pytest.raises(ConnectionResetError):
        conversation.sendall(b"hello?")
    reset = segments(net)[-1]
    assert reset.flags == RST
    assert reset.seq == segments(net, "ada")[-1].ack
