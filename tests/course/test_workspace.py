from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.course import pages, workspace
from netlab.course.workspace import decide, open_workspace, reset, source_digest
from netlab.errors import CourseError


@pytest.fixture
def path(tmp_path, publish):
    return tmp_path / "workspace"


def run_all(notebook):
    """Do what JupyterLab does when a student runs every cell and saves: outputs, counts, an empty cell."""
    content = json.loads(notebook.read_text())
    for number, cell in enumerate(cell for cell in content["cells"] if cell["cell_type"] == "code"):
        cell["execution_count"] = number + 1
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["ran\n"]}]
        cell["source"] = "".join(cell["source"])
        cell["metadata"]["collapsed"] = True
    content["cells"].append(
        {"cell_type": "code", "source": "", "metadata": {}, "outputs": [], "execution_count": None}
    )
    content["metadata"]["language_info"] = {"name": "python", "version": "3.13"}
    notebook.write_text(json.dumps(content))


def edit(notebook, words="my own work"):
    notebook.write_text(notebook.read_text().replace("Text.", words))


def everything(folder):
    return [file.read_text() for file in folder.rglob("*.ipynb")]


def test_a_new_workspace_has_a_copy_of_every_lesson(path, publish):
    published = publish("05_udp_sockets").parent
    opened = open_workspace(path)
    assert opened.new == ("00_start_here", "01_tcp_ip", "03_tcp_sockets", "05_udp_sockets")
    assert (path / "01_tcp_ip.ipynb").read_bytes() == (published / "01_tcp_ip.ipynb").read_bytes()


def test_opening_it_again_changes_nothing(path):
    open_workspace(path)
    before = {file: file.stat().st_mtime_ns for file in path.rglob("*") if file.name != "lock"}
    assert open_workspace(path).news == []
    assert {file: file.stat().st_mtime_ns for file in path.rglob("*") if file.name != "lock"} == before


def test_a_new_version_brings_new_lessons(path, publish):
    open_workspace(path)
    publish("05_udp_sockets")
    assert open_workspace(path).new == ("05_udp_sockets",)
    assert (path / "05_udp_sockets.ipynb").exists()


def test_a_new_version_updates_an_untouched_notebook(path, publish):
    open_workspace(path)
    publish("03_tcp_sockets", "better")
    assert open_workspace(path).updated == ("03_tcp_sockets",)
    assert "better" in (path / "03_tcp_sockets.ipynb").read_text()


def test_running_the_cells_does_not_stop_updates_and_the_outputs_are_kept(path, publish):
    open_workspace(path)
    run_all(path / "03_tcp_sockets.ipynb")
    assert open_workspace(path).news == []
    publish("03_tcp_sockets", "better")
    assert open_workspace(path).updated == ("03_tcp_sockets",)
    [kept] = (path / ".netlab" / "backup").iterdir()
    assert "ran\\n" in kept.read_text()


def test_a_new_version_never_touches_a_changed_notebook_and_says_how_to_get_it(path, publish):
    open_workspace(path)
    mine = path / "03_tcp_sockets.ipynb"
    edit(mine)
    before = mine.read_bytes()
    for version in ("better", "better still"):
        publish("03_tcp_sockets", version)
        assert "netlab reset 03" in open_workspace(path).news[0]
        assert mine.read_bytes() == before


def test_a_changed_notebook_is_not_mentioned_while_there_is_no_newer_one(path):
    open_workspace(path)
    edit(path / "03_tcp_sockets.ipynb")
    assert open_workspace(path).news == []


def test_reset_gives_a_fresh_copy_and_keeps_each_old_one_beside_it(path):
    open_workspace(path)
    mine = path / "03_tcp_sockets.ipynb"
    fresh = mine.read_bytes()
    edit(mine, "first try")
    first = reset("03", path)
    edit(mine, "second try")
    second = reset("03", path)
    assert mine.read_bytes() == fresh
    assert first.parent == second.parent == path
    assert "first try" in first.read_text()
    assert "second try" in second.read_text()


def test_reset_of_a_notebook_that_is_as_published_keeps_nothing(path):
    open_workspace(path)
    assert reset("03", path) is None


def test_reset_gives_the_newer_version_and_then_says_no_more_of_it(path, publish):
    open_workspace(path)
    edit(path / "03_tcp_sockets.ipynb")
    publish("03_tcp_sockets", "better")
    assert reset("3", path) is not None
    assert "better" in (path / "03_tcp_sockets.ipynb").read_text()
    assert open_workspace(path).news == []


def test_reset_works_before_the_workspace_exists(path):
    assert reset("03", path) is None
    assert (path / "03_tcp_sockets.ipynb").exists()


