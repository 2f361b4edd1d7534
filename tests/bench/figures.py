"""How a figure is reported: ours, the peer's, and a ratio that is over 1 when ours is the better one."""

from __future__ import annotations

import statistics
from collections.abc import Callable


def row(
    what: str,
    unit: str,
    netlab: float,
    peer: float,
    peer_is: str,
    *,
    aim: str = "",
    less_is_better: bool = False,
):
    ratio = peer / netlab if less_is_better else netlab / peer
    return {
        "what": what,
        "unit": unit,
        "netlab": netlab,
        "peer": peer,
        "peer_is": peer_is,
        "ratio": ratio,
        "aim": aim,
    }


def in_turns(measures: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each measure, taken in turns so that whatever else the machine does meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: statistics.median(values) for name, values in taken.items()}
