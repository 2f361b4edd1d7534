"""A bug hunt of lesson 15: a site of nginx with four holes, judged by running nginx."""

from __future__ import annotations

import http.client
import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Case, Trial

STARTER = """\
server {
    listen LISTEN;
    location /static {
        alias STATIC/;
    }
    location / {
        proxy_pass APP;
        proxy_set_header X-Forwarded-For $http_x_forwarded_for;
    }
}
"""
TRAVERSAL = (
    "`/static../secret.txt` begins with `/static`, and the rest, `../secret.txt`, is put behind `STATIC/`. "
    "With a slash at the end of both there is no way out."
)
SIBLING = (
    "`/static-old/plan.txt` begins with `/static`, too, and the rest is put behind `STATIC`: every folder beside "
    "it whose name begins alike is open. With a slash at the end of both there is no way out."
)
FORGED = (
    "`$http_x_forwarded_for` is what the visitor has written. nginx is the first of yours that he meets: "
    "`$remote_addr` is where he really comes from."
)
APPENDED = "`$proxy_add_x_forwarded_for` keeps what the visitor wrote, and adds to it. The first proxy believes nobody: `$remote_addr`."
LIMIT = "nginx takes a megabyte unless told otherwise. `client_max_body_size 64k;` in the server block says 413 to more."
FORM = "A form of 64,000 bytes is still one: let it pass."
STILL = "The files are at /static/ still."
LOST = "nginx says in which line it got lost."
DIRECTIVES = ("listen", "location", "alias", "proxy_", "client_max_body_size")
SMALLEST, LARGEST = 64_000, 66_000  # bytes: 64 kB, however you count them
HOST = "Without it the app is told the address that nginx uses, and links in mails lead there: `proxy_set_header Host $host;`."