def test_a_deleted_notebook_comes_back_and_a_renamed_one_stays(path):
    open_workspace(path)
    (path / "03_tcp_sockets.ipynb").rename(path / "mine.ipynb")
    assert open_workspace(path).restored == ("03_tcp_sockets",)
    assert (path / "mine.ipynb").exists()


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"given": 3}', b'{"given": {"03_tcp_sockets": 3}}', b"\xff"]
)
def test_with_a_damaged_record_nothing_is_lost_and_the_student_is_told(path, publish, damage):
    open_workspace(path)
    mine = path / "03_tcp_sockets.ipynb"
    edit(mine)
    before = mine.read_bytes()
    (path / ".netlab" / "manifest.json").write_bytes(damage)
    opened = open_workspace(path)
    assert opened.repaired
    assert "counts as yours" in opened.news[0]
    assert mine.read_bytes() == before
    publish("03_tcp_sockets", "better")
    assert open_workspace(path).newer == ("03_tcp_sockets",)


@pytest.mark.parametrize("damage", [b"", b"{ half a noteb", b"\xff\xfe"])
def test_a_notebook_that_cannot_be_read_counts_as_the_students(path, publish, damage):
    open_workspace(path)
    mine = path / "03_tcp_sockets.ipynb"
    mine.write_bytes(damage)
    publish("03_tcp_sockets", "better")
    assert open_workspace(path).newer == ("03_tcp_sockets",)
    assert mine.read_bytes() == damage


def test_files_of_the_student_and_the_progress_are_left_alone(path, publish):
    open_workspace(path)
    for name in ("notes.txt", ".netlab/progress.json", ".netlab/progress.json.12ab.tmp"):
        (path / name).write_text("precious")
    publish("03_tcp_sockets", "better")
    open_workspace(path)
    for name in ("notes.txt", ".netlab/progress.json", ".netlab/progress.json.12ab.tmp"):
        assert (path / name).read_text() == "precious"


def test_a_file_in_the_way_is_named_with_the_way_out(path):
    path.write_text("I was here first")
    with pytest.raises(CourseError, match=r"is a file, not a folder.*--workspace"):
        open_workspace(path)


def test_a_folder_of_other_things_is_refused(path):
    path.mkdir()
    (path / "thesis.tex").write_text("precious")
    with pytest.raises(CourseError, match="holds other files"):
        open_workspace(path)
    assert [file.name for file in path.iterdir()] == ["thesis.tex"]


def test_a_workspace_that_lost_its_state_folder_is_taken_up_again(path):
    open_workspace(path)
    edit(path / "01_tcp_ip.ipynb")
    for file in (path / ".netlab").iterdir():
        file.rmdir() if file.is_dir() else file.unlink()
    (path / ".netlab").rmdir()
    assert open_workspace(path).news == []
    assert "my own work" in (path / "01_tcp_ip.ipynb").read_text()


def test_the_published_lessons_cannot_be_a_workspace(publish):
    with pytest.raises(CourseError, match="holds the published lessons"):
        open_workspace(publish("01_tcp_ip").parent)


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path, publish):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"cannot be used: Not a directory.*--workspace"):
        open_workspace(tmp_path / "file" / "workspace")


def test_a_full_disk_is_one_clear_error_and_leaves_nothing_half_written(path, publish, monkeypatch):
    open_workspace(path)
    publish("03_tcp_sockets", "better")
    before = (path / "03_tcp_sockets.ipynb").read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CourseError, match="No space left on device"):
        open_workspace(path)
    assert (path / "03_tcp_sockets.ipynb").read_bytes() == before
    assert not list(path.rglob("*.tmp"))


def test_a_workspace_that_another_process_holds_says_so(path, monkeypatch):
    open_workspace(path)
    monkeypatch.setattr(workspace, "LOCK_SECONDS", 0.05)
    with (path / ".netlab" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CourseError, match="Another netlab command has been at work"):
            open_workspace(path)


def test_two_that_open_it_at_once_take_turns(path):
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: open_workspace(path), range(8)))
    assert sorted(len(one.new) for one in opened) == [0] * 7 + [3]


def test_the_environment_chooses_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("NETLAB_WORKSPACE", str(tmp_path / "elsewhere"))
    assert workspace.default_path() == tmp_path / "elsewhere"


def test_a_checkout_has_its_workspace_inside_and_a_wheel_in_the_home_folder(monkeypatch):
    monkeypatch.delenv("NETLAB_WORKSPACE", raising=False)
    monkeypatch.setattr(workspace, "is_checkout", lambda: True)
    assert workspace.default_path() == workspace.course_root() / "workspace"
    monkeypatch.setattr(workspace, "is_checkout", lambda: False)
    assert workspace.default_path().name == "netlab"


@pytest.mark.parametrize(
    ("mine", "published", "given_before", "verdict"),
    [
        (None, "v1", [], "new"),
        (None, "v1", ["v1"], "restored"),
        ("v1", "v1", ["v1"], "current"),
        ("v1", "v2", ["v1"], "updated"),
        ("v1", "v3", ["v1", "v2"], "updated"),  # killed after the record, before the file
        ("v2", "v2", ["v1"], "current"),  # the student wrote the very same
        ("me", "v1", ["v1"], "current"),
        ("me", "v2", ["v1"], "newer"),
        ("me", "v2", [], "current"),  # nobody knows what it was: the student's
    ],
)
def test_what_is_done_about_a_notebook(mine, published, given_before, verdict):
    assert decide(mine, published, given_before) == verdict


