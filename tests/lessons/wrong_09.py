"""Typical wrong answers of lesson 09: the exercise, words that the report must hold, and the student's code."""

REPLY = """
def read_reply(stream):
    lines = []
    while True:
        line = stream.readline()
        {ends}
        lines.append(line.decode(){strip})
        if {last}:
            return {result}
"""

PASSIVE = """
import re

def data_address(reply, host):
    if reply.startswith("227"):
        found = re.search(r"{pattern}", reply)
        if found:
            high, low = found[1], found[2]
            return {host}, {port}
    {extended}
    raise ValueError(reply)
"""

DOWNLOAD = """
def download(say, connect, name):
    say("TYPE I")
    passive = say("PASV")
    {passive}
    with connect(passive) as data:
        {begin}
        content = data.makefile("rb").read()
    {end}
    return content
"""

PORT = """
def port_command(host, port):
    if {six}:
        return f"{eprt}"
    high, low = {two}
    return f"{port}"
"""

PUBLISH = """
def publish(ftp, name, file):
    {body}
"""

BAR = """
def bar(done, total, width=20):
    if total is None:
        return f"{{done}} bytes"
    {zero}
    {most}
    blocks, percent = {blocks}, {percent}
    return f"{{'█' * blocks}}{{'░' * (width - blocks)}} {{percent:3}} %"
"""

FETCH = """
import ftplib
def fetch(connect, name, path, attempts=5):
    {loop}
        try:
            with connect() as ftp, path.open("{mode}") as file:
                ftp.retrbinary(f"RETR {{name}}", file.write{rest})
                return
        except {errors}:
            {last}
"""

EMPTIED = """
def fetch(connect, name, path, attempts=5):
    for attempt in range(1, attempts + 1):
        there = path.stat().st_size if path.exists() else 0
        try:
            with connect() as ftp, path.open("wb") as file:
                ftp.retrbinary(f"RETR {name}", file.write, rest=there)
                return
        except (OSError, EOFError):
            if attempt == attempts: raise
"""

IN_MEMORY = """
import ftplib
def fetch(connect, name, path, attempts=5):
    data = bytearray(path.read_bytes()) if path.exists() else bytearray()
    for attempt in range(1, attempts + 1):
        try:
            with connect() as ftp:
                ftp.retrbinary(f"RETR {name}", data.extend, rest=len(data))
            path.write_bytes(data)
            return
        except (OSError, EOFError, ftplib.error_temp):
            if attempt == attempts: raise
"""

ONE_SESSION = """
def fetch(connect, name, path, attempts=5):
    with connect() as ftp:
        for attempt in range(1, attempts + 1):
            try:
                with path.open("ab") as file:
                    ftp.retrbinary(f"RETR {name}", file.write, rest=file.tell())
                return
            except (OSError, EOFError):
                if attempt == attempts: raise
"""

SECURE = """
import ftplib

def secure_client(host, port, user, password, context):
    ftp = {ftp}
    ftp.connect(host, port)
    {before}
    ftp.login(user, password)
    {after}
    return ftp
"""

TOOLS = {
    "anybody may download our annual report": "HTTPS",
    "copy 200,000 files every night, of which 50 have changed": "rsync",
    "two people of a partner firm put files into our server, by their SSH keys": "SFTP",
    "our programs keep a million scans, each under a name of its own": "object store",
    "a camera from 2009 that speaks only FTP, and can do AUTH TLS": "FTPS",
}


def reply(
    ends='if not line.endswith(b"\\n"): raise EOFError',
    strip='.rstrip("\\r\\n")',
    last='lines[0][3:4] != "-" or lines[-1].startswith(lines[0][:3] + " ")',
    result="int(lines[0][:3]), lines",
) -> str:
    return REPLY.format(ends=ends, strip=strip, last=last, result=result)


EXTENDED = r"""if reply.startswith("229"):
        found = re.search(r"\((.)\1\1(\d+)\1\)", reply)
        if found:
            return host, int(found[2])"""


def passive(
    pattern=r"\d+,\d+,\d+,\d+,(\d+),(\d+)",
    host="host",
    port="int(high) * 256 + int(low)",
    extended=EXTENDED,
) -> str:
    return PASSIVE.format(pattern=pattern, host=host, port=port, extended=extended)


def download(
    passive="""if not passive.startswith("227"):
        raise OSError(passive)""",
    begin="""begin = say(f"RETR {name}")
        if not begin.startswith("1"):
            raise OSError(begin)""",
    end="""end = say()
    if not end.startswith("226"):
        raise OSError(end)""",
) -> str:
    return DOWNLOAD.format(passive=passive, begin=begin, end=end)


