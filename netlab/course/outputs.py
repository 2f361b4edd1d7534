"""The outputs of a lesson: what of them is compared, and what may differ from run to run."""

from __future__ import annotations

import configparser
import functools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SANITIZE = Path(__file__).with_name("sanitize.cfg")
PICTURES = ("image/png", "image/jpeg")  # nbval does not compare them either
IGNORED = "nbval-ignore-output"

Output = Mapping[str, Any]


@functools.cache
def rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What is replaced by what before outputs are compared."""
    config = configparser.RawConfigParser()
    config.read(SANITIZE, encoding="utf-8")
    return tuple((re.compile(config[name]["regex"]), config[name]["replace"]) for name in config.sections())


def sanitize(text: str) -> str:
    """Text without what may differ from run to run."""
    for pattern, replacement in rules():
        text = pattern.sub(replacement, text)
    return text


def comparable(outputs: Sequence[Output]) -> dict[str, list[str]]:
    """What is compared of a cell's outputs: for each kind, the sanitized text of every output, as nbval does."""
    texts: dict[str, list[str]] = {}
    for output in outputs:
        for kind, text in _texts(output):
            pieces = texts.setdefault(kind, [])
            if pieces and output["output_type"] == "stream":
                pieces[0] += text  # a stream comes in chunks that fall as they may
            else:
                pieces.append(text)
    return {kind: [sanitize(text) for text in pieces] for kind, pieces in texts.items()}


def _texts(output: Output) -> list[tuple[str, str]]:
    if output["output_type"] == "stream":
        return [(output["name"], join(output["text"]))]
    if output["output_type"] == "error":
        return [("error", f"{output['ename']}: {output['evalue']}")]
    return [(kind, join(value)) for kind, value in output["data"].items() if kind not in PICTURES]


def join(text: Any) -> str:
    """Text of a notebook, which may be stored as a list of lines."""
    if isinstance(text, dict):  # JSON, whose keys have no order
        return json.dumps(text, sort_keys=True)
    return "".join(text) if isinstance(text, list) else str(text)
