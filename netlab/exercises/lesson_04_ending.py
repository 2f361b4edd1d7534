"""The exercise of lesson 04 on ending well."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from netlab.exercises.coroutines import together
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

ShutDown = Callable[[asyncio.Server, set[asyncio.Task[None]], float], Awaitable[int]]


@exercise(
    "04-shutdown",
    title="Close the door, finish, then cancel",
    objective="04-o4",
    points=3,
    hints=(
        "Three steps, in this order: `server.close()`; wait for the talks; cancel those that are left.",
        "`done, pending = await asyncio.wait(talks, timeout=patience)`. It refuses an empty set: ask `if talks` first.",
        "`task.cancel()` only asks. `await asyncio.gather(*pending, return_exceptions=True)` waits until they are gone.",
        "`patience` is for all of them together: one `asyncio.wait` for the whole set. And leave `server.wait_closed()` out: since Python 3.12 it waits for the talks, without a limit.",
    ),
    passed="Nobody is cut off who would have finished in time, and nobody holds up the end.",
)
def shutdown(t: Trial, shut_down: ShutDown) -> None:
    """A graceful shutdown of an asyncio server."""
    for name, trial in {
        "no talk is left": _nobody_left,
        "a talk that ends in time": _one_in_time,
        "a talk that never ends": _one_for_ever,
        "four talks that never end": _four_for_ever,
        "a new client during the shutdown": _a_newcomer,
    }.items():
        hangs = "It did not come to an end: every wait needs a limit, here `patience`."
        cancelled = (
            "`gather` passes on what its tasks raise, their cancelling too, unless `return_exceptions=True`."
        )
        with t.case(name, {TimeoutError: hangs, asyncio.CancelledError: cancelled}, hangs=hangs) as case:
            expected, came, advice = together(lambda trial=trial: trial(shut_down))  # type: ignore[misc]
            case.expect(came, expected, advice=advice)


async def _server() -> asyncio.Server:
    async def ignore(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    return await asyncio.start_server(ignore, "127.0.0.1", 0)


async def _nobody_left(shut_down: ShutDown) -> tuple[Any, Any, str]:
    return 0, await shut_down(await _server(), set(), 1.0), "Nobody had to be cancelled: return 0."


async def _one_in_time(shut_down: ShutDown) -> tuple[Any, Any, str]:
    end, finished = asyncio.Event(), []

    async def talk() -> None:
        await end.wait()
        finished.append("the last answer")

    task = asyncio.create_task(talk())
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, end.set)
    cancelled = await shut_down(await _server(), {task}, 5.0)
    advice = (
        "It would have finished within its patience of 5 seconds: wait for it before you cancel anything."
    )
    return (0, ["the last answer"]), (cancelled, finished), advice


async def _one_for_ever(shut_down: ShutDown) -> tuple[Any, Any, str]:
    notes: list[str] = []

    async def talk() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)  # what a farewell takes
            notes.append("cleaned up")

    async def quick() -> None:
        """One that has ended already."""

    tasks = {asyncio.create_task(talk()), asyncio.create_task(quick())}
    await asyncio.sleep(0)
    cancelled = await asyncio.wait_for(shut_down(await _server(), tasks, 0.05), 3)
    advice = (
        "After `patience` cancel what is pending, one here, wait until it has cleaned up, and return how many "
        "you cancelled."
    )
    return (1, ["cleaned up"]), (cancelled, notes), advice


async def _four_for_ever(shut_down: ShutDown) -> tuple[Any, Any, str]:
    tasks = {asyncio.create_task(asyncio.Event().wait()) for _ in range(4)}
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    begin = loop.time()
    cancelled = await asyncio.wait_for(shut_down(await _server(), tasks, 0.15), 3)  # type: ignore[arg-type]
    soon = loop.time() - begin < 0.45
    advice = (
        "All talks together get `patience` seconds, not each in its turn: a hundred of them would hold up the end "
        "a hundred times as long. `asyncio.wait` takes the whole set."
    )
    return (4, "in time"), (cancelled, "in time" if soon else "four times as late"), advice


async def _a_newcomer(shut_down: ShutDown) -> tuple[Any, Any, str]:
    server = await _server()
    address = server.sockets[0].getsockname()
    came: list[str] = []

    async def talk() -> None:
        while server.is_serving():  # until the door is closed, or this talk is cancelled
            await asyncio.sleep(0.005)
        try:
            _, writer = await asyncio.open_connection(*address)
        except ConnectionRefusedError:
            came.append("refused")
        else:
            came.append("let in")
            writer.close()

    task = asyncio.create_task(talk())
    await asyncio.sleep(0)
    await asyncio.wait_for(shut_down(server, {task}, 0.3), 3)
    server.close()
    return ["refused"], came, "`server.close()` first: else newcomers keep the server busy for ever."
