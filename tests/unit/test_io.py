"""The file system: what is found, read and replaced, and what is refused with a reason."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from pm_sync import io
from pm_sync.errors import ReadError, UsageError, WriteError

ANYWHERE = ("**/*.md",)


def put(root: Path, path: str, data: bytes = b"text\n") -> Path:
    """Make a file and its folders."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


class TestFindRoot:
    """The work tree's top level, else the configuration's folder, else the current one."""

    def test_the_work_tree(self, tmp_path: Path) -> None:
        """From any folder in it; a worktree's ``.git`` is a file."""
        put(tmp_path, ".git", b"gitdir: /elsewhere\n")
        (tmp_path / "a" / "b").mkdir(parents=True)
        assert io.find_root(tmp_path / "a" / "b") == tmp_path

    def test_the_configuration(self, tmp_path: Path) -> None:
        """Without git."""
        config = put(tmp_path, "config/pm-sync.yaml")
        assert io.find_root(tmp_path, config) == tmp_path / "config"

    def test_the_current_folder(self, tmp_path: Path) -> None:
        """Without either."""
        assert io.find_root(tmp_path) == tmp_path

    def test_the_named_paths_elsewhere(self, tmp_path: Path) -> None:
        """A postmortem of another repository brings its own root."""
        file = put(tmp_path, "other/docs/db.md")
        (tmp_path / "other" / ".git").mkdir()
        (tmp_path / "here").mkdir()
        assert io.find_root(tmp_path / "here", paths=[file]) == tmp_path / "other"


