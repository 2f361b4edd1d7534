"""Real servers on loopback: one class each, all context managers with one face (`netlab.servers.base`)."""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.servers.base import Server as Server
    from netlab.servers.chat import ChatServer as ChatServer
    from netlab.servers.chatroom import ChatRoom as ChatRoom
    from netlab.servers.dns import DNSServer as DNSServer
    from netlab.servers.echo import TCPEchoServer as TCPEchoServer
    from netlab.servers.echo import UDPEchoServer as UDPEchoServer
    from netlab.servers.process import ServerProcess as ServerProcess
    from netlab.servers.quotes import QuoteServer as QuoteServer
    from netlab.servers.quotes import UDPQuoteServer as UDPQuoteServer
    from netlab.servers.zone import Zone as Zone

__all__ = [
    "ChatRoom",
    "ChatServer",
    "DNSServer",
    "QuoteServer",
    "Server",
    "ServerProcess",
    "TCPEchoServer",
    "UDPEchoServer",
    "UDPQuoteServer",
    "Zone",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "ChatRoom": "chatroom",
        "ChatServer": "chat",
        "DNSServer": "dns",
        "QuoteServer": "quotes",
        "Server": "base",
        "ServerProcess": "process",
        "TCPEchoServer": "echo",
        "UDPEchoServer": "echo",
        "UDPQuoteServer": "quotes",
        "Zone": "zone",
    },
)
