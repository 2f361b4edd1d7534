"""The questions of lesson 06, names and addresses, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "06-r1",
        "A question went out over UDP, and no answer has come for two seconds. What do you know?",
        {
            "a": Choice(
                "The server is down.",
                "It may be down. So may the cable, or the answer was lost on its way.",
            ),
            "b": Choice(
                "The question was lost, since UDP repeats nothing.",
                "Perhaps. Or it arrived, and the answer was lost: you cannot tell.",
            ),
            "c": Choice(
                "Nothing for sure: it may have many causes.",
                "So a client asks again, if asking twice does no harm, and gives up at some time.",
            ),
        },
        answer="c",
        objective="05-o4",
        about="05",
    ),
    Quiz(
        "06-r2",
        "A chat server holds 5,000 connections, most of them silent. Which kind of server is that a case for?",
        {
            "a": Choice(
                "A thread for each connection.",
                "5,000 threads that wait are dear, compared with the alternative.",
            ),
            "b": Choice("A pool of 16 threads.", "The first 16 silent clients would fill it for hours."),
            "c": Choice(
                "An event loop, such as asyncio.",
                "Waiting costs next to nothing there: a coroutine and an entry in the kernel's list.",
            ),
        },
        answer="c",
        objective="04-o5",
        about="04",
    ),
    Quiz(
        "06-r3",
        "Ada knows an IP address on her own network and needs the MAC address. Whom does she ask?",
        {
            "a": Choice(
                "The router, which keeps a list.",
                "The router keeps no list for others: ARP asks all, and the owner answers.",
            ),
            "b": Choice(
                "Everybody on the link, by ARP.",
                "ARP finds an address by asking all. Names are found in another way, as you will see.",
            ),
            "c": Choice(
                "A DNS server.", "DNS knows names and IP addresses; of MAC addresses it knows nothing."
            ),
        },
        answer="b",
        objective="02-o2",
        about="02",
    ),
    Quiz(
        "06-q1",
        "How does `www.example` look in a DNS message?",
        {
            "a": Choice(
                "`3 www 7 example 0`",
                "Each label stands behind its length. The zero is the label of the root, which has no letters.",
            ),
            "b": Choice(
                "`www.example` and a zero",
                "There are no dots on the wire: each label has its length in front.",
            ),
            "c": Choice(
                "`11 www.example`",
                "Each label has a length of its own, and a zero ends the name.",
            ),
        },
        answer="a",
        objective="06-o1",
    ),
    Quiz(
        "06-q2",
        "In an answer the bytes `c0 0c` stand where a name is expected. What do they say?",
        {
            "a": Choice(
                "A label of 192 letters follows.",
                "A label has 63 letters at most. The two highest bits, both 1, mark a pointer.",
            ),
            "b": Choice(
                "The name stands at byte 12.",
                "It is a pointer, counted from the first byte of the message. Byte 12 is where the question begins, right after the header: the name most often repeated.",
            ),
            "c": Choice(
                "Go on 12 bytes further.",
                "Pointers count from the beginning of the message, and lead back.",
            ),
        },
        answer="b",
        objective="06-o1",
    ),
    Quiz(
        "06-q3",
        "A host has no IPv6 address. What does its name server answer to a question for AAAA?",
        {
            "a": Choice(
                "NXDOMAIN.",
                "That would say: the name does not exist, with any type. It does exist.",
            ),
            "b": Choice(
                "NOERROR, and the IPv4 address.",
                "A server answers what was asked, or says that there is none.",
            ),
            "c": Choice(
                "NOERROR, and no answer.",
                "That is called NODATA: the name is there, only a record of this type is not. The SOA in the answer says how long that holds.",
            ),
        },
        answer="c",
        objective="06-o2",
    ),
    Quiz(
        "06-q4",
        "What does a root server answer to a question for `www.ticker.example`?",
        {
            "a": Choice(
                "Its address.",
                "The root knows the top-level names only; it could not hold all names of the world.",
            ),
            "b": Choice(
                "The name servers of `example`.",
                "A referral, with their addresses: each level knows the next one, and the resolver goes on there.",
            ),
            "c": Choice(
                "It asks the others and passes the answer on.",
                "Root servers do not recurse: for that the resolver is there, near the client.",
            ),
        },
        answer="b",
        objective="06-o3",
    ),
    Quiz(
        "06-q5",
        "An address changes at noon, in all servers of its zone. Its record had a TTL of 3,600 seconds, and all caches keep to it. When do all clients know the new one?",
        {
            "a": Choice(
                "At one o'clock at the latest.",
                "Whoever asked shortly before noon may keep the old one for an hour. Lower the TTL the day before.",
            ),
            "b": Choice(
                "At noon: DNS tells them.",
                "DNS tells nobody anything. It answers when it is asked.",
            ),
            "c": Choice(
                "After 24 to 48 hours: it has to spread first.",
                "Nothing spreads. Old answers are kept as long as their TTL says.",
            ),
        },
        answer="a",
        objective="06-o4",
    ),
    Quiz(
        "06-q6",
        "What does `getaddrinfo` do with a name?",
        {
            "a": Choice(
                "It sends a DNS query for it, and waits for the answer.",
                "Perhaps, and perhaps not: the hosts file and caches come first.",
            ),
            "b": Choice(
                "It connects to the name.",
                "It finds addresses only; `connect` comes after it.",
            ),
            "c": Choice(
                "It asks the system for addresses.",
                "The system may look into its hosts file, a cache, DNS and others. Which of them the answer came from is not told.",
            ),
        },
        answer="c",
        objective="06-o5",
    ),
    Quiz(
        "06-q7",
        "DNSSEC and encrypted DNS (DoT, DoH): what does each of them protect?",
        {
            "a": Choice(
                "Both hide from others what you ask, each in its own way.",
                "DNSSEC hides nothing: it signs, and all can read it.",
            ),
            "b": Choice(
                "DNSSEC guards the data, DoT and DoH the way to the resolver.",
                "DNSSEC proves that an answer is the zone's own. With DoT and DoH nobody on the way reads or changes it. They complement each other.",
            ),
            "c": Choice(
                "DNSSEC encrypts between servers, DoH between browser and server.",
                "DNSSEC signs records once, for whoever reads them, and encrypts nothing.",
            ),
        },
        answer="b",
        objective="06-o5",
    ),
)
