"""The questions of lesson 17, Django, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "17-r1",
        "A page on evil.example holds a form that leads to our site. Ada, logged in here, opens it. What stops the form?",
        {
            "a": Choice(
                "Her password, which evil.example does not know.",
                "It needs none: Ada's browser adds her cookie by itself.",
            ),
            "b": Choice(
                "A token in our forms, which evil.example cannot read.",
                "Nor can it guess it. And SameSite keeps the cookie out of most of such requests. Django asks every POST for the token.",
            ),
            "c": Choice(
                "HTTPS, since evil.example has no certificate of ours.",
                "TLS protects the way. The request comes from Ada's own browser.",
            ),
        },
        answer="b",
        objective="14-o3",
        about="14",
    ),
    Quiz(
        "17-r2",
        "In WSGI, what is a middleware?",
        {
            "a": Choice(
                "A process between web server and application.",
                "That is a proxy. A middleware is a call in the same process.",
            ),
            "b": Choice(
                "A function that runs before each view, and is done then.",
                "Before, and after: it holds the call in its hands, and may leave it out.",
            ),
            "c": Choice(
                "An application that calls another application.",
                "It may change what goes in and what comes out. Django's middleware is the same idea, with a request object and a response object.",
            ),
        },
        answer="c",
        objective="13-o2",
        about="13",
    ),
    Quiz(
        "17-r3",
        "A client sends `GET /prices` with `If-None-Match`, and nothing has changed. What comes back?",
        {
            "a": Choice(
                "304, without content.",
                "The client has it already. Today a cache of another kind: on our side.",
            ),
            "b": Choice(
                "200, with an empty page.", "200 says: here it is. An empty page would replace the good one."
            ),
            "c": Choice("404: there is nothing new.", "404 says that there is no such thing."),
        },
        answer="a",
        objective="07-o3",
        about="07",
    ),
    Quiz(
        "17-q1",
        "`MIDDLEWARE` has `SessionMiddleware` above `AuthenticationMiddleware`. What if they change places?",
        {
            "a": Choice(
                "The login is looked for before there is any session.",
                "The list is an order: from outside to inside. (Django says so at the first request, by an ImproperlyConfigured.)",
            ),
            "b": Choice(
                "Nothing: Django sorts them by what each one needs.",
                "It takes them as they stand. Some would work in no order but one.",
            ),
            "c": Choice(
                "Sessions are saved twice, on the way in and out.",
                "Each is called once for a request; the session is saved on the way out.",
            ),
        },
        answer="a",
        objective="17-o1",
    ),
    Quiz(
        "17-q2",
        "You add a field to a model, and start the site. What happens to the table?",
        {
            "a": Choice(
                "Django adds the column when it starts, and fills it.",
                "It never changes a table by itself: it might lose what is in it.",
            ),
            "b": Choice(
                "Django makes the table anew, with the column in it.", "And the rows? A migration keeps them."
            ),
            "c": Choice(
                "Nothing, until you make a migration and take it.",
                "`makemigrations` writes the step, `migrate` takes it. The step is a file: it is read, kept in git, and taken on every machine.",
            ),
        },
        answer="c",
        objective="17-o2",
    ),
    Quiz(
        "17-q3",
        "A price below zero must never be in the table. Where do you say so?",
        {
            "a": Choice(
                "In a validator of the form's price field.",
                "The importer, the shell and the other program come through no form.",
            ),
            "b": Choice(
                "In a CheckConstraint of the model.",
                "The database keeps the promise. The form may check as well, for a kind word.",
            ),
            "c": Choice(
                "In the model's `save()`, which refuses it.",
                "`bulk_create` and `update` never call `save()`.",
            ),
        },
        answer="b",
        objective="17-o2",
    ),
    Quiz(
        "17-q4",
        '`stocks = Stock.objects.filter(name__contains="o")`: when is the database asked?',
        {
            "a": Choice(
                "In this line: `filter` fetches the rows.",
                "It only builds the question: nobody has asked for a row yet.",
            ),
            "b": Choice("When the response with them is sent.", "The database has nothing to do with that."),
            "c": Choice(
                "When a loop, `list()` or `len()` needs rows.",
                "A QuerySet is lazy, and so it can be narrowed further. Used twice in two loops, it remembers its rows; filtered again, it asks again.",
            ),
        },
        answer="c",
        objective="17-o3",
    ),
    Quiz(
        "17-q5",
        "A list of alerts shows `alert.stock.ticker` for each. Which mends the N + 1?",
        {
            "a": Choice(
                '`select_related("stock")`, which makes a JOIN.',
                "The JOIN brings the one share of each alert along. To many, such as the alerts of a user: `prefetch_related`, a second query.",
            ),
            "b": Choice(
                "`Alert.objects.all()[:100]`, which asks for less.",
                "That makes N a hundred, and leaves the + N.",
            ),
            "c": Choice(
                "An index on `stock_id`, which finds rows faster.",
                "Each of the N queries becomes faster, and there are as many as before.",
            ),
        },
        answer="a",
        objective="17-o3",
    ),
    Quiz(
        "17-q6",
        "A template says `{{ stock.delete }}`. What happens, with DTL and with Jinja2?",
        {
            "a": Choice(
                "Both delete the share: templates call its methods.",
                "Jinja2 shows a method as text until you write `()`.",
            ),
            "b": Choice(
                "Neither deletes: DTL sees a mark, Jinja2 no `()`.",
                "DTL calls whatever is callable and needs no argument, but not what is marked with `alters_data`, as `delete` and `save` are. Jinja2 calls nothing without `()`.",
            ),
            "c": Choice(
                "Both refuse to start: a template may not delete.",
                "A template is no Python; it is looked at when it is filled.",
            ),
        },
        answer="b",
        objective="17-o1",
    ),
    Quiz(
        "17-q7",
        "Why does Django log nobody out by a GET?",
        {
            "a": Choice(
                "A GET brings no cookie, so that nobody would be known by it.",
                "It does, also after a link on another site: `SameSite=Lax` lets the cookie go with it.",
            ),
            "b": Choice(
                "A cache might answer it, and the session would live on.",
                "A response can forbid caches. The question is who may cause the request.",
            ),
            "c": Choice(
                "A link on any page can cause one; a POST needs our token.",
                "So can a picture. What changes something is a POST with a token. A log-out changes something: a row is deleted.",
            ),
        },
        answer="c",
        objective="17-o4",
    ),
    Quiz(
        "17-q8",
        "Bob, logged in, asks for `/my/alerts/1/delete/`, and alert 1 is Ada's. What keeps it safe?",
        {
            "a": Choice("`LoginRequiredMixin`, which keeps strangers out.", "Bob is logged in."),
            "b": Choice(
                "The CSRF token, which Bob has for his rows only.",
                "Bob's own token is good: it says that the form is ours, not that the row is his.",
            ),
            "c": Choice(
                "`get_queryset`, which finds Bob's alerts only.",
                "There is no alert 1 among them: 404. The question itself holds the owner.",
            ),
        },
        answer="c",
        objective="17-o4",
    ),
    Quiz(
        "17-q9",
        "A form has the fields ticker and limit. Who writes a request by hand and adds `is_staff=1`, gets …",
        {
            "a": Choice(
                "staff: all fields of the model are set.",
                'Only with a ModelForm whose `fields` is `"__all__"`: that is why one lists them.',
            ),
            "b": Choice(
                "nothing: a form takes the fields that it has.",
                "What it does not name, is not read. Lesson 16 called it mass assignment.",
            ),
            "c": Choice(
                "403: a field that the form lacks is an attack.",
                "A field too many is no crime; it is not looked at.",
            ),
        },
        answer="b",
        objective="17-o4",
    ),
    Quiz(
        "17-q10",
        "The site runs in four processes, with LocMemCache. One of them deletes a key. What do the others show?",
        {
            "a": Choice(
                "What they have cached, until that is too old.",
                "LocMem is memory of *this* process. For more than one: Redis, Memcached, or the database.",
            ),
            "b": Choice(
                "The new value: all processes share one cache.", "Only one that is outside of the processes."
            ),
            "c": Choice(
                "An error: the key that they ask for is gone.", "Nobody tells them that anything has changed."
            ),
        },
        answer="a",
        objective="17-o5",
    ),
    Quiz(
        "17-q11",
        "`post_save` of Price forgets the cached front page. The importer uses `bulk_create`. What is on the front page afterwards?",
        {
            "a": Choice(
                "The new prices: each row sends the signal.",
                "`bulk_create` sends none, nor does `update`: no object was saved.",
            ),
            "b": Choice("An empty page, until a price is saved singly.", "The cache still has the old one."),
            "c": Choice(
                "The old prices, until the cache is too old.",
                "A signal is a promise with holes. The importer should forget the page itself, in a line that can be seen.",
            ),
        },
        answer="c",
        objective="17-o5",
    ),
)
