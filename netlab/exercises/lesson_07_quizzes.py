"""The questions of lesson 07, HTTP, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "07-r1",
        "A server sends `AAPL 430.47\\n` with one `sendall`. What does one `recv(1024)` of the client return?",
        {
            "a": Choice(
                "Just that line, since it was sent as one.",
                "It may, and mostly does on loopback. TCP does not promise it.",
            ),
            "b": Choice(
                "Some first part of the stream.",
                "The line, a piece of it, or the line and more after it. TCP carries bytes, not messages. So a protocol has to say where a message ends, and HTTP says it in three ways.",
            ),
            "c": Choice(
                "1024 bytes.",
                "1024 is the most that it returns, not what it waits for.",
            ),
        },
        answer="b",
        objective="03-o2",
        about="03",
    ),
    Quiz(
        "07-r2",
        "A request was sent over UDP and no answer came. Which request may be sent again without a thought?",
        {
            "a": Choice(
                "Any: without an answer, it was not carried out.",
                "Perhaps only the answer was lost. Then the request would be carried out twice.",
            ),
            "b": Choice(
                "None: it might arrive twice.",
                "It might, and that need not matter: reading a price twice harms nobody.",
            ),
            "c": Choice(
                "One that does no harm twice.",
                "Idempotent was the word. HTTP has it too, and says for each method whether it is.",
            ),
        },
        answer="c",
        objective="05-o4",
        about="05",
    ),
    Quiz(
        "07-r3",
        "The record of `www.ticker.example` has a TTL of 300, and was looked up 299 seconds ago. Its address changed a minute ago. What does a cache say?",
        {
            "a": Choice(
                "The old address.",
                "For one second more. Web caches work alike, but they may also ask *has it changed?*, as you will see.",
            ),
            "b": Choice("The new address.", "Nobody tells a cache. It finds out when it asks again."),
            "c": Choice("That there is none.", "The record has not run out yet, so it is used."),
        },
        answer="a",
        objective="06-o4",
        about="06",
    ),
    Quiz(
        "07-q1",
        "How does a server know that a GET request is complete?",
        {
            "a": Choice(
                "The client closes the connection.",
                "Then a connection would be good for one request only. In HTTP/1.1 it stays open.",
            ),
            "b": Choice(
                "The datagram ends.", "HTTP/1.1 runs over TCP, a stream of bytes without datagrams in it."
            ),
            "c": Choice(
                "An empty line comes.",
                "It ends the header; a GET has no content, so that is all. Forget it, and both sides wait for each other.",
            ),
        },
        answer="c",
        objective="07-o1",
    ),
    Quiz(
        "07-q2",
        "How many bytes of content has this response?",
        {
            "a": Choice(
                "23: two lines, of 12 and 11 bytes.",
                "`c` and `b` are the sizes, in hex. They, the line ends after the chunks and the `0` are not content.",
            ),
            "b": Choice(
                "38: all that follows the empty line.",
                "Sizes and line ends belong to the transfer, not to the content.",
            ),
            "c": Choice(
                "12: the first line. The second one is another response.",
                "A response goes on until a chunk of size 0 comes.",
            ),
        },
        answer="a",
        objective="07-o1",
        code="Transfer-Encoding: chunked\\r\\n\n\\r\\n\nc\\r\\n\nAAPL 430.47\\n\n\\r\\n\nb\\r\\n\nIBM 202.91\\n\n\\r\\n\n0\\r\\n\n\\r\\n",
    ),
    Quiz(
        "07-q3",
        "A client sent `DELETE /alerts/7`, and the connection broke before an answer came. May it simply send it again?",
        {
            "a": Choice(
                "No: DELETE changes something.",
                "It is not safe, true. But to delete twice leaves the same as once.",
            ),
            "b": Choice(
                "Yes: DELETE is idempotent.",
                "The second answer may be 404 instead of 204, and yet the server is in the same state.",
            ),
            "c": Choice(
                "Yes: DELETE is safe.", "Safe means that no change is asked for. A DELETE asks for one."
            ),
        },
        answer="b",
        objective="07-o2",
    ),
    Quiz(
        "07-q4",
        "A form was sent to a path that exists, but the password in it was wrong. Which class of status tells a program what happened?",
        {
            "a": Choice(
                "2xx: the path exists, and the server understood.",
                "Then programs would take it for a success, and caches too.",
            ),
            "b": Choice(
                "5xx: it failed.",
                "5xx says that the server failed, and that the same request may work later.",
            ),
            "c": Choice(
                "4xx: the client has to change something.",
                "403, or 401 with a way to log in. (Many login pages show the form again with 200: people see it, programs do not.)",
            ),
        },
        answer="c",
        objective="07-o2",
    ),
    Quiz(
        "07-q5",
        "A client sends `Accept: application/json` and gets HTML, with status 200. What happened?",
        {
            "a": Choice(
                "A bug in HTTP: that is impossible.",
                "Accept is a wish. The server may answer with what it has.",
            ),
            "b": Choice(
                "The server did not negotiate.",
                "It says in `Content-Type` what it sent; it could also have answered 406. So look at Content-Type before you read the content.",
            ),
            "c": Choice(
                "The client has to send `Content-Type: application/json`.",
                "That field describes the content that is sent *with* it. A GET has none.",
            ),
        },
        answer="b",
        objective="07-o3",
    ),
    Quiz(
        "07-q6",
        "A cache has a page with `Cache-Control: no-cache` and an ETag. Somebody asks for it again. What does the cache do?",
        {
            "a": Choice(
                "It asks the server with `If-None-Match`.",
                "And it uses its copy after a 304. Kept, but never used unasked: if the page has not changed, a few bytes are all.",
            ),
            "b": Choice(
                "It has not kept it, and fetches it whole.",
                "That is `no-store`. The names are easily mixed up.",
            ),
            "c": Choice(
                "It gives its copy at once.",
                "It would, with `max-age`. `no-cache` wants to be asked each time.",
            ),
        },
        answer="a",
        objective="07-o3",
    ),
    Quiz(
        "07-q7",
        "After `POST /login` the server answers 303 with `Location: /account` and a cookie. What does a browser send next?",
        {
            "a": Choice(
                "`POST /account` with the form again.",
                "That would be 307 or 308, which keep the method. 303 says: look there with GET.",
            ),
            "b": Choice(
                "`GET /account` with the password.",
                "The password went once. From now on the cookie says who it is.",
            ),
            "c": Choice(
                "`GET /account` with the cookie.",
                "And so a reload of that page does not send the form once more.",
            ),
        },
        answer="c",
        objective="07-o4",
    ),
    Quiz(
        "07-q8",
        "`requests.get(url)` without `timeout`: the server accepts the connection, and says nothing. How long does the call take?",
        {
            "a": Choice(
                "For ever.",
                "So each call in a program gets `timeout=`, and an answer to the question: what then?",
            ),
            "b": Choice(
                "30 seconds, the default.", "There is no default: requests waits as long as the socket does."
            ),
            "c": Choice(
                "Until the server's TTL runs out.", "A TTL belongs to packets and DNS records, not to a wait."
            ),
        },
        answer="a",
        objective="07-o4",
    ),
    Quiz(
        "07-q10",
        "Three responses take turns in one HTTP/2 connection. A packet with a piece of the first is lost. What becomes of the pieces of the other two that come after it?",
        {
            "a": Choice(
                "They are read at once: each stream counts for itself.",
                "So it is with QUIC. TCP sees no streams, only bytes in their order.",
            ),
            "b": Choice(
                "They are thrown away, and sent again.",
                "TCP keeps what has arrived; only the lost piece is sent again.",
            ),
            "c": Choice(
                "They wait until the lost piece has come.",
                "One loss holds up all of them: that is why HTTP/3 does without TCP.",
            ),
        },
        answer="c",
        objective="07-o3",
    ),
    Quiz(
        "07-q9",
        "A server answers HEAD with the content after the header, as for GET. What does its client take the content for?",
        {
            "a": Choice(
                "The content: no harm done.",
                "A response to HEAD ends with its empty line, so nobody is there to read the content.",
            ),
            "b": Choice(
                "The beginning of the next response.",
                "And that one is no response, so the connection is lost. Where two sides disagree about an end, all that follows is wrong.",
            ),
            "c": Choice("A second HEAD.", "Requests go the other way."),
        },
        answer="b",
        objective="07-o5",
    ),
)
