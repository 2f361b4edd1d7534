"""The exercises of lesson 04 that ask for a choice: what harms a server, and which kind fits a task."""

from __future__ import annotations

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong

_HARM: dict[str, tuple[str, str]] = {
    "one at a time, one silent client": (
        "all",
        "There is one place of execution, and it waits in the silent client's `recv`.",
    ),
    "a thread each, fifty silent clients": (
        "nobody",
        "Each silent client has a thread of its own to wait in. The next client gets another one.",
    ),
    "a pool of 16, one silent client": (
        "nobody",
        "One worker waits with it; fifteen are left for the others.",
    ),
    "a pool of 16, fifty silent clients": (
        "all",
        "The first sixteen of them take all workers, and none is ever given back.",
    ),
    "selectors, fifty silent clients": (
        "nobody",
        "Who is silent is never ready, so the selector never reports it: the loop does not notice it at all.",
    ),
    "asyncio, one coroutine awaits asyncio.sleep(60)": (
        "nobody",
        "`await` gives the loop back for that minute: the others run.",
    ),
    "asyncio, one coroutine calls time.sleep(60)": (
        "all",
        "There is no `await`: the only thread sleeps for a minute, and the loop with it.",
    ),
}


@exercise(
    "04-harm",
    title="Who suffers?",
    objective="04-o1",
    points=2,
    hints=(
        "Ask for each: in which thread does the program wait, and who else needs that thread?",
        "A pool has sixteen workers; a selector needs nobody to wait; an event loop has one thread for all.",
        "`await` gives the loop back, `time.sleep` does not. All wait in three of the seven cases.",
    ),
    passed="You look for the thread that waits, and for who else needs it.",
)
def harm(t: Trial, harm: dict[str, str]) -> None:
    """What silent and blocking clients do to the others."""
    for situation, (right, why) in _HARM.items():
        with t.case(situation) as case:
            came = harm.get(situation)
            case.expect_that(
                came in ("all", "nobody"), '"all" or "nobody"', repr(came), "Choose one of the two words."
            )
            case.expect(came, right, advice=why)


_KINDS = ("one at a time", "threads", "pool", "asyncio", "processes")
_TASKS: dict[str, tuple[str, Wrong]] = {
    "printer": (
        "one at a time",
        [
            (
                "asyncio",
                "There is one printer: its jobs cannot overlap whatever the server does. Keep it simple.",
            ),
            (
                "threads",
                "Two threads would print into each other's labels, or wait for a lock: one at a time.",
            ),
            ("pool", "A pool of one worker would do, and that is one at a time."),
            ("processes", "Nothing is calculated here."),
        ],
    ),
    "chat": (
        "asyncio",
        [
            (
                "threads",
                "Twenty thousand threads that wait, each with its memory: what else can wait for so many?",
            ),
            ("pool", "The first silent people would fill the pool, and stay for hours."),
            ("one at a time", "The second one would wait until the first one leaves."),
            (
                "processes",
                "Nothing is calculated; twenty thousand processes would be dearer still than threads.",
            ),
        ],
    ),
    "database": (
        "pool",
        [
            (
                "threads",
                "A thousand requests would be a thousand threads before a database that takes twenty at once.",
            ),
            (
                "asyncio",
                "The library blocks, so each call would have to go to a thread: a pool with an event loop in front of it. The pool alone is simpler.",
            ),
            ("one at a time", "The database could do twenty queries at once, and would get one."),
            ("processes", "Waiting for a database needs no processor."),
        ],
    ),
    "devices": (
        "threads",
        [
            (
                "pool",
                "A long dialogue keeps its worker. With fewer workers than devices some device waits; with as many, the pool limits nothing: a thread each says it plainly.",
            ),
            ("asyncio", "Without an async library each call would block the loop. Ten threads cost nothing."),
            ("one at a time", "Nine devices would wait for the end of a long dialogue."),
            ("processes", "Dialogues wait; that needs no processor of its own."),
        ],
    ),
    "risk": (
        "processes",
        [
            ("threads", "Pure Python that calculates needs the GIL: sixteen threads use one core."),
            ("pool", "A pool of threads shares one GIL: one core works, fifteen are idle."),
            ("asyncio", "Two seconds without an `await` are two seconds in which nobody else is served."),
            ("one at a time", "Fifteen cores would be idle."),
        ],
    ),
}


@exercise(
    "04-choose",
    title="Which kind for which task?",
    objective="04-o5",
    points=3,
    hints=(
        "Ask of each: does it wait or calculate? For how many at once? Does the library block?",
        "A pool is for short requests with a limit behind them; a thread each for a few long ones.",
        "Only one of the five calculates. Only one has thousands of clients.",
    ),
    passed="You ask first what a server waits for, then how many wait.",
)
def choose(t: Trial, choice: dict[str, str]) -> None:
    """A kind of server for each of five tasks."""
    for task, (right, wrong) in _TASKS.items():
        with t.case(task) as case:
            came = choice.get(task)
            known = ", ".join(f'"{kind}"' for kind in _KINDS)
            case.expect_that(came in _KINDS, f"one of {known}", repr(came), "Choose one of these words.")
            case.expect(came, right, wrong)
