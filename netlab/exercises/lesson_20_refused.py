"""The two troubles of lesson 20 that look alike: a dead port, and a name that leads to one."""

from __future__ import annotations

import socket
from typing import Any

from netlab.exercises.lesson_20_troubles import LIMIT, Mend, broken, is_found, visit
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial


@exercise(
    "20-wednesday",
    title="Wednesday: a silent telephone",
    objective="20-o4",
    points=4,
    limit=LIMIT,
    hints=(
        "The mail came, so the alert was met. What became of the text? `[(n.channel, n.state, n.error) for n in system.notifications]`.",
        '`no gateway`: go where the job went. `socket.create_connection(system.locate("sms"), timeout=1)`: what does it raise?',
        'The name is right, the address is right, and nobody listens: `system.restart("sms")`.',
        'What was put off is tried again after a minute: `system.later(minutes=2)`, then `system.run("send")`. Nothing has to be written anew.',
    ),
    passed="The gateway is back, Ada has her text once, and nobody got anything twice.",
)
def wednesday(t: Trial, cause: Any, mend: Mend) -> None:
    """A dead port."""
    from netlab.apps.capstone import data

    if not is_found(
        t,
        "wednesday",
        cause,
        {
            "wrong dns record": "Ask DNS: the address is the one where it always was. Then knock there.",
            "wrong key": "With a wrong key somebody answers, with 401. Here nobody answers at all.",
            "lost datagrams": "An SMS is handed over by HTTP, over TCP: nothing is lost silently there.",
            "crashed worker": "The job ran to its end; it was put off. Why is in the notification's `error`.",
            "slow query": "Nothing was interrupted, says the log.",
        },
    ):
        return
    with broken("wednesday") as system:
        mails = len(system.mailbox[data.ADA].inbox)
        written = len(system.notifications)
        with t.case("somebody listens again") as case:
            mend(system)
            try:
                socket.create_connection(system.locate("sms"), timeout=1).close()
            except OSError as error:
                words = "Nobody listens at the gateway's port: start what should."
                case.fail("a connection", type(error).__name__, words)
        if not t.results[-1].passed:  # the rest would only say so again
            return
        with t.case("nothing is lost") as case:
            left = len(system.notifications)
            words = (
                "A notification is gone, and with it the news: what waits is sent when the gateway is back."
            )
            case.expect_that(left == written, f"{written} notifications", str(left), words)
        system.later(minutes=200)
        system.run("send")
        texts = [each for each in system.sms.messages if each.to == data.PHONE and "GOOG" in each.text]
        with t.case("Ada's telephone") as case:
            words = "Her text was never handed over. Is it marked as sent? Nothing but a job should say so."
            case.expect_that(bool(texts), "one text about GOOG", "none", words)
            words = (
                "She got it twice. What waits is sent by itself: nothing has to be written or sent by hand."
            )
            case.expect_that(len(texts) == 1, "one text about GOOG", str(len(texts)), words)
        with t.case("and her mail") as case:
            now = len(system.mailbox[data.ADA].inbox)
            words = "The mail had arrived, and came once more: only what waits is to be sent."
            case.expect_that(now == mails, f"{mails} mails", str(now), words)


HOSTS = ("ns", "mail", "office", "charts", "feed", "tape", "sms", "ftp")


@exercise(
    "20-thursday",
    title="Thursday: nobody there",
    objective="20-o3",
    points=3,
    limit=LIMIT,
    hints=(
        '“No connection” has two questions in it: which address, and does somebody listen there? Ask the first one first: `system.ask("www")`.',
        'Where does the front listen? `system.address("https")`. Compare. And why does an old computer still find it? Lesson 06: caches.',
        "`system.zone` is the zone file, a text. Read the line of `www`, and assign the text with that line mended: `system.zone = system.zone.replace(…, …)`.",
    ),
    passed="The name leads home again, and no other name was touched.",
)
def thursday(t: Trial, cause: Any, mend: Mend) -> None:
    """A wrong DNS record."""
    if not is_found(
        t,
        "thursday",
        cause,
        {
            "dead port": "It looks the same: refused. But the front listens; Bob's old computer proves it. Where did the others knock?",
            "expired certificate": "Then a browser says so. Here it met nobody who could show one.",
            "crashed worker": "Behind the front all is well: go there by its address, and you see it.",
        },
    ):
        return
    with broken("thursday") as system:
        others = {host: system.ask(host) for host in HOSTS}
        mx = system.ask("ticker.example", "MX")
        with t.case("the name leads to the front") as case:
            mend(system)
            try:
                found = system.resolve("www")
            except OSError as error:
                case.fail("an address", str(error), "Now the name has no address at all.")
            words = (
                "The name server still says the old address: what has to change is the zone, `system.zone`."
            )
            home = system.address("https")[0]
            all_ = system.ask("www")
            if home in all_ and len(all_) > 1:
                words = "The old address is still there, beside the new one: whoever takes it meets nobody."
            case.expect_that(all_ == [home], home, ", ".join(all_) or found, words)
        if not t.results[-1].passed:  # the rest would only say so again
            return
        with t.case("a visitor comes again") as case:
            visit(case, system, "/", {})
        with t.case("the other names") as case:
            words = (
                "The zone has other hosts, too, and they were right: change one line of it, not the whole."
            )
            for host, before in others.items():
                try:
                    now = system.ask(host)
                except OSError as error:
                    case.fail(f"{host} as before", str(error), words)
                case.expect_that(now == before, f"{host} as before", str(now), words)
            now = system.ask("ticker.example", "MX")
            case.expect_that(now == mx, "the MX record as before", str(now), words)