class TestFindPostmortems:
    """Files, folders and globs, each file once, by one name."""

    def test_a_folder(self, tmp_path: Path) -> None:
        """All Markdown in it, at any depth and in a stable order."""
        for path in ("pm/b.md", "pm/a/z.markdown", "pm/a.MD", "pm/notes.txt", "pm/.md", "pm/c.md\n", "other.md"):
            put(tmp_path, path)
        assert io.find_postmortems(tmp_path, [tmp_path / "pm"], ()).paths == ("pm/a.MD", "pm/a/z.markdown", "pm/b.md")

    def test_a_folder_named_like_a_file(self, tmp_path: Path) -> None:
        """Is no file, but what is in it is found."""
        put(tmp_path, "pm/2026.md/db.md")
        assert io.find_postmortems(tmp_path, [tmp_path / "pm"], ()).paths == ("pm/2026.md/db.md",)
        assert io.find_postmortems(tmp_path, [], ANYWHERE).paths == ("pm/2026.md/db.md",)

    def test_what_is_passed_over(self, tmp_path: Path) -> None:
        """Hidden and vendored folders hold no postmortems, but ``.github`` may."""
        for path in (".git/a.md", "node_modules/b.md", ".pm-sync/c.md", "x/vendor/d.md", ".github/e.md", "f.md"):
            put(tmp_path, path)
        assert io.find_postmortems(tmp_path, [], ANYWHERE).paths == (".github/e.md", "f.md")

    def test_capitals_where_nobody_said_where(self, tmp_path: Path) -> None:
        """Who names no files means folders however they are written."""
        put(tmp_path, "docs/Postmortems/DB.md")
        globs = ("**/postmortems/**/*.md",)
        assert io.find_postmortems(tmp_path, [], globs).paths == ()
        assert io.find_postmortems(tmp_path, [], globs, any_case=True).paths == ("docs/Postmortems/DB.md",)

    def test_a_file_is_named_whatever_its_ending(self, tmp_path: Path) -> None:
        """Who names a file means it."""
        assert io.find_postmortems(tmp_path, [put(tmp_path, "db.txt")], ()).paths == ("db.txt",)

    def test_each_file_once(self, tmp_path: Path) -> None:
        """Even when it is named by itself, by its folder, and by a link."""
        file = put(tmp_path, "pm/db.md")
        (tmp_path / "pm" / "link.md").symlink_to(file)
        assert io.find_postmortems(tmp_path, [file, tmp_path / "pm"], ()).paths == ("pm/db.md",)

    @pytest.mark.parametrize("name", ["pm//a.md", "./pm/a.md", "pm/./a.md", "pm/../pm/a.md"])
    def test_a_name_that_says_more_than_it_must(self, tmp_path: Path, name: str) -> None:
        """One file has one name, also where somebody else wrote it."""
        put(tmp_path, "pm/a.md")
        assert io.inside(tmp_path, f"{tmp_path}/{name}") == "pm/a.md"

    def test_a_missing_path(self, tmp_path: Path) -> None:
        """Is a wrong word on the command line."""
        with pytest.raises(UsageError, match=r"nowhere\.md: no such file or folder; give the path"):
            io.find_postmortems(tmp_path, [tmp_path / "nowhere.md"], ())

    def test_a_file_outside(self, tmp_path: Path) -> None:
        """Is not read."""
        with pytest.raises(UsageError, match="lies outside of the repository"):
            io.find_postmortems(tmp_path / "repo", [put(tmp_path, "other.md")], ())

    def test_a_link_out_of_the_repository(self, tmp_path: Path) -> None:
        """It is reported, and the rest is found."""
        put(tmp_path, "repo/pm/a.md")
        (tmp_path / "repo" / "pm" / "evil.md").symlink_to(put(tmp_path, "secret.md"))
        found = io.find_postmortems(tmp_path / "repo", [tmp_path / "repo" / "pm"], ())
        assert found.paths == ("pm/a.md",)
        assert [error.what for error in found.errors] == ["is a symbolic link out of the repository"]

    @pytest.mark.parametrize("named", ["repo/pm", "link"])
    def test_a_folder_by_another_way(self, tmp_path: Path, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """However a folder is named, what is in it has the names that it has in the repository, and so has what is wrong."""
        put(tmp_path, "repo/pm/a/b.md")
        (tmp_path / "link").symlink_to("repo/pm")
        (tmp_path / "repo" / "pm" / "z.md").symlink_to(put(tmp_path, "secret.md"))
        (tmp_path / "repo" / "pm" / "c.md").symlink_to(put(tmp_path, "secret.md"))
        monkeypatch.chdir(tmp_path)
        found = io.find_postmortems(tmp_path / "repo", [Path(named)], ())
        assert found.paths == ("pm/a/b.md",)
        assert [error.place for error in found.errors] == ["pm/c.md", "pm/z.md"]

    def test_a_link_to_itself(self, tmp_path: Path) -> None:
        """It is reported, and the rest is found."""
        put(tmp_path, "pm/a.md")
        (tmp_path / "pm" / "loop.md").symlink_to("loop.md")
        found = io.find_postmortems(tmp_path, [tmp_path / "pm"], ())
        problems = [*found.errors]
        for path in set(found.paths) - {"pm/a.md"}:  # newer versions of Python resolve a loop to itself
            with pytest.raises(ReadError) as caught:
                io.read_file(tmp_path, path)
            problems.append(caught.value)
        assert len(problems) == 1

    def test_a_folder_without_postmortems(self, tmp_path: Path) -> None:
        """Is no error here."""
        assert io.find_postmortems(tmp_path, [tmp_path], ()) == io.Found(())


class TestReadFile:
    """One whole regular file below the root, or a reason."""

    def test_bytes_as_they_are(self, tmp_path: Path) -> None:
        """Byte order mark, line ends and what isn't text included."""
        data = b"\xef\xbb\xbfone\r\ntwo\rthree\n\xff"
        put(tmp_path, "db.md", data)
        assert io.read_file(tmp_path, "db.md") == data

    def test_the_largest_that_is_read(self, tmp_path: Path) -> None:
        """Up to the limit, and not a byte more."""
        put(tmp_path, "db.md", b"x" * io.SIZE_LIMIT)
        assert len(io.read_file(tmp_path, "db.md")) == io.SIZE_LIMIT
        put(tmp_path, "db.md", b"x" * (io.SIZE_LIMIT + 1))
        with pytest.raises(ReadError, match=r"^db\.md: is larger than 5 MB"):
            io.read_file(tmp_path, "db.md")

    @pytest.mark.skipif(
        not Path("/proc/self/status").is_file(), reason="only Linux has files that don't tell their size"
    )
    def test_a_file_that_does_not_tell_its_size_is_read_whole(self) -> None:
        """One whose size is said to be 0 has content all the same."""
        read = io.read_file(Path("/proc/self"), "status")
        assert read.startswith(b"Name:")
        assert b"VmRSS" in read

    def test_a_missing_file(self, tmp_path: Path) -> None:
        """As when it went away since it was found."""
        with pytest.raises(ReadError, match=r"^db\.md: can't be read: no such file"):
            io.read_file(tmp_path, "db.md")

    def test_an_unreadable_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The reason is the system's."""
        put(tmp_path, "db.md")

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
        with pytest.raises(ReadError, match=r"^db\.md: can't be read: permission denied; check"):
            io.read_file(tmp_path, "db.md")

    def test_a_file_that_has_just_become_a_link(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever exchanges it between the look at it and its opening gets nothing read from elsewhere."""
        secret, file, opening = put(tmp_path, "secret.md"), put(tmp_path, "repo/db.md"), os.open

        def exchange(path: str, flags: int) -> int:
            file.unlink()
            file.symlink_to(secret)
            return opening(path, flags)

        monkeypatch.setattr(os, "open", exchange)
        with pytest.raises(ReadError, match=r"^db\.md: can't be read"):
            io.read_file(tmp_path / "repo", "db.md")

    @pytest.mark.parametrize("room", [1, 7])
    def test_a_file_that_comes_in_pieces(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        """All of it is read, however little the system gives at once."""
        reading = os.read
        monkeypatch.setattr(os, "read", lambda opened, _: reading(opened, room))
        put(tmp_path, "db.md", b"# Outage\n")
        assert io.read_file(tmp_path, "db.md") == b"# Outage\n"

    def test_a_pipe_does_not_hold_us(self, tmp_path: Path) -> None:
        """Opening one would wait forever."""
        os.mkfifo(tmp_path / "db.md")
        with pytest.raises(ReadError, match="is not a regular file"):
            io.read_file(tmp_path, "db.md")

    def test_a_socket(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nor anything else that isn't a file."""
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("db.md")
            with pytest.raises(ReadError, match="is not a regular file"):
                io.read_file(tmp_path, "db.md")

    @pytest.mark.parametrize("path", ["../other.md", "/etc/hosts"])
    def test_outside(self, tmp_path: Path, path: str) -> None:
        """A path out of the root is refused by whatever way it came."""
        put(tmp_path, "other.md")
        with pytest.raises(ReadError, match="lies outside of the repository"):
            io.read_file(tmp_path / "repo", path)


class TestReplaceFile:
    """The old content or the new, never anything else."""

    def test_the_content_is_replaced(self, tmp_path: Path) -> None:
        """And nothing else is left behind."""
        put(tmp_path, "db.md", b"old")
        io.replace_file(tmp_path, "db.md", b"new", b"old")
        assert (tmp_path / "db.md").read_bytes() == b"new"
        assert sorted(path.name for path in tmp_path.rglob("*")) == [".gitignore", ".pm-sync", "db.md"]

    @pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664])
    def test_the_mode_is_kept(self, tmp_path: Path, mode: int) -> None:
        """Also where the umask would give another one."""
        put(tmp_path, "db.md", b"old").chmod(mode)
        io.replace_file(tmp_path, "db.md", b"new", b"old")
        assert (tmp_path / "db.md").stat().st_mode & 0o777 == mode

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
    def test_the_owner_is_kept(self, tmp_path: Path) -> None:
        """A run as root, as in a container, doesn't take people's files."""
        os.chown(put(tmp_path, "db.md", b"old"), 1234, 2345)
        io.replace_file(tmp_path, "db.md", b"new", b"old")
        info = (tmp_path / "db.md").stat()
        assert (info.st_uid, info.st_gid) == (1234, 2345)

    def test_somebody_wrote_meanwhile(self, tmp_path: Path) -> None:
        """Their change stays."""
        put(tmp_path, "db.md", b"theirs")
        with pytest.raises(io.FileChangedError):
            io.replace_file(tmp_path, "db.md", b"new", b"old")
        assert (tmp_path / "db.md").read_bytes() == b"theirs"
        assert [*(tmp_path / ".pm-sync").glob("*.tmp")] == []

    def test_a_read_only_file(self, tmp_path: Path) -> None:
        """Although a rename could replace it, and although root may."""
        put(tmp_path, "db.md", b"old").chmod(0o444)
        with pytest.raises(WriteError, match=r"^db\.md: is read-only; give it its write permission back"):
            io.replace_file(tmp_path, "db.md", b"new", b"old")
        assert (tmp_path / "db.md").read_bytes() == b"old"

    def test_a_read_only_folder(self, tmp_path: Path) -> None:
        """Its files are not replaced either."""
        folder = put(tmp_path, "pm/db.md", b"old").parent
        folder.chmod(0o555)
        try:
            with pytest.raises(WriteError, match=r"^pm/db\.md: is in a read-only folder"):
                io.replace_file(tmp_path, "pm/db.md", b"new", b"old")
        finally:
            folder.chmod(0o755)

    def test_a_symbolic_link(self, tmp_path: Path) -> None:
        """A file that became a link since it was read is not followed."""
        (tmp_path / "db.md").symlink_to(put(tmp_path, "other.md", b"old"))
        with pytest.raises(WriteError, match=r"^db\.md: is a symbolic link"):
            io.replace_file(tmp_path, "db.md", b"new", b"old")
        assert (tmp_path / "other.md").read_bytes() == b"old"

    def test_a_file_that_went_away(self, tmp_path: Path) -> None:
        """Is not made again."""
        with pytest.raises(WriteError, match=r"^db\.md: can't be written: no such file"):
            io.replace_file(tmp_path, "db.md", b"new", b"old")
        assert not (tmp_path / "db.md").exists()

    @pytest.mark.parametrize("call", ["fsync", "replace"])
    def test_a_full_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        """The file is as it was, nothing is left lying about, and the next run is named."""
        put(tmp_path, "db.md", b"old")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(*((os, "fsync", full) if call == "fsync" else (Path, "replace", full)))
        with pytest.raises(WriteError, match=r"^db\.md: can't be written: no space left on device; its progress"):
            io.replace_file(tmp_path, "db.md", b"new", b"old")
        assert (tmp_path / "db.md").read_bytes() == b"old"
        assert [*(tmp_path / ".pm-sync").glob("*.tmp")] == []


@pytest.mark.parametrize(
    ("path", "there"),
    [("postmortems/a.md", True), ("postmortems/b.md", False), ("x" * 5000, True), ("\x00", False), ("\ud800", False)],
    ids=["there", "not there", "too long", "a zero byte", "half a character"],
)
def test_a_path_that_a_mark_names_may_be_anything(tmp_path: Path, path: str, *, there: bool) -> None:
    """Only what is surely not there counts as gone, and no path breaks a run off."""
    put(tmp_path, "postmortems/a.md")
    assert io.may_exist(tmp_path, path) is there
