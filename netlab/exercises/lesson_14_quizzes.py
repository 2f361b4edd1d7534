"""The questions of lesson 14, Flask, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "14-r1",
        "A template engine escapes every value. Is a value safe in `<script>const name = {{ name }};</script>`?",
        {
            "a": Choice(
                "Yes: `<` becomes `&lt;`, so no tag can begin in it.",
                "That is HTML's rule. In a script, `&lt;` means nothing, and quotes and backslashes mean much.",
            ),
            "b": Choice(
                "Yes, if HTTPS keeps others from changing the page.",
                "TLS protects the way of the page, not its text.",
            ),
            "c": Choice(
                "No: a script has other rules, which `|tojson` knows.",
                "Text, attribute, script: three places, three sets of rules.",
            ),
        },
        answer="c",
        objective="13-o4",
        about="13",
    ),
    Quiz(
        "14-r2",
        "A cookie holds a value and its HMAC. What can the visitor do with it?",
        {
            "a": Choice(
                "Read it, but not change it unnoticed.",
                "A signature shows changes. It hides nothing: today you read a session cookie of Flask.",
            ),
            "b": Choice("Nothing: the HMAC has encrypted it.", "An HMAC is a fingerprint beside the value, and the value stands there as it is."),
            "c": Choice("Change it, and compute the SHA-256 anew.", "Everybody knows SHA-256. What he lacks is the key."),
        },
        answer="a",
        objective="12-o1",
        about="12",
    ),
    Quiz(
        "14-r3",
        "A client reads a timeout after it has sent `POST /orders`. May it send it again?",
        {
            "a": Choice("Yes: POST may be repeated, as PUT and DELETE may be.", "GET, PUT and DELETE may. POST is the one that may do it twice."),
            "b": Choice(
                "Only if both sides can recognize a repetition.",
                "The order may have been taken, and only the answer lost. A key for each order tells them apart.",
            ),
            "c": Choice("Yes: a timeout means that the order never arrived.", "It means that no answer came in time; no more is known."),
        },
        answer="b",
        objective="07-o2",
        about="07",
    ),
    Quiz(
        "14-q1",
        "Why does `create_app()` make the application, and not the module itself, when it is imported?",
        {
            "a": Choice(
                "So that each caller gets one with settings of its own.",
                "A test brings another database, a server its secret key: the same code, another application.",
            ),
            "b": Choice("So that Flask is set up only once, and imports are fast.", "It runs once either way."),
            "c": Choice("Because blueprints can be made only inside of a function.", "A blueprint is made at import; it is *registered* in the factory."),
        },
        answer="a",
        objective="14-o1",
    ),
    Quiz(
        "14-q2",
        "A page has `<a href=\"/stocks/AAPL\">`. The site moves behind a proxy, to `/ticker/`. What happens to the link?",
        {
            "a": Choice("Flask puts the prefix in front of it on the way out.", "Flask does not read your HTML. What is text in a template, stays as it is."),
            "b": Choice("It still works: the browser knows the prefix by now.", "A path with a slash in front begins at the root of the host."),
            "c": Choice("It leads out of the site, since it lacks the prefix.", "`url_for` would have known it: the server tells Flask the prefix (SCRIPT_NAME), and `url_for` puts it in front."),
        },
        answer="c",
        objective="14-o1",
    ),
    Quiz(
        "14-q3",
        "In `SELECT day FROM prices WHERE ticker = … ORDER BY …`: where can a `?` stand?",
        {
            "a": Choice("In both: each is filled in safely.", "`ORDER BY ?` sorts by a constant: a parameter is a value, and never the name of a column."),
            "b": Choice("Behind `ticker =` only, as a value.", "The name of a column comes from a list of your own: what is not in it, is refused."),
            "c": Choice("In neither: a question is only text.", "The question is text, and the values go beside it: that is the whole protection."),
        },
        answer="b",
        objective="14-o2",
    ),
    Quiz(
        "14-q4",
        "`for user in session.scalars(select(User)): user.watched …`, with 200 users. How many questions are sent?",
        {
            "a": Choice("1: SQLAlchemy sees what the loop needs.", "It does not read ahead in your code: it loads a list when you touch it."),
            "b": Choice("2: the users, then all the lists.", "That is what `selectinload` does, if you ask for it."),
            "c": Choice("201: the users, then one list for each.", "N + 1. On a developer's machine with three users nobody notices."),
        },
        answer="c",
        objective="14-o2",
    ),
    Quiz(
        "14-q5",
        "You add `phone: Mapped[str | None]` to the class, and start the application on the old database file. What happens?",
        {
            "a": Choice("The table gets the column by itself.", "A class describes what should be there. A *migration* changes what is."),
            "b": Choice("The next SELECT fails: no such column.", "The class and the table no longer fit. A migration brings the table after."),
            "c": Choice("The table is made anew, and the old rows are lost.", "Nothing was changed in the file at all."),
        },
        answer="b",
        objective="14-o2",
    ),
    Quiz(
        "14-q6",
        "A page on evil.example holds a form that is sent to Ticker by a script. Ada, logged in at Ticker, opens it. What does the CSRF token do?",
        {
            "a": Choice("It makes the request invalid: that page cannot know it.", "The browser sends the cookie by itself; the token stands only on pages of ours, which evil.example cannot read."),
            "b": Choice("It encrypts the form, so that evil.example cannot read it.", "TLS does that. The token is one more field, in clear."),
            "c": Choice("It stops the browser from sending the cookie to Ticker.", "That is `SameSite`, a second lock, and a good one."),
        },
        answer="a",
        objective="14-o3",
    ),
    Quiz(
        "14-q7",
        "Why is a form with a mistake in it answered with 422, although the page looks the same with 200?",
        {
            "a": Choice("With 422 a browser marks the fields that are wrong.", "A browser shows the page, whatever the status."),
            "b": Choice("Programs and logs see the status, not the page.", "A test, a script and a monitor can tell that nothing was taken."),
            "c": Choice("Otherwise the browser would send the form again.", "That is about 303 after a form that *was* taken."),
        },
        answer="b",
        objective="14-o3",
    ),
    Quiz(
        "14-q8",
        "`@login_required` stands above `delete(number)`. What is still missing?",
        {
            "a": Choice("Nothing: whoever gets in is known.", "Bob is a user. Whose row number 1 is, nobody has asked."),
            "b": Choice("The password, asked for once more.", "For some things, yes. But first: is the row his?"),
            "c": Choice("The query must ask whose the row is.", "Who you are is one question, what is yours another: `Watch.user_id == current_user.id`."),
        },
        answer="c",
        objective="14-o4",
    ),
    Quiz(
        "14-q9",
        "A program reads the prices page by page, the newest first. Between page 1 and page 2 a new price is added. What does it see?",
        {
            "a": Choice("One price twice: everything has moved by one.", "`offset` counts rows at the moment of the question. Where that matters, ask for what is *before* a day instead."),
            "b": Choice("The same as without it: the pages were made at the first request.", "Each request asks the database anew."),
            "c": Choice("An error 409: the list of prices has changed.", "Nobody compares the two requests."),
        },
        answer="a",
        objective="14-o5",
    ),
    Quiz(
        "14-q10",
        "All tests are green. What do you know?",
        {
            "a": Choice("That the site does what its users expect.", "You know about what the tests look at, and about nothing else."),
            "b": Choice("That the tests have found no mistake.", "How much that says, you see when you break something on purpose: a test that has never been red, may be one that cannot be."),
            "c": Choice("Nothing, until somebody has tried it by hand.", "A test that fails for every broken copy, is a good watchman."),
        },
        answer="b",
        objective="14-o5",
    ),
)  # fmt: skip
