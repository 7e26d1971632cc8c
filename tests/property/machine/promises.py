"""What must hold after every sync that nothing disturbed, whatever happened before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from pm_sync.mark import Mark, text_hash
from pm_sync.model import State
from pm_sync.sync.changes import Change, ChangeKind, SyncResult
from tests.property.machine.lines import Files, Line
from tests.property.machine.worlds import Seen


@dataclass(slots=True)
class People:
    """What people did to issues, which must not be undone. Issues go by their addresses."""

    titles: dict[str, str] = field(default_factory=dict)
    dues: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    """Closed, dropped, or ticked in a file at some time."""
    words: dict[str, list[str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Deleted."""
    followed: set[str] = field(default_factory=set)
    """Moved to where nobody vouches for their marks."""
    left: set[str] = field(default_factory=set)
    """Issues whose item was cut out, or given such other words while it had no link that nothing tells of the two."""

    twins: set[str] = field(default_factory=set)
    """Made twice for one item, so that one of the two may be closed."""
    moved: dict[str, str] = field(default_factory=dict)
    """Addresses that lead to others now."""

    def now(self, address: str | None) -> str:
        """Where an issue is now."""
        return self.moved.get(address or "", address or "")

    def rename(self, old: str, new: str) -> None:
        """An issue has another address now."""
        self.moved[old] = new
        if old in self.titles:
            self.titles[new] = self.titles.pop(old)
        if old in self.dues:
            self.dues[new] = self.dues.pop(old)
        if old in self.words:
            self.words[new] = self.words.pop(old)
        for group in (self.settled, self.followed, self.left, self.twins):
            if old in group:
                group.add(new)


class Before(Struct, frozen=True):
    """How it all stood when a sync began."""

    lines: Mapping[int, Line]
    """Copies, by the `id` of the line."""
    issues: Mapping[str, Seen]


