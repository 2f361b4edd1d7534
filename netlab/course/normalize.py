"""What a stored lesson looks like, so that a diff shows only what changed."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator
from typing import Any

from netlab.course.needs import missing
from netlab.course.outputs import IGNORED, PICTURES, comparable, join, sanitize

Notebook = dict[str, Any]

METADATA = ("kernelspec", "language_info", "netlab")
CELL_METADATA = ("nbgrader", "netlab", "slideshow", "tags")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def normalize(notebook: Notebook) -> Notebook:
    """The notebook without what only says where and when it ran, in an order that is always the same.

    Cells keep their ids; a missing or doubled one is replaced by one made from its place.
    A notebook that has been normalized stays as it is.
    """
    notebook = copy.deepcopy(notebook)
    metadata = notebook["metadata"]
    metadata["kernelspec"] = KERNEL
    metadata["language_info"] = {"name": "python"}
    notebook["metadata"] = {key: metadata[key] for key in METADATA if key in metadata}
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    _identify(notebook["cells"])
    count = 0
    for cell in notebook["cells"]:
        cell["metadata"] = {key: cell["metadata"][key] for key in CELL_METADATA if key in cell["metadata"]}
        cell["source"] = join(cell["source"]).splitlines(keepends=True)
        if cell["cell_type"] == "code":
            if cell["execution_count"] is not None:
                count += 1
                cell["execution_count"] = count
            cell["outputs"] = _outputs(cell["outputs"], cell["execution_count"])
    return notebook


def keep_stored(new: Notebook, stored: Notebook) -> Notebook:
    """The new notebook with the stored outputs wherever only ports, times and their like differ.

    A picture that differs is a new one: what it shows has changed. What needs a program that is not here stays.
    """
    new = copy.deepcopy(new)
    by_id = {cell.get("id"): cell for cell in stored["cells"] if cell["cell_type"] == "code"}
    for cell in new["cells"]:
        old = by_id.get(cell["id"])
        if cell["cell_type"] != "code" or old is None or join(old["source"]) != join(cell["source"]):
            continue
        stored_outputs = _outputs(old["outputs"], cell["execution_count"])
        was, came = comparable(stored_outputs), comparable(cell["outputs"])
        if missing(cell["metadata"]):
            same = True
        elif IGNORED in cell["metadata"].get("tags", []):
            same = was.keys() == came.keys()  # it differs in every run; empty the cell to store a new output
        else:
            same = was == came and _uncompared(stored_outputs) == _uncompared(cell["outputs"])
        if same:
            cell["outputs"] = stored_outputs
    return new


def to_text(notebook: Notebook) -> str:
    """The notebook as it is stored."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _identify(cells: list[dict[str, Any]]) -> None:
    """Give an id to each cell that has none of its own."""
    known = {cell.get("id") for cell in cells}
    seen = set()
    for place, cell in enumerate(cells):
        if not cell.get("id") or cell["id"] in seen:
            cell["id"] = next(name for name in _names(place) if name not in known)
            known.add(cell["id"])
        seen.add(cell["id"])


def _names(place: int) -> Iterator[str]:
    yield f"cell-{place}"
    yield from (f"cell-{place}-{number}" for number in itertools.count(2))


def _uncompared(outputs: list[dict[str, Any]]) -> list[Any]:
    """What `comparable` leaves out and a reader still sees: the order of the outputs, pictures, and their words."""
    return [
        (
            output["output_type"],
            output.get("name"),
            sanitize(json.dumps(output.get("metadata"), sort_keys=True, ensure_ascii=False)),
            [output.get("data", {}).get(kind) for kind in PICTURES],
        )
        for output in outputs
    ]


def _outputs(outputs: list[dict[str, Any]], count: int | None) -> list[dict[str, Any]]:
    """Outputs with the chunks of a stream joined and without metadata that is empty or fleeting."""
    kept: list[dict[str, Any]] = []
    for output in copy.deepcopy(outputs):
        if output["output_type"] == "stream":
            text = join(output["text"])
            if kept and kept[-1].get("name") == output["name"]:
                kept[-1]["text"] += text
            else:
                kept.append({"name": output["name"], "output_type": "stream", "text": text})
            continue
        output.pop("transient", None)
        if output["output_type"] == "execute_result":
            output["execution_count"] = count
        if "data" in output:
            output["data"] = {
                kind: value if kind.endswith("json") else join(value).splitlines(keepends=True)
                for kind, value in sorted(output["data"].items())
            }
        kept.append(dict(sorted(output.items())))
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = output["text"].splitlines(keepends=True)
    return kept
