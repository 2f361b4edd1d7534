"""The questions of lesson 05, UDP sockets."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "05-r1",
        'On a TCP socket, `recv(1024)` returned `b""`. What do you know?',
        {
            "a": Choice(
                "The peer has closed its side.",
                "The stream has ended. As long as it is open, `recv` waits instead of returning nothing.",
            ),
            "b": Choice(
                "Nothing has arrived yet.", "Then `recv` waits, or raises TimeoutError. It does not return."
            ),
            "c": Choice(
                "An empty message arrived.", "A stream has no messages, and sending nothing sends nothing."
            ),
        },
        answer="a",
        objective="03-o4",
        about="03",
    ),
    Quiz(
        "05-r2",
        "Why does a TCP program need framing?",
        {
            "a": Choice(
                "To find lost bytes.",
                "TCP finds and repeats lost bytes by itself, with its sequence numbers.",
            ),
            "b": Choice(
                "Because the stream does not keep the edges of what was sent.",
                "Reads join and split what was sent, so the messages have to be found in the stream.",
            ),
            "c": Choice(
                "Because the network allows only short messages, and cuts longer ones.",
                "TCP cuts long data into segments by itself; the program need not care.",
            ),
        },
        answer="b",
        objective="03-o2",
        about="03",
    ),
    Quiz(
        "05-r3",
        "A TCP server uses port 5000. May a UDP server on the same machine use port 5000 as well?",
        {
            "a": Choice(
                "No, a port belongs to one program.", "Port numbers are counted for each protocol by itself."
            ),
            "b": Choice(
                "Only if both belong to one program.",
                "The kernel does not ask who they belong to; TCP and UDP do not share ports.",
            ),
            "c": Choice(
                "Yes, TCP and UDP have ports of their own.",
                "The protocol field of the IP header tells them apart before any port is looked at.",
            ),
        },
        answer="c",
        objective="01-o5",
        about="01",
    ),
    Quiz(
        "05-q1",
        "How does a UDP server know where to send its answer?",
        {
            "a": Choice(
                "From the connection that `accept()` returned.",
                "There is no connection and no `accept()` in UDP.",
            ),
            "b": Choice(
                "From what `recvfrom` returns.",
                "With the bytes come the address and the port of the sender, which every datagram carries.",
            ),
            "c": Choice(
                "The client tells it in the first bytes.",
                "The addresses stand in the headers already, so the data need not hold them.",
            ),
        },
        answer="b",
        objective="05-o1",
    ),
    Quiz(
        "05-q2",
        "What goes over the network when a UDP socket calls `connect(address)`?",
        {
            "a": Choice("A handshake of three packets.", "That is TCP. UDP has no handshake."),
            "b": Choice("One empty datagram.", "No datagram is sent, not even an empty one."),
            "c": Choice("Nothing.", "The kernel notes the peer's address: where to send, and whom to hear."),
        },
        answer="c",
        objective="05-o1",
    ),
    Quiz(
        "05-q3",
        "A datagram of 2,000 bytes arrives, and the program calls `recv(1024)` twice. What happens?",
        {
            "a": Choice(
                "The first gives 1,024 bytes, the second the other 976.",
                "So it is with a stream. Of a datagram, what does not fit is thrown away.",
            ),
            "b": Choice(
                "The first gives 1,024 bytes, and the rest is gone.",
                "The second call waits for the next datagram. Give `recv` room for the largest one.",
            ),
            "c": Choice(
                "The first raises an exception.",
                "On Linux and macOS the data is cut without a word, which makes the mistake hard to find.",
            ),
        },
        answer="b",
        objective="05-o1",
    ),
    Quiz(
        "05-q4",
        "Datagrams 1, 2 and 4 have arrived. What do you know about 3?",
        {
            "a": Choice(
                "It was lost on the way.", "It may have been overtaken and still come. Only time tells."
            ),
            "b": Choice(
                "It was never sent.",
                "4 came after it in the sender's count, so it was sent, if the sender counts honestly.",
            ),
            "c": Choice(
                "It is lost or late.",
                "Nobody knows yet. So a receiver waits a little before it calls a gap a loss.",
            ),
        },
        answer="c",
        objective="05-o2",
    ),
    Quiz(
        "05-q5",
        "Why do careful programs keep datagrams near 1,200 bytes when 65,507 are possible?",
        {
            "a": Choice(
                "Because one lost piece loses the whole.",
                "A larger one is cut on the way. One that fits the smallest usual MTU is never fragmented.",
            ),
            "b": Choice(
                "Because the UDP header has no room for larger lengths.",
                "Its length field has 16 bits, enough for 65,535.",
            ),
            "c": Choice(
                "Because large datagrams are slower to send.",
                "Per byte they are cheaper. The matter is how often they arrive.",
            ),
        },
        answer="a",
        objective="05-o3",
    ),
    Quiz(
        "05-q6",
        "A client got no answer and asks again. Which of these requests is safe to repeat without a request id that the server remembers?",
        {
            "a": Choice("“Sell 100 shares.”", "If only the answer was lost, the second one sells 100 more."),
            "b": Choice("“What is the price?”", "Asking twice changes nothing: it is idempotent."),
            "c": Choice(
                "“Add 10 dollars to my account.”",
                "Done twice, it adds 20. “Set it to 110 dollars” would be idempotent.",
            ),
        },
        answer="b",
        objective="05-o4",
    ),
    Quiz(
        "05-q7",
        "A video call over a network that loses 1 % of its packets: why UDP?",
        {
            "a": Choice(
                "UDP loses fewer packets than TCP.", "Both travel in the same IP packets, and lose the same."
            ),
            "b": Choice(
                "A late picture is worth nothing.",
                "TCP would hold back what has arrived until the lost part was repeated, and the call would stutter.",
            ),
            "c": Choice("UDP encrypts the call.", "Neither TCP nor UDP encrypts anything."),
        },
        answer="b",
        objective="05-o5",
    ),
)
