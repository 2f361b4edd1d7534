"""The questions of lesson 09, FTP, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "09-r1",
        "A server sends `220 hello` and `331 password`, each a line. Your `recv(1024)` returns `b'220 hello\\r\\n331 pa'`. What is wrong?",
        {
            "a": Choice("The network lost some bytes.", "TCP loses none: the rest comes with the next read."),
            "b": Choice(
                "Nothing: the lines have to be found.",
                "A stream has no messages. Keep what is left over, read on, and cut at the line ends: framing.",
            ),
            "c": Choice(
                "The server should have waited between its two lines.",
                "Waiting would not help: the network may join them all the same.",
            ),
        },
        answer="b",
        objective="03-o2",
        about="03",
    ),
    Quiz(
        "09-r2",
        "A computer with the address 10.0.0.7 talks through a NAT router to a server. Whose address does the server see, and can it open a connection to 10.0.0.7?",
        {
            "a": Choice(
                "10.0.0.7, and it can.",
                "That address is private: thousands have it, and no route leads to them.",
            ),
            "b": Choice(
                "The router's, and it can: the router passes it on.",
                "The router passes on answers to what went out. For a new connection from outside it knows no inner host.",
            ),
            "c": Choice(
                "The router's, and it cannot.",
                "NAT writes the router's address into the packets. What comes uninvited has nowhere to go.",
            ),
        },
        answer="c",
        objective="02-o3",
        about="02",
    ),
    Quiz(
        "09-r3",
        "One client has two TCP connections to the same server. How do the two kernels tell their segments apart?",
        {
            "a": Choice(
                "By the four-tuple: some port differs.",
                "Addresses and ports of both sides: at least one of the four is another.",
            ),
            "b": Choice(
                "By the sequence numbers.", "Those order the bytes of one connection, and begin anywhere."
            ),
            "c": Choice(
                "They cannot: only one connection is possible.",
                "There can be thousands, each with a port of its own at the client.",
            ),
        },
        answer="a",
        objective="01-o5",
        about="01",
    ),
    Quiz(
        "09-q1",
        "You said `RETR AAPL.csv`, and `150 File status okay` came. What do you know?",
        {
            "a": Choice(
                "The file has arrived, and it is whole.",
                "A reply that begins with 1 says *begun*. The data is yet to come.",
            ),
            "b": Choice(
                "The server waits for another command.",
                "That would be a 3, as after USER. Now the data comes.",
            ),
            "c": Choice(
                "Another reply follows the file.",
                "1 means wait: after the data comes 226, or a 4 or 5 if it went wrong.",
            ),
        },
        answer="c",
        objective="09-o1",
    ),
    Quiz(
        "09-q2",
        "`227 Entering passive mode (192,0,2,21,4,1).` Where is the data to be had?",
        {
            "a": Choice("Port 41.", "The numbers are bytes, not digits: the first counts 256 times."),
            "b": Choice("Port 1025.", "4 · 256 + 1. Two bytes of a port, most significant first."),
            "c": Choice("Port 260.", "That is 1 · 256 + 4: the more significant byte comes first."),
        },
        answer="b",
        objective="09-o2",
    ),
    Quiz(
        "09-q3",
        "A nightly backup by FTP reads the data connection to its end, closes the session and reports success. Once a month a file is too short. What is missing?",
        {
            "a": Choice(
                "A longer time-out for the data connection.",
                "Nothing timed out: the data connection ended in an orderly way, only too early.",
            ),
            "b": Choice(
                "A checksum in TCP.",
                "TCP has one, and what arrived arrived unharmed. The server sent no more.",
            ),
            "c": Choice(
                "A look at the reply after the data.",
                "The end of a connection looks the same, whole or not. 226 says whole; 426 and 451 say not.",
            ),
        },
        answer="c",
        objective="09-o1",
    ),
    Quiz(
        "09-q4",
        "A client at home, behind NAT, logs in without trouble. Its first directory listing, in active mode, fails. Why?",
        {
            "a": Choice(
                "The server cannot connect to the client.",
                "Active: the server calls. It refuses the inner address, or calls in vain. Passive mode mends it.",
            ),
            "b": Choice(
                "The control connection is blocked.",
                "It works: the login went over it, and the command too.",
            ),
            "c": Choice(
                "Listings need another password.",
                "The server would say 550, on the control connection, at once.",
            ),
        },
        answer="a",
        objective="09-o2",
    ),
    Quiz(
        "09-q5",
        "Every minute a program uploads `prices.csv`, straight under that name, and another one downloads it. What goes wrong, one day?",
        {
            "a": Choice(
                "The reader takes half a file for a whole one.",
                "Or an empty one: STOR empties the old file first. Upload under another name, then rename.",
            ),
            "b": Choice(
                "Nothing: the server locks the file during the upload.",
                "FTP knows no locks, and most servers set none: you saw the half file.",
            ),
            "c": Choice(
                "The server refuses the download with 450.",
                "It could, and then the reader would know. Most servers hand out what there is.",
            ),
        },
        answer="a",
        objective="09-o3",
    ),
    Quiz(
        "09-q6",
        "You have the first 700,000 bytes of a file. Which commands fetch the rest?",
        {
            "a": Choice(
                "`REST 700000`, then `RETR`.", "The offset counts from 0: 700000 is the first byte you lack."
            ),
            "b": Choice(
                "`REST 700001`, then `RETR`.",
                "The first byte has the number 0, so byte 700000 is missing then.",
            ),
            "c": Choice(
                "`RETR` with `;700000` behind the name.",
                "That would be another name. The offset is a command of its own.",
            ),
        },
        answer="a",
        objective="09-o4",
    ),
    Quiz(
        "09-q7",
        "Which of these survives an upload in `TYPE A` from a program that sends its bytes as they are?",
        {
            "a": Choice(
                "A ZIP archive, since it has checksums.",
                "The checksums will tell that it is damaged. They mend nothing.",
            ),
            "b": Choice(
                "A text with `\\n` ends, to a Linux server.",
                "There is no `\\r\\n` in it to be changed. It survives by luck, which is no plan: say TYPE I.",
            ),
            "c": Choice(
                "A text with `\\r\\n` ends, to a Linux server.",
                "Each `\\r\\n` becomes `\\n`: readable, but with another size and another hash.",
            ),
        },
        answer="b",
        objective="09-o4",
    ),
    Quiz(
        "09-q8",
        "A partner offers “secure FTP” on port 22. What will `ftplib.FTP_TLS` be able to do there?",
        {
            "a": Choice(
                "All of it: port 22 is FTPS.",
                "22 is the port of SSH. FTPS begins on 21, with AUTH TLS, or on 990.",
            ),
            "b": Choice(
                "The login, but not the transfers.",
                "It cannot even read the greeting: SSH is another language.",
            ),
            "c": Choice(
                "Nothing: that is another protocol.",
                "It is SFTP, which runs inside SSH. The greeting would begin with `SSH-2.0`, not with 220.",
            ),
        },
        answer="c",
        objective="09-o5",
    ),
)
