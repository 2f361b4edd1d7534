"""Small files a second and megabytes a second, up and down, beside pyftpdlib without our layer."""

from __future__ import annotations

import contextlib
import ftplib
import io
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import in_turns, row

PEER = "pyftpdlib"
FILES, SMALL, LARGE, REPEATS = 200, 1000, 64_000_000, 3
ROUNDS = 11
AIM = "> 0.9"


def measure() -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        Path(folder, "small").write_bytes(bytes(SMALL))
        Path(folder, "large").write_bytes(bytes(LARGE))
        clients = {name: stack.enter_context(client_of(name, folder)) for name in ("netlab", PEER)}
        rows = []
        for what, unit, work in (
            (f"FTP, get {SMALL:,} bytes", "files/s", small_files),
            ("FTP, get a large file", "MB/s", download),
            ("FTP, put a large file", "MB/s", upload),
        ):
            rates = in_turns(
                {name: lambda c=client, w=work: w(c) for name, client in clients.items()}, ROUNDS
            )
            rows.append(row(what, unit, rates["netlab"], rates[PEER], PEER, aim=AIM))
    return rows


@contextlib.contextmanager
def client_of(name: str, folder: str):
    with subprocess.Popen(
        [sys.executable, __file__, name, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        with ftplib.FTP() as client:
            client.connect("127.0.0.1", int(process.stdout.readline()), timeout=10)
            client.login("ada", "secret")
            yield client
        process.stdin.close()


def small_files(client: ftplib.FTP) -> float:
    start = time.perf_counter()
    for _ in range(FILES):
        client.retrbinary("RETR small", forget)
    return FILES / (time.perf_counter() - start)


def download(client: ftplib.FTP) -> float:
    start = time.perf_counter()
    for _ in range(REPEATS):
        client.retrbinary("RETR large", forget, blocksize=65536)
    return REPEATS * LARGE / 1e6 / (time.perf_counter() - start)


def upload(client: ftplib.FTP) -> float:
    start = time.perf_counter()
    for _ in range(REPEATS):
        client.storbinary("STOR copy", io.BytesIO(bytes(LARGE)), blocksize=65536)
    return REPEATS * LARGE / 1e6 / (time.perf_counter() - start)


def forget(_: bytes) -> None:
    """What a client does with data that it only measures."""


def netlab(folder: str) -> None:
    from netlab.servers import FTPServer

    with FTPServer(folder, users={"ada": "secret"}) as server:
        print(server.port, flush=True)
        sys.stdin.read()


def bare(folder: str) -> None:
    import threading

    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())
    FTPHandler.authorizer = DummyAuthorizer()
    FTPHandler.authorizer.add_user("ada", "secret", folder, perm="elradfmwT")
    server = FTPServer(("127.0.0.1", 0), FTPHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    {"netlab": netlab, PEER: bare}[sys.argv[1]](sys.argv[2])
