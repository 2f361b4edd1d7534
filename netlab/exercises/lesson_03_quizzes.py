"""The questions of lesson 03, TCP sockets."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "03-r1",
        "Two browsers on one machine are connected to the same web server at port 443. How does the server's kernel keep them apart?",
        {
            "a": Choice(
                "By the client's port: it differs.",
                "A connection is named by four things, and here only the client's port differs. That is enough.",
            ),
            "b": Choice(
                "By the client's address.",
                "Both come from the same machine, so its address is the same for both.",
            ),
            "c": Choice(
                "The second one gets another server port.",
                "All connections to a server have the same server port, here 443. The four-tuple as a whole has to differ.",
            ),
        },
        answer="a",
        objective="01-o5",
        about="01",
    ),
    Quiz(
        "03-r2",
        "Which layer numbers the bytes, asks again for lost ones, and puts them in order?",
        {
            "a": Choice(
                "The internet layer, IP.",
                "IP sends each packet on its own and promises nothing about order or arrival.",
            ),
            "b": Choice(
                "The transport layer, TCP.",
                "Sequence and acknowledgment numbers are fields of the TCP header.",
            ),
            "c": Choice(
                "The link layer, Ethernet.",
                "Ethernet carries a frame over one link and drops it when it is damaged.",
            ),
            "d": Choice(
                "The application.", "An application over UDP has to do it itself. Over TCP it need not."
            ),
        },
        answer="b",
        objective="01-o1",
        about="01",
    ),
    Quiz(
        "03-r3",
        'Why did `client.sendall("AAPL?\\n")` fail in lesson 00?',
        {
            "a": Choice(
                "The server was not running.",
                "The connection was made, so somebody listened. What was wrong with the argument?",
            ),
            "b": Choice(
                "It was given text.",
                "`sendall` takes bytes. Text has to be encoded first, since a wire carries bytes.",
            ),
            "c": Choice(
                "The newline is not allowed.", 'A newline is a byte like any other: `b"AAPL?\\n"` works.'
            ),
        },
        answer="b",
        objective="00-o2",
        about="00",
    ),
    Quiz(
        "03-q1",
        "A server calls `listen()` and then sleeps for a minute, without `accept()`. What happens to a client that connects meanwhile?",
        {
            "a": Choice(
                "It is refused.",
                "Refused means that nobody listens. Here the kernel listens, whatever the program does.",
            ),
            "b": Choice(
                "It waits in `connect()` until `accept()` is called.",
                "The kernel does the handshake by itself. `connect()` returns at once.",
            ),
            "c": Choice(
                "It connects, and may even send.",
                "The kernel completes the handshake and queues the connection; `accept()` takes it from the queue later.",
            ),
        },
        answer="c",
        objective="03-o1",
    ),
    Quiz(
        "03-q2",
        "`listen(5)`: what are the 5?",
        {
            "a": Choice(
                "The most clients that the server can have at a time.",
                "Accepted connections do not count. A server with a backlog of 5 may serve thousands.",
            ),
            "b": Choice(
                "How many completed connections may wait to be accepted.",
                "It is the length of a queue, not of the guest list.",
            ),
            "c": Choice(
                "How many seconds a client may wait.",
                "Times are set with `settimeout`. This is a number of connections.",
            ),
        },
        answer="b",
        objective="03-o1",
    ),
    Quiz(
        "03-q3",
        'A client calls `sendall(b"AAPL?\\n")` twice. The server calls `recv(1024)` once. What can it get?',
        {
            "a": Choice(
                'Always `b"AAPL?\\n"`, since one send is one receive.',
                "TCP carries a stream of bytes and keeps no record of where a send ended.",
            ),
            "b": Choice(
                "Always both, since there is room for 1,024 bytes.",
                "1,024 is the most that it may return. It returns what is there, at least one byte.",
            ),
            "c": Choice(
                'Anything from `b"A"` to both lines.',
                "Any cut is possible, so the receiver has to find the messages itself.",
            ),
        },
        answer="c",
        objective="03-o2",
    ),
    Quiz(
        "03-q4",
        "Why must a Chinese text be framed before it is decoded?",
        {
            "a": Choice(
                "Because UTF-8 needs an even number of bytes.",
                "A character takes one to four bytes. These have three each.",
            ),
            "b": Choice(
                "Because a read may end inside a character.",
                "Half a character is no valid UTF-8: wait for the whole message, then decode it.",
            ),
            "c": Choice(
                "Because TCP carries ASCII only.",
                "TCP carries any bytes. The cut is the matter, not the language.",
            ),
        },
        answer="b",
        objective="03-o2",
    ),
    Quiz(
        "03-q5",
        "A server closes its *listening* socket while a client is being served. What happens to that client?",
        {
            "a": Choice(
                "Nothing at all happens to it.",
                "`accept()` made a new socket for it. Only new clients are turned away.",
            ),
            "b": Choice(
                "It is disconnected.", "The listening socket only makes connections. It is not part of them."
            ),
            "c": Choice(
                "It can still receive, but not send.",
                "Both directions go on: nothing has happened to its connection.",
            ),
        },
        answer="a",
        objective="03-o3",
    ),
    Quiz(
        "03-q6",
        'Two programs take turns: each waits for a message and then sends one. One of them calls `sendall(b"")`. What now?',
        {
            "a": Choice(
                'The other receives `b""` and answers.',
                'Nothing was sent, so nothing arrives. `recv` returns `b""` only when the peer has closed.',
            ),
            "b": Choice(
                "Both wait for ever.",
                "No byte went out, so each waits for the other. Timeouts and framing prevent it: an empty line still has its newline.",
            ),
            "c": Choice("`sendall` raises an exception.", "Sending nothing is allowed, and does nothing."),
        },
        answer="b",
        objective="03-o4",
    ),
    Quiz(
        "03-q7",
        "Your client raises `ConnectionRefusedError`. What do you look at first?",
        {
            "a": Choice(
                "Whether a server runs at that port.",
                "An RST came back: the machine was reached, and nobody listened at that port. Is it the right one?",
            ),
            "b": Choice(
                "Whether the network cable is plugged in.",
                "Then no answer would come at all, and the call would time out. Here somebody answered.",
            ),
            "c": Choice(
                "Whether the server is too slow.",
                "A slow server lets you connect, since its kernel does that. You would time out in `recv`.",
            ),
        },
        answer="a",
        objective="03-o5",
    ),
)
