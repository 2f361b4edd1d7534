"""A function of one's own as a server in a process of its own."""

import asyncio
import os
import signal
import socket
import sys
import threading
from pathlib import Path

import pytest

from netlab.errors import ServerCrashedError, StoppedError
from netlab.servers import ServerProcess, TCPEchoServer


def shout(listener):
    while True:
        client, _ = listener.accept()
        with client:
            client.sendall(client.recv(100).upper())


def ask(sock, data=b"hello"):
    sock.sendall(data)
    return sock.recv(100)


def test_a_blocking_function_serves_beside_the_caller(connect):
    with ServerProcess(shout) as server:
        assert server.host == "127.0.0.1"
        assert server.url == f"tcp://127.0.0.1:{server.port}"
        assert ask(connect(server.address)) == b"HELLO"
        assert repr(server) == f"<ServerProcess on 127.0.0.1:{server.port}>"
    assert repr(server) == "<ServerProcess (stopped)>"


def test_start_and_stop_may_be_said_twice_and_again(connect):
    server = ServerProcess(shout)
    for _ in range(2):
        port = server.start().port
        assert server.start().port == port
        assert ask(connect(server.address)) == b"HELLO"
        server.stop()
        server.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(("127.0.0.1", port))


def test_a_hundred_clients_wait_in_the_backlog(connect):
    with ServerProcess(shout) as server:
        clients = [connect(server.address) for _ in range(100)]
        assert {ask(client) for client in clients} == {b"HELLO"}


def test_an_asyncio_server_runs_even_when_started_inside_a_loop(connect):
    async def echo(reader, writer):
        writer.write(await reader.read(100))
        writer.close()

    async def serve(listener):
        server = await asyncio.start_server(echo, sock=listener)
        await server.serve_forever()

    async def cell():
        with ServerProcess(lambda listener: asyncio.run(serve(listener))) as server:
            return ask(connect(server.address))

    assert asyncio.run(cell()) == b"hello"


def test_it_says_how_much_memory_and_how_many_threads_it_has(connect):
    def hoard(listener):
        client, _ = listener.accept()
        kept = os.urandom(20_000_000)
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        client.sendall(b"ready")
        client.recv(len(kept))

    with ServerProcess(hoard) as server:
        assert server.threads() == 1
        assert server.grown() < 5_000_000
        assert connect(server.address).recv(5) == b"ready"
        assert 20_000_000 < server.grown() < 30_000_000
        assert server.grown() <= server.memory()
        assert server.threads() == 2


@pytest.mark.parametrize("question", ["memory", "grown", "threads"])
def test_a_stopped_server_has_neither_memory_nor_threads(question):
    with ServerProcess(shout) as server:
        pass
    with pytest.raises(StoppedError, match="inside its block"):
        getattr(server, question)()


def test_a_server_that_has_ended_by_itself_says_where_to_look(connect):
    with ServerProcess(lambda listener: None) as server:
        server._process.wait()
        for question in (server.memory, server.grown, server.threads):
            with pytest.raises(StoppedError, match="the end of its block says why"):
                question()
    assert server.exit_code == 0


def test_what_serve_raises_is_raised_at_the_end_of_the_block(connect):
    def buggy(listener):
        client, _ = listener.accept()
        {}[client.recv(100)]

    def use():
        with ServerProcess(buggy) as server:
            sock = connect(server.address)
            sock.sendall(b"AAPL?")
            sock.recv(100)

    with pytest.raises(ServerCrashedError, match=r"KeyError: b'AAPL\?'") as caught:
        use()
    assert "client.recv(100)" in str(caught.value)
    assert "process.py" not in str(caught.value).replace("test_process.py", "")


def test_a_crash_explains_the_error_that_the_client_met(connect):
    def use():
        with ServerProcess(lambda _: 1 / 0) as server:
            server._process.wait(5)
            raise ConnectionResetError

    with pytest.raises(ServerCrashedError, match="ZeroDivisionError") as caught:
        use()
    assert isinstance(caught.value.__context__, ConnectionResetError)


def test_stop_asks_first_so_that_a_server_can_say_goodbye(connect, capsys):
    def polite(listener):
        def leave(*_):
            print("closing time")
            sys.exit(0)

        signal.signal(signal.SIGTERM, leave)
        client, _ = listener.accept()
        client.sendall(b"ready")
        signal.pause()

    with ServerProcess(polite) as server:
        assert connect(server.address).recv(5) == b"ready"
    assert server.exit_code == 0
    assert capsys.readouterr().out == "closing time\n"


def test_a_server_that_does_not_listen_to_sigterm_is_killed(connect):
    def stubborn(listener):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        client, _ = listener.accept()
        client.sendall(b"ready")
        signal.pause()

    with ServerProcess(stubborn, grace=0.05) as server:
        assert connect(server.address).recv(5) == b"ready"
    assert server.exit_code == -signal.SIGKILL


def test_without_a_handler_sigterm_ends_it():
    with ServerProcess(shout) as server:
        assert server.exit_code is None
    assert repr(server.exit_code) == "-15"


def test_it_ends_with_the_process_that_started_it(connect):
    """The lifeline: a kernel that is killed leaves no server behind."""
    with ServerProcess(shout) as server:
        os.close(server._lifeline)
        server._lifeline = os.dup(0)
        assert server._process.wait(5) == -signal.SIGKILL


def test_it_keeps_no_connection_of_the_callers_open(connect):
    left, right = socket.socketpair()
    with left, TCPEchoServer() as other, ServerProcess(shout):
        right.close()
        left.settimeout(5)
        assert left.recv(1) == b""
        address = other.address
        other.stop()
        with pytest.raises(ConnectionRefusedError):
            connect(address)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts file descriptors in /proc")
def test_starts_and_stops_leak_no_file_descriptor():
    def cycle():
        with ServerProcess(shout):
            pass

    cycle()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        cycle()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
