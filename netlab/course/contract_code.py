"""The contract, third part: code cells and their stored outputs."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator

from netlab.course.lint import Cell, Notebook, Problem, Rule
from netlab.course.outputs import IGNORED

LONGEST_CELL = 20  # lines
MEDIAN_CELL = 8
IGNORED_CELLS = 3
DELIBERATE = "deliberate"  # the tag of a cell that does something wrong on purpose, and says why
OPENERS = {"socket.socket", "socket.create_connection", "socket.create_server", "open"}


def cells_are_short(notebook: Notebook) -> Iterator[Problem]:
    """At most twenty lines, and half of them at most eight."""
    lengths = []
    for cell in notebook.code:
        lines = [line for line in cell.source.splitlines() if line.strip()]
        lengths.append(len(lines))
        if len(lines) > LONGEST_CELL:
            yield cell.id, f"has {len(lines)} lines of code: {LONGEST_CELL} are enough for one idea"
    if lengths and statistics.median(lengths) > MEDIAN_CELL:
        yield (
            "lesson",
            f"the median code cell has {statistics.median(lengths):g} lines: {MEDIAN_CELL} are enough",
        )


def every_cell_was_run(notebook: Notebook) -> Iterator[Problem]:
    """Outputs are stored from a run in order, without errors and without warnings."""
    for place, cell in enumerate(notebook.code, 1):
        if cell.data.get("execution_count") != place:
            yield cell.id, "was not run in order from the top: `netlab refresh` does it"
        for output in cell.outputs:
            if output["output_type"] == "error" and "raises-exception" not in cell.tags:
                yield cell.id, f"raised {output['ename']}"
            if output.get("name") == "stderr":
                yield cell.id, "wrote to stderr: nbval compares it, and a student worries"


def little_is_left_uncompared(notebook: Notebook) -> Iterator[Problem]:
    """Few cells are excluded from comparison, and each says why."""
    ignored = notebook.tagged(IGNORED)
    if len(ignored) > IGNORED_CELLS:
        yield "lesson", f"the outputs of {len(ignored)} cells are not compared: {IGNORED_CELLS} at the most"
    for cell in ignored:
        if not cell.about.get("varies"):
            yield cell.id, "is not compared and does not say why (metadata.netlab.varies)"


def code_is_what_a_professional_would_write(notebook: Notebook) -> Iterator[Problem]:
    """Sockets in `with`, timeouts, `sendall`; no `input()`, which would stop Run All, and no bare `except`."""
    for cell in notebook.code:
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            yield cell.id, f"is no Python: {error.msg}"
            continue
        if "exercise" in cell.tags:  # a stub, or a bug to find
            continue
        if DELIBERATE in cell.tags:
            if not cell.about.get("why"):
                yield cell.id, "does something wrong on purpose and does not say why (metadata.netlab.why)"
            continue
        yield from ((cell.id, message) for message in _habits(tree, cell))


def _habits(tree: ast.Module, cell: Cell) -> Iterator[str]:
    managed = {
        id(item.context_expr)
        for node in ast.walk(tree)
        if isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items
    }
    returned = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return)}
    entered = {
        id(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("enter_context") and node.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield "has a bare `except:`, which hides every mistake"
        if isinstance(node, ast.Global):
            yield "has `global`"
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        if name == "input":
            yield "calls input(), which stops Run All"
        if name in OPENERS and id(node) not in managed | returned | entered:
            yield f"{name}() stands outside `with`"
        timed = len(node.args) > 1 or any(keyword.arg == "timeout" for keyword in node.keywords)
        if name == "socket.create_connection" and not timed:
            yield "create_connection() has no timeout: a frozen kernel is a lost student"
        if name.endswith(".send") and "SOCK_DGRAM" not in cell.source and "udp" not in cell.source.lower():
            yield "a lone send() may send only a part: use sendall(), or tag the cell deliberate"


RULES: tuple[Rule, ...] = (
    cells_are_short,
    every_cell_was_run,
    little_is_left_uncompared,
    code_is_what_a_professional_would_write,
)
