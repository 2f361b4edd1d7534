"""The questions of lesson 08, a visit of a website, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "08-r1",
        "A program calls `getaddrinfo` for a name. Somebody else sends a DNS query for it. Must both get the same address?",
        {
            "a": Choice("Yes: a name has one address at a time.", "It may have many, and the hosts file may say something else."),
            "b": Choice("Yes: `getaddrinfo` sends that query.", "Only if hosts file and caches have no answer."),
            "c": Choice(
                "No: the system has other sources too.",
                "It may answer from its hosts file or from a cache. And so this lesson asks its own name server: the system knows nothing of Ticker.",
            ),
        },
        answer="c",
        objective="06-o5",
        about="06",
    ),
    Quiz(
        "08-r2",
        "A TCP connection is opened. How often does something travel from one side to the other before the client may send its first byte of data?",
        {
            "a": Choice("Once: the SYN.", "The SYN has to be answered first: only then does the client know that somebody is there."),
            "b": Choice(
                "Twice: SYN there, SYN and ACK back.",
                "The client's data may follow at once. One round trip, that is the price of a connection. You will measure it, and see how to pay it less often.",
            ),
            "c": Choice("Four times: each side sends two segments.", "Four segments usually close a connection: a FIN and an ACK from each side."),
        },
        answer="b",
        objective="03-o1",
        about="03",
    ),
    Quiz(
        "08-r3",
        "A style sheet came with `Cache-Control: max-age=86400`. An hour later the page is opened again. What is sent for the style sheet?",
        {
            "a": Choice("Nothing.", "86,400 seconds are a day. Until then it is fresh, and nobody is asked."),
            "b": Choice("A GET with `If-None-Match`.", "That comes when it is stale. It still is fresh."),
            "c": Choice("A GET as the first time.", "Then there would be no point in keeping it."),
        },
        answer="a",
        objective="07-o3",
        about="07",
    ),
    Quiz(
        "08-q1",
        "You enter `https://www.ticker.example/quotes/AAPL?days=5#chart`. What of it does the server learn?",
        {
            "a": Choice("All of it.", "The fragment, `#chart`, stays in the browser: it only says where to scroll to."),
            "b": Choice(
                "Its host, its path and its query.",
                "`/quotes/AAPL?days=5` stands in the request line, `www.ticker.example` in the field Host. The scheme told the browser how to speak; the fragment it keeps for itself.",
            ),
            "c": Choice("`/quotes/AAPL` only: the rest is for the browser.", "The query belongs to what is asked for. It is in the request line."),
        },
        answer="b",
        objective="08-o1",
    ),
    Quiz(
        "08-q2",
        "Somebody in the same café records all of your packets while you visit `https://www.ticker.example/account`. What can they read?",
        {
            "a": Choice(
                "The name of the host, the addresses, when, and how much.",
                "DNS asks in clear, TLS says the name in its first message, and IP addresses have to be on each packet. Page, path, cookies and password are encrypted.",
            ),
            "b": Choice("Nothing at all: all of it is encrypted.", "TLS hides what is said, not with whom."),
            "c": Choice("The host and the path `/account`, but not what is on the page.", "The path stands in the request, and all of the request is encrypted."),
        },
        answer="a",
        objective="08-o1",
    ),
    Quiz(
        "08-q3",
        "A page has one style sheet, two pictures of the same file, and a link to another page. How many requests does its first visit cost?",
        {
            "a": Choice("One.", "It is one page, but the HTML only says what else is needed. Each thing is a request of its own."),
            "b": Choice("Three.", "The page, the style sheet, the picture, which is needed twice and fetched once. The link waits for a click."),
            "c": Choice("Five.", "The same picture is fetched once, and a link is not fetched at all."),
        },
        answer="b",
        objective="08-o1",
    ),
    Quiz(
        "08-q4",
        "A round trip takes 100 ms, the server's program no time. How long until the first byte of an https page, with nothing kept, TLS 1.3, and a name server at the same distance?",
        {
            "a": Choice("100 ms.", "That is what the request alone takes. First you need an address, a connection, and keys."),
            "b": Choice("200 ms.", "DNS, TCP, TLS and the request: one round trip each."),
            "c": Choice(
                "400 ms.",
                "DNS, TCP, TLS, request: four round trips. No faster line shortens them; only fewer of them, or a server nearby.",
            ),
        },
        answer="c",
        objective="08-o2",
    ),
    Quiz(
        "08-q5",
        "The second visit, ten seconds later. The page itself was asked for again, and answered with `304`. Why is the visit faster all the same?",
        {
            "a": Choice(
                "No handshakes, and no content.",
                "No DNS, no TCP, no TLS: the handshakes are the greater part of a small page. What is fresh, such as the style sheet, saves its request too.",
            ),
            "b": Choice("It is not faster then.", "It is: address, connection and keys are there already, and a 304 has no content."),
            "c": Choice("The server keeps the page ready for you.", "The server may know nothing of you. It is the client that keeps things."),
        },
        answer="a",
        objective="08-o3",
    ),
    Quiz(
        "08-q6",
        "A crawler gets 503 for `/robots.txt`. What may it fetch?",
        {
            "a": Choice("Everything: there are no rules.", "That would be 404. Here there may be rules which nobody can read now."),
            "b": Choice("Nothing, until the rules can be read.", "RFC 9309, section 2.3.1.4: who cannot be reached is assumed to forbid everything."),
            "c": Choice("The front page.", "Not even that. Perhaps the server is down because of too many crawlers."),
        },
        answer="b",
        objective="08-o4",
    ),
    Quiz(
        "08-q7",
        "Your crawler has visited 3,000 pages of a small shop, all of them different, and finds new ones all the time. What is likely?",
        {
            "a": Choice("The shop is larger than it looks.", "Perhaps. But look at the addresses first: calendars, sessions and filters make them without end."),
            "b": Choice("It forgets what it has seen.", "Then the pages would come again; these are all different."),
            "c": Choice(
                "It is in a trap: addresses made up without end.",
                "Such as a calendar's next month. No set of seen addresses helps there. A limit does, and to visit the near pages first.",
            ),
        },
        answer="c",
        objective="08-o4",
    ),
    Quiz(
        "08-q8",
        "100 pages, each of which the server takes 50 ms for. One at a time costs 5 s. How long with ten at a time, if the server has the means?",
        {
            "a": Choice("50 ms.", "That would be all hundred at once, and the end of many a server."),
            "b": Choice("5 s: Python runs one thing at a time.", "While it waits, it runs nothing at all: waiting is what overlaps."),
            "c": Choice("About half a second.", "Ten rounds of 50 ms. That holds while waiting is the greater part; when one side is busy, more at a time gains nothing."),
        },
        answer="c",
        objective="08-o5",
    ),
)  # fmt: skip
