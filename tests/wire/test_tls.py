"""TLS streams: read as tshark reads them, opened with the keys as tshark opens them."""

import contextlib
import re
import socket
import ssl

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import example, given
from hypothesis import strategies as st

from netlab.errors import OptionError, PacketError
from netlab.servers import QuoteServer
from netlab.servers.tls import client_context, server_context
from netlab.wire import Tap, draw_tls, read_hello, tls_records
from netlab.wire.tls import TLSHello, TLSMessage, TLSRecord, handshake_messages, take_record
from netlab.wire.tls_keys import RecordOpener, expand_label

NAME = "ticker.example"


def conversation(keylog, **options):
    """One quote over TLS through a tap; the client writes its secrets down."""
    client, server = client_context(), server_context()
    server.num_tickets = 0
    client.keylog_filename = str(keylog)
    for option, value in options.items():
        setattr(client, option, value)
    with (
        QuoteServer(tls=server) as quotes,
        Tap(quotes) as tap,
        socket.create_connection(tap.address, timeout=5) as sock,
        client.wrap_socket(sock, server_hostname=NAME) as secure,
    ):
        secure.sendall(b"AAPL?\n")
        assert secure.recv(1024) == b"AAPL 430.47\n"
        secure.unwrap()
        tap.settle()
    return tap


@pytest.fixture
def keylog(tmp_path):
    return tmp_path / "keys.txt"


@pytest.fixture
def tap(keylog):
    return conversation(keylog)


def labels(drawing):
    return re.findall(r"(?m)^.*? ms +(client|server) ──▶ \w+ +(.*?)(?:  \(.*)?$", repr(drawing))


CLEAR = [
    ("client", f"ClientHello, server name {NAME}"),
    ("server", "ServerHello"),
    ("server", "ChangeCipherSpec"),
]


def test_on_the_way_two_messages_and_a_name_can_be_read(tap):
    seen = labels(draw_tls(tap))
    assert seen[:3] == CLEAR
    assert {what for _, what in seen[3:]} == {"application data", "ChangeCipherSpec"}


def test_with_the_keys_all_of_it(tap, keylog):
    assert labels(draw_tls(tap, keylog.read_text())) == [
        *CLEAR,
        ("server", "[EncryptedExtensions]"),
        ("server", "[Certificate]"),
        ("server", "[CertificateVerify]"),
        ("server", "[Finished]"),
        ("client", "ChangeCipherSpec"),
        ("client", "[Finished]"),
        ("client", "[application data] AAPL?\\n"),
        ("server", "[application data] AAPL 430.47\\n"),
        ("client", "[alert: close_notify]"),
        ("server", "[alert: close_notify]"),
    ]


def test_the_keys_of_another_connection_are_refused(tap, tmp_path):
    conversation(tmp_path / "other.txt")
    with pytest.raises(OptionError, match="no secrets of this connection"):
        draw_tls(tap, (tmp_path / "other.txt").read_text())


def test_tls_1_2_shows_its_certificate_to_everybody(keylog):
    tap = conversation(keylog, maximum_version=ssl.TLSVersion.TLSv1_2)
    seen = labels(draw_tls(tap))
    assert ("server", "Certificate") in seen
    assert ("client", "handshake, encrypted") in seen
    with pytest.raises(PacketError, match=r"none of TLS 1\.3"):
        opener_of(tap, keylog)


def opener_of(tap, keylog, side="server"):
    client = read_hello(tap.recording.data("client"))
    server = read_hello(tap.recording.data("server"))
    return RecordOpener(side, keylog.read_text(), client.random, server.cipher_suites[0])


def test_a_record_that_was_changed_does_not_open(tap, keylog):
    opener = opener_of(tap, keylog)
    encrypted = next(r for r in tls_records(tap.recording.data("server")) if r.name == "application data")
    changed = TLSRecord(encrypted.type, encrypted.version, b"\0" + encrypted.body[1:])
    with pytest.raises(PacketError, match="do not fit"):
        opener.open(changed)


def test_clear_text_is_no_tls():
    with QuoteServer() as server, Tap(server) as tap:
        with socket.create_connection(tap.address, timeout=5) as sock:
            sock.sendall(b"AAPL?\n")
            sock.recv(1024)
        with pytest.raises(PacketError, match="clear text"):
            draw_tls(tap)


class TestTsharkAgrees:
    def test_on_records_and_the_server_name(self, tap, tmp_path, tshark):
        path = tap.save(tmp_path / "tls.pcap")
        port = tap.target[1]
        options = ("-d", f"tcp.port=={port},tls", "-T", "fields", "-e")
        types = tshark(path, *options, "tls.record.content_type", "-e", "tls.record.opaque_type")
        theirs = sorted(int(number) for number in re.findall(r"\d+", types))
        ours = [r for side in ("client", "server") for r in tls_records(tap.recording.data(side))]
        assert theirs == sorted(record.type for record in ours)
        assert NAME in tshark(path, *options, "tls.handshake.extensions_server_name")

    def test_on_what_the_keys_open(self, tap, keylog, tmp_path, tshark):
        path = tap.save(tmp_path / "tls.pcap")
        options = ("-d", f"tcp.port=={tap.target[1]},tls", "-o", f"tls.keylog_file:{keylog}", "-T", "fields")
        messages = re.findall(r"\d+", tshark(path, *options, "-e", "tls.handshake.type"))
        assert sorted(map(int, messages)) == [1, 2, 8, 11, 15, 20, 20]
        followed = tshark(path, *options[:4], "-q", "-z", "follow,tls,ascii,0")
        assert "AAPL?" in followed
        assert "AAPL 430.47" in followed


class TestRecords:
    def test_a_stream_is_split_wherever_the_network_cut_it(self, tap):
        stream = tap.recording.data("server")
        waiting, found = b"", []
        for byte in stream:
            record, waiting = take_record(waiting + bytes([byte]))
            found += [record] if record else []
        assert found == tls_records(stream)
        assert b"".join(record.header + record.body for record in found) == stream

    def test_half_a_record_is_told(self, tap):
        with pytest.raises(PacketError, match="in the middle of a TLS record"):
            tls_records(tap.recording.data("server")[:-1])

    @given(st.binary())
    @example(b"\x16\x03\x01\xff\xff")
    @example(b"\x16\x03\x01\x00\x00")
    @example(b"\x16\x03\x01\x00\x04\x01\x00\x00\x10")
    def test_no_bytes_do_more_than_be_refused(self, data):
        for read in (tls_records, handshake_messages, read_hello):
            with contextlib.suppress(PacketError):
                read(data)

    @given(st.binary(max_size=200))
    def test_nor_do_those_of_a_hello(self, body):
        for kind in (1, 2):
            with contextlib.suppress(PacketError):
                hello = TLSHello.parse(TLSMessage(kind, body))
                assert hello.server_name is None or hello.extensions


def test_the_label_of_a_key_is_that_of_rfc_8448():
    """Section 3: the server's handshake traffic key and iv."""
    secret = bytes.fromhex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")
    assert expand_label(secret, "key", 16, hashes.SHA256()).hex() == "3fce516009c21727d0f2e4e86ee403bc"
    assert expand_label(secret, "iv", 12, hashes.SHA256()).hex() == "5d313eb2671276ee13000b30"
