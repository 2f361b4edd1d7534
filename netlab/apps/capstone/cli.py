"""`netlab capstone`: all of Ticker on this machine, until Ctrl-C."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def capstone(
    days: Annotated[
        int, typer.Option(min=0, max=27, help="Trading days that the exchange publishes first.")
    ] = 2,
    office: Annotated[bool, typer.Option(help="Run the back office, too.")] = True,
    picture: Annotated[Path | None, typer.Option(help="Write the architecture, lit, as SVG.")] = None,
    wait: Annotated[bool, typer.Option(help="Run until Ctrl-C; else stop at once.")] = True,
) -> None:
    """Run all of Ticker on this machine: names, TLS, site, back office, feed, jobs, mail, SMS, FTP, charts."""
    from netlab.apps.capstone import Capstone
    from netlab.apps.capstone.parts import ZONE
    from netlab.apps.ticker.cli import until_stopped

    with until_stopped() as stopped, Capstone(office=office) as system:
        for _ in range(days):
            typer.echo(f"{system.next_day()}\n{system.work()}")
        typer.echo(f"\n{system.health()}\n\n{system.picture()!r}\n")
        if picture:
            typer.echo(f"The picture is in {system.picture().save(picture)}")
        port = system.port("https")
        for host in ("www", "office") if office else ("www",):
            name = f"{host}.{ZONE}"
            typer.echo(
                f"curl --cacert {system.authority} --resolve {name}:{port}:127.0.0.1 https://{name}:{port}/"
            )
        typer.echo(f"Names: dig @127.0.0.1 -p {system.port('dns')} www.{ZONE}")
        typer.echo(f"Archive: ftp://127.0.0.1:{system.port('ftp')}/")
        if wait:
            typer.echo("All of Ticker runs (Ctrl-C ends it)")
            stopped()
