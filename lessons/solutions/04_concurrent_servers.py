"""Solutions of the exercises of lesson 04, many clients at once."""

import asyncio
import threading
from contextlib import suppress


def converse(client):
    with suppress(ConnectionError), client, client.makefile("rb") as lines:
        for line in lines:
            client.sendall(b"AAPL 430.47\n" if line == b"AAPL?\n" else b"ERR no such share\n")


def tell(room, text, but=None):
    for name, writer in room.items():
        if name != but:
            writer.write(text.encode() + b"\n")


# 04-threads
def serve(listener):
    """Serve every client in a thread of its own."""
    while True:
        client, _ = listener.accept()
        threading.Thread(target=converse, args=(client,), daemon=True).start()


# 04-order
order = "cfhaedgb"


# 04-harm
harm = {
    "one at a time, one silent client": "all",
    "a thread each, fifty silent clients": "nobody",
    "a pool of 16, one silent client": "nobody",
    "a pool of 16, fifty silent clients": "all",
    "selectors, fifty silent clients": "nobody",
    "asyncio, one coroutine awaits asyncio.sleep(60)": "nobody",
    "asyncio, one coroutine calls time.sleep(60)": "all",
}


# 04-mend
async def handle(reader, writer, look_up):
    while line := await reader.readline():
        writer.write(await asyncio.to_thread(look_up, line))
        await writer.drain()
    writer.close()


# 04-choose
choice = {
    "printer": "one at a time",
    "chat": "asyncio",
    "database": "pool",
    "devices": "threads",
    "risk": "processes",
}


# 04-shutdown
async def shut_down(server, talks, patience):
    """Let nobody new in, give the talks `patience` seconds to end, cancel the rest."""
    server.close()
    if not talks:
        return 0
    _, pending = await asyncio.wait(talks, timeout=patience)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return len(pending)


# 04-room
async def chat(reader, writer, room):
    """One client's time in the chat room, from the question for the name to the news of the leaving."""
    writer.write(b"name?\n")
    name = (await reader.readline()).decode(errors="replace").strip()
    if not name or name in room:
        writer.write(b"! choose another name\n")
        writer.close()
        return
    room[name] = writer
    tell(room, f"* {name} came", but=name)
    try:
        while line := await reader.readline():
            text = line.decode(errors="replace").strip()
            if text in ("bye", "再见"):
                writer.write(text.encode() + b"\n")
                break
            tell(room, f"{name}: {text}", but=name)
    except ConnectionError:
        pass  # it has crashed: for the others the same as leaving
    finally:
        del room[name]
        writer.close()
        tell(room, f"* {name} left")


# 04-private
def say(room, name, line):
    """Deliver a line of text that the client `name` has sent."""
    command, *rest = line.split(" ", 2)
    if command != "/msg":
        tell(room, f"{name}: {line}", but=name)
    elif len(rest) < 2:
        room[name].write(b"! like this: /msg ben hi\n")
    elif rest[0] not in room:
        room[name].write(f"! nobody is called {rest[0]}\n".encode())
    else:
        room[rest[0]].write(f"{name} (private): {rest[1]}\n".encode())
