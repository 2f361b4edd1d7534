"""The questions of lesson 12, encryption, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "12-r1",
        "Frames of 20 to 60 bytes are sent over TCP, one after the other. How does the receiver know where each ends?",
        {
            "a": Choice("Each `recv` returns one frame.", "A stream knows nothing of your frames: a read may bring half of one, or three."),
            "b": Choice(
                "By a length in front of each.",
                "Or by an end mark that cannot occur inside. Encrypted bytes can hold any value, so today it is lengths.",
            ),
            "c": Choice("Each frame is one TCP segment.", "The kernel cuts segments as it likes, and joins what waits together."),
        },
        answer="b",
        objective="03-o2",
        about="03",
    ),
    Quiz(
        "12-r2",
        "A login form is sent with POST, over HTTP. Where does somebody on the way find the password?",
        {
            "a": Choice("In the content, in the clear.", "POST only moves it from the address line into the content. Today you see what hides it."),
            "b": Choice("Nowhere: POST hides what is in a form.", "It hides it from the history and from most logs, but not from the wire."),
            "c": Choice("In the cookie.", "The cookie comes later, and holds a session key. It can be read on the way as well."),
        },
        answer="a",
        objective="07-o4",
        about="07",
    ),
    Quiz(
        "12-r3",
        "An FTP client has said `AUTH TLS` and logged in, but not `PROT P`. What can be read on the way?",
        {
            "a": Choice("Nothing: TLS is on.", "It is on for the control connection. Each connection has its own protection."),
            "b": Choice("The password.", "The login went over the control connection, behind AUTH TLS."),
            "c": Choice("The files.", "The data connections are in the clear until PROT P. What TLS protects is a connection, not a session of yours."),
        },
        answer="c",
        objective="09-o5",
        about="09",
    ),
    Quiz(
        "12-q1",
        "Broker and bank share a key. Each order carries an HMAC made with it. An order turns up that both deny having written; its tag is right. Who can prove what to a court?",
        {
            "a": Choice("The broker proves that the bank wrote it.", "The broker has the same key, and could have made that tag as well."),
            "b": Choice(
                "Nobody: both could have made the tag.",
                "An HMAC convinces the two who have the key, and nobody else. A signature is made by one, and checked by all.",
            ),
            "c": Choice("The tag shows which of them computed it.", "It is the same number, whoever computes it."),
        },
        answer="b",
        objective="12-o1",
    ),
    Quiz(
        "12-q2",
        "A program encrypts with AES-CTR under a key of 256 bits, kept in a safe. The first eight bytes of the nonce count its messages, the last eight are left to count blocks. After each restart it counts messages from 0 again. What is broken?",
        {
            "a": Choice("Nothing: the key is secret, long, and in a safe.", "The key is not needed: XOR of two texts under one nonce is all that an eavesdropper wants."),
            "b": Choice("The nonce: everybody can guess it.", "All the world may know it. It may only not come twice under one key."),
            "c": Choice(
                "After a restart, old nonces come again.",
                "Under the same key they give the same keystream. The count itself is good, as long as the key never outlives it: make a new key for each run. With GCM, which comes next, it is worse: the tags fall too.",
            ),
        },
        answer="c",
        objective="12-o2",
    ),
    Quiz(
        "12-q3",
        "You decrypt a message with AES-GCM, and get `InvalidTag`. What do you do?",
        {
            "a": Choice(
                "Throw it away, and say only that it was refused.",
                "Wrong key, wrong nonce, a changed byte: nobody can tell, and nobody should be told.",
            ),
            "b": Choice("Decrypt it without the tag, to see what was meant.", "Then the sender of that message is whoever changed it. You would read *their* text."),
            "c": Choice("Take it, if the text looks sensible.", "930.47 looks as sensible as 430.47. And GCM gives you no text at all."),
        },
        answer="a",
        objective="12-o2",
    ),
    Quiz(
        "12-q4",
        "Each command to a door, `open` or `shut`, is encrypted with AES-GCM and a random nonce. A thief without the key records one evening. Can they open the door?",
        {
            "a": Choice("No: they cannot read which command is which.", "They can see when the door opened. And even without that, they try each."),
            "b": Choice("No: GCM would raise InvalidTag.", "The old command is genuine, every byte of it. The tag fits."),
            "c": Choice(
                "Yes: they send the recorded command again.",
                "A replay. Each command needs something that is never right twice: a number that the door has not seen.",
            ),
        },
        answer="c",
        objective="12-o2",
    ),
    Quiz(
        "12-q5",
        "Ada and Bob made a key with X25519, over a wire that Mallory controls. What do they know now?",
        {
            "a": Choice("That only the two of them have the key.", "Each of them has a key with *somebody*. It may be Mallory, twice."),
            "b": Choice(
                "That nobody who only listened has it.",
                "That much is sure. Against somebody who changes what passes, one side at least must sign its public key.",
            ),
            "c": Choice("That the wire was not changed.", "Nothing in the exchange shows that. The public keys themselves may have been replaced."),
        },
        answer="b",
        objective="12-o1",
    ),
    Quiz(
        "12-q6",
        "Your client connects to `quotes.example`. The certificate is of a CA that it trusts, valid today, and for `*.thief.example`. What now?",
        {
            "a": Choice("Refuse: the name is another one.", "The owner of thief.example got it rightly, and is now where quotes.example should be. Chain and dates do not say *for whom*."),
            "b": Choice("Accept: chain and dates are good.", "So is the chain of every site in the world. The name is what makes it *this* one."),
            "c": Choice("Accept, and log a warning.", "The password is gone before anybody reads the log."),
        },
        answer="a",
        objective="12-o4",
    ),
    Quiz(
        "12-q7",
        "You read `quotes.example/api/quotes/AAPL` over HTTPS, TLS 1.3. What does the operator of the WLAN see?",
        {
            "a": Choice("Nothing at all: everything is encrypted.", "Packets have addresses, sizes and times; and the hello holds the server's name, unless both sides can do ECH."),
            "b": Choice(
                "Address and name, when, and how much.",
                "The server's, that is. Not the path, not the quote, not the certificate. But sizes can give away a lot.",
            ),
            "c": Choice("The URL, but not the content behind it.", "The path stands in the request, and that is encrypted. Of the URL they see the host name."),
        },
        answer="b",
        objective="12-o5",
    ),
    Quiz(
        "12-q8",
        "For mTLS, each client of an exchange gets a certificate. Which of these must the client never send?",
        {
            "a": Choice("Its certificate.", "A certificate is public: name, public key, the CA's signature. It is sent each time."),
            "b": Choice("A signature over the handshake.", "That is the proof that it has the private key; it is sent, and is good for this handshake only."),
            "c": Choice("Its private key.", "It stays where it was made. Even the CA needs only the public one to issue the certificate."),
        },
        answer="c",
        objective="12-o3",
    ),
)  # fmt: skip