def port(
    six='":" in host',
    eprt="EPRT |2|{host}|{port}|",
    two="divmod(port, 256)",
    port="PORT {host.replace('.', ',')},{high},{low}",
) -> str:
    return PORT.format(six=six, eprt=eprt, two=two, port=port)


def bar(
    zero="if total == 0: done = total = 1",
    most="done = min(done, total)",
    blocks="done * width // total",
    percent="done * 100 // total",
) -> str:
    return BAR.format(zero=zero, most=most, blocks=blocks, percent=percent)


def fetch(
    loop="for attempt in range(1, attempts + 1):",
    mode="ab",
    rest=", rest=file.tell()",
    errors="(OSError, EOFError, ftplib.error_temp)",
    last="if attempt == attempts: raise",
) -> str:
    return FETCH.format(loop=loop, mode=mode, rest=rest, errors=errors, last=last)


def secure(ftp="ftplib.FTP_TLS(context=context, timeout=2)", before="", after="ftp.prot_p()") -> str:
    return SECURE.format(ftp=ftp, before=before, after=after)


def tools(**changed: str) -> str:
    """The right choices, with some of them changed: a beginning of the task, and the tool."""
    chosen = {
        task: next((tool for begin, tool in changed.items() if task.startswith(begin)), right)
        for task, right in TOOLS.items()
    }
    return f"tools = {chosen!r}"


