"""A bare git repository on this machine, as the remote of a clone; it can refuse pushes as GitHub does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PERSON = {f"GIT_{role}_{what}": "maria@example.com" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_HOOK = """\
#!/bin/sh
[ "$1" = "refs/heads/{branch}" ] || exit 0
echo 'error: GH006: Protected branch update failed for refs/heads/{branch}.' >&2
echo 'error: Changes must be made through a pull request.' >&2
exit 1
"""


def git(folder: Path, *words: str, given: bytes = b"") -> str:
    """Run git as a person does; it has to succeed."""
    environment = {**os.environ, **_PERSON}
    done = subprocess.run(
        ["git", "-C", str(folder), *words], input=given, capture_output=True, check=False, env=environment
    )
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout.decode().strip()


@dataclass(frozen=True, slots=True)
class Bare:
    """The shared repository, and one clone of it with ``main`` checked out."""

    path: Path
    clone: Path

    def edit(self, branch: str, path: str, data: bytes, message: str = "By hand") -> str:
        """Somebody else, who has a clone too, pushes a change."""
        other = self.path.with_name(f"other-{len(list(self.path.parent.iterdir()))}")
        git(self.path.parent, "clone", "--quiet", "--branch", branch, str(self.path), str(other))
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        (other / path).write_bytes(data)
        git(other, "add", "--all")
        git(other, "commit", "--quiet", "--message", message)
        git(other, "push", "--quiet", "origin", f"HEAD:{branch}")
        return git(other, "rev-parse", "HEAD")

    def protect(self, branch: str) -> None:
        """Refuse pushes to this branch."""
        hook = self.path / "hooks" / "update"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_HOOK.format(branch=branch))
        hook.chmod(0o755)

    def mode(self, branch: str, path: str) -> str:
        """The mode of a file."""
        return git(self.path, "ls-tree", branch, "--", path).split(" ")[0]

    def head(self, branch: str = "main") -> str:
        """The branch's last commit."""
        return git(self.path, "rev-parse", f"refs/heads/{branch}")

    def show(self, branch: str, path: str) -> bytes:
        """A file."""
        shown = subprocess.run(
            ["git", "-C", str(self.path), "show", f"{branch}:{path}"], capture_output=True, check=True
        )
        return shown.stdout

    def log(self, branch: str = "main") -> list[str]:
        """The subjects of its commits, newest first."""
        return git(self.path, "log", "--format=%s", branch).splitlines()


def make_bare(folder: Path, files: Mapping[str, bytes]) -> Bare:
    """Make a remote and its clone that hold these files."""
    bare, clone = folder / "remote.git", folder / "clone"
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    git(folder, "clone", "--quiet", str(bare), str(clone))
    git(clone, "symbolic-ref", "HEAD", "refs/heads/main")
    for path, data in files.items():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        (clone / path).write_bytes(data)
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "First")
    git(clone, "push", "--quiet", "origin", "main")
    return Bare(bare, clone)
