"""Bad inputs without end for the FTP server: none hangs it, none makes it raise, and the next client is served."""

import contextlib
import ftplib
import logging
import random
import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import FTPServer
from netlab.servers.tls import client_context

LINE = 2048  # bytes that pyftpdlib takes as one line
WORDS = """
ABOR ALLO APPE AUTH CDUP CWD DELE EPRT EPSV FEAT HELP LIST MDTM MFMT MKD MLSD MLST MODE NLST NOOP OPTS
PASV PBSZ PORT PROT PWD REIN REST RETR RMD RNFR RNTO SITE SIZE STAT STOR STOU STRU SYST TYPE XCUP XCWD XMKD XPWD
XRMD USER PASS QUIT
""".split()  # noqa: SIM905
ARGUMENTS = [
    "",
    "A",
    "I",
    "file",
    "/",
    "..",
    "../x",
    "0",
    "-1",
    "9" * 5000,
    "127,0,0,1,255,255",
    "|1|127.0.0.1|65535|",
]
ARGUMENTS += [
    "|2|::1|1|",
    "\0",
    "a\0b",
    "%s%n",
    "x" * 300,
    "é苹",
    "TLS",
    "P",
    "20130301000000 file",
    "chmod 777 file",
]

commands = st.builds(
    lambda word, space, argument, end: word.encode() + space + argument + end,
    st.sampled_from(WORDS),
    st.sampled_from([b" ", b"", b"  ", b"\t"]),
    st.sampled_from([argument.encode() for argument in ARGUMENTS]) | st.binary(max_size=50),
    st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b""]),
)
garbage = st.binary(max_size=3 * LINE)


@pytest.fixture(scope="module", params=[False, True], ids=["ftp", "ftps"])
def server(tmp_path_factory, request):
    root = tmp_path_factory.mktemp("root")
    (root / "file").write_bytes(b"data")
    users = {"ada": "secret"}
    with FTPServer(root, users=users, tls=request.param) as server:
        yield server


def read_to_the_end(sock):
    """Say that no more will come, and wait until the server has hung up too."""
    with contextlib.suppress(OSError):  # it has hung up already
        sock.shutdown(socket.SHUT_WR)
    while sock.recv(65536):
        pass


@contextlib.contextmanager
def connected(server, user):
    """A connection, logged in if a user is given, under TLS where the server asks for it."""
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(socket.create_connection(server.address, timeout=10))
        if user and server.tls:
            sock.recv(1000)
            sock.sendall(b"AUTH TLS\r\n")
            sock.recv(1000)
            sock = stack.enter_context(client_context().wrap_socket(sock, server_hostname="localhost"))
        if user:
            sock.sendall(f"USER {user}\r\nPASS secret\r\n".encode())
        yield sock


def talk(server, lines, *, user=""):
    """Say all of it at once, then QUIT, and wait for the server to hang up."""
    broken_off = (ConnectionError, ssl.SSLEOFError)
    with connected(server, user) as sock, contextlib.suppress(*broken_off):
        sock.sendall(b"".join(lines) + b"\r\nABOR\r\nQUIT\r\n")
        read_to_the_end(sock)


def assert_served(server, caplog):
    with ftplib.FTP() as client:
        client.connect(server.host, server.port, timeout=5)
        assert client.sendcmd("NOOP").startswith("200")
    assert not caplog.records, caplog.text


@given(lines=st.lists(commands | garbage, max_size=20))
def test_anything_may_be_said_before_the_login(server, lines):
    talk(server, lines)


@given(lines=st.lists(commands | garbage, max_size=20))
def test_anything_may_be_said_after_the_login(server, lines):
    talk(server, lines, user="ada")


def test_thousands_of_random_commands_are_outlived(server, caplog):
    pick = random.Random(959)
    with caplog.at_level(logging.WARNING, "netlab"), caplog.at_level(logging.ERROR, "pyftpdlib"):
        for user in ("", "anonymous", "ada"):
            for _ in range(100):
                lines = [f"{pick.choice(WORDS)} {pick.choice(ARGUMENTS)}\r\n".encode() for _ in range(30)]
                talk(server, lines, user=user)
        assert_served(server, caplog)


def test_garbage_is_outlived(server, caplog):
    pick = random.Random(2389)
    with caplog.at_level(logging.WARNING, "netlab"), caplog.at_level(logging.ERROR, "pyftpdlib"):
        for size in [1, 10, LINE, LINE + 1, 100_000] * 40:
            talk(server, [pick.randbytes(size)])
        assert_served(server, caplog)


def test_garbage_instead_of_a_tls_handshake_is_outlived(server, caplog):
    pick = random.Random(4217)
    with caplog.at_level(logging.ERROR, "netlab"):
        for size in (0, 1, 5, 100, 20_000) * 20:
            with (
                socket.create_connection(server.address, timeout=10) as sock,
                contextlib.suppress(ConnectionError),
            ):
                sock.sendall(b"AUTH TLS\r\n")
                sock.recv(1000)
                sock.sendall(b"\x16\x03\x01" + pick.randbytes(size))
                read_to_the_end(sock)
        assert_served(server, caplog)
