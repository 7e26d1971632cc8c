"""Walking through folders: what globs match, and where nobody looks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcmatch import glob

from pm_sync import walk
from pm_sync.io import find_postmortems

FILES = (
    "a.md",
    "b/a.md",
    "b/c.MD",
    "b/c/a.md",
    "b/c/d/x.txt",
    "[a]/a.md",
    "ab/cd.md",
    ".github/a.md",
    "B/x.md",
    "c.md/a",
)
HIDDEN = ("node_modules/b/a.md", "b/vendor/a.md", ".git/a.md", "b/.pm-sync/a.md")
PARTS = ["a", "b", "c", "d", "ab", ".md", ".github", ".git", "node_modules", "/", "/", "*", "**/", "**", "?", "[ab]"]
PARTS += ["[!a]", "{a,b}", "{a,b/c}", "{b,c/}", "[", "]", "{", "*.md", "*/", "b/"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some files, and some where nobody looks."""
    root = tmp_path_factory.mktemp("tree")
    for name in (*FILES, *HIDDEN):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "b" / "again").symlink_to(root / "b" / "c")
    (root / "loop").symlink_to(root)
    return root


def _found(root: Path, *globs: str, any_case: bool = False) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in walk.matches(root, globs, [], any_case=any_case))


def _by_glob(root: Path, *globs: str) -> list[str]:
    names = glob.glob(list(globs), flags=glob.GLOBSTAR | glob.BRACE | glob.DOTGLOB, root_dir=root)
    paths = {Path(os.path.normpath(name)) for name in names} - {Path()}
    return sorted(
        path.as_posix() for path in paths if not {"node_modules", "vendor", ".git", ".pm-sync"} & {*path.parts}
    )


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map("".join).filter(lambda pattern: pattern[0] != "/"))
@example("./b/*.md")
@example("b/././*.md")
def test_globs_match_what_they_match_elsewhere(tree: Path, pattern: str) -> None:
    """The shortcuts lose nothing and find nothing more, but through links only a glob that comes to an end leads."""
    expected = _by_glob(tree, pattern)
    if "**" in pattern:
        expected = [name for name in expected if not name.startswith(("loop/", "b/again/"))]
    assert _found(tree, pattern) == expected


def test_links_below_a_folder(tmp_path: Path) -> None:
    """One to a file is found, as it may be wanted; one to a folder leads nowhere, and one to itself stops nobody."""
    for name, target in (("folder", "a"), ("loop", "loop"), ("file.md", "a/b.md"), ("gone.md", "nothing")):
        (tmp_path / name).symlink_to(target)
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.md").touch()
    shut: list[OSError] = []
    found = {entry.name: entry.is_symlink() for entry in walk.files_below(tmp_path, shut)}
    assert (found, shut) == ({"b.md": False, "file.md": True, "gone.md": True, "loop": True}, [])


def test_several_globs(tree: Path) -> None:
    """Each thing once, wherever they begin."""
    globs = ("**/a.md", "b/*.md", "b/**/a.md", "ab")
    assert _found(tree, *globs) == _by_glob(tree, *globs)


def test_capitals(tree: Path) -> None:
    """Are small letters only where that is wanted."""
    assert _found(tree, "**/B/*.md") == ["B/x.md"]
    assert _found(tree, "**/B/*.md", any_case=True) == ["B/x.md", "b/a.md", "b/c.MD"]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gets the names of the folders that are looked into."""
    names: list[str] = []
    scandir = os.scandir

    def look(path: str) -> object:
        names.append(Path(path).name)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", look)
    return names


def test_nobody_looks_into_what_is_passed_over(tree: Path, seen: list[str]) -> None:
    """A folder of packages may hold more than all the rest of a repository."""
    _found(tree, "**/*.md")
    assert [*walk.files_below(tree, [])]
    assert {"b", "c", ".github"} <= {*seen}
    assert {"node_modules", "vendor", ".git", ".pm-sync", "again", "loop"} & {*seen} == set()


def test_only_as_deep_as_a_glob_reaches(tree: Path, seen: list[str]) -> None:
    """Postmortems in one folder are found without a walk through the whole repository."""
    assert _found(tree, "b/*.md") == ["b/a.md"]
    assert seen == ["b"]


def test_a_folder_that_cannot_be_listed_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody asked for what is in it; a search through the whole repository passes over what is others'."""
    scandir = os.scandir

    def look(path: str) -> object:
        if Path(path).name == "c":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", look)
    shut: list[OSError] = []
    assert [*walk.files_below(tree, shut)]
    assert [error.filename for error in shut] == [str(tree / "b" / "c")]
    walk.matches(tree, ["b/**/*.md"], shut)
    assert len(shut) == 2
    walk.matches(tree, ["**/*.md"], shut)
    assert len(shut) == 2
    found = find_postmortems(tree, [tree / "b"], ())
    assert "b/a.md" in found.paths
    assert [(error.place, error.what) for error in found.errors] == [("b/c", "can't be listed: Permission denied")]
