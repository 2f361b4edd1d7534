"""The outputs of a lesson: what of them is compared, and what may differ from run to run."""

from __future__ import annotations

import configparser
import functools
import re
from collections.abc import Mapping
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


def comparable(outputs: list[Output]) -> dict[str, str]:
    """What is compared of a cell's outputs: for each kind of output, its sanitized text."""
    texts: dict[str, str] = {}
    for output in outputs:
        for kind, text in _texts(output):
            texts[kind] = texts.get(kind, "") + sanitize(text)
    return texts


def _texts(output: Output) -> list[tuple[str, str]]:
    if output["output_type"] == "stream":
        return [(output["name"], join(output["text"]))]
    if output["output_type"] == "error":
        return [("error", f"{output['ename']}: {output['evalue']}")]
    return [(kind, join(value)) for kind, value in output["data"].items() if kind not in PICTURES]


def join(text: Any) -> str:
    """Text of a notebook, which may be stored as a list of lines."""
    return "".join(text) if isinstance(text, list) else str(text)
