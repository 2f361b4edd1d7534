"""Solutions of lesson 00, Start here."""

import socket


# 00-shout
def shout(ticker):
    """Return the ticker in capital letters."""
    return ticker.upper()


# 00-hex
length = 5
text = "IBM?"


# 00-ask
def ask(address, ticker):
    """Ask the quote server at address for a share; return its answer as bytes."""
    with socket.create_connection(address, timeout=2) as client:
        client.sendall(f"{ticker}?\n".encode())
        return client.recv(1024)
