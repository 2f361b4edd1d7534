"""The FTP server: who may do what, what it keeps, and what it survives."""

import contextlib
import ftplib
import io
import logging
import os
import socket
import struct
import threading
from pathlib import Path

import pytest

from netlab.errors import AddressInUseError, OptionError, StoppedError
from netlab.servers import FTPServer
from netlab.servers.tls import client_context

DATA = bytes(range(256)) * 4000  # a megabyte, \r\n and all
USERS = {"ada": "correct horse", "bob": "battery staple"}


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "history.bin").write_bytes(DATA)
    (root / "shares").mkdir()
    (root / "shares" / "AAPL.csv").write_text("Date,Close\n2013-03-01,430.47\n")
    return root


@pytest.fixture
def server(root):
    with FTPServer(root, users=USERS, writable={"ada"}) as server:
        yield server


@pytest.fixture
def log_in():
    """A client of ftplib; every one is closed after the test."""
    with contextlib.ExitStack() as stack:

        def log_in(server, user="ada", *, secure=False):
            client = ftplib.FTP_TLS(context=client_context()) if secure else ftplib.FTP()
            stack.callback(client.close)
            client.connect(server.host, server.port, timeout=5)
            client.login(user, USERS.get(user, ""))
            if secure:
                client.prot_p()
            client.voidcmd("TYPE I")
            return client

        yield log_in


def fetch(client, name, **options):
    pieces = []
    client.retrbinary(f"RETR {name}", pieces.append, **options)
    return b"".join(pieces)


def refused(client, command):
    with pytest.raises(ftplib.Error) as caught:
        client.voidcmd(command)
    return str(caught.value)


class TestWhatItIs:
    def test_it_says_what_and_where_it_is(self, root):
        server = FTPServer(root)
        assert repr(server) == "<FTPServer (stopped)>"
        with server:
            assert server.url == f"ftp://127.0.0.1:{server.port}"
        with pytest.raises(StoppedError, match="not running"):
            _ = server.address

    def test_explicit_tls_begins_in_clear_and_so_does_its_url(self, root):
        with FTPServer(root, tls=True) as server:
            assert server.url == f"ftp://127.0.0.1:{server.port}"

    def test_a_taken_port_is_an_error_that_says_what_to_do(self, server, root):
        with pytest.raises(AddressInUseError, match="leave the port out to get a free"):
            FTPServer(root, port=server.port).start()

    @pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1"])
    def test_it_never_listens_beyond_loopback(self, root, host):
        with pytest.raises(OptionError, match="loopback"):
            FTPServer(root, host)

    def test_a_root_that_is_none_is_refused(self, root):
        with pytest.raises(OptionError, match="is not a folder: make it"):
            FTPServer(root / "nowhere")

    def test_a_server_for_nobody_is_refused(self, root):
        with pytest.raises(OptionError, match="Nobody could log in"):
            FTPServer(root, anonymous=False)

    @pytest.mark.parametrize("name", ["", "anonymous"])
    def test_a_user_needs_a_name_of_their_own(self, root, name):
        with pytest.raises(OptionError, match="a name of their own"):
            FTPServer(root, users={name: "x"})

    def test_who_may_write_must_be_a_user(self, root):
        with pytest.raises(OptionError, match="eve may write, but is none of the users: ada, bob"):
            FTPServer(root, users=USERS, writable=["eve"])

    def test_it_speaks_ipv6(self, root, log_in):
        try:
            server = FTPServer(root, "::1").start()
        except OptionError as error:
            pytest.skip(str(error))
        with server:
            client = log_in(server, "anonymous")
            assert fetch(client, "history.bin") == DATA
            client.set_pasv(False)
            assert fetch(client, "history.bin") == DATA


