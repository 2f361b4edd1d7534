"""The questions of lesson 13, web frameworks, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "13-r1",
        "A server answers a form with 303 and `Location: /account`. What does the browser do?",
        {
            "a": Choice(
                "It sends the form again, to /account.",
                "303 says: look over there, with GET. So a reload does not send the form twice.",
            ),
            "b": Choice(
                "It asks for /account with GET.",
                "That is how a form ends well: post, redirect, get. You will write it today.",
            ),
            "c": Choice("It shows an error.", "3xx is no error: the class says *elsewhere*."),
        },
        answer="b",
        objective="07-o2",
        about="07",
    ),
    Quiz(
        "13-r2",
        "A visitor logged in. How does the server know him at the next request?",
        {
            "a": Choice(
                "By the connection, which stays open.",
                "It may, and it may be shared, or break. HTTP keeps nothing from one request to the next.",
            ),
            "b": Choice(
                "By his IP address.",
                "A whole school may have one address, and a telephone changes it on its way.",
            ),
            "c": Choice(
                "By a cookie sent with each request.",
                "Whoever can read or forge that cookie is that visitor to the server. Today you make one that cannot be forged.",
            ),
        },
        answer="c",
        objective="07-o4",
        about="07",
    ),
    Quiz(
        "13-r3",
        "Two threads of one server add one to the same counter: `count = count + 1`. What may happen?",
        {
            "a": Choice(
                "One addition is lost.",
                "Both read the same number. A web application runs in many threads too, so what requests share needs care.",
            ),
            "b": Choice(
                "Nothing: the GIL lets one thread run at a time.",
                "One at a time, but it may change between the reading and the writing.",
            ),
            "c": Choice(
                "Python raises an exception.", "It never notices: that is what makes it hard to find."
            ),
        },
        answer="a",
        objective="04-o2",
        about="04",
    ),
    Quiz(
        "13-q1",
        "A page has a price form whose JavaScript refuses numbers below zero. May the application trust what arrives?",
        {
            "a": Choice(
                "Yes, if the page is served over HTTPS.",
                "TLS protects the way. What is at its end, is the visitor's.",
            ),
            "b": Choice(
                "No: the JavaScript can be left out.",
                "Whoever can send bytes can leave it out, as you have done since lesson 07, with `exchange`. Checks in the browser are kind, checks in the application are needed.",
            ),
            "c": Choice(
                "Yes: JavaScript runs on the server.",
                "It arrives as text and runs in the browser, as you saw.",
            ),
        },
        answer="b",
        objective="13-o1",
    ),
    Quiz(
        "13-q2",
        "The page is there, but without colours: `style.css` gives 404, and the log of the application has no line about it. Where do you look first?",
        {
            "a": Choice(
                "At the web server.",
                "It serves the files. It did not ask the application, so the answer is its own: a wrong folder in its configuration.",
            ),
            "b": Choice("At the database.", "A style sheet is a file; no row was looked for."),
            "c": Choice(
                "At the template that names it.",
                "It named the file, and the browser asked for it. The name may be wrong, but who said 404?",
            ),
        },
        answer="a",
        objective="13-o1",
    ),
    Quiz(
        "13-q3",
        "What is wrong with this app?",
        {
            "a": Choice(
                "Nothing: the content is bytes, as it should be.",
                "Run it behind the validator: what does a server do with a `bytes` object when it iterates over it?",
            ),
            "b": Choice(
                "It returns bytes instead of a list of bytes.",
                'To iterate over bytes gives numbers, or is refused. Return `[b"AAPL 430.47\\n"]`.',
            ),
            "c": Choice(
                "`start_response` has to be returned.", "It is called; what is returned is the content."
            ),
        },
        answer="b",
        objective="13-o2",
        code='def app(environ, start_response):\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    return b"AAPL 430.47\\n"',
    ),
    Quiz(
        "13-q4",
        "Why has the field `User-Agent` the key `HTTP_USER_AGENT` in environ?",
        {
            "a": Choice(
                "So that no client sets the server's own keys.",
                "The client chooses the names of its fields: with a prefix they cannot collide with `SERVER_NAME` or `PATH`. It comes from CGI, where these were environment variables.",
            ),
            "b": Choice(
                "Because the request came by HTTP and not by HTTPS.",
                "The scheme stands in `wsgi.url_scheme`. The prefix is the same for both.",
            ),
            "c": Choice(
                "Because WSGI renames every field that comes.",
                "Two fields have no prefix: Content-Type and Content-Length.",
            ),
        },
        answer="a",
        objective="13-o2",
    ),
    Quiz(
        "13-q5",
        "`GET /double?number=21`. What is the value of `number` in `request.query`?",
        {
            "a": Choice(
                "The number 21.",
                "`21 * 2` would be 42, and here it is `2121`: try it. Nobody has said that it is a number.",
            ),
            "b": Choice(
                "The text `21`.",
                "All that comes over the wire is text. `int()` it yourself, and be ready for `five`.",
            ),
            "c": Choice(
                "The list `[21]`.", '`parse_qs` gives lists, of text: `["21"]`. Our Request gives the text.'
            ),
        },
        answer="b",
        objective="13-o3",
    ),
    Quiz(
        "13-q6",
        "A view raises KeyError. What does a good framework send to the visitor?",
        {
            "a": Choice(
                "The traceback, so that he can report it.",
                "It names your files, your variables, sometimes your passwords: a gift to an attacker. In Flask, that is what debug mode does: never where strangers come.",
            ),
            "b": Choice(
                "404: the key was not found.",
                "The page is there, the program has a fault: the class of the server's mistakes is 5xx.",
            ),
            "c": Choice(
                "500, and a page without details.",
                "The traceback goes to the log: the visitor learns that it was not his fault, you learn why.",
            ),
        },
        answer="c",
        objective="13-o3",
    ),
    Quiz(
        "13-q7",
        "Templates escape what they fill in. Is an application with templates safe from SQL injection?",
        {
            "a": Choice(
                "Yes: templates escape all the quotes.",
                "They are escaped for HTML, on the way out. The database is asked on the way in.",
            ),
            "b": Choice(
                "No: SQL has other rules than HTML.",
                "And other places where text becomes code: values for SQL go through `?`, values for HTML through the template. Each boundary has its own tool.",
            ),
            "c": Choice("Only with GET.", "An attacker writes a POST as easily as a GET."),
        },
        answer="b",
        objective="13-o4",
    ),
    Quiz(
        "13-q8",
        "A signed session cookie: what can the visitor do with it?",
        {
            "a": Choice(
                "Nothing: the server has encrypted it.",
                "It is signed. Decode the first part: it is there to read.",
            ),
            "b": Choice(
                "Read it and send it again, no more.",
                "So no secrets in it; and whoever steals it is that visitor to the server. Lesson 16 deals with that.",
            ),
            "c": Choice("Change it, if he signs it anew.", "For that he needs the server's secret."),
        },
        answer="b",
        objective="13-o4",
    ),
    Quiz(
        "13-q9",
        "A team of three needs a back office with users, rights and forms for twenty tables, soon. Which one do you look at first?",
        {
            "a": Choice(
                "Django.",
                "ORM, migrations, users, rights and the admin are in it; with the others you would choose and join the pieces yourself.",
            ),
            "b": Choice(
                "FastAPI: it is the newest.",
                "It is made for JSON APIs with typed data; a back office of pages is not what it brings.",
            ),
            "c": Choice(
                "A framework of their own.",
                "You have written one now, and know what is missing: years of attacks survived.",
            ),
        },
        answer="a",
        objective="13-o5",
    ),
    Quiz(
        "13-q10",
        "`pyproject.toml` of an application says `flask>=3.1`, a lock file says `flask==3.1.2`. Which of the two makes tomorrow's install equal to today's?",
        {
            "a": Choice("The first one.", "It says what would do: tomorrow that may be 3.2."),
            "b": Choice("Both alike.", "`>=` and `==` differ in just this: may something newer come?"),
            "c": Choice(
                "The lock file.",
                "It names one version of everything, also of what Flask itself needs. The first says what you *need*, the second what you *tested*.",
            ),
        },
        answer="c",
        objective="13-o5",
    ),
)
