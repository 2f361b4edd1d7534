"""Packages made on the spot, to try pip with and without a network: a wheel is a zip file with four notes in it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile


def make_wheel(folder: Path, name: str, version: str, source: str, requires: Sequence[str] = ()) -> Path:
    """Write a wheel of one module, as a build backend would (PyPA, binary distribution format).

    Args:
        folder: where to put it.
        name: of the package, such as "ticker-rates"; its module is called `ticker_rates`.
        version: such as "1.4.0".
        source: the module's Python.
        requires: what it needs, such as "ticker-core>=2".

    Returns:
        The path of the wheel.
    """
    module = name.replace("-", "_")
    notes = f"{module}-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
    metadata += [f"Requires-Dist: {each}\n" for each in requires]
    files = {
        f"{module}.py": source,
        f"{notes}/METADATA": "".join(metadata),
        f"{notes}/WHEEL": "Wheel-Version: 1.0\nGenerator: netlab\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_hash(text)},{len(text.encode())}\n" for path, text in files.items()]
    files[f"{notes}/RECORD"] = "".join([*record, f"{notes}/RECORD,,\n"])
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with ZipFile(path, "w") as wheel:
        for name_inside, text in files.items():
            wheel.writestr(name_inside, text)
    return path


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
