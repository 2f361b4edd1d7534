"""The questions of lesson 01, TCP/IP, and those it asks on lesson 00."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "01-r1",
        "What does a socket carry when a client sends `AAPL?` and a newline?",
        {
            "a": Choice(
                "Text: six characters.",
                "Text exists inside a program only. `b'AAPL?\\n'` shows those bytes that happen to be ASCII as letters.",
            ),
            "b": Choice(
                "Bytes: six numbers from 0 to 255.",
                "The program encodes text to bytes before it sends, and decodes what it receives.",
            ),
            "c": Choice(
                "A Python object, which the server receives.",
                "The server may be written in any language. It gets bytes, and nothing of Python comes along.",
            ),
        },
        answer="b",
        objective="00-o2",
        about="00",
    ),
    Quiz(
        "01-r2",
        "`socket.create_connection(server.address)`: what is `server.address`, and where is the server?",
        {
            "a": Choice(
                "A pair of host and port; with the host 127.0.0.1 it is on this machine.",
                "127.0.0.1 is loopback, by which a machine talks to itself. The port says which program on it is meant.",
            ),
            "b": Choice(
                "The name of a machine on the Internet.",
                "It is a number with dots, not a name, and 127.0.0.1 never leaves this machine.",
            ),
            "c": Choice(
                "A place in the memory of the Python process.",
                "That would be of no use to another program. Client and server could be on two machines.",
            ),
            "d": Choice(
                "A pair of host and port; 127.0.0.1 is the router of this network.",
                "Half right: it is a pair. But 127.0.0.1 is this machine itself, on every machine.",
            ),
        },
        answer="a",
        objective="00-o2",
        about="00",
    ),
    Quiz(
        "01-r3",
        "What does a tap do to a conversation?",
        {
            "a": Choice(
                "It answers in place of the server.",
                "The answer still comes from the server. The tap asks it on the client's behalf and passes on what it says.",
            ),
            "b": Choice(
                "It turns text into bytes.",
                "They are bytes before they reach the tap. It shows them as letters where it can, to be read more easily.",
            ),
            "c": Choice(
                "It passes it on, and records it.",
                "The client connects to the tap's address instead of the server's; nothing else changes.",
            ),
        },
        answer="c",
        objective="00-o3",
        about="00",
    ),
    Quiz(
        "01-q1",
        "A router on the way passes a packet on. Which layers' headers does it need to read for that?",
        {
            "a": Choice(
                "All four: it has to know what it carries.",
                "That would make it slow, and new applications would need new routers. Each layer trusts the one below.",
            ),
            "b": Choice(
                "Link and internet: who sent it here, and where it has to go.",
                "A frame comes in, the IP address says where to, and a new frame goes out. Ports and data are not its business.",
            ),
            "c": Choice(
                "Only the link layer: the MAC address says where it goes.",
                "A MAC address only reaches the next machine on the same link. Beyond it, the IP address decides.",
            ),
            "d": Choice(
                "Only the transport layer: the port says where it goes.",
                "A port chooses a program on a machine. Which machine is the task of the internet layer.",
            ),
        },
        answer="b",
        objective="01-o1",
    ),
    Quiz(
        "01-q2",
        "Ticker sends an answer of 12 bytes over UDP, whose header has 8 bytes, IPv4 without options, and Ethernet. "
        "How long is the frame?",
        {
            "a": Choice(
                "12 bytes.",
                "That is the message, as the tap shows it. Three headers come in front.",
            ),
            "b": Choice(
                "40 bytes.",
                "That is UDP and IPv4 without Ethernet, 12 + 8 + 20. Ethernet puts 14 in front.",
            ),
            "c": Choice(
                "54 bytes.",
                "12 + 8 (UDP) + 20 (IPv4) + 14 (Ethernet). On a real cable it is filled up to 60, the shortest frame.",
            ),
            "d": Choice(
                "66 bytes.",
                "That is 12 + 20 + 20 + 14: the header of TCP. UDP's has only 8 bytes.",
            ),
        },
        answer="c",
        objective="01-o1",
    ),
    Quiz(
        "01-q3",
        "The checksums of a frame are all right. What do you know?",
        {
            "a": Choice(
                "That hardly anything was damaged by accident.",
                "Noise is found nearly always. Two faults that cancel each other out in the sum are not.",
            ),
            "b": Choice(
                "That nobody has changed it on the way.",
                "Whoever changes a frame computes new checksums; you wrote the function. Against people you need TLS.",
            ),
            "c": Choice(
                "That it comes from the address in its IP header.",
                "Any machine can write any source address, as you did in this lesson, and the checksum is right.",
            ),
            "d": Choice(
                "That nobody has read it.",
                "Reading changes nothing, so no checksum can tell. Secrecy needs encryption.",
            ),
        },
        answer="a",
        objective="01-o2",
    ),
    Quiz(
        "01-q4",
        "A machine has the address 192.0.2.70 and the mask 255.255.255.192 (/26). To whom does it send directly, "
        "without the router?",
        {
            "a": Choice(
                "192.0.2.10",
                "It is in 192.0.2.0/26, with the addresses 0 to 63. The first three numbers alone do not decide.",
            ),
            "b": Choice(
                "192.0.2.100",
                "Both are in 192.0.2.64/26, which has the addresses 64 to 127.",
            ),
            "c": Choice(
                "192.0.2.130",
                "It is in 192.0.2.128/26. Each /26 has 64 addresses, and a new one begins at 128.",
            ),
            "d": Choice(
                "192.0.3.70",
                "The last number is the same, but that is the host part. The network part differs.",
            ),
        },
        answer="b",
        objective="01-o3",
    ),
    Quiz(
        "01-q5",
        "Which is the right short form of `2001:0db8:0000:0000:0000:0042:0000:0010`?",
        {
            "a": Choice(
                "`2001:db8::42::10`",
                "`::` twice: nobody could tell how many groups each stands for. A lone zero group is written as 0.",
            ),
            "b": Choice(
                "`2001:db8::42:0:1`",
                "`0010` became `1`. Only zeros in front of a group may be left out: it is `10`.",
            ),
            "c": Choice(
                "`2001:db8:0:0:0:42::10`",
                "A single zero group is never shortened, and the longest run is the other one.",
            ),
            "d": Choice(
                "`2001:db8::42:0:10`",
                "The longest run became `::`, the lone zero group 0, and the zeros in front are gone.",
            ),
        },
        answer="d",
        objective="01-o4",
    ),
    Quiz(
        "01-q6",
        "A web server talks to 3,000 clients at the same moment. How many ports does it use on its side?",
        {
            "a": Choice(
                "3,000: one for each connection.",
                "Each client uses a port of *its own* machine. The server's side of all these connections is the same port.",
            ),
            "b": Choice(
                "One, for all of them.",
                "The four-tuples differ in the client's address or port. That is why a server is not limited by its 65,535 ports.",
            ),
            "c": Choice(
                "Two: one to listen and one to talk.",
                "An accepted connection is a new socket, but it keeps the port of the listening one.",
            ),
            "d": Choice(
                "None: only clients have ports.",
                "Then a segment could not say which program on the server it is for. Every segment has both ports.",
            ),
        },
        answer="b",
        objective="01-o5",
    ),
    Quiz(
        "01-q7",
        "A program sends a UDP datagram to a port where nobody listens. What happens?",
        {
            "a": Choice(
                "`sendto` raises an error, because there is no connection.",
                "UDP makes no connection, so `sendto` cannot know. It hands the datagram to IP and returns.",
            ),
            "b": Choice(
                "The datagram is sent again until somebody answers.",
                "That is what TCP does for lost segments. UDP sends once.",
            ),
            "c": Choice(
                "It is delivered to the TCP program at the same port.",
                "TCP and UDP ports are separate: the protocol field in the IP header is looked at first.",
            ),
            "d": Choice(
                "It is sent, and the other machine answers with an ICMP message.",
                "Port unreachable, type 3, code 3: you saw it on the ladder. ICMP itself has no ports.",
            ),
        },
        answer="d",
        objective="01-o5",
    ),
)
