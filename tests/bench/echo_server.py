"""An echo server under test in a process of its own: prints its port, ends with its standard input."""

from __future__ import annotations

import asyncio
import socketserver
import sys
import threading


def netlab() -> None:
    from netlab.servers import TCPEchoServer

    with TCPEchoServer() as server:
        print(server.port, flush=True)
        sys.stdin.read()


def socketserver_threads() -> None:
    class Echo(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while data := self.request.recv(65536):
                self.request.sendall(data)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()


def asyncio_streams() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)

    asyncio.run(serve())


if __name__ == "__main__":
    {"netlab": netlab, "socketserver": socketserver_threads, "asyncio streams": asyncio_streams}[
        sys.argv[1]
    ]()