class Scene(Struct, frozen=True):
    """One sync that nothing disturbed."""

    files: Files
    people: People
    before: Before
    issues: Mapping[str, Seen]
    """Afterwards."""
    result: SyncResult
    removed: str
    """What becomes of an open issue whose item is gone."""

    def check(self) -> None:
        """Look whether every promise was kept."""
        self._check_links()
        for line in self.files:
            conflict = self.conflicts.get(self.files.place(line))
            before = self.before.lines[id(line)]
            if conflict is not None:
                self._check_withheld(line, before, conflict)
            elif not line.shared:
                self._check_identity(line, before)
                self._check_state(line, before)
                self._check_fields(line)
        closed = self._check_gone()
        for issue in self.issues.values():
            self._check_issue(issue, closed)

    @property
    def conflicts(self) -> Mapping[str, Change]:
        """By place."""
        return {f"{c.path}:{c.line}": c for c in self.result.plan.of(ChangeKind.CONFLICT)}

    def _check_links(self) -> None:
        """Each issue has one item, and each open one of ours has one, or a reason why it has none."""
        links = Counter(line.link for line in self.files if line.link and not line.shared)
        assert max(links.values(), default=0) <= 1, f"two items share an issue: {links}"
        linked = {line.link for line in self.files}
        for issue in self.issues.values():
            if issue.here and issue.mark and not issue.state.settled and issue.address not in linked:
                assert self._is_explained(issue, issue.mark), f"nobody has {issue}"

    def _is_explained(self, issue: Seen, mark: Mark) -> bool:
        asked_about = {change.ref and (change.ref.url or str(change.ref)) for change in self.conflicts.values()}
        if issue.address in self.people.left | asked_about:
            return True
        return all(
            line.shared or (not line.note and line.is_settled) or not self._is_here(line)
            for line in self.files
            if text_hash(line.text) == mark.text
        )

    def _is_here(self, line: Line) -> bool:
        """Whether the line's issue is where its twins would be."""
        issue = self.issues.get(self.people.now(line.link))
        return issue is not None and issue.here and issue.address not in self.people.gone

    def _check_withheld(self, line: Line, before: Line, conflict: Change) -> None:
        """Only what a person has to decide is withheld, and nothing is done about it until then."""
        assert (line.box, line.cell, line.note) == (before.box, before.cell, before.note)
        both_retitled = line.issue in self.people.titles and line.text != line.synced
        both_put_off = line.issue in self.people.dues and line.due != line.synced_due
        unsure = not line.note and ("perhaps" in conflict.reason)
        assert both_retitled or both_put_off or unsure or line.shared, (
            f"{line!r} withheld for no reason: {conflict.reason}"
        )

    def _check_identity(self, line: Line, before: Line) -> None:
        """An item keeps its issue, and gets no other one's; an open one has one."""
        if line.link is None:
            assert line.is_settled, f"an item has no issue: {line}"
        elif line.issue is not None and not self._is_free(line, before):
            assert self.people.now(line.link) == line.issue, f"an item lost its issue {line.issue} to another: {line}"
        elif not before.note:
            earlier = self.before.issues.get(line.link)
            fits = earlier is None or (earlier.mark is not None and earlier.mark.text == text_hash(line.text))
            assert fits, f"an item got another one's issue: {line}"

    def _is_free(self, line: Line, before: Line) -> bool:
        """Whether a line that lost its link may have another issue than before.

        Its twin, of which the older stays; or, under other words or in another file, any: resemblance to a settled one
        stops no new one.
        """
        issue = self.before.issues.get(line.issue or "")
        if before.note or issue is None:
            return False
        twin = {issue.address, self.people.now(line.link)} <= self.people.twins
        moved = issue.mark is not None and issue.mark.path != self.files.path_of(line)
        return twin or (issue.state.settled and (moved or line.text != line.synced))

    def _check_state(self, line: Line, before: Line) -> None:
        """File and tracker say the same, which is what the one side that moved says, and else the tracker."""
        address = self.people.now(line.link)
        if line.link is None or address in self.people.followed:
            return
        if address in self.people.gone:
            assert (line.box, line.cell, line.note) == (before.box, before.cell, before.note), (
                "what is lost was written"
            )
            return
        now, was = self.issues[address].state, self._state_before(address, before)
        # Begun meanwhile is no other decision than done.
        agreed = was is before.state or (before.asks is State.DONE and not was.settled)
        wanted = before.asks if before.asks and agreed else was
        assert line.state is not None
        if before.state and before.state.settled and not self.issues[address].here:
            return  # what is settled by its file is only read where that costs nothing
        if not (wanted.settled and line.state.settled):  # which of the two it is, is not asked again
            assert (line.state, now) == (wanted, wanted), f"{before} was {was}, now {line} is {now}"
        if line.in_table:
            assert line.told is line.state or (line.cell, line.state) == ("", State.OPEN), f"the cell differs: {line}"
        if line.state is not State.DROPPED:
            assert (line.box == "x") == (line.state is State.DONE), f"the box differs: {line}"

    def _state_before(self, address: str, before: Line) -> State:
        """A new issue begins in the state that its row tells."""
        earlier = self.before.issues.get(address)
        return earlier.state if earlier else (before.in_table and before.told) or State.OPEN

    def _check_fields(self, line: Line) -> None:
        """The file's words are the title, and its due date the issue's, unless a person gave the issue another one."""
        address, unread = self.people.now(line.link), line.state is None or line.state.settled
        if unread or address in self.people.gone | self.people.followed:
            return
        title = self.people.titles.get(address, line.text)
        assert self.issues[address].title == title, f"{line}: {self.issues[address].title}"
        if self.issues[address].due is not None:
            due = self.people.dues.get(address, line.due)
            assert self.issues[address].due == due, f"{line}: {self.issues[address].due}"

    def _check_gone(self) -> set[str]:
        """Only issues that nobody has are closed, and only where that is wanted; which were?"""
        closed = {c.ref.url or str(c.ref) for c in self.result.plan.of(ChangeKind.CLOSE) if c.item is None and c.ref}
        for address in closed:
            issue = self.before.issues[address]
            assert self.removed == "close"
            assert issue.mark is not None
            assert self._is_explained(issue, issue.mark), f"somebody has {issue}"
        return closed

    def _check_issue(self, issue: Seen, closed: set[str]) -> None:
        """Nobody's words are lost, and nothing was closed that nobody closed."""
        assert issue.title == self.people.titles.get(issue.address, issue.title)
        lost = [words for words in self.people.words.get(issue.address, ()) if words not in issue.words]
        assert lost == [], f"{issue.address} lacks {lost}"
        as_twin = issue.state is State.DROPPED and issue.address in self.people.twins
        assert not issue.state.settled or as_twin or issue.address in self.people.settled | closed, (
            f"nobody closed {issue}"
        )


def twins(issues: Mapping[str, Seen]) -> set[str]:
    """Issues whose item has another one, as machines at work at the same time make them."""
    marks = Counter(issue.mark.key for issue in issues.values() if issue.mark)
    return {issue.address for issue in issues.values() if issue.mark and marks[issue.mark.key] > 1}
