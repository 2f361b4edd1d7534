"""`netlab ticker`: the site on this machine, its jobs, and its prices."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

MOST_SHOWN = 20  # errors
STOPS = (signal.SIGINT, signal.SIGTERM)
WITHOUT_MAIL = (
    "It has no mail server (TICKER_SMTP_HOST): a sign-up needs no confirmation, alerts by mail wait, "
    "and netlab ticker reset-link stands in for a forgotten password."
)

app = typer.Typer(
    help="Ticker, the finished site. Its settings are environment variables, TICKER_DATABASE_URL and others.",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def ticker(context: typer.Context) -> None:
    """Run Ticker on this machine; the same as `netlab ticker serve`."""
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Where to listen; 0 for any free port.")] = 8000,
    jobs: Annotated[bool, typer.Option(help="Watch the prices and send what is due.")] = True,
) -> None:
    """Serve the site to browsers on this machine, until Ctrl-C."""
    from apscheduler.schedulers.background import BackgroundScheduler

    from netlab.apps.ticker import logs
    from netlab.apps.ticker.app import create_app
    from netlab.apps.ticker.context import ticker
    from netlab.apps.ticker.jobs import schedule
    from netlab.servers import WebServer

    application = create_app()
    with until_stopped() as wait, WebServer(application, port=port) as server:
        typer.echo(f"Ticker is at {server.url}/ (Ctrl-C ends it)")
        if not ticker(application).config.smtp_host:
            typer.echo(WITHOUT_MAIL)
        logs.write_to(sys.stderr)
        scheduler = schedule(BackgroundScheduler(), ticker(application))
        if jobs:
            scheduler.start()
        wait()
        if jobs:
            scheduler.shutdown()


@app.command()
def work() -> None:
    """Do the jobs and serve nothing: beside gunicorn, whose workers would each do them."""
    from apscheduler.schedulers.background import BackgroundScheduler

    from netlab.apps.ticker import logs
    from netlab.apps.ticker.app import create_app
    from netlab.apps.ticker.context import ticker
    from netlab.apps.ticker.jobs import schedule

    logs.write_to(sys.stderr)
    scheduler = schedule(BackgroundScheduler(), ticker(create_app()))
    with until_stopped() as wait:
        scheduler.start()
        typer.echo("Ticker's jobs run (Ctrl-C ends them)")
        wait()
        scheduler.shutdown()


@app.command(name="import")
def import_file(
    path: Annotated[Path | None, typer.Argument(help="A file such as data/stocks.csv, the default.")] = None,
) -> None:
    """Bring a file of prices into the database; lines that cannot be read are named and left out."""
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import Progress

    from netlab.apps.ticker.app import create_app
    from netlab.apps.ticker.config import Config
    from netlab.apps.ticker.context import ticker
    from netlab.apps.ticker.importer import import_prices
    from netlab.errors import OptionError
    from netlab.paths import data_dir

    path = path or data_dir() / "stocks.csv"
    if not path.is_file():
        raise OptionError(f"There is no file {path}.")
    application = create_app(replace(Config.from_environment(), prepare=False))
    database = ticker(application).database
    database.upgrade()
    with Progress(console=Console(stderr=True), transient=True) as progress, database.begin() as session:
        task = progress.add_task("importing", total=None)
        report = import_prices(
            session, path, lambda done, total: progress.update(task, completed=done, total=total)
        )
    typer.echo(str(report))
    for error in report.errors[:MOST_SHOWN]:
        typer.echo(f"  {error}")
    if report.bad:
        raise typer.Exit(1)


@app.command()
def reset_link(
    email: Annotated[str, typer.Argument(help="The mail address of an account.")],
    site: Annotated[
        str, typer.Option(help="Where the site is, unless TICKER_PUBLIC_URL says so.")
    ] = "http://127.0.0.1:8000",
) -> None:
    """Print a link with which the owner of an account sets another password: for a site without a mail server."""
    from dataclasses import replace

    from sqlalchemy import select

    from netlab.apps.ticker import letters
    from netlab.apps.ticker.app import create_app
    from netlab.apps.ticker.config import Config
    from netlab.apps.ticker.context import ticker
    from netlab.apps.ticker.models import Purpose, User
    from netlab.errors import OptionError

    belongings = ticker(create_app(replace(Config.from_environment(), prepare=False)))
    belongings.database.upgrade()
    with belongings.database.begin() as session:
        user = session.scalar(select(User).where(User.email == email.strip().lower(), User.is_active))
        if user is None:
            raise OptionError(f"There is no account with the address {email}.")
        letter = letters.new(Purpose.RESET, user.email, "", user_id=user.id, error=letters.BY_HAND)
        session.add(letter)
    typer.echo(letters.link_of(belongings.config, letter, site.rstrip("/")))


@contextlib.contextmanager
def until_stopped() -> Iterator[Callable[[], object]]:
    """A function that waits for Ctrl-C or SIGTERM, for the length of a block; threads are to be started in it.

    A handler of Python's would run too late, if the signal comes just before the main thread begins to wait.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield lambda: signal.sigwait(STOPS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
