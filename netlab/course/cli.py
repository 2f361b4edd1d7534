"""The `netlab` command. Each subcommand names the lessons it is about and leaves the work to a module."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from netlab.apps.backoffice.cli import app as backoffice
from netlab.apps.capstone.cli import capstone
from netlab.apps.ticker.cli import app as ticker
from netlab.errors import NetlabError

app = typer.Typer(
    help="Network programming with Python: a course that you run. Start with `netlab lab`.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help needs no import of rich
)

app.add_typer(ticker, name="ticker")
app.command()(capstone)
app.add_typer(backoffice, name="backoffice")

JOBS = 2 * (os.cpu_count() or 1)  # a lesson waits more than it computes

Lessons = Annotated[
    list[str] | None, typer.Argument(metavar="LESSON", help="Such as 03 or 03_tcp_sockets; all if none.")
]
WorkspaceFolder = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        envvar="NETLAB_WORKSPACE",
        help="Your copy of the lessons. Default: workspace/ in a checkout, else ~/netlab.",
    ),
]


def main() -> None:
    """Run the command line; what went wrong is one clear line, with NETLAB_DEBUG=1 the whole traceback."""
    gc.set_threshold(50_000, 20, 50)  # to look for garbage among the objects of imports is a fifth of a start
    try:
        app(prog_name="netlab")
    except NetlabError as error:
        if os.environ.get("NETLAB_DEBUG"):
            raise
        typer.secho(f"netlab: {error}", fg="red", err=True)
        sys.exit(1)


def _show_version(wanted: bool) -> None:
    if wanted:
        from netlab import __version__

        typer.echo(f"netlab {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the command itself; Typer takes its help from the app."""


@app.command()
def lab(
    lesson: Annotated[str, typer.Argument(help="The lesson to open, such as 03.")] = "00",
    port: Annotated[int | None, typer.Option(help="Default: 8888, or the next free one.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    workspace: WorkspaceFolder = None,
) -> None:
    """Open your copy of the lessons in JupyterLab."""
    from netlab.course.lab import open_lab
    from netlab.course.workspace import open_workspace

    name = _names([lesson])[0]
    opened = open_workspace(workspace)
    for line in opened.news:
        typer.echo(line)
    open_lab(opened.path, name, port=port, browser=browser)


@app.command()
def reset(
    lesson: Annotated[str, typer.Argument(help="Such as 03 or 03_tcp_sockets; or GLOSSARY.")],
    workspace: WorkspaceFolder = None,
) -> None:
    """Put a fresh copy of a lesson beside your old one."""
    from netlab.course.workspace import find, reset

    kept = reset(lesson, workspace)
    name = find(lesson).name
    if kept is None:
        typer.echo(f"{name} is as published; there was nothing to reset.")
    else:
        typer.echo(f"{name} is fresh again. Your old one is {kept}.")
        typer.echo("If it is open in JupyterLab, choose File, Reload Notebook from Disk.")


@app.command(name="map")
def show_map() -> None:
    """Show the lessons, their times, and how far you are."""
    from netlab.course.catalogue import course_map

    typer.echo(repr(course_map()))


@app.command(name="syllabus")
def show_syllabus(
    weeks: Annotated[int, typer.Option("--weeks", min=1, help="How many weeks your term has.")] = 14,
) -> None:
    """Lay the course out over the weeks of a term, as Markdown."""
    from netlab.course import catalogue
    from netlab.course.syllabus import syllabus

    typer.echo(syllabus(catalogue.load(), weeks), nl=False)


@app.command()
def doctor() -> None:
    """Check whether this machine is ready, and how to mend it."""
    from rich.console import Console

    from netlab.course.doctor import diagnose

    diagnosis = diagnose()
    Console().print(diagnosis)
    raise typer.Exit(0 if diagnosis.ready else 1)


@app.command()
def run(
    lessons: Lessons = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="How many at a time.")] = JOBS,
) -> None:
    """Execute lessons and report whether each goes through."""
    names = _names(lessons)
    from netlab.course import runner

    raise typer.Exit(runner.command(names, jobs))


@app.command()
def refresh(
    lessons: Lessons = None,
    check: Annotated[
        bool, typer.Option("--check", help="Store nothing; fail if something would change.")
    ] = False,
) -> None:
    """Execute lessons and store their outputs."""
    names = _names(lessons)
    from netlab.course import runner

    raise typer.Exit(runner.refresh_command(names, check))


@app.command()
def slides(
    lessons: Lessons = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the decks.")] = Path(
        "build/slides"
    ),
) -> None:
    """Write a deck of slides for each lesson, and an index."""
    names = _names(lessons)
    from netlab.course import slides

    raise typer.Exit(slides.command(out, names))


@app.command()
def lint(lessons: Lessons = None) -> None:
    """Hold lessons to the course's own rules."""
    names = _names(lessons)
    from netlab.course import lint

    raise typer.Exit(lint.command(names))


def _names(queries: list[str] | None) -> list[str]:
    """The lessons' full names; none for none, which means all."""
    from netlab.course.catalogue import select

    return [lesson.name for lesson in select(queries)] if queries else []
