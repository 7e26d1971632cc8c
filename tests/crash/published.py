"""The embedded tracker in the matrix, in clones of a repository that each sync pushes to."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.crash.local import Local
from tests.fakes.bare import git


class Published(Local):
    """What was recorded belongs on the branch, too."""

    words = ("sync", "--yes", "--publish", "push")

    def __init__(self, folder: Path) -> None:
        """Keep the shared repository in a folder."""
        super().__init__()
        self.name = "local, published"
        self._remote, self._kept = folder / "remote.git", folder / "kept.git"

    def begin(self, root: Path) -> None:
        """Let it be a clone, which others have too."""
        git(root.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(self._remote))
        git(root, "init", "--quiet", "--initial-branch=main")
        git(root, "remote", "add", "origin", str(self._remote))
        self.save(root)

    def save(self, root: Path) -> None:
        """Commit what people wrote, and push it."""
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "--message", "By hand")
        git(root, "push", "--quiet", "origin", "HEAD:main")

    def renew(self, root: Path, template: Path) -> None:
        """As a fresh clone has it."""
        git(root, "fetch", "--quiet", "origin", "main")
        git(root, "reset", "--quiet", "--hard", "FETCH_HEAD")

    def elsewhere(self, root: Path) -> Mapping[str, str]:
        """What the branch says, and how the clone stands to it."""
        names = git(self._remote, "ls-tree", "--name-only", "main", "postmortems/").split()
        told = {f"{name} on the branch": git(self._remote, "show", f"main:{name}") for name in names}
        ahead = git(root, "rev-parse", "HEAD") != git(self._remote, "rev-parse", "refs/heads/main")
        return told | {
            "the clone": f"{'elsewhere' if ahead else 'at the branch'}, {git(root, 'status', '--porcelain')}"
        }

    def keep(self) -> None:
        """Remember what was pushed."""
        shutil.copytree(self._remote, self._kept)

    def rewind(self) -> None:
        """Let nothing have been pushed since."""
        shutil.rmtree(self._remote)
        shutil.copytree(self._kept, self._remote)