@given(st.text(), st.text())
def test_two_notebooks_have_the_same_digest_only_if_their_text_is_the_same(one, other):
    def notebook(source):
        return json.dumps({"cells": [{"cell_type": "code", "source": source}]}).encode()

    same = one == other or not (one.strip() or other.strip())
    assert (source_digest(notebook(one)) == source_digest(notebook(other))) is same


KILLED = """
import os, sys
from pathlib import Path
from netlab.course import catalogue, pages, workspace

published, path, step, act = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
catalogue.lessons_dir = pages.lessons_dir = workspace.lessons_dir = lambda: published
catalogue.load(), workspace.date.today()  # what is imported late is imported now
steps = 0

def die_at(event, args):
    global steps
    writes = event in ("os.mkdir", "os.rename", "os.remove", "test.fsync") or (
        event == "open" and args[1] is not None and set(args[1]) & set("wxa"))
    if writes and str(path) in str(args):
        steps += 1
        if steps == step:
            os._exit(9)

fsync = os.fsync
def observed_fsync(handle):
    sys.audit("test.fsync", str(path))
    fsync(handle)
os.fsync = observed_fsync
sys.addaudithook(die_at)
workspace.open_workspace(path) if act == "open" else workspace.reset("03", path)
"""


def killed_at_every_step(publish, make_scene, act):
    """Run `open` or `reset` on fresh scenes, killed before its 1st, 2nd, 3rd... write, until one survives."""
    published = publish("00_start_here", "1 + 1", part="").parent
    for step in range(1, 100):
        path = make_scene(step)
        arguments = [sys.executable, "-c", KILLED, str(published), str(path), str(step), act]
        code = subprocess.run(arguments, timeout=30, check=False).returncode
        assert code in (0, 9)
        yield path
        if code == 0:
            assert step > 5
            return


def test_killed_at_any_step_of_the_first_start_the_next_one_completes_it(publish, tmp_path):
    for path in killed_at_every_step(publish, lambda step: tmp_path / f"workspace{step}", "open"):
        open_workspace(path)
        for published in (tmp_path / "published").iterdir():
            assert (path / published.name).read_bytes() == published.read_bytes()
        assert not list(path.rglob("*.tmp"))


def test_killed_at_any_step_of_an_update_no_work_is_lost_and_the_next_one_completes_it(publish, tmp_path):
    def scene(step):
        path = tmp_path / f"workspace{step}"
        publish("03_tcp_sockets", "old")
        open_workspace(path)
        edit(path / "01_tcp_ip.ipynb")
        run_all(path / "03_tcp_sockets.ipynb")
        publish("01_tcp_ip", "new")
        publish("03_tcp_sockets", "new")
        return path

    for path in killed_at_every_step(publish, scene, "open"):
        ran = [text for text in everything(path) if "ran\\n" in text]
        assert len(ran) == 1
        assert "my own work" in (path / "01_tcp_ip.ipynb").read_text()
        open_workspace(path)
        assert "my own work" in (path / "01_tcp_ip.ipynb").read_text()
        assert ran[0] in everything(path)
        assert "new" in (path / "03_tcp_sockets.ipynb").read_text()
        assert not list(path.rglob("*.tmp"))


def test_killed_at_any_step_of_a_reset_the_students_notebook_is_there(publish, tmp_path):
    def scene(step):
        path = tmp_path / f"workspace{step}"
        open_workspace(path)
        edit(path / "03_tcp_sockets.ipynb")
        return path

    for path in killed_at_every_step(publish, scene, "reset"):
        assert sum("my own work" in text for text in everything(path)) == 1
        reset("03", path)
        assert sum("my own work" in text for text in everything(path)) == 1
        assert "my own work" not in (path / "03_tcp_sockets.ipynb").read_text()
        assert not list(path.rglob("*.tmp"))


def test_pages_come_with_the_lessons_follow_the_course_and_are_the_students_when_changed(path, publish):
    published = publish("04_more").parent
    pages.write()
    open_workspace(path)
    assert (path / "GLOSSARY.md").read_bytes() == (published / "GLOSSARY.md").read_bytes()
    (path / "INDEX.md").write_text("my own index")
    publish("05_more")
    pages.write()
    opened = open_workspace(path)
    assert "SYLLABUS" in opened.updated
    assert opened.newer == ("INDEX",)
    assert "netlab reset INDEX" in "\n".join(opened.news)
    assert reset("INDEX", path).read_text() == "my own index"
    assert (path / "INDEX.md").read_bytes() == (published / "INDEX.md").read_bytes()
