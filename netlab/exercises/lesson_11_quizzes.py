"""The questions of lesson 11, SMS and web APIs, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "11-r1",
        "A mail server answers RCPT with 451. What does a program make of it?",
        {
            "a": Choice("The address does not exist.", "That would be a 5: never. 4 says: not now."),
            "b": Choice(
                "It tries again later.",
                "The first digit says whether it may help. HTTP has that too, and APIs have it a second time, in a code of their own.",
            ),
            "c": Choice("The mail was taken.", "Success begins with 2."),
        },
        answer="b",
        objective="10-o3",
        about="10",
    ),
    Quiz(
        "11-r2",
        "The answer to a POST did not come. May the client simply send it again?",
        {
            "a": Choice(
                "Yes: HTTP/1.1 runs over TCP, so it was lost whole.",
                "Perhaps only the answer was lost, and the work was done.",
            ),
            "b": Choice("Yes: POST is idempotent.", "GET, PUT and DELETE are. Two POSTs make two of it."),
            "c": Choice(
                "No: it may be done twice.",
                "Unless client and server agree on a sign by which the second is known for the first again. This lesson has one.",
            ),
        },
        answer="c",
        objective="07-o2",
        about="07",
    ),
    Quiz(
        "11-r3",
        "A client sends a request over UDP, and again after a timeout. How does the server know that both are the same request?",
        {
            "a": Choice(
                "The client gave it a number, the same in both.",
                "And the server keeps what it answered. Over HTTP that number has a name: idempotency key.",
            ),
            "b": Choice("Both come from the same port.", "So does the next request, which is another one."),
            "c": Choice(
                "It throws doubled datagrams away by itself.", "TCP does that with segments; UDP does not."
            ),
        },
        answer="a",
        objective="05-o4",
        about="05",
    ),
    Quiz(
        "11-q1",
        'A gateway answers `HTTP/1.1 200 OK` and `{"code": 30, "message": "the credit is used up"}`. Was the text sent?',
        {
            "a": Choice(
                "Yes: 200 is success.",
                "The status says that the request was understood; the code says what became of it.",
            ),
            "b": Choice(
                "No.",
                "So `raise_for_status()` is not enough with such an API: it lets this pass. Read its documentation, and look at the code.",
            ),
            "c": Choice(
                "Perhaps: try again and see.", "The same request gets the same answer, until somebody pays."
            ),
        },
        answer="b",
        objective="11-o1",
    ),
    Quiz(
        "11-q2",
        "A text of 160 letters has a typographic apostrophe (’) among them. In how many parts does it travel?",
        {
            "a": Choice(
                "1: it has 160 characters.", "160 fit only if all of them are in GSM-7, and ’ is not."
            ),
            "b": Choice(
                "2: 153 in the first, the rest in the second.",
                "153 are units of 7 bits. One ’ makes all of it UCS-2, with 16.",
            ),
            "c": Choice(
                "3: 67 to a part.",
                "70 if it were alone, 67 as a part of several. An ordinary ' would have left it at one.",
            ),
        },
        answer="c",
        objective="11-o2",
    ),
    Quiz(
        "11-q3",
        "You pushed a notebook to a public repository, and find an API key in one of its outputs. What first?",
        {
            "a": Choice(
                "Clear the output and push again.",
                "The commit before still has it, and so has everybody who fetched it.",
            ),
            "b": Choice(
                "Have the key revoked.",
                "And a new one made. Programs watch public repositories for keys. Only a key that opens nothing is harmless; then clean up.",
            ),
            "c": Choice(
                "Make the repository private.",
                "Whoever fetched it in the meantime has the key; nothing takes it back.",
            ),
        },
        answer="b",
        objective="11-o3",
    ),
    Quiz(
        "11-q4",
        "A POST with an idempotency key timed out. What does the next attempt carry?",
        {
            "a": Choice(
                "A new key: it is a new request.",
                "It is the same message again. With a new key it may be sent twice.",
            ),
            "b": Choice(
                "No key: the first one is used up.",
                "Then nothing connects the two, and the message may be sent twice.",
            ),
            "c": Choice(
                "The same key and the same content.",
                "If the first was done, its answer comes again; if not, it is done now. Another content under the same key is refused.",
            ),
        },
        answer="c",
        objective="11-o4",
    ),
    Quiz(
        "11-q5",
        "After which of these does it help to send the same request again?",
        {
            "a": Choice(
                "401",
                "The key is wrong, and will be wrong again. Some services lock the account after a few.",
            ),
            "b": Choice(
                "429 with `Retry-After: 7`",
                "In seven seconds. `Retry-After` may also be a date (RFC 9110, section 10.2.3).",
            ),
            "c": Choice("HTTP 200 with code 21, no such number", "The number does not get better."),
        },
        answer="b",
        objective="11-o4",
    ),
    Quiz(
        "11-q6",
        "A receiver parses the JSON of a report, writes it with `json.dumps`, and checks the signature of that. What happens?",
        {
            "a": Choice(
                "It works: the data are the same.",
                "The data are, the bytes need not be, and bytes are signed.",
            ),
            "b": Choice(
                "Genuine reports are refused.",
                "Whenever the bytes differ: a blank behind a colon is enough. Keep the content as it came until it is verified.",
            ),
            "c": Choice(
                "Forged reports are accepted.", "The signature would have to fit: it fits nothing at all now."
            ),
        },
        answer="b",
        objective="11-o5",
    ),
    Quiz(
        "11-q7",
        "Somebody persuades the telephone company to put Ada's number on another SIM card. What does a login by SMS code do now?",
        {
            "a": Choice(
                "It lets the thief in, with the password.",
                "The code proves that somebody receives texts to this number at the moment. That is not Ada.",
            ),
            "b": Choice(
                "It fails: the code is bound to Ada's telephone.", "To her number, and a number can move."
            ),
            "c": Choice(
                "It fails: texts are encrypted from end to end.",
                "They are not: gateway, telephone companies and everything between them can read them.",
            ),
        },
        answer="a",
        objective="11-o5",
    ),
    Quiz(
        "11-q8",
        'The answer to POST says `"status": "queued"`. How does Ticker learn that Ada\'s phone has the text?',
        {
            "a": Choice(
                "It knows already: code 0.",
                "Code 0 says that the gateway has taken it. The phone may be switched off for a week.",
            ),
            "b": Choice(
                "It asks `GET /v1/messages/ID` from time to time.",
                "That is simple and mostly in vain. The gateway can also call Ticker: *Reports*, below.",
            ),
            "c": Choice(
                "The phone answers over the TCP connection, which stays open.",
                "There is none: the gateway speaks to the telephone network.",
            ),
        },
        answer="b",
        objective="11-o1",
    ),
)
