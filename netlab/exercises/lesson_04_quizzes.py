"""The questions of lesson 04, many clients at once, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "04-r1",
        'A client sent `b"AAPL?\\n"` in one `sendall`. What can the server\'s first `recv(100)` return?',
        {
            "a": Choice(
                "Always all six bytes: they were sent together.",
                "TCP carries a stream. Where one piece ends and the next begins, the network decides.",
            ),
            "b": Choice(
                "Any first part of them, of one to six bytes.",
                "A stream has no seams: that is why a server collects bytes until a line is whole.",
            ),
            "c": Choice(
                "One byte at a time.", "That can happen, but so can any other first part of the stream."
            ),
        },
        answer="b",
        objective="03-o2",
        about="03",
    ),
    Quiz(
        "04-r2",
        "Which two pairs tell one TCP connection from all others?",
        {
            "a": Choice(
                "The IP address and the port of each side.",
                "Thousands of clients use one port of a server: their own pairs tell them apart.",
            ),
            "b": Choice(
                "The MAC address and the port of each side.",
                "MAC addresses change at every router. TCP knows nothing of them.",
            ),
            "c": Choice(
                "The server's name and its port.",
                "Names are gone before a connection begins; and all clients of a server share these.",
            ),
        },
        answer="a",
        objective="01-o5",
        about="01",
    ),
    Quiz(
        "04-r3",
        "Ada's packet for another network: to whose MAC address is her frame sent?",
        {
            "a": Choice(
                "To that of the server.",
                "A frame never leaves its own network. Only the packet in it goes on.",
            ),
            "b": Choice(
                "To that of the switch.",
                "A switch passes frames on without being their receiver.",
            ),
            "c": Choice(
                "To that of her gateway.", "The router takes the packet out and puts it into a new frame."
            ),
        },
        answer="c",
        objective="02-o2",
        about="02",
    ),
    Quiz(
        "04-q1",
        "A server serves one client after another. Client 1 sends half a line and goes for lunch. Client 2 connects. What does client 2 notice?",
        {
            "a": Choice(
                "It is refused.",
                "The kernel accepts it: connections wait in the queue that `listen` made. It is connected, and hears nothing.",
            ),
            "b": Choice(
                "Nothing: it is served while client 1 is silent.",
                "There is one program in one place of its code, and that place is client 1's `recv`.",
            ),
            "c": Choice(
                "It is connected, and waits for its answer.",
                "The handshake is the kernel's work. The answer is the program's, and the program sits in `recv`.",
            ),
        },
        answer="c",
        objective="04-o1",
    ),
    Quiz(
        "04-q2",
        "A thread for each client: what do all these threads share?",
        {
            "a": Choice(
                "All objects of the program.",
                "Only local variables are a thread's own, so two of them may change the same object at the same time. What is shared and changed needs a lock.",
            ),
            "b": Choice(
                "Nothing: each has its own memory.",
                "That would be processes. Threads live in one process and see the same objects.",
            ),
            "c": Choice(
                "Their local variables.",
                "Each call has local variables of its own, in whichever thread it runs.",
            ),
        },
        answer="a",
        objective="04-o2",
    ),
    Quiz(
        "04-q3",
        "A pool of 16 threads, and 16 clients that say nothing. What happens to client 17?",
        {
            "a": Choice(
                "It gets a 17th thread.", "A pool has as many threads as it was given: that is its purpose."
            ),
            "b": Choice(
                "It is connected, and has to wait.",
                "A pool bounds the work. Without a time limit for each client it can be filled with silence.",
            ),
            "c": Choice(
                "One of the 16 is interrupted for it.",
                "A worker is free when its function returns, and not before.",
            ),
        },
        answer="b",
        objective="04-o1",
    ),
    Quiz(
        "04-q4",
        "What does `selector.select()` do?",
        {
            "a": Choice(
                "It reads from all registered sockets.",
                "It reads nothing. It says from which of them a `recv` would not have to wait.",
            ),
            "b": Choice(
                "It asks each socket in turn whether something has come, again and again.",
                "That would be polling, and would keep a processor busy with nothing.",
            ),
            "c": Choice(
                "It sleeps until at least one registered socket is ready, and says which.",
                "The kernel watches thousands of sockets; the program sleeps until there is something to do.",
            ),
        },
        answer="c",
        objective="04-o2",
    ),
    Quiz(
        "04-q5",
        "In a coroutine of an asyncio server stands `time.sleep(1)`. What stands still for that second?",
        {
            "a": Choice(
                "All clients, for one loop serves them.",
                "That loop has one thread, and it sleeps. The same goes for any long calculation, or a library that blocks.",
            ),
            "b": Choice(
                "That client only.",
                "`time.sleep` does not give the loop back. Only `await` lets others run.",
            ),
            "c": Choice(
                "Nobody: asyncio runs coroutines in threads.",
                "All coroutines take turns in one thread. `asyncio.to_thread` is how one asks for another.",
            ),
        },
        answer="a",
        objective="04-o3",
    ),
    Quiz(
        "04-q6",
        "A client asks and asks, and never reads the answers. What does `await writer.drain()` do about it?",
        {
            "a": Choice(
                "It throws the oldest answers away.",
                "TCP loses nothing, and neither does asyncio: it waits instead.",
            ),
            "b": Choice(
                "It closes the connection to such a client.",
                "Nothing is closed by it: put a time limit around it for that.",
            ),
            "c": Choice(
                "It waits until the buffer has room.",
                "Meanwhile no more of its questions are read, and the waiting goes back to its cause: the client's own window fills, and its `send` blocks. That is backpressure.",
            ),
        },
        answer="c",
        objective="04-o4",
    ),
    Quiz(
        "04-q7",
        "CPython's global interpreter lock (GIL) lets one thread at a time run Python code. What does that mean for a chat server with threads?",
        {
            "a": Choice(
                "Little: most of the time its threads wait.",
                "`recv` and `sendall` release the lock while they wait. It counts where threads calculate.",
            ),
            "b": Choice(
                "Its clients are served strictly one after another.",
                "A thread that waits in `recv` does not hold the lock: another one runs.",
            ),
            "c": Choice(
                "No lock is ever needed for shared data.",
                "A switch may come between any two steps: looking and changing are two steps.",
            ),
        },
        answer="a",
        objective="04-o5",
    ),
)
