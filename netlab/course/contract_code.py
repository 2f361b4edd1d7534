"""The contract, third part: code cells and their stored outputs."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator

from netlab.course.lint import Cell, Notebook, Problem, Rule
from netlab.course.outputs import IGNORED

LONGEST_CELL = 20  # lines
MEDIAN_CELL = 8
IGNORED_CELLS = 3
DELIBERATE = "deliberate"  # the tag of a cell that does something wrong on purpose, and says why
OPENERS = {"socket.socket", "socket.create_connection", "socket.create_server", "open"}
WITH = (ast.With, ast.AsyncWith)


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
    """Few cells are excluded from comparison, by their tag alone, and each says why."""
    ignored = notebook.tagged(IGNORED)
    if len(ignored) > IGNORED_CELLS:
        yield "lesson", f"the outputs of {len(ignored)} cells are not compared: {IGNORED_CELLS} at the most"
    for cell in ignored:
        if not cell.about.get("varies"):
            yield cell.id, "is not compared and does not say why (metadata.netlab.varies)"
    for cell in notebook.code:
        if "nbval-skip" in cell.tags or re.search(r"(?m)^\s*#\s*(NBVAL|PYTEST_VALIDATE)_", cell.source):
            yield cell.id, f"is hidden from nbval: run it, and tag it {IGNORED} if its output must vary"


def run_all_goes_through(notebook: Notebook) -> Iterator[Problem]:
    """Cells are plain Python, and none waits for the keyboard."""
    for cell in notebook.code:
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            yield cell.id, f"is no Python: {error.msg}; magics and shell commands do not work everywhere"
        if any(_name(node) == "input" for node in ast.walk(cell.tree)):
            yield cell.id, "calls input(), which stops Run All: give the value in the cell"


def code_is_what_a_professional_would_write(notebook: Notebook) -> Iterator[Problem]:
    """Sockets and files in `with`, timeouts, `sendall`; no bare `except` and no `global`."""
    for cell in notebook.code:
        if "exercise" in cell.tags:  # a stub, or a bug to find
            continue
        if DELIBERATE not in cell.tags:
            yield from ((cell.id, message) for message in _habits(cell))
        elif not cell.about.get("why"):
            yield cell.id, "does something wrong on purpose and does not say why (metadata.netlab.why)"


def _habits(cell: Cell) -> Iterator[str]:
    closed = _closed_by_others(cell.tree)
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield "has a bare `except:`, which hides every mistake: name the exception"
        if isinstance(node, ast.Global):
            yield "has `global`: hand the value over, or return it"
        name = _name(node)
        if name in OPENERS and id(node) not in closed:
            yield f"{name}() stands outside `with`"
        if name == "socket.create_connection" and not _has_timeout(node):
            yield "create_connection() has no timeout: a frozen kernel is a lost student"
        if name.endswith(".send") and "SOCK_DGRAM" not in cell.source and "udp" not in cell.source.lower():
            yield f"a lone send() may send only a part: use sendall(), or tag the cell {DELIBERATE}"


def _has_timeout(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        len(node.args) > 1 or any(keyword.arg == "timeout" for keyword in node.keywords)
    )


def _closed_by_others(tree: ast.Module) -> set[int]:
    """The ids of the calls whose results are closed elsewhere: by a `with`, an exit stack, or the caller."""
    nodes = list(ast.walk(tree))
    entered = [item.context_expr for node in nodes if isinstance(node, WITH) for item in node.items]
    names = {node.id for node in entered if isinstance(node, ast.Name)}
    values = [*entered, *(node.value for node in nodes if isinstance(node, ast.Return))]
    for node in nodes:
        if isinstance(node, ast.Call) and _name(node).endswith(("enter_context", "closing")):
            values += node.args
        if isinstance(node, ast.Assign) and names.issuperset(map(ast.unparse, node.targets)):
            values.append(node.value)
    return {id(value) for value in values}


def _name(node: ast.AST) -> str:
    """The name of the function that is called, as it is written; "" for anything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


RULES: tuple[Rule, ...] = (
    cells_are_short,
    every_cell_was_run,
    little_is_left_uncompared,
    run_all_goes_through,
    code_is_what_a_professional_would_write,
)
