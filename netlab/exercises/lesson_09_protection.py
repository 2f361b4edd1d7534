"""The exercises of lesson 09 on TLS, and on what to use instead."""

from __future__ import annotations

import contextlib
import ftplib
import ssl
from collections.abc import Callable

import trustme

from netlab.exercises.choosing import expect_choice
from netlab.exercises.lesson_09_transfers import commands_at, server_of
from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial, Wrong
from netlab.servers.tls import client_context

BUGGY_CLIENT = '''
def secure_client(host, port, user, password, context):
    """Return a session of which nobody on the way can read anything."""
    ftp = ftplib.FTP_TLS(timeout=2)
    ftp.connect(host, port)
    ftp.login(user, password)
    return ftp
'''


@exercise(
    "09-secure",
    title="Bugs: protected, or so it seems",
    objective="09-o5",
    points=2,
    starter=BUGGY_CLIENT,
    hints=(
        "One of the arguments is never used. What is it for?",
        "`FTP_TLS(context=context)`: without a context of yours, ftplib encrypts, and believes any certificate.",
        "The login protects the control connection. `ftp.prot_p()` after it protects the data connections.",
    ),
    passed="Nobody reads along, and nobody can pretend to be the server.",
)
def secure(t: Trial, secure_client: Callable[..., ftplib.FTP_TLS]) -> None:
    """A client of a server with TLS, and of one with a stranger's certificate."""
    early = "PBSZ and PROT are refused until TLS is there: call `prot_p()` after `login()`."
    plain = "The server refuses a login in clear text: FTP_TLS says AUTH TLS first."
    errors: dict[type[BaseException], str] = {AttributeError: "Return the session."}
    with t.case("files go under TLS too", errors) as case, server_of(tls=True) as server:
        try:
            ftp = secure_client(server.host, server.port, "ada", "secret", client_context())
        except ftplib.error_perm as error:
            case.fail("a session", f"{error}", early if str(error).startswith("503") else plain)
        with contextlib.closing(ftp):
            ftp.nlst()
        said = commands_at(server)
        words = "Login and commands are under TLS, the files are in clear text: `prot_p()` is missing."
        case.expect_that("PROT P" in said, "PROT P before the first transfer", "no PROT P", words)
    with (
        t.case("a server with a certificate that the context does not trust") as case,
        server_of(tls=True) as server,
    ):
        stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trustme.CA().configure_trust(stranger)
        words = "Anybody can stand between with a certificate of their own: hand `context` to FTP_TLS."
        arguments = (server.host, server.port, "ada", "secret", stranger)
        case.expect_error(ssl.SSLCertVerificationError, lambda: secure_client(*arguments), words)


_TOOLS: dict[str, tuple[str, Wrong]] = {
    "anybody may download our annual report": (
        "HTTPS",
        [
            ("SFTP", "Anybody: readers have no account and no key with you, but a browser."),
            ("object store", "It could lie there, but what do readers have? A browser."),
        ],
    ),
    "copy 200,000 files every night, of which 50 have changed": (
        "rsync",
        [("SFTP", "It would do, and copy all 200,000. One tool compares first, and sends what has changed.")],
    ),
    "two people of a partner firm put files into our server, by their SSH keys": (
        "SFTP",
        [
            ("FTPS", "The names are alike. Which of the two runs inside SSH?"),
            ("rsync", "They put single files there, with a program of their choice, not copies of a tree."),
        ],
    ),
    "our programs keep a million scans, each under a name of its own": (
        "object store",
        [
            ("HTTPS", "That is how it is spoken to. What keeps a million objects by their names?"),
            ("rsync", "Nothing is compared here: programs put and get single objects."),
        ],
    ),
    "a camera from 2009 that speaks only FTP, and can do AUTH TLS": (
        "FTPS",
        [("SFTP", "SFTP is another protocol, of SSH. The camera speaks FTP, and AUTH TLS.")],
    ),
}


@exercise(
    "09-choose",
    title="What instead?",
    objective="09-o5",
    points=1,
    hints=(
        "Ask for each: who is on the other side, and what do they have? An account, a browser, a program, an old camera?",
        "`S` in front and `S` behind are not the same: SFTP belongs to SSH, FTPS is FTP with TLS.",
        "The camera takes FTPS, and nothing else in the list wants it. Which one compares before it copies?",
    ),
    passed="You choose by what both sides have, and by what has to travel.",
)
def choose(t: Trial, tools: dict[str, str]) -> None:
    """A tool for each task."""
    for task, (right, wrong) in _TOOLS.items():
        with t.case(task) as case:
            advice = "Look who is on the other side, and what has to travel."
            expect_choice(case, tools.get(task), right, wrong, advice=advice)
