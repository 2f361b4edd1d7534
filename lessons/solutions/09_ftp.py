"""Solutions of the exercises of lesson 09, FTP."""

import ftplib
import re


# 09-reply
def read_reply(stream):
    """Return (code, lines) of the next reply."""
    lines = []
    while True:
        line = stream.readline()
        if not line.endswith(b"\n"):
            raise EOFError("the stream ended in a reply")
        lines.append(line.decode().rstrip("\r\n"))
        code = lines[0][:3]
        if lines[0][3:4] != "-" or lines[-1].startswith(f"{code} "):
            return int(code), lines


# 09-passive
def data_address(reply, host):
    """Return (host, port) of the data connection, from the text of a 227 or a 229 reply."""
    if reply.startswith("227"):
        found = re.search(r"\d+,\d+,\d+,\d+,(\d+),(\d+)", reply)
        if found:
            return host, int(found[1]) * 256 + int(found[2])
    if reply.startswith("229"):
        found = re.search(r"\((.)\1\1(\d+)\1\)", reply)
        if found:
            return host, int(found[2])
    raise ValueError(f"no address of a data connection: {reply}")


# 09-download
def download(say, connect, name):
    """Return the bytes of a file; raise OSError when it cannot be had whole."""
    say("TYPE I")
    reply = say("PASV")
    if not reply.startswith("227"):
        raise OSError(reply)
    with connect(reply) as data:
        reply = say(f"RETR {name}")
        if not reply.startswith("1"):
            raise OSError(reply)
        content = data.makefile("rb").read()
    reply = say()
    if not reply.startswith("226"):
        raise OSError(reply)
    return content


# 09-port
def port_command(host, port):
    """Return the command that tells a server where we listen."""
    if ":" in host:
        return f"EPRT |2|{host}|{port}|"
    high, low = divmod(port, 256)
    return f"PORT {host.replace('.', ',')},{high},{low}"


# 09-publish
def publish(ftp, name, file):
    """Upload a file so that nobody ever meets half of it under its name."""
    temporary = f"{name}.part"
    ftp.storbinary(f"STOR {temporary}", file)
    ftp.rename(temporary, name)


# 09-bar
def bar(done, total, width=20):
    """Return a progress bar as text."""
    if total is None:
        return f"{done} bytes"
    if total == 0:
        done = total = 1
    done = min(done, total)
    blocks, percent = done * width // total, done * 100 // total
    return f"{'█' * blocks}{'░' * (width - blocks)} {percent:3} %"


# 09-resume
def fetch(connect, name, path, attempts=5):
    """Download a file to a path, going on after each cut."""
    for attempt in range(1, attempts + 1):
        try:
            with connect() as ftp, path.open("ab") as file:
                ftp.retrbinary(f"RETR {name}", file.write, rest=file.tell())
                return
        except (OSError, EOFError, ftplib.error_temp):
            if attempt == attempts:
                raise


# 09-secure
def secure_client(host, port, user, password, context):
    """Return a session of which nobody on the way can read anything."""
    ftp = ftplib.FTP_TLS(context=context, timeout=2)
    ftp.connect(host, port)
    ftp.login(user, password)
    ftp.prot_p()
    return ftp


# 09-choose
tools = {
    "anybody may download our annual report": "HTTPS",
    "copy 200,000 files every night, of which 50 have changed": "rsync",
    "two people of a partner firm put files into our server, by their SSH keys": "SFTP",
    "our programs keep a million scans, each under a name of its own": "object store",
    "a camera from 2009 that speaks only FTP, and can do AUTH TLS": "FTPS",
}