class TestWhoMayDoWhat:
    def test_anonymous_reads_and_writes_nothing(self, server, log_in):
        client = log_in(server, "anonymous")
        assert fetch(client, "history.bin") == DATA
        for command in ("STOR x", "APPE x", "STOU", "DELE history.bin", "MKD x", "RMD shares", "RNFR shares"):
            client.sendcmd("PASV")
            assert refused(client, command) == "550 Not enough privileges."

    def test_a_user_who_may_not_write_reads_only(self, server, log_in):
        client = log_in(server, "bob")
        assert client.size("history.bin") == len(DATA)
        assert refused(client, "STOR x").startswith("550")

    def test_users_may_write_unless_said_otherwise(self, root, log_in):
        with FTPServer(root, users=USERS) as server:
            log_in(server, "bob").storbinary("STOR x", io.BytesIO(b"1"))
        assert (root / "x").read_bytes() == b"1"

    def test_a_wrong_password_is_refused_and_the_third_ends_the_connection(self, server):
        with ftplib.FTP() as client:
            client.connect(server.host, server.port, timeout=5)
            for _ in range(2):
                with pytest.raises(ftplib.error_perm, match="530 Login incorrect"):
                    client.login("ada", "guess")
            with pytest.raises(ftplib.error_perm, match="Goodbye"):
                client.login("ada", "guess")
            with pytest.raises((EOFError, ConnectionError)):
                client.voidcmd("NOOP")

    def test_strangers_stay_outside_if_anonymous_is_off(self, root, log_in):
        with (
            FTPServer(root, users=USERS, anonymous=False) as server,
            pytest.raises(ftplib.error_perm, match="530"),
        ):
            log_in(server, "anonymous")

    @pytest.mark.parametrize(
        "command", ["LIST", "RETR history.bin", "PWD", "PASV", "REST 1", "SITE CHMOD 777 x"]
    )
    def test_nothing_is_done_before_the_login(self, server, command):
        with ftplib.FTP() as client:
            client.connect(server.host, server.port, timeout=5)
            assert refused(client, command).startswith("5")


class TestFiles:
    @pytest.mark.parametrize("passive", [True, False])
    @pytest.mark.parametrize("secure", [False, True])
    def test_what_goes_up_comes_down(self, root, log_in, passive, secure):
        with FTPServer(root, users=USERS, tls=secure) as server:
            client = log_in(server, secure=secure)
            client.set_pasv(passive)
            client.storbinary("STOR copy.bin", io.BytesIO(DATA))
            assert (root / "copy.bin").read_bytes() == DATA
            assert fetch(client, "copy.bin") == DATA

    def test_an_empty_file_is_a_file(self, server, log_in, root):
        client = log_in(server)
        client.storbinary("STOR empty", io.BytesIO())
        assert fetch(client, "empty") == b""
        assert (root / "empty").read_bytes() == b""

    def test_folders_are_made_entered_renamed_and_removed(self, server, log_in, root):
        here = Path.cwd()
        client = log_in(server)
        assert client.mkd("new") == "/new"
        client.cwd("new")
        assert Path.cwd() == here, "the server moved the whole process"
        assert client.pwd() == "/new"
        client.cwd("..")
        client.rename("new", "old")
        client.rmd("old")
        client.delete("history.bin")
        assert [path.name for path in root.iterdir()] == ["shares"]

    def test_mlsd_tells_type_size_and_time(self, server, log_in):
        os.utime(server.root / "history.bin", (0, 1_362_096_000))
        entries = dict(log_in(server).mlsd(facts=["type", "size", "modify"]))
        assert entries == {
            "history.bin": {"type": "file", "size": str(len(DATA)), "modify": "20130301000000"},
            "shares": {"type": "dir", "size": str((server.root / "shares").stat().st_size)}
            | {"modify": entries["shares"]["modify"]},
        }

    def test_names_beyond_ascii(self, server, log_in):
        client = log_in(server)
        client.storbinary("STOR 苹果 è.csv", io.BytesIO(b"1"))
        assert "苹果 è.csv" in client.nlst()

    def test_a_download_goes_on_where_it_was_cut(self, server, log_in):
        assert fetch(log_in(server), "history.bin", rest=600_000) == DATA[600_000:]

    def test_an_upload_goes_on_where_it_was_cut(self, server, log_in, root):
        (root / "half").write_bytes(DATA[:600_000])
        log_in(server).storbinary("STOR half", io.BytesIO(DATA[600_000:]), rest=600_000)
        assert (root / "half").read_bytes() == DATA

    def test_a_place_beyond_the_end_is_refused(self, server, log_in):
        with pytest.raises(ftplib.error_perm, match="554"):
            fetch(log_in(server), "history.bin", rest=len(DATA) + 1)

    def test_text_mode_changes_ends_of_lines_and_ruins_the_rest(self, server, log_in, root):
        client = log_in(server)
        lines = []
        client.retrlines("RETR shares/AAPL.csv", lines.append)
        assert lines == ["Date,Close", "2013-03-01,430.47"]
        client.storlines("STOR ruined", io.BytesIO(b"\x00\r\n\xff"))
        assert (root / "ruined").read_bytes() == b"\x00\n\xff\n"

    def test_one_transfer_at_a_time(self, server, log_in, root):
        client = log_in(server)
        with client.transfercmd("STOR copy.bin") as data:
            data.sendall(DATA)
            client.putcmd("RETR history.bin")
            assert client.getline() == "503 One transfer at a time."
        assert client.voidresp().startswith("226")
        assert (root / "copy.bin").read_bytes() == DATA

    def test_a_transfer_without_a_data_connection_is_refused_and_says_what_is_missing(self, server, log_in):
        client = log_in(server)
        for command in ("RETR history.bin", "STOR x", "MLSD"):
            with pytest.raises(ftplib.error_temp, match="425 Say PASV"):
                client.sendcmd(command)

    def test_a_transfer_whose_data_connection_never_comes_is_replaced_by_the_next(self, server, log_in):
        client = log_in(server)
        for _ in range(3):
            client.sendcmd("PASV")
            assert client.sendcmd("RETR history.bin").startswith("150")
        assert fetch(client, "shares/AAPL.csv").startswith(b"Date")


