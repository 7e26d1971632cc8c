"""A shared repository in memory, whose people can get in between at any moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pm_sync.publish.remote import BranchProtected, HeadMoved, Tip


@dataclass(slots=True)
class MemoryRemote:
    """Keeps to what every remote promises; commits are named ``c1``, ``c2``, …."""

    commits: dict[str, tuple[str | None, dict[str, bytes], str]] = field(default_factory=dict)
    """Parent, all files, message."""
    branches: dict[str, str] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What people do just before the next moves, one each."""
    pulls: list[tuple[str, str]] = field(default_factory=list)
    merged: bool = False
    """Whether the pull request is merged."""
    moves: int = 0

    def person(self, branch: str, message: str = "By hand", **files: bytes) -> str:
        """A person commits files, named without their suffix ``.md``."""
        head = self.branches.get(branch)
        before = self.commits[head][1] if head else {}
        self.branches[branch] = self._add(head, before | {f"{name}.md": data for name, data in files.items()}, message)
        return self.branches[branch]

    def files(self, branch: str) -> dict[str, bytes]:
        """All files of a branch."""
        return self.commits[self.branches[branch]][1]

    def head(self, branch: str) -> str | None:
        """The last commit."""
        return self.branches.get(branch)

    def tip(self, commit: str) -> Tip:
        """Look at it."""
        parent, files, message = self.commits[commit]
        before = self.commits[parent][1] if parent else {}
        changed = {path for path in {*files, *before} if files.get(path) != before.get(path)}
        return Tip(parent, message, frozenset(changed))

    def read(self, commit: str, path: str) -> bytes | None:
        """A file."""
        return self.commits[commit][1].get(path)

    def commit(self, parent: str, files: Mapping[str, bytes], message: str) -> str:
        """Make one."""
        return self._add(parent, {**self.commits[parent][1], **files}, message)

    def move(self, branch: str, commit: str, expected: str | None, *, force: bool = False) -> None:
        """Move a branch, unless somebody was faster."""
        if self.meanwhile:
            self.meanwhile.pop(0)()
        if branch in self.protected:
            raise BranchProtected(f"{branch} is protected against pushes")
        if self.branches.get(branch) != expected:
            raise HeadMoved(f"{branch} moved meanwhile")
        assert force or self.commits[commit][0] == expected
        self.branches[branch] = commit
        self.moves += 1

    def is_waiting(self, branch: str, base: str) -> bool:
        """Unless it is merged."""
        return not self.merged

    def propose(self, branch: str, base: str) -> str | None:
        """One pull request at most."""
        if (branch, base) not in self.pulls:
            self.pulls.append((branch, base))
        return f"https://github.com/acme/infra/pull/{self.pulls.index((branch, base)) + 1}"

    def _add(self, parent: str | None, files: dict[str, bytes], message: str) -> str:
        name = f"c{len(self.commits) + 1}"
        self.commits[name] = (parent, dict(files), message)
        return name
