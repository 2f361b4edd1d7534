"""The questions of lesson 10, e-mail, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "10-r1",
        "Where does a mail server find out which machine takes the mail for `customer.example`?",
        {
            "a": Choice(
                "In the A record of `customer.example`.",
                "Only if there is no record of its own for mail; usually that is the web server.",
            ),
            "b": Choice(
                "In the MX records of `customer.example`.",
                "They name the machines, the lowest number first; for each its address is asked then.",
            ),
            "c": Choice(
                "In the PTR record of the recipient's address.",
                "A mail address is no IP address: PTR leads from one of those to a name.",
            ),
        },
        answer="b",
        objective="06-o2",
        about="06",
    ),
    Quiz(
        "10-r2",
        "TCP delivers a stream without messages. By what does a receiver know that a message is complete?",
        {
            "a": Choice(
                "By the end of `recv`: one `recv` is one message.",
                "A read may bring half a message, or three.",
            ),
            "b": Choice(
                "By a pause: nothing comes for a while.",
                "A slow network makes pauses in the middle, a fast one none between two messages.",
            ),
            "c": Choice(
                "By a mark at its end, or by a length in front of it.",
                "SMTP marks the end of a line, and the end of a mail; IMAP uses lengths as well.",
            ),
        },
        answer="c",
        objective="03-o2",
        about="03",
    ),
    Quiz(
        "10-r3",
        "You have sent a request, and the answer does not come. You send the request again. What may happen?",
        {
            "a": Choice(
                "It is carried out twice, if only the answer was lost.",
                "So it is with mail: if the server's 250 is lost, the mail may arrive twice.",
            ),
            "b": Choice(
                "Nothing bad: the server notices the repetition by itself.",
                "Only if request and server were built for that, with a number, say.",
            ),
            "c": Choice(
                "The second one is refused.", "A server that does not know the first one takes the second."
            ),
        },
        answer="a",
        objective="05-o4",
        about="05",
    ),
    Quiz(
        "10-q1",
        "The envelope says `RCPT TO:<bob@customer.example>`, the header says `To: carol@customer.example`. Who gets the mail?",
        {
            "a": Choice(
                "Carol.",
                "The header is text inside the mail: a server delivers by the envelope, as a postman does.",
            ),
            "b": Choice("Bob.", "RCPT decides. So Bcc works, and mailing lists, and forwarding."),
            "c": Choice(
                "Nobody: the server compares the two and refuses.",
                "It does not compare them: they differ in every mail with a Bcc.",
            ),
            "d": Choice(
                "Both.",
                "To in the header addresses nobody; the program that sends takes the envelope from it, if it likes.",
            ),
        },
        answer="b",
        objective="10-o1",
    ),
    Quiz(
        "10-q2",
        "A mail has plain text and HTML as `multipart/alternative`. Which part should stand last?",
        {
            "a": Choice(
                "The HTML, as the better one.",
                "The last alternative is the best one: RFC 2046, section 5.1.4, orders them by increasing faithfulness to the original.",
            ),
            "b": Choice(
                "The plain text, as it is the simplest.",
                "Programs show the *last* part that they can: everybody would see plain text only.",
            ),
            "c": Choice("It does not matter.", "It does: the order says which of them is preferred."),
        },
        answer="a",
        objective="10-o2",
    ),
    Quiz(
        "10-q3",
        "`AUTH PLAIN AGFkYUB0…` has gone over a connection without TLS. Who knows the password now?",
        {
            "a": Choice(
                "Only the server: it is encrypted by base64.",
                "Base64 has no key. It writes bytes in letters, and anybody can read them back.",
            ),
            "b": Choice(
                "Nobody: the server gets a hash.",
                "PLAIN sends the password itself. There are mechanisms that do not; here TLS has to protect it.",
            ),
            "c": Choice(
                "Everybody on the way.", "Hence: TLS first, AUTH after it; and a program that insists on it."
            ),
        },
        answer="c",
        objective="10-o3",
    ),
    Quiz(
        "10-q4",
        "`sendmail(sender, [ada, zoe], mail)` returns `{zoe: (550, …)}`, without an exception. What has happened?",
        {
            "a": Choice(
                "Ada has it, Zoe has not.",
                "Only if *all* are refused, `sendmail` raises. So look at what it returns.",
            ),
            "b": Choice(
                "Nobody got it: a mail goes to all or to none.",
                "Each RCPT has an answer of its own; the mail went to those who were accepted.",
            ),
            "c": Choice("Both have it; 550 is a warning.", "5.. is a refusal, for good."),
        },
        answer="a",
        objective="10-o3",
    ),
    Quiz(
        "10-q5",
        "A server answers RCPT with `450 4.2.0 try again later`. What does a good program do?",
        {
            "a": Choice(
                "It tells its user that the address is wrong.",
                "4.. says nothing about the address: not now, that is all. 550 would.",
            ),
            "b": Choice(
                "It tries at once, until it works.",
                "“Later” means minutes. Whoever hammers is soon refused altogether.",
            ),
            "c": Choice(
                "It keeps the mail and tries later, a few times.",
                "Servers do so for some days, with growing pauses. Greylisting relies on it: spammers seldom come back.",
            ),
        },
        answer="c",
        objective="10-o3",
    ),
    Quiz(
        "10-q6",
        "A POP3 client has said `DELE 1`, and then the connection breaks. Is the mail gone?",
        {
            "a": Choice("Yes: DELE was answered with `+OK`.", "It was only marked. Marks count at QUIT."),
            "b": Choice(
                "No: deletion happens at QUIT.",
                "So a client that could not store a mail in the end does not lose it.",
            ),
            "c": Choice(
                "It depends on how far the server was.",
                "RFC 1939 leaves no doubt: without QUIT no mail is removed.",
            ),
        },
        answer="b",
        objective="10-o4",
    ),
    Quiz(
        "10-q7",
        "By IMAP you have found the mails number 1, 2 and 3, and delete them one by one, each with EXPUNGE. What goes wrong?",
        {
            "a": Choice(
                "Nothing: each number is used only once.",
                "After the first EXPUNGE the old number 2 is number 1: the next deletion hits the old number 3.",
            ),
            "b": Choice(
                "The server refuses a second EXPUNGE.",
                "It does as it is told, with other mails than you mean.",
            ),
            "c": Choice(
                "The numbers move up each time.",
                "Take UIDs, which stay, or mark all of them first and expunge once.",
            ),
        },
        answer="c",
        objective="10-o4",
    ),
    Quiz(
        "10-q8",
        "A mail claims `From: alerts@ticker.example`. Its envelope's sender is `x@evil.example`, and SPF says pass. What is proved?",
        {
            "a": Choice(
                "Its server may send for evil.example.",
                "SPF checks the envelope's domain. Only DMARC asks whether that fits the `From:` that people see.",
            ),
            "b": Choice(
                "The mail is from Ticker.",
                "SPF never looked at `From:`. It passed for evil.example, whose owner may allow any address.",
            ),
            "c": Choice("The text has not been changed on its way.", "That would be DKIM, which signs it."),
        },
        answer="a",
        objective="10-o5",
    ),
    Quiz(
        "10-q9",
        "A mailing list forwards a mail of Ticker's unchanged, envelope's sender included. SPF fails, since the list's server is not Ticker's. What still can save it under DMARC?",
        {
            "a": Choice(
                "The header `From:`, which still says ticker.example.",
                "That is what is in doubt: anybody can write it.",
            ),
            "b": Choice(
                "A valid DKIM signature of ticker.example.",
                "It travels with the mail. DMARC needs one of the two, with the domain of `From:`.",
            ),
            "c": Choice("Nothing: SPF has failed.", "DMARC asks for SPF *or* DKIM, not for both."),
        },
        answer="b",
        objective="10-o5",
    ),
)