class TestTheRoot:
    @pytest.fixture
    def outside(self, root):
        """A folder and a file beside the root, and links that lead to them."""
        outside = root.parent / "outside"
        outside.mkdir()
        (outside / "secret").write_text("secret")
        (root / "folder").symlink_to(outside)
        (root / "file").symlink_to(outside / "secret")
        (root / "unborn").symlink_to(outside / "new")
        (root / "inside").symlink_to(root / "shares")
        return outside

    @pytest.mark.parametrize(
        "path",
        ["../outside/secret", "/../outside/secret", "shares/../../outside/secret", "file", "folder/secret"],
    )
    def test_nothing_outside_is_read_changed_or_told(self, server, log_in, outside, path):
        client = log_in(server)
        commands = (
            "RETR",
            "SIZE",
            "MDTM",
            "MLST",
            "LIST",
            "STOR",
            "APPE",
            "DELE",
            "RNFR",
        )
        for command in commands:
            client.sendcmd("PASV")
            assert refused(client, f"{command} {path}").startswith("550")
        assert (outside / "secret").read_text() == "secret"

    @pytest.mark.parametrize("path", ["unborn", "folder/new", "../outside/new"])
    def test_nothing_is_made_outside(self, server, log_in, outside, path):
        client = log_in(server)
        for command in (f"STOR {path}", f"MKD {path}", f"STOU {path}"):
            client.putcmd("PASV")
            client.getline()
            client.putcmd(command)
            assert client.getline()[0] in "45" or command == f"STOU {path}"
        client.sendcmd("RNFR history.bin")
        with contextlib.suppress(ftplib.Error):
            client.sendcmd(f"RNTO {path}")
        assert [entry.name for entry in outside.iterdir()] == ["secret"]
        assert not list(root_siblings(outside) - {"root", "outside"})

    def test_dots_end_at_the_root(self, server, log_in):
        client = log_in(server)
        client.cwd("../../../shares/../..")
        assert client.pwd() == "/"
        with pytest.raises(ftplib.error_perm, match="550"):
            client.cwd("../outside")

    def test_links_out_are_not_listed_and_links_within_are(self, server, log_in, outside):
        client = log_in(server)
        names = {"history.bin", "shares", "inside"}
        assert {name for name, _ in client.mlsd()} == set(client.nlst()) == names
        lines = []
        client.dir(lines.append)
        assert len(lines) == len(names)
        assert not any("outside" in line for line in lines)
        assert fetch(client, "inside/AAPL.csv").startswith(b"Date")

    def test_a_named_pipe_stops_nobody(self, server, log_in, root):
        os.mkfifo(root / "pipe")
        client = log_in(server)
        client.sendcmd("PASV")
        assert refused(client, "RETR pipe") == refused(client, "STOR pipe") == "550 Not a file."


def root_siblings(path):
    return {entry.name for entry in path.parent.iterdir()}


