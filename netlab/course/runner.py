"""Executes lessons: `netlab run` compares with the stored outputs, `netlab refresh` stores the new ones."""

from __future__ import annotations

import asyncio
import difflib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netlab._files import write_atomic
from netlab.course import catalogue
from netlab.course._quick import import_nbformat_quickly
from netlab.course.normalize import Notebook, keep_stored, normalize, to_text
from netlab.course.outputs import IGNORED, comparable, join
from netlab.errors import CourseError

CELL_TIMEOUT = 30  # seconds
DIFF_LINES = 20


@dataclass(frozen=True)
class Difference:
    """A cell whose output is not the stored one.

    Attributes:
        cell: its id.
        section: the heading above it.
        diff: what was stored and what came, as a readable diff.
    """

    cell: str
    section: str
    diff: str


@dataclass(frozen=True)
class Outcome:
    """How one lesson went.

    Attributes:
        name: of the lesson.
        notebook: as executed.
        differences: cells whose output is not the stored one.
        error: what stopped it, or "".
    """

    name: str
    notebook: Notebook
    differences: tuple[Difference, ...] = ()
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether it went through with the stored outputs."""
        return not self.error and not self.differences


def run_lessons(
    paths: Sequence[Path],
    *,
    jobs: int = 2,
    warm: bool = True,
    done: Callable[[Outcome], object] | None = None,
) -> list[Outcome]:
    """Execute lessons, each in a kernel of its own, and compare their outputs with the stored ones.

    Args:
        paths: of the notebooks; they are not changed.
        jobs: how many run at a time.
        warm: fork the kernels from a process that has imported what lessons import (where that is possible).
        done: called with each outcome as it comes.

    Returns:
        The outcomes in the order of the paths.
    """
    from netlab.course import kernels

    async def run_all() -> list[Outcome]:
        places = asyncio.Semaphore(jobs)

        async def run_one(path: Path) -> Outcome:
            async with places:
                outcome = await _run(path, manager)
            if done:
                done(outcome)
            return outcome

        return list(await asyncio.gather(*map(run_one, paths)))

    with kernels.managers(warm=warm) as manager:
        return asyncio.run(run_all())


async def _run(path: Path, manager: Any) -> Outcome:
    stored = json.loads(path.read_bytes())
    try:
        executed = await execute(stored, path.parent, manager)
    except CourseError as error:
        return Outcome(path.stem, stored, error=str(error))
    return Outcome(path.stem, executed, tuple(compare(stored, executed)))


async def execute(notebook: Notebook, folder: Path, manager: Any) -> Notebook:
    """Execute a notebook and return it with its outputs; the given one is not changed.

    Args:
        notebook: as JSON.
        folder: where its kernel runs.
        manager: the class of kernel manager, see `netlab.course.kernels`.

    Raises:
        CourseError: naming the cell that raised an exception or took too long.
    """
    import_nbformat_quickly()
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    client = NotebookClient(
        node,
        timeout=CELL_TIMEOUT,
        kernel_manager_class=manager,
        record_timing=False,
        extra_arguments=["--log-level=40"],  # not that the kernel speaks TCP on loopback
        resources={"metadata": {"path": str(folder)}},
    )
    try:
        await client.async_execute()
    except CellExecutionError as error:
        raise CourseError(f"{error.ename}: {error.evalue}\n{error.traceback[-2000:]}") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise CourseError(str(error)) from None
    executed: Notebook = json.loads(json.dumps(node))
    return executed


def compare(stored: Notebook, executed: Notebook) -> list[Difference]:
    """The cells whose outputs differ in more than ports, times and their like."""
    differences = []
    section = ""
    for old, new in zip(stored["cells"], executed["cells"], strict=True):
        source = join(old["source"])
        if old["cell_type"] == "markdown" and source.startswith("#"):
            section = source.splitlines()[0].lstrip("# ")
        if old["cell_type"] != "code" or IGNORED in old["metadata"].get("tags", []):
            continue
        was, came = comparable(old["outputs"]), comparable(new["outputs"])
        if was != came:
            differences.append(Difference(old["id"], section, _diff(was, came)))
    return differences


def _diff(was: dict[str, str], came: dict[str, str]) -> str:
    lines: list[str] = []
    for kind in sorted({*was, *came}):
        before, after = was.get(kind, "").splitlines(), came.get(kind, "").splitlines()
        lines += difflib.unified_diff(before, after, f"stored {kind}", f"came {kind}", lineterm="", n=1)
    shown = [line[:200] for line in lines[:DIFF_LINES]]
    return "\n".join([*shown, "…"] if len(lines) > DIFF_LINES else shown)


def command(names: Sequence[str], jobs: int) -> int:
    """`netlab run`: execute lessons and report, with progress; 0 when all went as stored."""
    outcomes = _with_progress(names, lambda paths, done: run_lessons(paths, jobs=jobs, done=done))
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def refresh_command(names: Sequence[str], check: bool) -> int:
    """`netlab refresh`: execute lessons in ordinary kernels and store their outputs; 0 when all went through."""
    outcomes = _with_progress(
        names, lambda paths, done: run_lessons(paths, warm=False, done=done), compared=False
    )
    changed = []
    for outcome, lesson in zip(outcomes, catalogue.select(list(names)), strict=True):
        if outcome.error:
            continue
        text = to_text(keep_stored(normalize(outcome.notebook), json.loads(lesson.path.read_bytes())))
        if text != lesson.path.read_text(encoding="utf-8"):
            changed.append(lesson.name)
            if not check:
                write_atomic(lesson.path, text.encode("utf-8"))
    verb = "would change" if check else "stored"
    print(f"{verb}: {', '.join(changed) or 'nothing'}")
    failed = any(outcome.error for outcome in outcomes)
    return 1 if failed or (check and changed) else 0


def _with_progress(
    names: Sequence[str],
    run: Callable[[Sequence[Path], Callable[[Outcome], object]], list[Outcome]],
    *,
    compared: bool = True,
) -> list[Outcome]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    paths = [lesson.path for lesson in catalogue.select(list(names))]
    columns = (TextColumn("lessons"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=len(paths))

        def done(outcome: Outcome) -> None:
            bar.advance(task)
            good = not outcome.error and (outcome.passed or not compared)
            bar.console.print(f"{'[green]✓' if good else '[red]✗'} {outcome.name}")
            if outcome.error:
                bar.console.print(escape(outcome.error))
            for difference in outcome.differences if compared else ():
                bar.console.print(f"  cell {escape(difference.cell)}, under “{escape(difference.section)}”")
                bar.console.print(escape(difference.diff))

        return run(paths, done)
