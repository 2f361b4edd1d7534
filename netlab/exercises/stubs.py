"""Whether a student has begun: an untouched stub is no wrong answer."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

_DEF = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_untouched(objects: tuple[Any, ...], starter: Any = None) -> bool:
    """Whether the student's objects are still those of the lesson.

    Args:
        objects: what was handed to `check`.
        starter: what they are at first, where that is more than a stub: source code, or a value.

    Returns:
        True when a `...` is still to be replaced, or when they equal the starter.
    """
    if starter is not None:
        return all(_is_starter(each, starter) for each in objects)
    return any(_has_placeholder(each) for each in objects)


def source_files(objects: tuple[Any, ...]) -> frozenset[str]:
    """The files (a notebook's cells are files too) that hold the code of the student's objects."""
    return frozenset(code.co_filename for each in objects for code in _codes(each))


def _is_starter(value: Any, starter: Any) -> bool:
    functions = list(_functions(value))
    if not functions:
        return type(value) is type(starter) and bool(value == starter)
    expected = {node.name: ast.dump(node) for node in ast.walk(ast.parse(starter)) if isinstance(node, _DEF)}
    try:
        return all(ast.dump(_parse(function)) == expected.get(function.__name__) for function in functions)
    except (OSError, SyntaxError):
        return False


def _has_placeholder(value: Any) -> bool:
    if value is ...:
        return True
    if isinstance(value, (list, tuple)):
        return any(each is ... for each in value)
    if isinstance(value, dict):
        return any(each is ... for each in value.values())
    return any(_is_stub(function) for function in _functions(value))


def _is_stub(function: FunctionType) -> bool:
    try:
        return _has_ellipsis(_parse(function))
    except (OSError, SyntaxError):
        return any(... in code.co_consts for code in _nested(function.__code__))


def _has_ellipsis(node: ast.AST) -> bool:
    """Whether a `...` stands in the code; one in brackets, as in `tuple[int, ...]`, is no placeholder."""
    if isinstance(node, ast.Subscript):
        return False
    if isinstance(node, ast.Constant):
        return node.value is ...
    return any(map(_has_ellipsis, ast.iter_child_nodes(node)))


def _parse(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]


def _functions(value: Any) -> Iterator[FunctionType]:
    if isinstance(value, FunctionType):
        yield value
    elif isinstance(value, type):
        yield from (each for each in vars(value).values() if isinstance(each, FunctionType))


def _codes(value: Any) -> Iterator[CodeType]:
    yield from (function.__code__ for function in _functions(value))


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _nested(const)