class TestDataConnections:
    def test_it_connects_to_nobody_but_the_client(self, server, log_in):
        client = log_in(server)
        assert refused(client, "PORT 192,0,2,1,200,1").startswith("501 Rejected")
        assert refused(client, "EPRT |1|192.0.2.1|51201|").startswith("501 Rejected")
        assert refused(client, "PORT 127,0,0,1,0,25").startswith("501"), "a port of the system"

    def test_a_port_where_nobody_listens_is_told(self, server, log_in):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            high, low = divmod(nobody.getsockname()[1], 256)
            assert refused(log_in(server), f"PORT 127,0,0,1,{high},{low}").startswith("425")

    @pytest.mark.parametrize(
        "line", ["PORT 1,2,3", "PORT x", "EPRT |", "EPRT |3|::1|1|", "EPSV 3", "EPRT ||||"]
    )
    def test_nonsense_is_refused(self, server, log_in, line):
        assert refused(log_in(server), line)[0] == "5"

    def test_the_client_may_ask_for_epsv_only(self, server, log_in):
        client = log_in(server)
        client.sendcmd("EPSV ALL")
        assert refused(client, "PASV").startswith("501")
        assert refused(client, "PORT 127,0,0,1,200,1").startswith("501")


class TestTLS:
    @pytest.fixture
    def server(self, root):
        with FTPServer(root, users=USERS, tls=True) as server:
            yield server

    def test_nobody_logs_in_in_clear(self, server):
        with ftplib.FTP() as client:
            client.connect(server.host, server.port, timeout=5)
            with pytest.raises(ftplib.error_perm, match="550 SSL/TLS required"):
                client.login("ada", USERS["ada"])

    def test_data_is_in_clear_until_the_client_asks(self, server, log_in):
        client = log_in(server, secure=True)
        client.prot_c()
        assert fetch(client, "history.bin") == DATA

    def test_what_stands_in_clear_behind_auth_does_not_count(self, server, connect):
        sock = connect(server.address)
        sock.recv(100)
        sock.sendall(b"AUTH TLS\r\nUSER anonymous\r\nPASS x\r\n")
        assert sock.recv(100) == b"234 AUTH TLS successful.\r\n"
        with client_context().wrap_socket(sock, server_hostname="localhost") as secure:
            secure.sendall(b"PWD\r\n")
            assert secure.recv(100).startswith(b"530")

    def test_nothing_at_all_can_be_listed_and_fetched(self, server, log_in, root):
        (root / "nobody").mkdir()
        (root / "nothing").touch()
        client = log_in(server, secure=True)
        for _ in range(20):
            assert client.nlst("nobody") == list(client.mlsd("nobody")) == []
            assert fetch(client, "nothing") == b""

    def test_an_upload_that_ends_without_saying_so_is_not_called_complete(self, server, log_in):
        client = log_in(server, secure=True)
        data = client.transfercmd("STOR upload")
        data.sendall(DATA[:1000])
        data.close()  # unwrap() would say that this was all
        with pytest.raises(ftplib.error_temp, match="426 Data connection broken off"):
            client.voidresp()

    def test_a_stop_drops_clients_at_every_stage_of_tls(self, server, log_in, connect):
        log_in(server, secure=True)
        busy = log_in(server, secure=True)
        with contextlib.closing(busy.transfercmd("RETR history.bin")):
            silent = connect(server.address)
            silent.recv(100)
            silent.sendall(b"AUTH TLS\r\n")
            silent.recv(100)
            server.stop()
            assert silent.recv(100) == b""


class TestTheTranscript:
    def test_commands_and_replies_are_kept_and_passwords_are_not(self, server, log_in):
        log_in(server).quit()
        assert str(server.transcript).splitlines() == [
            r"server → client 1: 220 Ticker's files.\r\n",
            r"client 1 → server: USER ada\r\n",
            r"server → client 1: 331 Username ok, send password.\r\n",
            r"client 1 → server: PASS ***\r\n",
            r"server → client 1: 230 Login successful.\r\n",
            r"client 1 → server: TYPE I\r\n",
            r"server → client 1: 200 Type set to: Binary.\r\n",
            r"client 1 → server: QUIT\r\n",
            r"server → client 1: 221 Goodbye.\r\n",
        ]

    @pytest.mark.parametrize(
        "line", ["pass secret", "PASS secret word", " PASS secret", "\xff\xf4PASS secret"]
    )
    def test_a_password_is_masked_however_it_is_written(self, server, connect, line):
        sock = connect(server.address)
        sock.sendall(line.encode("latin-1") + b"\r\nQUIT\r\n")
        with sock.makefile("rb") as stream:
            stream.read()
        assert b"secret" not in server.transcript.said_by("client 1")


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


