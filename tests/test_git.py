"""The repository that lessons show: alone with itself, and gone afterwards."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from netlab.errors import MissingError, NetlabError
from netlab.git import Repository


@pytest.fixture(autouse=True)
def _git(tool):
    tool("git")


def test_what_was_removed_stays_in_the_history():
    with Repository() as repository:
        repository.commit("Begin", {"a.txt": "made-up-key"})
        repository.commit("Remove it", {"a.txt": ""})
        assert repository.git("show", "HEAD:a.txt") == ""
        assert repository.git("show", "HEAD~1:a.txt") == "made-up-key"
        assert repository.git("log", "--format=%s", "-S", "made-up-key") == "Remove it\nBegin\n"


def test_the_same_files_make_the_same_commits():
    commits = set()
    for _ in range(2):
        with Repository() as repository:
            repository.commit("Begin", {"folder/a.txt": "Grüße, 株\n"})
            commits.add(repository.git("rev-parse", "HEAD"))
    assert len(commits) == 1


def test_its_folder_is_gone_afterwards():
    with Repository() as repository:
        folder = repository.folder
        assert folder.is_dir()
    assert not folder.exists()


def test_in_a_hook_it_does_not_touch_the_repository_of_the_hook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / ".git" / "index"))
    with Repository() as repository:
        repository.commit("Begin", {"a.txt": "here"})
        assert Path(repository.git("rev-parse", "--show-toplevel").strip()).samefile(repository.folder)
    assert not (tmp_path / ".git" / "index").exists()


def test_the_users_settings_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = tmp_path / "config"
    settings.write_text("[commit]\n\tgpgsign = true\n[gpg]\n\tprogram = /nowhere\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    with Repository() as repository:
        repository.commit("Begin", {"a.txt": "here"})
        assert repository.git("log", "--format=%an <%ae>") == "Ada <ada@customer.example>\n"


def test_a_command_that_git_does_not_like_says_why():
    with Repository() as repository, pytest.raises(NetlabError, match="not a git command"):
        repository.git("comit")


def test_without_git_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingError, match="install it"):
        Repository()
