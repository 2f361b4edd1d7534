"""Files to fetch. Weak: the name is glued to the folder's (path traversal). Mended: it must stay inside."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask, Response, abort, request
from werkzeug.security import safe_join


def weak_path(folder: Path, name: str) -> Path:
    """Folder and name, glued; `..` and an absolute name lead out of it."""
    return folder / name


def mended_path(folder: Path, name: str) -> Path:
    """A path inside of the folder; links are followed before we look where it leads."""
    joined = safe_join(str(folder), name)
    if joined is None or not Path(joined).resolve().is_relative_to(folder.resolve()):
        abort(404)
    return Path(joined)


def register(app: Flask, *, mended: bool) -> None:
    """A folder with a report in it, and beside it a file that is nobody's business."""
    find = mended_path if mended else weak_path
    kept = tempfile.TemporaryDirectory(prefix="weak-")
    app.extensions["close"].append(kept.cleanup)
    folder = Path(kept.name) / "reports"
    folder.mkdir()
    (folder / "february.txt").write_text("Apple has lost 3 %.\n", encoding="utf-8")
    (folder.parent / "settings.txt").write_text("SECRET_KEY=made-up-for-the-lesson\n", encoding="utf-8")

    @app.get("/reports")
    def reports() -> Response:
        name = request.args.get("name", "")
        path = find(folder, name) if name.isprintable() else folder  # a NUL is no part of any name
        if not path.is_file():
            abort(404)
        return Response(path.read_text(encoding="utf-8", errors="replace"), mimetype="text/plain")
