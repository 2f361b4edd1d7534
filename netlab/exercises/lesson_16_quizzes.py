"""The questions of lesson 16, web security, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "16-r1",
        "A password is kept as SHA-256 of itself. What is missing?",
        {
            "a": Choice(
                "Nothing: SHA-256 cannot be turned round.",
                "Nobody turns it round. A thief hashes guesses, and compares.",
            ),
            "b": Choice(
                "A salt, and above all slowness.",
                "A salt makes each hash one of its own; slowness makes each guess dear. SHA-256 has neither.",
            ),
            "c": Choice(
                "Encryption around it, by a strong key.",
                "Then the key lies on the same server, and who steals the one steals the other.",
            ),
        },
        answer="b",
        objective="12-o1",
        about="12",
    ),
    Quiz(
        "16-r2",
        "In Flask, what does `@login_required` above a view that shows alert number 7 say about alert number 7?",
        {
            "a": Choice(
                "Nothing: it says that somebody is logged in.", "Whose the alert is, the query has to ask."
            ),
            "b": Choice(
                "That it is the visitor's own: others are sent away.",
                "The decorator has never heard of alerts.",
            ),
            "c": Choice("That it exists: otherwise the answer is 404.", "It runs before the view looks."),
        },
        answer="a",
        objective="14-o4",
        about="14",
    ),
    Quiz(
        "16-r3",
        "A server answers with `Set-Cookie: id=42; Path=/`. When does the browser send it back?",
        {
            "a": Choice(
                "Once, with the next request to that host.",
                "A cookie stays until it expires or the browser is closed.",
            ),
            "b": Choice(
                "Only when a script on the page asks for it.", "Scripts need not ask: it goes by itself."
            ),
            "c": Choice(
                "By itself, with requests to that host.",
                "Also with some that a link or a form of another page has caused. Which of them, `SameSite` says; that is today's section *Forms from elsewhere*.",
            ),
        },
        answer="c",
        objective="07-o4",
        about="07",
    ),
    Quiz(
        "16-q1",
        "When may you send these attacks to a server?",
        {
            "a": Choice(
                "When it stands open in the Internet, without a password.",
                "An open door is no invitation, and no court takes it for one.",
            ),
            "b": Choice(
                "When it is yours, or its owner has agreed in writing.",
                "And then within what was agreed: these machines, these days, these methods.",
            ),
            "c": Choice(
                "When you only look round, and neither change nor copy.",
                "To get in is the offence in most countries; what you do inside comes on top.",
            ),
        },
        answer="b",
        objective="16-o4",
    ),
    Quiz(
        "16-q2",
        "Which of these questions has a hole, if `name` comes from a visitor?",
        {
            "a": Choice(
                '`execute("… WHERE name = ?", (name,))`',
                "The value travels beside the question: whatever is in it, it is a name.",
            ),
            "b": Choice(
                "`session.scalars(select(Stock).where(Stock.name == name))`",
                "The ORM writes a parameter for you.",
            ),
            "c": Choice(
                "`session.execute(text(f\"… WHERE name = '{name}'\"))`",
                "An ORM protects what it writes. This text was written by hand, and pasted together.",
            ),
        },
        answer="c",
        objective="16-o1",
    ),
    Quiz(
        "16-q3",
        "What makes Argon2id better for passwords than SHA-256?",
        {
            "a": Choice(
                "It is slow and needs much memory, for a thief as well.",
                "You pay once for each login, a thief once for each guess.",
            ),
            "b": Choice(
                "Its output is longer, so that it takes longer to guess.",
                "The length does not matter: nobody guesses outputs.",
            ),
            "c": Choice(
                "It is secret how it works, so no thief can compute it.",
                "It is public, RFC 9106, and has been attacked for years. That is why it is trusted.",
            ),
        },
        answer="a",
        objective="16-o2",
    ),
    Quiz(
        "16-q4",
        "A site keeps the session number that a browser brings, also at the login. Which attack does that allow?",
        {
            "a": Choice(
                "Somebody guesses the number, counting from his own.",
                "That is the other fault, numbers in a row. Here he need not guess.",
            ),
            "b": Choice(
                "Somebody plants a number of his own before the login.",
                "Session fixation. A new number at each login ends it: the one that he knows is nobody's then.",
            ),
            "c": Choice(
                "A script in the page reads the number in the cookie.",
                "`HttpOnly` is against that. Who chose the number does not matter for it.",
            ),
        },
        answer="b",
        objective="16-o2",
    ),
    Quiz(
        "16-q5",
        "A session cookie is HttpOnly, and a script of an attacker's runs in the page. What can it still do?",
        {
            "a": Choice(
                "Nothing: without the cookie it is nobody.",
                "It need not hold the cookie: the browser sends it along with every request of the script.",
            ),
            "b": Choice(
                "Whatever the visitor can do on this page.",
                "It reads what stands there, tokens included, and sends requests in her name, as long as the page is open.",
            ),
            "c": Choice(
                "Only what is in the fragment of the address.", "A script in a page reaches all of the page."
            ),
        },
        answer="b",
        objective="16-o2",
    ),
    Quiz(
        "16-q6",
        "Where must `<` become `&lt;`?",
        {
            "a": Choice(
                "When the text arrives, before it is kept in a table.",
                "Then the table holds HTML, and the mail, the JSON and the search have it, too.",
            ),
            "b": Choice(
                "Where it is written into HTML, and there only.",
                "Each place has its own rules: HTML, an attribute, a script, an address. Who writes there, escapes.",
            ),
            "c": Choice(
                "In the browser, by a script of the page.",
                "By then the browser has read the page, and run what is in it.",
            ),
        },
        answer="b",
        objective="16-o1",
    ),
    Quiz(
        "16-q7",
        "A Content-Security-Policy of `script-src 'self'` is there, and every value is escaped. Why both?",
        {
            "a": Choice(
                "The policy is for old browsers, the escape for new ones.", "It is the newer of the two."
            ),
            "b": Choice(
                "Either would do; two look better in a test.", "Each has gaps that the other one covers."
            ),
            "c": Choice(
                "When an escape is forgotten, the policy still holds.",
                "Escaping is the repair, the policy the belt: you have seen each hold alone.",
            ),
        },
        answer="c",
        objective="16-o1",
    ),
    Quiz(
        "16-q8",
        "A form changes something by POST, and the cookie is SameSite=Lax. Who can still send it in the visitor's name?",
        {
            "a": Choice(
                "Nobody: Lax keeps the cookie back from every POST.",
                "From those of other *sites* only, and same site is not same origin.",
            ),
            "b": Choice(
                "A page on another port or subdomain of the site.",
                "They are the same *site*: SameSite lets them through. A token does not.",
            ),
            "c": Choice(
                "Any page, if it uses a picture instead of a form.",
                "A picture sends GET, and Lax keeps the cookie back from it.",
            ),
        },
        answer="b",
        objective="16-o4",
    ),
    Quiz(
        "16-q9",
        "Bob asks for `/alerts/1`, which is Ada's. Which answer says least?",
        {
            "a": Choice(
                "403, which says only that he may not.",
                "It says: this number exists, and is somebody's. Count, and you know how many there are.",
            ),
            "b": Choice("200, with a page that has nothing on it.", "Then programs think that all is well."),
            "c": Choice("404, as for a number that never was.", "For Bob there is no such alert."),
        },
        answer="c",
        objective="16-o4",
    ),
    Quiz(
        "16-q10",
        "A JWT is signed by RS256. Who can read its claims?",
        {
            "a": Choice(
                "Whoever gets hold of the token.", "The claims are Base64, no more. Signed is not encrypted."
            ),
            "b": Choice(
                "Whoever has the public key.", "The key checks the signature. To read, none is needed."
            ),
            "c": Choice(
                "Only the server that has the private key.",
                "It is the only one that can *write* such a token.",
            ),
        },
        answer="a",
        objective="16-o3",
    ),
    Quiz(
        "16-q11",
        "An attacker reads the authorization code in the browser's history. What keeps him from using it?",
        {
            "a": Choice(
                "TLS between browser and server: the code is encrypted.",
                "The code has already arrived in his hands.",
            ),
            "b": Choice(
                "He lacks the verifier, whose hash was sent first.",
                "PKCE: the code is good only together with a secret that never went through the browser.",
            ),
            "c": Choice(
                "The scope: it names the client that may use the code.",
                "It limits what a token may do, not who gets it.",
            ),
        },
        answer="b",
        objective="16-o3",
    ),
    Quiz(
        "16-q12",
        "A phishing site asks for the password and the six digits, and hands both on at once. Does TOTP help?",
        {
            "a": Choice(
                "Yes: the code is good for thirty seconds only.", "That is long enough for a program."
            ),
            "b": Choice(
                "No; a passkey, bound to the domain, would.",
                "The browser signs for the site's own name, and the phishing site has another one.",
            ),
            "c": Choice(
                "Yes: each site has a different code.", "It is, and the victim types the right one in."
            ),
        },
        answer="b",
        objective="16-o2",
    ),
    Quiz(
        "16-q13",
        "Which line belongs into a log?",
        {
            "a": Choice(
                "`user 2, POST /phone, 303, from 127.0.0.12`",
                "Who, what, whence, with what outcome: enough to understand, nothing to steal.",
            ),
            "b": Choice(
                "`login of bob@ticker.example with sunshine failed`",
                "The wrong passwords of people are nearly their right ones, or those for another site.",
            ),
            "c": Choice(
                "`GET /api/me, Authorization: Bearer eyJhbGci…`",
                "Who reads the log is then whoever he likes.",
            ),
        },
        answer="a",
        objective="16-o5",
    ),
)