def mirror(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """What the app behind nginx gets to know, as JSON."""
    length = len(environ["wsgi.input"].read()) if environ["REQUEST_METHOD"] == "POST" else 0
    start_response("200 OK", [("Content-Type", "application/json")])
    told = {"for": environ.get("HTTP_X_FORWARDED_FOR"), "host": environ.get("HTTP_HOST"), "length": length}
    return [json.dumps(told).encode()]


def ask(
    address: tuple[str, int], path: str, content: bytes | None = None, fields: dict[str, str] | None = None
) -> tuple[int, str]:
    """Ask for a path exactly as it is written; status and content."""
    connection = http.client.HTTPConnection(*address, timeout=5)
    try:
        connection.request("GET" if content is None else "POST", path, content, fields or {})
        response = connection.getresponse()
        return response.status, response.read().decode("utf-8", "replace")
    finally:
        connection.close()


@exercise(
    "15-nginx",
    title="Four holes in a site",
    objective="15-o2",
    points=4,
    limit=20.0,
    starter=STARTER,
    hints=(
        "Ask yourself for each line: what could a visitor write so that something else happens than was meant? And what is not limited, not said?",
        "`/static../secret.txt` is a path that begins with `/static`. Which file is that?",
        "Three lines about what the app is told, or what a visitor may send: `proxy_set_header Host …`, `proxy_set_header X-Forwarded-For …`, `client_max_body_size …`.",
        "`location /static/ { alias STATIC/; }`, `$remote_addr` instead of `$http_x_forwarded_for`, `proxy_set_header Host $host;`, `client_max_body_size 64k;`.",
    ),
    passed="A real nginx runs it, and the four tricks no longer work.",
)
def holes(t: Trial, site: str) -> None:
    """A site of nginx that is attacked; where there is no nginx, it is read."""
    from netlab.deploy import Nginx, ProgramMissingError
    from netlab.errors import NetlabError
    from netlab.servers import WebServer

    with tempfile.TemporaryDirectory(prefix="netlab-15-") as name:
        static = Path(name) / "static"
        static.mkdir()
        (static / "chart.js").write_text("draw();", encoding="ascii")
        (Path(name) / "secret.txt").write_text("hunter2", encoding="ascii")
        (Path(name) / "static-old").mkdir()
        (Path(name) / "static-old" / "plan.txt").write_text("hunter2", encoding="ascii")
        with WebServer(mirror) as app:
            nginx = Nginx(site, upstream=app, static=static)
            try:
                nginx.start()
            except ProgramMissingError:
                read_only(t, site)
                return
            except NetlabError as error:
                with t.case("nginx accepts the site") as case:
                    case.fail("a site that nginx starts with", str(error), LOST)
                return
            try:
                attack(t, nginx.address)
            finally:
                nginx.stop()


def attack(t: Trial, address: tuple[str, int]) -> None:
    """Four tricks, and what has to go on working."""
    with t.case("files and pages are there") as case:
        case.expect(ask(address, "/static/chart.js"), (200, "draw();"), advice=STILL)
        case.expect(ask(address, "/quotes/AAPL")[0], 200, advice="All other paths go to the app.")
    with t.case("a file outside of the folder") as case:
        status, content = ask(address, "/static../secret.txt")
        case.expect_that("hunter2" not in content, "no secret.txt", f"{status}, {content!r}", TRAVERSAL)
        status, content = ask(address, "/static-old/plan.txt")
        case.expect_that("hunter2" not in content, "no plan.txt", f"{status}, {content!r}", SIBLING)
    with t.case("an address that the visitor made up") as case:
        told = _told(case, *ask(address, "/", fields={"X-Forwarded-For": "198.51.100.7"}))
        words = APPENDED if told["for"] == "198.51.100.7, 127.0.0.1" else FORGED
        case.expect(told["for"], "127.0.0.1", advice=words)
    with t.case(f"content of {LARGEST:,} bytes") as case:
        case.expect(ask(address, "/", b"x" * SMALLEST)[0], 200, advice=FORM)
        case.expect(ask(address, "/", b"x" * LARGEST)[0], 413, advice=LIMIT)
    with t.case("the name that the visitor asked for") as case:
        told = _told(case, *ask(address, "/", fields={"Host": "ticker.example"}))
        case.expect(told["host"], "ticker.example", advice=HOST)


def _told(case: Case, status: int, content: str) -> dict[str, Any]:
    case.expect_that(status == 200, "an answer of the app", f"{status}", "All other paths go to the app.")
    return dict(json.loads(content))


def read_only(t: Trial, site: str) -> None:
    """The same by reading, where there is no nginx to run."""
    text = re.sub(r"#[^\n]*", "", site)
    folders = re.findall(r"location\s+(?:\^~\s+)?(\S+)\s*\{[^}]*?alias\s+STATIC(/?)\s*;", text)
    fields = {name.lower(): value for name, value in re.findall(r"proxy_set_header\s+(\S+)\s+([^;]+);", text)}
    limit = re.search(r"client_max_body_size\s+(\d+)([kKmM]?)\s*;", text)
    size = int(limit[1]) * {"": 1, "k": 1024, "m": 1024**2}[limit[2].lower()] if limit else 1024**2
    with t.case("nginx accepts the site (read only: there is no nginx here)") as case:
        lost = [line for chunk in re.findall(r"[^;{}]+[;{}]?", text) if (line := _unended(chunk))]
        case.expect_that(not lost, "a semicolon after each directive", "".join(lost[:1]), LOST)
    with t.case("files and pages are there") as case:
        paths = [path.rstrip("/") for path, _ in folders]
        case.expect(paths, ["/static"], advice=STILL)
    with t.case("a file outside of the folder") as case:
        for path, slash in folders or [("", "")]:
            sound = path.endswith("/") and slash == "/"
            words = TRAVERSAL if slash else SIBLING
            case.expect_that(sound, "both with a slash at the end", f"{path} and STATIC{slash}", words)
    with t.case("an address that the visitor made up") as case:
        came = fields.get("x-forwarded-for", "")
        case.expect(came, "$remote_addr", advice=APPENDED if "add" in came else FORGED)
    with t.case(f"content of {LARGEST:,} bytes") as case:
        case.expect_that(size >= SMALLEST, "a limit of 64 kB", f"{size:,} bytes", FORM)
        case.expect_that(size < LARGEST, "a limit of 64 kB", f"{size:,} bytes", LIMIT)
    with t.case("the name that the visitor asked for") as case:
        came = fields.get("host", "")
        case.expect_that(came in ("$host", "$http_host"), "Host is handed on", repr(came), HOST)


def _unended(chunk: str) -> str:
    """The line of a piece of configuration that no semicolon ends, or ""."""
    lines = [line.strip() for line in chunk.strip().splitlines()]
    if chunk.endswith("}"):
        return lines[0] if lines[0] != "}" else ""
    first = next((place for place, line in enumerate(lines) if place and line.startswith(DIRECTIVES)), 0)
    return lines[first - 1] if first else ""
