"""Typical wrong answers of lesson 04: the exercise, words that the report must hold, and the student's code."""

THREADS = """
import threading

def serve(listener):
    while True:
        client, _ = listener.accept()
        {serve}
"""

HANDLE = """
async def handle(reader, writer, look_up):
    while line := await reader.readline():
        writer.write({answer})
        {after}
    writer.close()
"""

SHUT_DOWN = """
async def shut_down(server, talks, patience):
    {first}
    if not talks:
        return 0
    {wait}
    for task in pending:
        {cancel}
    {gone}
    return len(pending)
"""

CHAT = """
async def chat(reader, writer, room):
    writer.write(b"name?\\n")
    name = (await reader.readline()).decode(errors="replace").strip()
    if {refused}:
        writer.write(b"! choose another name\\n")
        writer.close()
        return
    room[name] = writer
    tell(room, f"* {{name}} came"{came})
    {try_}
        while {line}:
            text = {text}
            if text in ("bye", "再见"):
                {bye}
                break
            tell(room, f"{{name}}: {{text}}"{but})
    {finally_}
        {leave}
        writer.close()
        tell(room, f"* {{name}} left")
"""

ONE_FINALLY = """
async def chat(reader, writer, room):
    writer.write(b"name?\\n")
    name = (await reader.readline()).decode().strip()
    try:
        if not name or name in room:
            writer.write(b"! choose another name\\n")
            return
        room[name] = writer
        tell(room, f"* {name} came", but=name)
        while line := await reader.readline():
            text = line.decode(errors="replace").strip()
            if text in ("bye", "再见"):
                writer.write(text.encode() + b"\\n")
                break
            tell(room, f"{name}: {text}", but=name)
    except ConnectionError:
        pass
    finally:
        room.pop(name, None)
        writer.close()
        tell(room, f"* {name} left", but=name)
"""

SAY = """
def say(room, name, line):
    {first}
    if line.startswith("/msg"):
        {split}
        {lookup}
        room[other].write(f"{{name}} (private): {{text}}\\n".encode())
        {end}
    tell(room, f"{{name}}: {{line}}", but=name)
"""


def shut_down(
    first="server.close()",
    wait="_, pending = await asyncio.wait(talks, timeout=patience)",
    cancel="task.cancel()",
    gone="await asyncio.gather(*pending, return_exceptions=True)",
) -> str:
    return SHUT_DOWN.format(first=first, wait=wait, cancel=cancel, gone=gone)


def chat(
    refused="not name or name in room",
    came=", but=name",
    line="line := await reader.readline()",
    text='line.decode(errors="replace").strip()',
    bye='writer.write(text.encode() + b"\\n")',
    but=", but=name",
    try_="try:",
    finally_="finally:",
    leave="del room[name]",
) -> str:
    return CHAT.format(
        refused=refused,
        came=came,
        line=line,
        text=text,
        bye=bye,
        but=but,
        try_=try_,
        finally_=finally_,
        leave=leave,
    )


def say(
    first="",
    split='_, other, text = line.split(" ", 2)',
    lookup='if other not in room: return room[name].write(f"! nobody is called {other}\\n".encode())',
    end="return",
) -> str:
    return SAY.format(first=first or "pass", split=split, lookup=lookup, end=end)


def harm(case: str, answer: str) -> str:
    right = {
        "one at a time, one silent client": "all",
        "a thread each, fifty silent clients": "nobody",
        "a pool of 16, one silent client": "nobody",
        "a pool of 16, fifty silent clients": "all",
        "selectors, fifty silent clients": "nobody",
        "asyncio, one coroutine awaits asyncio.sleep(60)": "nobody",
        "asyncio, one coroutine calls time.sleep(60)": "all",
    }
    (name,) = (each for each in right if case in each)
    return f"harm = {right | {name: answer}}"


def choice(**wrong: str) -> str:
    right = {
        "printer": "one at a time",
        "chat": "asyncio",
        "database": "pool",
        "devices": "threads",
        "risk": "processes",
    }
    return f"choice = {right | wrong}"


