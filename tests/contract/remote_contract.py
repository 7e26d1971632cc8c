"""What every remote promises, by whatever way it reaches the repository."""

from __future__ import annotations

from typing import Protocol

import pytest

from pm_sync.publish.remote import SUBJECT, BranchProtected, HeadMoved, Remote

AWKWARD = "\ufeff# Ausfall\r\n\r\n- [ ] Größere Platte 🚒\r\n\r\nno newline at the end".encode()
FILES = {"postmortems/db.md": b"- [ ] Add a replica\n", "postmortems/über uns.md": b"# Us\n", "README.md": b"# Hello\n"}


class Shared(Protocol):
    """One shared repository with `FILES` on ``main``."""

    @property
    def remote(self) -> Remote:
        """The remote under test."""
        ...

    def edit(self, branch: str, path: str, data: bytes) -> None:
        """Somebody else pushes a change."""
        ...

    def protect(self, branch: str) -> None:
        """The branch takes no pushes from now on."""
        ...

    def merge(self, branch: str) -> None:
        """Somebody merges the branch into ``main``, and leaves it there."""
        ...

    def mode(self, branch: str, path: str) -> str:
        """The mode of a file."""
        ...


class RemoteContract:
    """Inherit, and give a fixture ``shared``."""

    def test_head_of_no_branch_is_none(self, shared: Shared) -> None:
        """A branch that isn't there is no error."""
        assert shared.remote.head("no/such-branch") is None

    def test_reads_files_as_they_are(self, shared: Shared) -> None:
        """Bytes come as they were committed; what isn't there is None."""
        head = self._head(shared)
        assert {path: shared.remote.read(head, path) for path in FILES} == FILES
        assert shared.remote.read(head, "postmortems/nothing.md") is None

    @pytest.mark.parametrize("data", [AWKWARD, b"", b"a\rb\r", "\u2028\x0b\x0c".encode()])
    def test_commits_bytes_exactly(self, shared: Shared, data: bytes) -> None:
        """No line ending, mark or character is changed on the way."""
        made = shared.remote.commit(self._head(shared), {"postmortems/db.md": data}, "Try")
        shared.remote.move("main", made, self._head(shared))
        assert shared.remote.read(self._head(shared), "postmortems/db.md") == data

    def test_commit_changes_its_files_only(self, shared: Shared) -> None:
        """Everything else is as it was, and the tip tells what changed."""
        head = self._head(shared)
        wanted = {"postmortems/db.md": b"- [x] Add a replica\n", "postmortems/über uns.md": b"# We\n"}
        made = shared.remote.commit(head, wanted, f"{SUBJECT} in 2 postmortems\n")
        shared.remote.move("main", made, head)
        tip = shared.remote.tip(self._head(shared))
        assert (tip.parent, tip.paths, tip.ours) == (head, frozenset(wanted), True)
        assert shared.remote.read(made, "README.md") == FILES["README.md"]
        assert shared.mode("main", "postmortems/db.md") == "100644"

    def test_branch_moves_from_the_expected_head_only(self, shared: Shared) -> None:
        """Whoever was faster is not overwritten."""
        head = self._head(shared)
        made = shared.remote.commit(head, {"postmortems/db.md": b"ours\n"}, "Ours")
        shared.edit("main", "postmortems/db.md", b"theirs\n")
        with pytest.raises(HeadMoved):
            shared.remote.move("main", made, head)
        assert shared.remote.read(self._head(shared), "postmortems/db.md") == b"theirs\n"

    def test_new_branch_is_made_once(self, shared: Shared) -> None:
        """A branch that was expected not to be there is only made if that is still so."""
        head = self._head(shared)
        one, two = (shared.remote.commit(head, {"postmortems/db.md": data}, SUBJECT) for data in (b"1\n", b"2\n"))
        shared.remote.move("pm-sync/progress", one, None, force=True)
        with pytest.raises(HeadMoved):
            shared.remote.move("pm-sync/progress", two, None, force=True)
        assert shared.remote.head("pm-sync/progress") == one

    def test_rolling_branch_can_be_replaced(self, shared: Shared) -> None:
        """Forced, a branch may end with a commit beside its old one, but only in place of the expected one."""
        head = self._head(shared)
        one, two = (shared.remote.commit(head, {"postmortems/db.md": data}, SUBJECT) for data in (b"1\n", b"2\n"))
        shared.remote.move("pm-sync/progress", one, None, force=True)
        shared.remote.move("pm-sync/progress", two, one, force=True)
        assert shared.remote.head("pm-sync/progress") == two
        with pytest.raises(HeadMoved):
            shared.remote.move("pm-sync/progress", one, one, force=True)

    def test_protected_branch_says_so(self, shared: Shared) -> None:
        """It is told from every other refusal, as there is another way."""
        head = self._head(shared)
        made = shared.remote.commit(head, {"postmortems/db.md": b"ours\n"}, "Ours")
        shared.protect("main")
        with pytest.raises(BranchProtected, match="main is protected against pushes"):
            shared.remote.move("main", made, head)
        assert self._head(shared) == head

    def test_waits_until_it_is_merged(self, shared: Shared) -> None:
        """Proposed, a branch waits; one that isn't there doesn't."""
        assert not shared.remote.is_waiting("pm-sync/progress", "main")
        made = shared.remote.commit(self._head(shared), {"postmortems/db.md": b"1\n"}, SUBJECT)
        shared.remote.move("pm-sync/progress", made, None, force=True)
        shared.remote.propose("pm-sync/progress", "main")
        assert shared.remote.is_waiting("pm-sync/progress", "main")
        shared.merge("pm-sync/progress")
        assert not shared.remote.is_waiting("pm-sync/progress", "main")

    def _head(self, shared: Shared) -> str:
        head = shared.remote.head("main")
        assert head is not None
        return head
