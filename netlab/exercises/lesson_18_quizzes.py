"""The questions of lesson 18, Django's admin, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "18-r1",
        "A list shows a hundred prices with `price.stock.name` for each. How many queries, and what mends it?",
        {
            "a": Choice(
                "1: a foreign key is a JOIN, and nothing is amiss.",
                "It is a number in the row, until somebody asks for the share.",
            ),
            "b": Choice(
                "100; an index on `stock_id` makes it 1.",
                "101, and an index makes each of them faster, not their number smaller.",
            ),
            "c": Choice(
                '101; `select_related("stock")` makes it 1.',
                "Today the same in a list that you only describe: an option says it.",
            ),
        },
        answer="c",
        objective="17-o3",
        about="17",
    ),
    Quiz(
        "18-r2",
        "Somebody may see the page of orders. Which check is still missing before order 17 is shown?",
        {
            "a": Choice(
                "Whether **this** person may see order 17.",
                "Rights on a page and rights on an object are two things. In an admin it is the same.",
            ),
            "b": Choice(
                "The CSRF token that the page of orders held.", "It is asked for what changes something."
            ),
            "c": Choice(
                "None: whoever sees the page, sees the orders.",
                "That is the commonest hole of all: OWASP's number one.",
            ),
        },
        answer="a",
        objective="16-o4",
        about="16",
    ),
    Quiz(
        "18-r3",
        "A form is sent, and the answer is 302 in place of a page. Why?",
        {
            "a": Choice(
                "The form was wrong, and has to be sent again.",
                "Then the form comes back, with its messages.",
            ),
            "b": Choice(
                "So that a reload sends nothing a second time.",
                "Post, redirect, get: a reload asks for the next page only. The admin does it after every save: 302 means saved, unless it leads to the login.",
            ),
            "c": Choice("The page has moved to another address.", "That would be 301 or 308."),
        },
        answer="b",
        objective="14-o3",
        about="14",
    ),
    Quiz(
        "18-q1",
        "A program changes one field of an object by the admin's form. What must it send?",
        {
            "a": Choice(
                "All fields of the form, with the token.",
                "A form is sent whole: what is missing, is empty, and an empty box is one that is not ticked.",
            ),
            "b": Choice(
                "The one field, and the token.",
                "Then the others come as empty: required ones are missed, boxes lose their tick.",
            ),
            "c": Choice(
                "The one field; the session replaces a token.",
                "403: every POST needs the token, and the other fields are missing as well.",
            ),
        },
        answer="a",
        objective="18-o1",
    ),
    Quiz(
        "18-q2",
        "`list_display` has a method that shows `price.stock.name`. Django sees no foreign key in that list. What follows?",
        {
            "a": Choice(
                "An error: methods cannot be columns.",
                "A method, an attribute or a function of one argument may.",
            ),
            "b": Choice(
                "One query more for each row shown.",
                'Until you say `list_select_related = ["stock"]`. For a **field** that is a foreign key Django joins by itself; into a method it cannot look.',
            ),
            "c": Choice(
                "Nothing: the admin joins by itself.",
                "It does for foreign keys that stand in `list_display` themselves.",
            ),
        },
        answer="b",
        objective="18-o2",
    ),
    Quiz(
        "18-q3",
        "There are 40,000 people, and an alert has a foreign key to one of them. What does the form do without `autocomplete_fields`?",
        {
            "a": Choice(
                "It asks for the number of the person.", "That is `raw_id_fields`, which you have to ask for."
            ),
            "b": Choice("It shows the first hundred, and a link to more.", "A select has no pages."),
            "c": Choice(
                "It sends a select of 40,000 options.",
                "Megabytes with each form, and everybody's name in it. Autocomplete asks for a few as one types, and only who may view them.",
            ),
        },
        answer="c",
        objective="18-o3",
    ),
    Quiz(
        "18-q4",
        "A field stands in `readonly_fields`. Somebody adds it to the request by hand. What happens?",
        {
            "a": Choice(
                "It is saved: read-only is about the page.",
                "It would be so with a `disabled` in the HTML alone.",
            ),
            "b": Choice(
                "403: the field may not be changed.", "Unknown names in a form are ignored, here too."
            ),
            "c": Choice(
                "Nothing: the form has no such field.",
                "What the server does not read, nobody can send. The same holds for `exclude`.",
            ),
        },
        answer="c",
        objective="18-o3",
    ),
    Quiz(
        "18-q5",
        "An action calls `queryset.update(is_active=False)`. What is missing afterwards?",
        {
            "a": Choice(
                "Nothing: it is what `save()` does, for all.",
                "The rows are changed without `save()`, and nobody knows by whom.",
            ),
            "b": Choice(
                "`save()`, signals, and a line in the history.",
                "`update` is SQL. What an action does, it has to write down itself: `log_change`.",
            ),
            "c": Choice("The database: it is written at the next request.", "`update` writes at once."),
        },
        answer="b",
        objective="18-o4",
    ),
    Quiz(
        "18-q6",
        'A customer has called himself `=HYPERLINK("http://evil.example")`. Where does this do harm?',
        {
            "a": Choice(
                "In the admin's list, where it is a link then.", "The template escapes it: it is text there."
            ),
            "b": Choice(
                "In the database, whose question it changes.",
                "It is text like any other; parameters keep it so.",
            ),
            "c": Choice(
                "In a spreadsheet, when the export is opened.",
                "Each place has its own dangerous characters: HTML, SQL, a shell, a cell.",
            ),
        },
        answer="c",
        objective="18-o4",
    ),
    Quiz(
        "18-q7",
        "Support may change users, in Django's own `UserAdmin`. What can it do?",
        {
            "a": Choice(
                "Make itself a superuser, with every right.",
                "And set anybody's password: the form has the boxes, and the right to change a user covers them. Django's documentation warns of it.",
            ),
            "b": Choice(
                "Change names and addresses, and no more.",
                "It can change them. Which other fields has the form?",
            ),
            "c": Choice(
                "Nothing, until it is made a superuser.",
                "Permissions are there so that not everybody has to be one.",
            ),
        },
        answer="a",
        objective="18-o5",
    ),
    Quiz(
        "18-q8",
        "`get_queryset` leaves out the alerts of the staff. Which way to them is still open to support?",
        {
            "a": Choice(
                "The page of such an alert, if one knows its number.",
                "That page asks `get_queryset`, too: no such object.",
            ),
            "b": Choice(
                "Making a new one for somebody of the staff.",
                "A new row is in no QuerySet. `formfield_for_foreignkey` says who can be chosen.",
            ),
            "c": Choice("The action that deletes several.", "It deletes rows of `get_queryset`."),
        },
        answer="b",
        objective="18-o5",
    ),
    Quiz(
        "18-q9",
        "The admin is moved from `/admin/` to a path that nobody guesses. What is gained?",
        {
            "a": Choice(
                "Nobody gets in who was not told the path.",
                "Paths stand in histories, logs, mails and referrers.",
            ),
            "b": Choice(
                "A shorter log: fewer programs find the login.",
                "They try `/admin/` everywhere, and miss it. That is all: a rate limit, a second factor and least privilege keep people out.",
            ),
            "c": Choice(
                "Nothing: Django finds it at `/admin/` only.", "It is a line in `urls.py`, and harmless."
            ),
        },
        answer="b",
        objective="18-o5",
    ),
    Quiz(
        "18-q10",
        "Prices were changed by `manage.py shell`. What does the history of the admin say?",
        {
            "a": Choice(
                "Nothing: it is the admin's views that write it.",
                "They were not asked. It is a history of the admin, not of the table. For that: triggers, or an audit in the database.",
            ),
            "b": Choice(
                "The changes, by whoever was logged in to the shell.", "The shell knows no user of Django's."
            ),
            "c": Choice(
                "All changes: a signal of `save()` writes them.",
                "`LogEntry` is written by ModelAdmin, not by signals.",
            ),
        },
        answer="a",
        objective="18-o5",
    ),
)
