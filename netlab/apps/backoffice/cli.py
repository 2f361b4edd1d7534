"""`netlab backoffice`: the back office on this machine, its prices and its staff."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Ticker's back office, on Django. Its settings are environment variables, BACKOFFICE_DATABASE_URL and others.",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def backoffice(context: typer.Context) -> None:
    """Run the back office on this machine; the same as `netlab backoffice serve`."""
    if context.invoked_subcommand is None:
        serve()


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Where to listen; 0 for any free port.")] = 8001,
    demo: Annotated[
        bool, typer.Option(help="Make accounts and staff that do not exist, to try it on.")
    ] = False,
) -> None:
    """Serve the back office to browsers on this machine, until Ctrl-C; the first time, make its tables."""
    from netlab.apps.ticker.cli import until_stopped
    from netlab.servers import WebServer
    from netlab.servers.base import check_port

    check_port(port)
    _prepare(demo)
    from netlab.apps.backoffice.wsgi import application

    with until_stopped() as wait, WebServer(application, port=port) as server:
        typer.echo(f"The back office is at {server.url}/admin/ (Ctrl-C ends it)")
        wait()


@app.command(name="import")
def import_file(
    path: Annotated[Path | None, typer.Argument(help="A file such as data/stocks.csv, the default.")] = None,
) -> None:
    """Bring a file of prices into the database; lines that cannot be read are named and left out."""
    _django("migrate", verbosity=0)
    _django("seed", *([str(path)] if path else []))


@app.command()
def createuser(
    name: str,
    role: Annotated[str, typer.Option(help="administrator, analyst or support.")],
    email: str = "",
) -> None:
    """Make one of the staff; the password is asked for, or taken from STAFF_PASSWORD in the environment."""
    _django("migrate", verbosity=0)
    _django("createuser", name, role=role, email=email)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def manage(context: typer.Context) -> None:
    """Run one of Django's own commands, such as `check`, `shell`, `dumpdata` or `createsuperuser`."""
    from netlab.apps.backoffice.manage import main

    main(context.args)


def _prepare(demo: bool) -> None:
    """Make the tables and bring in the prices, if they are not there."""
    _django("migrate", verbosity=0)
    _django("seed", if_empty=True, demo=demo)


def _django(name: str, *words: str, **options: object) -> None:
    """Run a command of ours; what it says is wrong is one line."""
    import django
    from django.apps import apps
    from django.core.management import CommandError, call_command

    from netlab.apps.backoffice.manage import LOCAL
    from netlab.errors import NetlabError

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", LOCAL)
    if not apps.ready:
        django.setup()
    try:
        call_command(name, *words, **options)
    except CommandError as error:
        raise NetlabError(str(error)) from error
