"""The questions of lesson 20, the capstone, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "20-r1",
        "A computer sends a packet to a server on another network. Whose MAC address does it put into the frame?",
        {
            "a": Choice(
                "The server's, which it asks for by ARP.",
                "ARP asks on its own network only; the server would never hear it.",
            ),
            "b": Choice(
                "None: IP packets need no frames.",
                "On Ethernet every packet travels in a frame, from one machine to the next.",
            ),
            "c": Choice(
                "That of its gateway.",
                "From router to router the frame is a new one each time; the IP addresses stay. Today all is on one machine, and still every layer of it is there.",
            ),
        },
        answer="c",
        objective="02-o3",
        about="02",
    ),
    Quiz(
        "20-r2",
        "Ticker hands over a mail, and the mail server answers 450. What should Ticker do?",
        {
            "a": Choice(
                "Try again later.",
                "4xx is “not now”. That is why a notification has a state, a count of attempts and a moment of the next one.",
            ),
            "b": Choice(
                "Give up, and tell the user.",
                "5xx is “never”. After 450 the same mail is often taken some minutes later.",
            ),
            "c": Choice(
                "Count it as sent: the server has it now.",
                "Only with 250 does the server take it over. Until then it is yours.",
            ),
        },
        answer="a",
        objective="10-o1",
        about="10",
    ),
    Quiz(
        "20-r3",
        "`session.execute(text(f\"SELECT * FROM prices WHERE ticker = '{name}'\"))`, with `name` from a visitor. What is wrong?",
        {
            "a": Choice(
                "It is slow: the text is put together each time.",
                "That would be the smallest of its problems.",
            ),
            "b": Choice(
                "A name with a quote in it can change the statement.",
                "It becomes a part of it, and may do what it likes. Values go beside the statement, by name: `:name`. The database never takes them for SQL.",
            ),
            "c": Choice(
                "Nothing, as long as the form has checked the name.",
                "One day another page asks the same, without that form. The place where it must hold is the statement.",
            ),
        },
        answer="b",
        objective="14-o2",
        about="14",
    ),
    Quiz(
        "20-q1",
        "Somebody records the traffic of one arrow of the picture. On which arrow does she read the pages that visitors see?",
        {
            "a": Choice(
                "Between visitors and front.",
                "She sees who, when and how much, and the name in the client hello. The pages are encrypted.",
            ),
            "b": Choice(
                "Between front and site.",
                "TLS ends at the front. Behind it HTTP is in the clear, and that wire must not leave the machine.",
            ),
            "c": Choice(
                "On both: TLS protects only the login.",
                "TLS protects all that passes after the handshake, pages, cookies and all.",
            ),
        },
        answer="b",
        objective="20-o1",
    ),
    Quiz(
        "20-q2",
        "The tape lost the datagram 3. What would have happened without the numbers?",
        {
            "a": Choice(
                "UDP would have sent it again.", "UDP sends once, and never learns what became of it."
            ),
            "b": Choice(
                "The kernel would have reported an error.",
                "To whom? The sender was done, and the listener had asked for nothing.",
            ),
            "c": Choice(
                "Nobody would have noticed the gap.",
                "A price would be missing for ever. A gap can only be seen in something that is counted. UDP for speed, numbers for the gap, TCP for the repair.",
            ),
        },
        answer="c",
        objective="20-o1",
    ),
    Quiz(
        "20-q3",
        "The job `watch` runs twice, five minutes apart, on the same prices. Why does Ada get one mail?",
        {
            "a": Choice(
                "It looks for this news of this day first.",
                "The database remembers that it is written; so it may run as often as it likes, after a crash as well. Idempotent, lesson 15 said.",
            ),
            "b": Choice(
                "The mail server throws the second one away.",
                "It would deliver both: to it they are two mails.",
            ),
            "c": Choice(
                "A variable of the job remembers it.",
                "Until the process is started anew. Then every alert would be raised once more.",
            ),
        },
        answer="a",
        objective="20-o2",
    ),
    Quiz(
        "20-q4",
        "Your file is released to gunicorn, and it has a syntax error. When should that be noticed?",
        {
            "a": Choice(
                "When the first visitor asks for the page.",
                "A file that cannot be loaded takes the whole site with it: all pages, not only the new one.",
            ),
            "b": Choice(
                "When the new workers start; the master then brings the old ones back.",
                "gunicorn has no old ones by then: workers that cannot boot make the master end.",
            ),
            "c": Choice(
                "Before, where the file is loaded for a try.",
                "`release` makes a whole site with it, in the notebook's process. Only what survives that comes to the server. It is better still if your tests have run there, too.",
            ),
        },
        answer="c",
        objective="20-o2",
    ),
    Quiz(
        "20-q5",
        "`ConnectionRefusedError`. What does it tell you?",
        {
            "a": Choice(
                "The server's program has crashed.",
                "It may run well, somewhere else: at another port, or another address.",
            ),
            "b": Choice(
                "Nobody is let in at that port.",
                "Somebody answered for that address, and an RST came: as a rule a machine is there, and nothing listens. (Some firewalls answer so, too.) Whether it is the right machine is the next question, and DNS has the answer.",
            ),
            "c": Choice(
                "A firewall drops the packets without a word.",
                "Then nothing comes back at all, and you wait until a time-out.",
            ),
        },
        answer="b",
        objective="20-o3",
    ),
    Quiz(
        "20-q6",
        "Visitors cannot reach the site. You are on the machine, and all processes run. What do you ask first?",
        {
            "a": Choice(
                "What a visitor meets, step by step.",
                "The name, the port, the certificate, the page, in this order: the first step that fails is where to look, and each takes a second. You have been going this way since lesson 08.",
            ),
            "b": Choice(
                "For a restart of everything.",
                "It may help, and then you know nothing. If it does not, you have lost the state in which it failed.",
            ),
            "c": Choice(
                "What changed in the code this week.",
                "It may be the code. First see how far a visitor comes: then you know whose code, if it is code at all.",
            ),
        },
        answer="a",
        objective="20-o3",
    ),
    Quiz(
        "20-q7",
        "The certificate has expired, and it is Sunday. A colleague says: let our programs not verify it until Monday. What is the price?",
        {
            "a": Choice(
                "None: the traffic is still encrypted.",
                "Encrypted, to whoever answers. Without the check nobody knows who that is.",
            ),
            "b": Choice(
                "Programs are slower without verification.",
                "They would be a little faster. That is not the point.",
            ),
            "c": Choice(
                "Anybody on the way can play the server.",
                "And the line will still be there in a year. A new certificate takes a minute, and the switch is never turned back. Mend the cause, not the alarm.",
            ),
        },
        answer="c",
        objective="20-o4",
    ),
    Quiz(
        "20-q8",
        "A statement is interrupted: over its budget. Which of these is a mend?",
        {
            "a": Choice(
                "A budget ten times as large, until the table has grown.",
                "The table grows. You have bought some weeks, and everybody waits longer meanwhile.",
            ),
            "b": Choice(
                "An index that begins with the column that it asks for.",
                "From every row to a few: the plan says SEARCH instead of SCAN. That is the cause.",
            ),
            "c": Choice(
                "Deleting what is older than a year.",
                "It is fast then, and somebody's history is gone. Keep what you were trusted with.",
            ),
        },
        answer="b",
        objective="20-o4",
    ),
)