WRONG = [
    # a single line is not always the reply
    ("09-reply", "A `-` behind the code says that more lines follow.", reply(last="True")),
    (
        "09-reply",
        "That line begins with a space.",
        reply(last='lines[0][3:4] != "-" or lines[-1].strip()[:4] == lines[0][:3] + " "'),
    ),
    ("09-reply", "500 is part of the text", reply(last='lines[-1][:3].isdigit() and lines[-1][3:4] == " "')),
    (
        "09-reply",
        "the last line has a space behind its code",
        reply(last='lines[0][3:4] != "-" or (len(lines) > 1 and lines[-1][:3] == lines[0][:3])'),
    ),
    ("09-reply", "`int(line[:3])`", reply(result="lines[0][:3], lines")),
    ("09-reply", "without their `\\r\\n`", reply(strip="")),
    ("09-reply", "the space at the beginning belongs to the line", reply(strip=".strip()")),
    ("09-reply", "your loop never ends", reply(ends="if line == b'': continue")),
    ("09-reply", "half a reply passes for a whole one", reply(ends="")),
    (
        "09-reply",
        "EOFError is raised",
        """
def read_reply(stream):
    lines = [stream.readline().decode().rstrip()]
    while lines[-1][3] == "-" or not lines[-1].startswith(lines[0][:3] + " "):
        lines.append(stream.readline().decode().rstrip())
    return int(lines[0][:3]), lines
""",
    ),
    # the port, the host, and other ways to write a reply
    ("09-passive", "the first counts 256 times", passive(port="int(high + low)")),
    ("09-passive", "The more significant byte comes first", passive(port="int(low) * 256 + int(high)")),
    ("09-passive", "Do not add them", passive(port="int(high) + int(low)")),
    (
        "09-passive",
        "take the host of the control connection",
        passive(host='".".join(re.search(r"(\\d+),(\\d+),(\\d+),(\\d+),", reply).groups())'),
    ),
    ("09-passive", "not to rely on the brackets", passive(pattern=r"\(\d+,\d+,\d+,\d+,(\d+),(\d+)\)")),
    (
        "09-passive",
        "may be another",
        passive(extended=EXTENDED.replace(r"(.)\1\1(\d+)\1", r"(\|)\|\|(\d+)\|")),
    ),
    ("09-passive", "This reply names no port", passive(extended=EXTENDED + "\n    return host, None")),
    (
        "09-passive",
        "the port is between the marks",
        passive(
            extended=EXTENDED.replace(
                r're.search(r"\((.)\1\1(\d+)\1\)", reply)', r're.search(r"(\D)(\d+)\D*$", reply)'
            )
        ),
    ),
    (
        "09-passive",
        "This reply names no port",
        passive().replace('reply.startswith("227")', '"227" in reply'),
    ),
    # replies that nobody read
    ("09-download", "PASV was refused", download(passive="")),
    ("09-download", "It was left behind", download(end="")),
    ("09-download", "no data will come", download(begin='say(f"RETR {name}")')),
    ("09-download", "the last reply says that the file is not whole", download(end="say()")),
    (
        "09-download",
        "125 begins a transfer",
        download(
            begin="""begin = say(f"RETR {name}")
        if not begin.startswith("150"):
            raise OSError(begin)"""
        ),
    ),
    (
        "09-download",
        "it says why",
        download(
            begin="""if not say(f"RETR {name}").startswith("1"):
            raise OSError("refused")"""
        ),
    ),
    # how a client says where it listens
    ("09-port", "The address has commas too", port(port="PORT {host},{high},{low}")),
    (
        "09-port",
        "The more significant byte comes first",
        port(port="PORT {host.replace('.', ',')},{low},{high}"),
    ),
    ("09-port", "one for each byte", port(port="PORT {host.replace('.', ',')},{port}")),
    ("09-port", "gives a number with a point", port(two="port / 256, port % 256")),
    ("09-port", "1 is IPv4", port(eprt="EPRT |1|{host}|{port}|")),
    ("09-port", "IPv6 needs EPRT", port(six="False")),
    # half a file, no file, another file
    ("09-publish", "upload under another", PUBLISH.format(body='ftp.storbinary(f"STOR {name}", file)')),
    (
        "09-publish",
        "has the file been renamed?",
        PUBLISH.format(body='ftp.storbinary(f"STOR {name}.part", file)'),
    ),
    (
        "09-publish",
        "`storlines` is for text",
        PUBLISH.format(body='ftp.storlines(f"STOR {name}.part", file)\n    ftp.rename(f"{name}.part", name)'),
    ),
    (
        "09-publish",
        "there was no file at all",
        PUBLISH.format(
            body="""ftp.storbinary(f"STOR {name}.part", file)
    if name in ftp.nlst():
        ftp.delete(name)
    ftp.rename(f"{name}.part", name)"""
        ),
    ),
    (
        "09-publish",
        "let the exception go through",
        PUBLISH.format(
            body="""try:
        ftp.storbinary(f"STOR {name}.part", file)
    except OSError:
        return
    ftp.rename(f"{name}.part", name)"""
        ),
    ),
    (
        "09-publish",
        "make the name from `name`",
        PUBLISH.format(body='ftp.storbinary("STOR upload", file)\n    ftp.rename("upload", name)'),
    ),
    # a bar that lies, or falls
    ("09-bar", "Round down", bar(percent="round(done * 100 / total)")),
    ("09-bar", "the last one is for the last byte", bar(blocks="round(done * width / total)")),
    ("09-bar", "Nothing can be divided by 0", bar(zero="")),
    ("09-bar", "More than all of it is 100 %", bar(most="")),
    ("09-bar", "Whole numbers only", bar(percent="done * 100 / total")),
    ("09-bar", "stay with whole numbers", bar(percent="int(done / total * 100)")),
    # a cut, and what is done about it
    ("09-resume", "`rest=` how many you have", fetch(rest="")),
    ("09-resume", '`"wb"` empties the file', EMPTIED),
    ("09-resume", "could have been tried again", fetch(loop="for attempt in [attempts]:")),
    ("09-resume", "after the last attempt let the error go through", fetch(last="pass")),
    ("09-resume", "It tried for ever", fetch(loop="while True:", last="continue")),
    (
        "09-resume",
        "a 5 is a lasting no",
        fetch(errors="(OSError, EOFError, ftplib.Error)"),
    ),
    (
        "09-resume",
        "of which a time-out is one",
        fetch(errors="(ConnectionError, EOFError, ftplib.error_temp)"),
    ),
    ("09-resume", "and `EOFError`", fetch(errors="(OSError, ftplib.error_temp)")),
    ("09-resume", "A 4 means: not now", fetch(errors="(OSError, EOFError)")),
    ("09-resume", "each attempt begins with a new `connect()`", ONE_SESSION),
    ("09-resume", "What came before the last cut is lost", IN_MEMORY),
    # protected, or so it seems
    ("09-secure", "the files are in clear text", secure(after="")),
    ("09-secure", "hand `context` to FTP_TLS", secure(ftp="ftplib.FTP_TLS(timeout=2)")),
    ("09-secure", "refuses a login in clear text", secure(ftp="ftplib.FTP(timeout=2)", after="")),
    ("09-secure", "call `prot_p()` after `login()`", secure(before="ftp.prot_p()", after="")),
    # names that are alike, and what others have
    ("09-choose", "readers have no account", tools(anybody="SFTP")),
    ("09-choose", "Which of the two runs inside SSH?", tools(two="FTPS")),
    ("09-choose", "One tool compares first", tools(copy="SFTP")),
    ("09-choose", "What keeps a million objects", tools(our="HTTPS")),
]
