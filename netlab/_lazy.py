"""Public names that are imported when they are first used (PEP 562), so that `import netlab` stays cheap."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping


def attach(
    package: str, exports: Mapping[str, str]
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Make the `__getattr__` and `__dir__` of a package whose public names live in its modules.

    Args:
        package: the package's `__name__`.
        exports: for each public name, the module (relative to the package) that defines it.

    Returns:
        The pair `(__getattr__, __dir__)`, to be assigned in the package's `__init__`.
    """

    def __getattr__(name: str) -> object:  # noqa: N807
        if name not in exports:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{exports[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def __dir__() -> list[str]:  # noqa: N807
        return sorted(exports)

    return __getattr__, __dir__