FILES = Path("/proc/self/fd")
counts_files = pytest.mark.skipif(not FILES.exists(), reason="counts file descriptors in /proc")


def open_files(root):
    """The files under the root that this process holds open."""
    links = [path.readlink() for path in FILES.iterdir() if path.is_symlink()]
    return [link for link in links if link.is_relative_to(root)]


class TestClientsThatDie:
    def test_what_arrived_of_an_upload_is_kept_and_can_be_gone_on_with(self, server, log_in, root):
        dying = log_in(server)
        data = dying.transfercmd("STOR upload")
        with data:
            data.sendall(DATA[:600_000])
            data.shutdown(socket.SHUT_WR)
            assert data.recv(1) == b"", "the server has read it all"
        dying.close()
        client = log_in(server)
        done = client.size("upload")
        assert done == 600_000
        client.storbinary("STOR upload", io.BytesIO(DATA[done:]), rest=done)
        assert (root / "upload").read_bytes() == DATA

    @counts_files
    def test_a_reset_upload_is_not_called_complete(self, server, log_in, root):
        client = log_in(server)
        data = client.transfercmd("STOR upload")
        data.sendall(DATA[:1000])
        reset(data)
        with pytest.raises(ftplib.error_temp, match="426 Data connection broken off"):
            client.voidresp()
        assert client.voidcmd("NOOP").startswith("200")
        assert not open_files(root)

    @counts_files
    def test_a_reset_of_everything_in_the_middle_hurts_nobody_else(self, server, log_in, root):
        neighbour = log_in(server)
        for command in ("STOR upload", "RETR history.bin", "APPE upload", "MLSD"):
            dying = log_in(server)
            data = dying.transfercmd(command)
            if command.startswith(("STOR", "APPE")):
                data.sendall(DATA[:100])
            reset(data)
            reset(dying.sock)
        assert fetch(neighbour, "history.bin") == DATA
        assert not open_files(root)

    def test_a_client_that_asks_and_never_reads_is_shown_out(self, server, log_in, connect):
        sock = connect(server.address)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises(ConnectionError):
            sock.sendall(b"HELP\r\n" * 10_000_000)
        assert log_in(server).pwd() == "/"


class TestStartAndStop:
    @counts_files
    def test_a_stop_drops_the_clients_wherever_they_are(self, root, log_in, connect):
        with FTPServer(root, users=USERS) as server:
            idle, silent = log_in(server), connect(server.address)
            silent.recv(100)
            waiting = log_in(server)
            waiting.sendcmd("PASV")
            waiting.sendcmd("STOR never")
            receiving = log_in(server).transfercmd("RETR history.bin")
            sending = log_in(server).transfercmd("STOR half")
            sending.sendall(b"half")
        with receiving, sending:
            assert silent.recv(100) == b""
            assert sending.recv(100) == b""
        with pytest.raises((EOFError, ConnectionError)):
            idle.voidcmd("NOOP")
        assert not open_files(root)

    @counts_files
    def test_no_thread_and_no_file_is_left(self, root, log_in):
        def cycle():
            with FTPServer(root, users=USERS, tls=True) as server, log_in(server, secure=True) as client:
                fetch(client, "history.bin")

        cycle()
        threads, files = threading.active_count(), len(list(FILES.iterdir()))
        for _ in range(30):
            cycle()
        assert threading.active_count() == threads
        assert not [thread for thread in threading.enumerate() if thread.name == "netlab-ftp"]
        assert len(list(FILES.iterdir())) == files

    def test_start_and_stop_may_be_said_twice_and_it_can_be_started_again(self, root, log_in):
        server = FTPServer(root)
        for _ in range(3):
            assert server.start().port == server.start().port
            assert log_in(server, "anonymous").pwd() == "/"
            server.stop()
            server.stop()
        assert not server.running

    def test_it_prints_and_logs_nothing(self, root, log_in, capfd, caplog):
        with caplog.at_level(logging.DEBUG, "netlab"), FTPServer(root, users=USERS) as server:
            client = log_in(server)
            fetch(client, "history.bin")
            refused(client, "PORT 192,0,2,1,200,1")
            refused(client, "DELE nothing")
        assert capfd.readouterr() == ("", "")
        assert caplog.text == ""
