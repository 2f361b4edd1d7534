"""What a stored lesson looks like, so that a diff shows only what changed."""

from __future__ import annotations

import copy
import json
from typing import Any

from netlab.course.outputs import comparable, join

Notebook = dict[str, Any]

METADATA = ("kernelspec", "language_info", "netlab")
CELL_METADATA = ("nbgrader", "netlab", "slideshow", "tags")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def normalize(notebook: Notebook) -> Notebook:
    """The notebook without what only says where and when it ran, in an order that is always the same.

    Cells keep their ids; a missing or doubled one is replaced by one made from its place.
    """
    notebook = copy.deepcopy(notebook)
    metadata = notebook["metadata"]
    metadata["kernelspec"] = KERNEL
    metadata["language_info"] = {"name": "python"}
    notebook["metadata"] = {key: metadata[key] for key in METADATA if key in metadata}
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    seen: set[str] = set()
    count = 0
    for place, cell in enumerate(notebook["cells"]):
        if cell.get("id") in seen or not cell.get("id"):
            cell["id"] = f"cell-{place}"
        seen.add(cell["id"])
        cell["metadata"] = {key: cell["metadata"][key] for key in CELL_METADATA if key in cell["metadata"]}
        cell["source"] = join(cell["source"]).splitlines(keepends=True)
        if cell["cell_type"] == "code":
            if cell["execution_count"] is not None:
                count += 1
                cell["execution_count"] = count
            cell["outputs"] = _outputs(cell["outputs"], cell["execution_count"])
    return notebook


def keep_stored(new: Notebook, stored: Notebook) -> Notebook:
    """The new notebook with the stored outputs wherever only ports, times and their like differ."""
    new = copy.deepcopy(new)
    by_id = {cell.get("id"): cell for cell in stored["cells"] if cell["cell_type"] == "code"}
    for cell in new["cells"]:
        old = by_id.get(cell["id"])
        if cell["cell_type"] != "code" or old is None or join(old["source"]) != join(cell["source"]):
            continue
        if _kinds(old) == _kinds(cell) and comparable(old["outputs"]) == comparable(cell["outputs"]):
            cell["outputs"] = _outputs(old["outputs"], cell["execution_count"])
    return new


def to_text(notebook: Notebook) -> str:
    """The notebook as it is stored."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _kinds(cell: dict[str, Any]) -> list[Any]:
    return [output.get("name") or sorted(output.get("data", {})) for output in cell["outputs"]]


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
        output["data"] = {
            kind: join(value).splitlines(keepends=True) if isinstance(value, (str, list)) else value
            for kind, value in sorted(output.get("data", {}).items())
        }
        kept.append(dict(sorted(output.items())))
    for output in kept:
        if output["output_type"] == "stream":
            output["text"] = output["text"].splitlines(keepends=True)
    return kept
