"""Executes lessons: `netlab run` compares with the stored outputs, `netlab refresh` stores the new ones."""

from __future__ import annotations

import asyncio
import difflib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netlab._files import write_atomic
from netlab.course import catalogue, pages
from netlab.course._quick import import_nbformat_quickly
from netlab.course.needs import missing
from netlab.course.normalize import Notebook, keep_stored, normalize, to_text
from netlab.course.outputs import IGNORED, comparable, join
from netlab.errors import CourseError

CELL_TIMEOUT = 30  # seconds
SHOWN_LINES = 20  # of a diff or of a traceback


@dataclass(frozen=True)
class Difference:
    """A cell whose output is not the stored one.

    Attributes:
        cell: its id and the heading above it.
        diff: what was stored and what came, as a readable diff.
    """

    cell: str
    diff: str


@dataclass(frozen=True)
class Outcome:
    """How one lesson went.

    Attributes:
        path: of the lesson.
        stored: the file as it was when the lesson was executed.
        executed: the notebook with its new outputs; None if an error stopped it.
        differences: cells whose output is not the stored one.
        error: what stopped it and in which cell, or "".
    """

    path: Path
    stored: bytes
    executed: Notebook | None = None
    differences: tuple[Difference, ...] = ()
    error: str = ""

    @property
    def name(self) -> str:
        """The lesson's name."""
        return self.path.stem

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
    data = path.read_bytes()
    stored = normalize(json.loads(data))
    try:
        executed = await execute(stored, path.parent, manager)
    except CourseError as error:
        return Outcome(path, data, error=str(error))
    return Outcome(path, data, executed, tuple(compare(stored, executed)))


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
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    node = nbformat.reads(json.dumps(notebook), as_version=4)
    place = 0

    def note_place(cell_index: int, **_: Any) -> None:
        nonlocal place
        place = cell_index

    client = NotebookClient(
        node,
        timeout=CELL_TIMEOUT,
        kernel_manager_class=manager,
        record_timing=False,
        extra_arguments=["--log-level=40"],  # not that the kernel speaks TCP on loopback
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=note_place,
    )
    try:
        await client.async_execute()
    except CellExecutionError as error:
        wrong = f"raised {error.ename}: {error.evalue}\n{_end_of(error.traceback)}"
    except CellTimeoutError:
        wrong = f"took more than {CELL_TIMEOUT} seconds"
    except RuntimeError as error:  # also nbclient's DeadKernelError
        wrong = f"ended its kernel: {error}"
    else:
        executed: Notebook = json.loads(json.dumps(node))
        return executed
    raise CourseError(f"{_where(notebook, place)} {wrong}")


def _end_of(traceback: str) -> str:
    """The last lines of a traceback, without its colours."""
    return "\n".join(re.sub(r"\x1b\[[\d;]*m", "", traceback).strip().splitlines()[-SHOWN_LINES:])


def _where(notebook: Notebook, place: int) -> str:
    """A cell in words: its id, and the heading that it stands under."""
    cells = notebook["cells"]
    headings = (
        join(cell["source"])
        for cell in reversed(cells[:place])
        if cell["cell_type"] == "markdown" and join(cell["source"]).startswith("#")
    )
    heading = next(headings, "").partition("\n")[0].lstrip("# ")
    return f"cell {cells[place].get('id', place)}" + (f", under “{heading}”," if heading else "")


def compare(stored: Notebook, executed: Notebook) -> list[Difference]:
    """The cells whose outputs differ in more than ports, times and their like."""
    differences = []
    for place, (old, new) in enumerate(zip(stored["cells"], executed["cells"], strict=True)):
        if old["cell_type"] != "code" or IGNORED in old["metadata"].get("tags", []):
            continue
        if missing(old["metadata"]):
            continue
        was, came = comparable(old["outputs"]), comparable(new["outputs"])
        if was != came:
            differences.append(Difference(_where(stored, place), _diff(was, came)))
    return differences


def _diff(was: dict[str, list[str]], came: dict[str, list[str]]) -> str:
    kinds = [kind for kind in sorted({*was, *came}) if was.get(kind) != came.get(kind)]
    if "text/plain" in kinds:  # the same in HTML or as a drawing says no more
        kinds = [kind for kind in kinds if kind == "text/plain" or "/" not in kind]
    lines: list[str] = []
    for kind in kinds:
        before, after = _lines(was.get(kind, [])), _lines(came.get(kind, []))
        lines += difflib.unified_diff(before, after, f"stored {kind}", f"came {kind}", lineterm="", n=1)
    shown = [line[:200] for line in lines[:SHOWN_LINES]]
    return "\n".join([*shown, "…"] if len(lines) > SHOWN_LINES else shown)


def _lines(texts: list[str]) -> list[str]:
    """Texts as lines; those of HTML and SVG, which have few, begin with a tag each."""
    return "\n───\n".join(texts).replace("><", ">\n<").splitlines()


def command(names: Sequence[str], jobs: int) -> int:
    """`netlab run`: execute lessons and report, with progress; 0 when all went as stored."""
    outcomes = _with_progress(names, lambda paths, done: run_lessons(paths, jobs=jobs, done=done))
    if different := [outcome.name for outcome in outcomes if outcome.differences]:
        print(f"If the new outputs are right, store them: netlab refresh {' '.join(different)}")
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def refresh_command(names: Sequence[str], check: bool) -> int:
    """`netlab refresh`: execute lessons in ordinary kernels and store their outputs; 0 when all went through."""
    outcomes = _with_progress(
        names, lambda paths, done: run_lessons(paths, warm=False, done=done), compared=False
    )
    changed = [outcome.name for outcome in outcomes if _store(outcome, check)]
    changed += pages.stale() if check else pages.write()
    print(f"{'would change' if check else 'stored'}: {', '.join(changed) or 'nothing'}")
    failed = any(outcome.error for outcome in outcomes)
    return 1 if failed or (check and changed) else 0


def _store(outcome: Outcome, check: bool) -> bool:
    """Store what a lesson said, unless an error stopped it or nothing changed; returns whether it did.

    Raises:
        CourseError: when somebody has changed the lesson in the meantime.
    """
    if outcome.executed is None:
        return False
    text = to_text(keep_stored(normalize(outcome.executed), json.loads(outcome.stored)))
    if text.encode() == outcome.stored:
        return False
    if not check:
        if outcome.path.read_bytes() != outcome.stored:
            raise CourseError(
                f"{outcome.path.name} was changed while it ran: nothing is stored. Run it again."
            )
        write_atomic(outcome.path, text.encode())
    return True


def _with_progress(
    names: Sequence[str],
    run: Callable[[Sequence[Path], Callable[[Outcome], object]], list[Outcome]],
    *,
    compared: bool = True,
) -> list[Outcome]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    paths = [lesson.path for lesson in catalogue.select(list(names))]
    columns = (TextColumn("lessons"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(paths))

        def say(text: str, style: str = "") -> None:
            console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

        def done(outcome: Outcome) -> None:
            bar.advance(task)
            differences = outcome.differences if compared else ()
            good = not outcome.error and not differences
            say(f"{'✓' if good else '✗'} {outcome.name}", "green" if good else "red")
            if outcome.error:
                say(f"  {outcome.error}")
            for difference in differences:
                say(f"  {difference.cell} said something else:\n{difference.diff}")

        return run(paths, done)
