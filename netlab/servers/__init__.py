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
    from netlab.servers.ftp import FTPServer as FTPServer
    from netlab.servers.imap import IMAPServer as IMAPServer
    from netlab.servers.mailbox import Mailbox as Mailbox
    from netlab.servers.pop3 import POP3Server as POP3Server
    from netlab.servers.process import ServerProcess as ServerProcess
    from netlab.servers.quotes import QuoteServer as QuoteServer
    from netlab.servers.quotes import UDPQuoteServer as UDPQuoteServer
    from netlab.servers.sms import SMSGateway as SMSGateway
    from netlab.servers.smtp import SMTPServer as SMTPServer
    from netlab.servers.web import WebServer as WebServer
    from netlab.servers.zone import Zone as Zone

__all__ = [
    "ChatRoom",
    "ChatServer",
    "DNSServer",
    "FTPServer",
    "IMAPServer",
    "Mailbox",
    "POP3Server",
    "QuoteServer",
    "SMSGateway",
    "SMTPServer",
    "Server",
    "ServerProcess",
    "TCPEchoServer",
    "UDPEchoServer",
    "UDPQuoteServer",
    "WebServer",
    "Zone",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "ChatRoom": "chatroom",
        "ChatServer": "chat",
        "DNSServer": "dns",
        "FTPServer": "ftp",
        "IMAPServer": "imap",
        "Mailbox": "mailbox",
        "POP3Server": "pop3",
        "QuoteServer": "quotes",
        "SMSGateway": "sms",
        "SMTPServer": "smtp",
        "Server": "base",
        "ServerProcess": "process",
        "TCPEchoServer": "echo",
        "UDPEchoServer": "echo",
        "UDPQuoteServer": "quotes",
        "WebServer": "web",
        "Zone": "zone",
    },
)
