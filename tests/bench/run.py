"""`make bench`: every figure beside a peer measured in the same run, as a table and as `build/bench.json`."""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
BENCHMARKS = (
    "echo",
    "lifecycle",
    "servers",
    "dns",
    "web",
    "ticker",
    "backoffice",
    "ftp",
    "mail",
    "lan",
    "charts",
    "imports",
    "lessons",
    "decks",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"which ones, all by default: {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"))
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"no benchmark is called {', '.join(unknown)}; choose from {', '.join(BENCHMARKS)}")
    sys.path.insert(0, str(HERE))
    console = Console()
    console.width = max(console.width, 130)  # the table is wide, also where there is no terminal
    rows = []
    for name in options.names or BENCHMARKS:
        with console.status(f"measuring {name} …"):
            rows += importlib.import_module(f"bench_{name}").measure()
    console.print(table(rows))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    system = {"python": platform.python_version(), "system": platform.platform()}
    options.json.write_text(json.dumps({**system, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    console.print(f"written to {options.json}")


def table(rows: list[dict[str, object]]) -> Table:
    """The rows with our figure, the peer's, and their ratio; a ratio over 1 is in our favour."""
    shown = Table(
        "what", "unit", "netlab", "peer", "peer is", "ratio", "aim", title="netlab beside its peers"
    )
    for row in rows:
        shown.add_row(
            str(row["what"]),
            str(row["unit"]),
            f"{row['netlab']:,.4g}",
            f"{row['peer']:,.4g}",
            str(row["peer_is"]),
            f"{row['ratio']:.2f}",
            str(row.get("aim", "")),
        )
    return shown


if __name__ == "__main__":
    main()