WRONG = [
    (
        "04-threads",
        "nobody else is served",
        THREADS.format(serve="threading.Thread(target=converse(client)).start()"),
    ),
    (
        "04-threads",
        "nobody else is served",
        THREADS.format(
            serve="thread = threading.Thread(target=converse, args=(client,)); thread.start(); thread.join()"
        ),
    ),
    (
        "04-threads",
        "Hand the function and its argument over apart",
        THREADS.format(serve="threading.Thread(target=converse, args=client).start()"),
    ),
    ("04-threads", "go back to `accept` at once", THREADS.format(serve="converse(client)")),
    (
        "04-threads",
        "no pool",
        "from concurrent.futures import ThreadPoolExecutor\n"
        + THREADS.format(serve="workers.submit(converse, client)").replace(
            "def serve", "workers = ThreadPoolExecutor(16)\n\ndef serve"
        ),
    ),
    ("04-order", "c comes first", 'order = "fchaedgb"'),
    ("04-order", "register the listener first", 'order = "chfaedgb"'),
    ("04-order", "`accept` would block", 'order = "cfahedgb"'),
    ("04-order", "comes out of `accept`", 'order = "cfheadgb"'),
    ("04-order", "may not have sent anything yet", 'order = "cfhadegb"'),
    ("04-order", "unregister it first", 'order = "cfhaedbg"'),
    ("04-order", "only the first time counts", 'order = "cfhaehdgb"'),
    ("04-order", "Missing: g (unregister", 'order = "cfhaedb"'),
    ("04-harm", "Each silent client has a thread of its own", harm("a thread each", "all")),
    ("04-harm", "fifteen are left", harm("16, one", "all")),
    ("04-harm", "take all workers", harm("16, fifty", "nobody")),
    ("04-harm", "gives the loop back", harm("awaits", "all")),
    ("04-harm", "the only thread sleeps", harm("calls", "nobody")),
    (
        "04-mend",
        "blocks the only thread",
        HANDLE.format(answer="look_up(line)", after="await writer.drain()"),
    ),
    (
        "04-mend",
        "await writer.drain()",
        HANDLE.format(answer="await asyncio.to_thread(look_up, line)", after="pass"),
    ),
    (
        "04-mend",
        "TypeError",
        HANDLE.format(answer="await asyncio.to_thread(look_up(line))", after="await writer.drain()"),
    ),
    ("04-choose", "what else can wait for so many", choice(chat="threads")),
    ("04-choose", "a thousand threads before a database", choice(database="threads")),
    ("04-choose", "sixteen threads use one core", choice(risk="threads")),
    ("04-choose", "would block the loop", choice(devices="asyncio")),
    ("04-choose", "Choose one of these words", choice(printer="queue")),
    ("04-shutdown", "wait for it before you cancel", shut_down(wait="pending = talks")),
    ("04-shutdown", "every wait needs a limit", shut_down(wait="_, pending = await asyncio.wait(talks)")),
    ("04-shutdown", "wait until it has cleaned up", shut_down(gone="pass")),
    ("04-shutdown", "unless `return_exceptions=True`", shut_down(gone="await asyncio.gather(*pending)")),
    ("04-shutdown", "`server.close()` first", shut_down(first="pass")),
    (
        "04-shutdown",
        "not each in its turn",
        shut_down(
            wait="pending = [task for task in talks if not (await asyncio.wait([task], timeout=patience))[0]]"
        ),
    ),
    (
        "04-shutdown",
        "wait until it has cleaned up",
        shut_down(
            cancel="pass",
            gone="for task in talks: task.cancel()\n    await asyncio.sleep(0.01); pending = ()",
        ),
    ),
    ("04-room", "ada knows that she came", chat(came="")),
    ("04-room", "leave the speaker out", chat(but="")),
    (
        "04-room",
        "Is your condition always true",
        chat(bye="pass").replace('in ("bye", "再见")', '== "bye" or "再见"'),
    ),
    (
        "04-room",
        "`await reader.readline()`",
        chat().replace("(await reader.readline())", "reader.readline()"),
    ),
    ("04-room", "must not be replaced", chat(refused="not name")),
    ("04-room", "Answer with the same word", chat(bye="pass")),
    ("04-room", "heard nothing of it", chat(try_="if True:", finally_="if True:")),
    ("04-room", "Take who left out of the room", chat(leave="pass")),
    ("04-room", "not an empty line", chat(line="(line := await reader.readline()).strip()")),
    ("04-room", "not an empty line", chat(text="line.decode().strip()")),
    ("04-room", "The first ada was thrown out", ONE_FINALLY),
    (
        "04-private",
        "look for `/msg` before you tell",
        "def say(room, name, line):\n    tell(room, f'{name}: {line}', but=name)\n    return None",
    ),
    ("04-private", "split off the first two words only", say(split="_, other, text = line.split()[:3]")),
    ("04-private", "more parts than you unpack", say(split="_, other, text = line.split()")),
    ("04-private", "return after you have sent them", say(end="pass")),
    (
        "04-private",
        "All have heard of it",
        say(lookup='if other not in room: return tell(room, f"! nobody is called {other}")'),
    ),
    ("04-private", "Look whether the name is in the room", say(lookup="pass")),
    ("04-private", "how many parts the line has", say()),
]
