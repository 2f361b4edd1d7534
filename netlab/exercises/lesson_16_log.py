"""The exercise of lesson 16 on a log: what has happened, by the lines that it has left."""

from __future__ import annotations

from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong, show

ANSWERS: dict[str, Any] = {
    "address": "127.0.0.66",
    "first": "09:20:05",
    "failed": 13,
    "account": "bob@ticker.example",
    "read": [1],
    "changed": ["/phone", "/profile"],
}
ABOUT: dict[str, str] = {
    "address": "Which address failed to log in as *several* people? Count the failed tries by address and by mail address.",
    "first": "All lines of that address, in order: the first one is no login. The time of day, such as \"09:00:00\".",
    "failed": "Its lines with POST, `/log-in` and 422; none of the others.",
    "account": "The line of that address with `/log-in` and 303: its form has the mail address.",
    "read": "Its lines with `/alerts/…` and 200 are what was read. Whose are they? Alerts 2 and 3 are Bob's own: he reads them himself at 09:15.",
    "changed": "Its lines with POST and a status below 400, logins aside: two paths, in their order.",
}  # fmt: skip
WORDS: dict[str, Wrong] = {
    "address": [
        ("127.0.0.13", "Alan tries one account, his own, from the place where he then works. That is forgetting."),
        ("127.0.0.30", "That one asks for `/` every five minutes and nothing else: a program that looks whether the site is up."),
        ("127.0.0.12", "Bob works from there as always. It is his *account* that was used, from another address."),
        ("127.0.0.14", "Anna is the administrator: `/users` is her page."),
    ],
    "first": [
        ("09:20:30", "That is the first login. Before it, somebody looked around: a status 500 at /search, and a 404."),
        ("09:24:50", "That is when the door was open. It began earlier."),
        (lambda v: isinstance(v, str) and ("2013" in v or "+" in v), "The time of day alone: \"09:00:00\"."),
        (lambda v: isinstance(v, str) and v.count(":") == 1, "With its seconds, such as \"09:00:00\"."),
    ],
    "failed": [
        (lambda v: isinstance(v, str), "A number, without quotes."),
        (14, "The last try succeeded: 303. The failed ones have 422."),
        (17, "Without Alan's: look at the address."),
        (18, "Without Alan's, and without those that succeeded: 422 and the address."),
    ],
    "account": [
        ("ada@ticker.example", "Her tries from that address all have 422."),
        ("anna@ticker.example", "Her tries from that address all have 422; at 09:50 she comes from her own."),
        ("alan@ticker.example", "Its tries for him all have 422; he came in himself, from another address."),
        (2, "The mail address of the form, not the number of the user."),
        ("bob", "The whole mail address."),
    ],
    "read": [
        ([1, 2, 3], "Whose were they? Bob reads 2 and 3 himself, at 09:15: they are his. What was *not* his to read?"),
        (lambda v: any(isinstance(each, int) and each > 3 for each in v), "404 is: there was nothing to read. Look at the status."),
        (lambda v: isinstance(v, list) and any(isinstance(each, str) for each in v), "Numbers, not text, such as `[4]`."),
        (lambda v: isinstance(v, int), "A list, also of one."),
    ],
    "changed": [
        (["/phone"], "Two: what has status 200 may have changed something as well, if it was a POST."),
        (["/log-in", "/phone", "/profile"], "Without the login itself."),
        (["/phone", "/profile", "/users"], "`/users` was read: GET."),
    ],
}  # fmt: skip


@exercise(
    "16-log",
    title="What happened on that morning",
    objective="16-o5",
    points=4,
    hints=(
        "Failed logins, by address: `Counter(line[\"address\"] for line in lines if line[\"path\"] == \"/log-in\" and line[\"status\"] == 422)`. And by address *and* mail address?",
        "Then everything of that address, in order: `[line for line in lines if line[\"address\"] == …]`.",
        "403 and 404 are tries; 200 and 303 are what succeeded. A POST changes something, a GET reads.",
        "Whose an alert is, the honest lines say: who read it before, from an address of theirs?",
    ),
    passed="You can say who was hurt, how they came in, and since when: that is what the people concerned have to be told.",
)  # fmt: skip
def log(t: Trial, report: dict[str, Any]) -> None:
    """Facts to be found in a log."""
    if not isinstance(report, dict):
        with t.case("a report") as case:
            case.fail("a dictionary", type(report).__name__, "Keep the dictionary, and fill in its values.")
        return
    for what, right in ANSWERS.items():
        with t.case(what) as case:
            came = report.get(what, ...)
            if isinstance(came, tuple) or (what == "read" and isinstance(came, set)):
                came = list(came)
            if type(came) is type(right) and came == right:
                continue
            case.fail("what the log says", show(came), _about(what, came))  # the answer is not said


def _about(what: str, came: Any) -> str:
    if came is ...:
        return "There is still a `...` to replace."
    for pattern, words in WORDS[what]:
        if pattern(came) if callable(pattern) else type(pattern) is type(came) and pattern == came:
            return words
    return ABOUT[what]
