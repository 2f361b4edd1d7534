"""The shared background loop: one thread, and nothing a caller does can hang or end it."""

import asyncio
import os
import threading

import pytest

from netlab.errors import NetlabError
from netlab.servers import TCPEchoServer
from netlab.servers.loop import background_loop


def test_everybody_gets_the_same_loop():
    assert background_loop() is background_loop()


def test_it_runs_coroutines_and_returns_their_results():
    async def seven():
        return 7

    assert background_loop().run(seven()) == 7


def test_an_exception_reaches_the_caller():
    async def fail():
        raise KeyError("x")

    with pytest.raises(KeyError):
        background_loop().run(fail())


def test_a_coroutine_that_takes_too_long_is_cancelled():
    cancelled = threading.Event()

    async def forever():
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError):
        background_loop().run(forever(), timeout=0.01)
    assert cancelled.wait(5)


def test_waiting_for_itself_is_an_error_instead_of_a_deadlock():
    async def wait_for_itself():
        background_loop().run(asyncio.Event().wait())

    with pytest.raises(NetlabError, match="await the coroutine instead"):
        background_loop().run(wait_for_itself())


def test_servers_work_inside_a_running_event_loop_as_in_a_notebook():
    async def cell():
        with TCPEchoServer() as server:
            reader, writer = await asyncio.open_connection(*server.address)
            writer.write(b"hello")
            answer = await reader.read(100)
            writer.close()
            await writer.wait_closed()
            return answer

    assert asyncio.run(cell()) == b"hello"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_gets_a_loop_of_its_own_and_the_parents_goes_on():
    async def seven():
        return 7

    with TCPEchoServer() as server:
        child = os.fork()
        if child == 0:
            try:
                with TCPEchoServer() as own:
                    os._exit(background_loop().run(seven(), 5) if own.port != server.port else 1)
            finally:
                os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert background_loop().run(seven(), 5) == 7
