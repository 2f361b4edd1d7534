"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_atomic(path: Path, data: bytes, *, scratch: Path | None = None, keep: Path | None = None) -> None:
    """Write a file so that a reader, or a machine that loses power, sees the old one or the new one.

    Args:
        path: the file to write.
        data: its new content.
        scratch: a folder on the same file system for the unfinished file (`*.tmp`); the file's own if None.
        keep: where to move what stands at `path` now, immediately before the new file takes its place.
    """
    unfinished = (scratch or path.parent) / f"{path.name}.{secrets.token_hex(4)}.tmp"
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if keep is not None:
            path.replace(keep)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the folder's new entry durable; POSIX lets a folder be opened and synced like a file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
