"""Executes all lessons in a network namespace with nothing but `lo`, and prints what came of it as JSON.

A cell before the first and one after the last look at what the kernel process holds (`netlab.course.leftovers`).
"""

from __future__ import annotations

import asyncio
import copy
import json
import os
import socket
from pathlib import Path

from netlab.course import catalogue, kernels, runner
from netlab.wire import _netns

BEFORE = "from netlab.course import leftovers as _leftovers\n_before = _leftovers.snapshot()"
AFTER = "import json as _json\nprint(_json.dumps(_leftovers.difference(_before, _leftovers.snapshot())))"


def code(source: str, name: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


async def execute(path: Path) -> dict[str, object]:
    stored = json.loads(path.read_bytes())
    probed = copy.deepcopy(stored)
    probed["cells"] = [code(BEFORE, "before"), *probed["cells"], code(AFTER, "after")]
    try:
        executed = await runner.execute(probed, path.parent, kernels.OwnKernelManager)
    except Exception as error:
        return {"error": str(error), "differences": [], "left": []}
    left = json.loads("".join(executed["cells"][-1]["outputs"][0]["text"]))
    executed["cells"] = executed["cells"][1:-1]
    differences = [f"{each.cell}\n{each.diff}" for each in runner.compare(stored, executed)]
    return {"error": "", "differences": differences, "left": left}


async def execute_all() -> dict[str, object]:
    lessons = catalogue.load()
    places = asyncio.Semaphore(2)

    async def one(path: Path) -> dict[str, object]:
        async with places:
            return await execute(path)

    outcomes = await asyncio.gather(*(one(lesson.path) for lesson in lessons))
    return dict(zip((lesson.name for lesson in lessons), outcomes, strict=True))


def main() -> None:
    try:
        _netns.enter_namespaces()
    except OSError as error:
        raise PermissionError(str(error)) from error
    _netns.bring_up_loopback()
    os.environ["PYTHONWARNINGS"] = "ignore"
    outcomes = asyncio.run(execute_all())
    interfaces = [name for _, name in socket.if_nameindex()]
    print(json.dumps({"interfaces": interfaces, **outcomes}))


if __name__ == "__main__":
    main()
