"""The quote server five ways with 100 clients, and what a chat carries beside a bare asyncio one."""

from __future__ import annotations

import asyncio
import selectors
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from figures import in_turns, row

from netlab.load import allow_files
from netlab.load import measure as load_of
from netlab.servers import ChatServer, ServerProcess

CLIENTS, QUESTIONS, ROUNDS = 100, 20, 5
READERS, LINES = 50, 400
PRICE = b"AAPL 430.47\n"


def measure() -> list[dict[str, object]]:
    rates = in_turns({name: lambda s=serve: quotes(s) for name, serve in STYLES.items()}, ROUNDS)
    rows = [
        row(f"{name}, {CLIENTS} clients", "answers/s", rates[name], rates["one at a time"], "one at a time")
        for name in STYLES
        if name != "one at a time"
    ]
    chats = {"netlab": netlab_chat, "bare asyncio": bare_chat}
    carried = in_turns({name: lambda s=serve: fan_out(s) for name, serve in chats.items()}, ROUNDS)
    what = f"chat, each line to {READERS} readers"
    return [*rows, row(what, "lines read/s", carried["netlab"], carried["bare asyncio"], "bare asyncio")]


def quotes(serve) -> float:
    with ServerProcess(serve) as server:
        load = load_of(server.address, clients=CLIENTS, questions=QUESTIONS)
    assert not load.failed, load
    return load.rate


def answer_all(client: socket.socket) -> None:
    with client:
        while client.recv(100):
            client.sendall(PRICE)


def one_at_a_time(listener: socket.socket) -> None:
    while True:
        answer_all(listener.accept()[0])


def thread_each(listener: socket.socket) -> None:
    while True:
        threading.Thread(target=answer_all, args=(listener.accept()[0],), daemon=True).start()


def pool(listener: socket.socket) -> None:
    with ThreadPoolExecutor(16) as workers:
        while True:
            workers.submit(answer_all, listener.accept()[0])


def one_selector(listener: socket.socket) -> None:
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                selector.register(listener.accept()[0], selectors.EVENT_READ)
            elif key.fileobj.recv(100):
                key.fileobj.sendall(PRICE)
            else:
                selector.unregister(key.fileobj)
                key.fileobj.close()


def asyncio_streams(listener: socket.socket) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(PRICE)
            await writer.drain()
        writer.close()

    async def serve() -> None:
        await (await asyncio.start_server(answer, sock=listener)).serve_forever()

    asyncio.run(serve())


STYLES = {
    "one at a time": one_at_a_time,
    "thread each": thread_each,
    "pool of 16": pool,
    "selectors": one_selector,
    "asyncio": asyncio_streams,
}


def netlab_chat(listener: socket.socket) -> None:
    """ChatServer in the process of its own; it says in a first line where it listens."""
    with ChatServer() as server:
        tell(listener, server.port)
        threading.Event().wait()


def bare_chat(listener: socket.socket) -> None:
    """The least that can be called a chat: no limits, no announcements, no record."""

    async def chat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"name?\n")
        name = (await reader.readline()).strip()
        writer.write(b"* welcome, " + name + b"\n")
        writers.add(writer)
        while line := await reader.readline():
            for other in writers - {writer}:
                other.write(name + b": " + line)
        writers.discard(writer)
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(chat, "127.0.0.1", 0)
        tell(listener, server.sockets[0].getsockname()[1])
        await server.serve_forever()

    writers: set[asyncio.StreamWriter] = set()
    asyncio.run(serve())


def tell(listener: socket.socket, port: int) -> None:
    with listener.accept()[0] as sock:
        sock.sendall(b"%d\n" % port)


def fan_out(serve) -> float:
    """Lines that reach their readers a second: one speaks, all the others read."""
    allow_files(READERS)
    with ServerProcess(serve) as process:
        with socket.create_connection(process.address, timeout=10) as sock:
            address = ("127.0.0.1", int(sock.makefile().readline()))
        people = [enter(address, f"p{number}") for number in range(READERS + 1)]
        speaker, *readers = people
        last = b"p0: the end\n"
        start = time.perf_counter()
        speaker.sendall(b"hello to everybody\n" * LINES + b"the end\n")
        for reader in readers:
            read_until(reader, last)
        seconds = time.perf_counter() - start
        for sock in people:
            sock.close()
    return READERS * (LINES + 1) / seconds


def enter(address: tuple[str, int], name: str) -> socket.socket:
    sock = socket.create_connection(address, timeout=10)
    read_until(sock, b"name?\n")
    sock.sendall(name.encode() + b"\n")
    read_until(sock, b"* welcome, " + name.encode() + b"\n")
    return sock


def read_until(sock: socket.socket, end: bytes) -> None:
    received = b""
    while not received.endswith(end):
        piece = sock.recv(65536)
        assert piece, "the server hung up"
        received += piece
