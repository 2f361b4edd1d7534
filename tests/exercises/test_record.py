"""The record of a student's progress is never lost."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path

import pytest

from netlab.exercises import record


def test_outside_of_a_workspace_nothing_is_written(tmp_path: Path):
    record.note("03-framing", done=True)
    assert record.done() == {"03-framing"}
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_is_found_from_a_folder_inside_it(workspace: Path, tmp_path: Path, monkeypatch):
    (tmp_path / "notes").mkdir()
    monkeypatch.chdir(tmp_path / "notes")
    record.note("03-framing", tries=1)
    assert json.loads(workspace.read_text()) == {"03-framing": {"tries": 1}}


def test_counts_add_up_and_done_stays_done(workspace: Path):
    record.note("03-framing", done=True, tries=1)
    assert record.note("03-framing", done=False, tries=1, hints=1) == {"done": True, "tries": 2, "hints": 1}


def test_what_a_later_version_has_added_stays(workspace: Path):
    later = {"03-framing": {"tries": 1, "seconds": 40}, "format": 2, "badges": ["first"]}
    workspace.write_text(json.dumps(later))
    record.note("03-framing", tries=1)
    assert json.loads(workspace.read_text()) == {**later, "03-framing": {"tries": 2, "seconds": 40}}
    assert record.read() == {"03-framing": {"tries": 2, "seconds": 40}}


@pytest.mark.parametrize("damage", [b"", b'{"03-framing": {"do', b"\xff\x00", b"[]", b"null"])
def test_a_damaged_record_is_set_aside_and_said_so_once(workspace: Path, damage: bytes):
    for number in (1, 2):
        workspace.write_bytes(damage)
        record.note("03-framing", tries=1)
        assert workspace.with_name(f"progress.damaged-{number}.json").read_bytes() == damage
        assert f".netlab/progress.damaged-{number}.json" in record.trouble()
        assert record.trouble() == ""
        assert record.read() == {"03-framing": {"tries": 1}}


def _note_often(folder: Path, name: str) -> None:
    import os

    os.chdir(folder)
    for _ in range(50):
        record.note(name, tries=1)
        record.note("shared", tries=1)


def test_two_notebooks_at_once_do_not_lose_each_others_updates(workspace: Path, tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_note_often, args=(tmp_path, name)) for name in ("one", "two")]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    counts = {name: entry["tries"] for name, entry in record.read().items()}
    assert counts == {"one": 50, "two": 50, "shared": 100}
