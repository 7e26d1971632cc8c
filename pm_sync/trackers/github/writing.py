"""Writing into issues that are there: never into a stranger's, and never over what people wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import NotFound, TrackerError
from pm_sync.model import Issue, IssueDraft, IssueRef, State
from pm_sync.trackers.base import PARENT, SAID
from pm_sync.trackers.github.body import BODY_LIMIT, find_block, replace_mark, write_body
from pm_sync.trackers.github.client import Client
from pm_sync.trackers.github.drafting import Drafting, fit
from pm_sync.trackers.github.failures import Rejected
from pm_sync.trackers.github.known import Known
from pm_sync.trackers.github.options import TITLE_LIMIT, GitHubOptions
from pm_sync.trackers.github.records import Record, from_rest, state_of
from pm_sync.trackers.github.template import defuse, load_template
from pm_sync.trackers.github.trust import Interest, Trust

_NOT_KEY = re.compile(r"[^\w.-]+", re.ASCII)


class Writer(Struct, frozen=True, kw_only=True):
    """Changes issues, each method by as few calls as GitHub allows."""

    client: Client
    known: Known
    trust: Trust
    drafting: Drafting
    options: GitHubOptions
    mark_key: str
    pace: Callable[[], None]
    """Waits until something new may be written."""

    def update(self, issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
        """Write the changed fields and the mark."""
        record = self._ours(issue)
        notes: list[str] = []
        if PARENT in changed and draft.parent is not None:
            notes += [problem for problem in [self.add_sub_issue(draft.parent, record)] if problem]
            issue = replace(issue, parents=issue.parents if notes else (draft.parent,))
        if changed == {PARENT}:
            return replace(issue, notes=tuple(notes))
        body = write_body(record.body, draft, load_template(self.options.template), self.mark_key)
        content: dict[str, Any] = {"body": body}
        if len(body) > BODY_LIMIT:
            raise TrackerError(f"{issue.ref}: its body would be longer than GitHub takes", hint="shorten it there")
        if "title" in changed:
            content["title"] = fit(draft.title, TITLE_LIMIT)
        if "due" in changed and self.options.milestones:
            milestone = self.drafting.milestone(draft.due, notes) if draft.due else None
            content |= {"milestone": milestone} if milestone or not draft.due else {}
        if "labels" in changed:
            self._add_labels(record, issue.ref, self.drafting.labels(draft.labels, notes))
        return replace(self._edit(issue, content), notes=tuple(notes))

    def move(self, issue: Issue, state: State, duplicate_of: IssueRef | None) -> Issue:
        """Bring an issue into a state."""
        record = self._current(issue.ref)
        if record.pull_request:
            raise TrackerError(f"{issue.ref} is a pull request, which pm-sync never writes to")
        busy = self.options.in_progress_label
        if state_of(record, busy) is state:
            return self.known.take(record, _interest(issue))
        if state.settled:
            return self._settle(issue, record, state, duplicate_of)
        if busy and state is State.IN_PROGRESS:
            record = self._add_labels(record, issue.ref, [busy])
        elif busy and record.has(busy):
            record = self._remove_label(record, issue.ref, busy)
        if record.is_open:
            return self.known.take(record, _interest(issue))
        return self._edit(issue, {"state": "open", "state_reason": "reopened"})

    def comment(self, issue: Issue, text: str, key: str) -> None:
        """Say something, unless it was said already."""
        mark = f"<!-- pm-sync:comment {_NOT_KEY.sub('-', key)} -->"
        path = f"{_path(issue.ref)}/comments"
        for page in self.client.pages(path):
            if any(mark in str(comment.get("body")) and self._is_ours(comment) for comment in page):
                break
        else:
            self.pace()
            self.client.write("POST", path, {"body": f"{defuse(text)}\n\n{mark}"})
        self._note_comment(issue, key)

    def _note_comment(self, issue: Issue, key: str) -> None:
        """Let our mark say what was said, so that no later run has to look through the comments."""
        if issue.mark is None or issue.mark.base.get(SAID) == key:
            return
        record = self._ours(issue)
        noted = replace(issue.mark, base={**issue.mark.base, SAID: key})
        self._edit(issue, {"body": replace_mark(record.body, noted, self.mark_key)})

    def void_mark(self, issue: Issue) -> None:
        """Take the mark out."""
        record = self._ours(issue)
        self._edit(issue, {"body": replace_mark(record.body, None)})

    def add_sub_issue(self, parent: IssueRef, child: Record) -> str | None:
        """Make an issue its parent's sub-issue; what went wrong, if anything: no issue is lost for that."""
        if not self.options.sub_issues:
            return None
        try:
            self.client.write_surely("POST", f"{_path(parent)}/sub_issues", {"sub_issue_id": child.id})
        except Rejected as error:
            return None if self._has_parent(child) else f"not made a sub-issue of {parent}: {error.what}"
        except NotFound:
            return f"not made a sub-issue of {parent}: this server has none, or not there"
        except TrackerError as error:
            return f"not made a sub-issue of {parent}: {error.what}"
        return None

    def _has_parent(self, child: Record) -> bool:
        """Whether it is a sub-issue by now, of whichever issue: where people put it, there it stays."""
        try:
            self.client.get(f"/repos/{child.project}/issues/{child.number}/parent")
        except TrackerError:
            return False
        return True

    def _settle(self, issue: Issue, record: Record, state: State, duplicate_of: IssueRef | None) -> Issue:
        """Close for the best reason that the server knows."""
        moved: Issue | None = None
        is_open = record.is_open
        for reason in _reasons(state, duplicate_of, self.known):
            if not is_open:  # a reason is only taken together with a change of state
                self._edit(issue, {"state": "open"})
            try:
                moved = self._edit(issue, {"state": "closed", **reason})
            except Rejected:
                is_open = True
                continue
            if moved.state is state:
                return moved
            is_open = False
        if moved is None:
            raise TrackerError(f"{issue.ref} can't be closed as {state.word}")
        return moved

    def _edit(self, issue: Issue, content: Mapping[str, object]) -> Issue:
        record = from_rest(self.client.write("PATCH", _path(issue.ref), content))
        return self.known.take(record, _interest(issue))

    def _add_labels(self, record: Record, ref: IssueRef, labels: Iterable[str]) -> Record:
        """Add what is missing. An edit would replace all labels, also those that somebody set since."""
        missing = [label for label in labels if not record.has(label)]
        if missing:
            self.client.write("POST", f"{_path(ref)}/labels", {"labels": missing})
        return replace(record, labels=(*record.labels, *missing))

    def _remove_label(self, record: Record, ref: IssueRef, label: str) -> Record:
        with suppress(NotFound):  # somebody else took it off
            self.client.write("DELETE", f"{_path(ref)}/labels/{quote(label, safe='')}")
        kept = tuple(name for name in record.labels if name.casefold() != label.casefold())
        return replace(record, labels=kept)

    def _ours(self, issue: Issue) -> Record:
        record = self._current(issue.ref)
        block = find_block(record.body)
        if record.pull_request or block is None or block.mark is None:
            raise TrackerError(f"{issue.ref} is not ours to write: it bears no mark of pm-sync")
        return record

    def _current(self, ref: IssueRef) -> Record:
        return self.known.fresh(ref) or self._read(ref)

    def _read(self, ref: IssueRef) -> Record:
        return from_rest(self.client.get(_path(ref)))

    def _is_ours(self, comment: Mapping[str, Any]) -> bool:
        author = str((comment.get("user") or {}).get("login", ""))
        association = str(comment.get("author_association") or "")
        return self.trust.vouched(author, association) or self.trust.is_me(author)


def _path(ref: IssueRef) -> str:
    return f"/repos/{ref.project}/issues/{int(ref.id)}"


def _interest(issue: Issue) -> Interest:
    return Interest(issue.mark.src if issue.mark else "", frozenset(), frozenset({issue.ref.id}))


def _reasons(state: State, duplicate_of: IssueRef | None, known: Known) -> Iterable[dict[str, object]]:
    if state is State.DONE:
        return ({"state_reason": "completed"},)
    dropped: dict[str, object] = {"state_reason": "not_planned"}
    if duplicate_of is None:
        return (dropped,)
    original = known.id_of(duplicate_of)
    duplicate: dict[str, object] = {"state_reason": "duplicate"}
    return (duplicate | ({"duplicate_issue_id": original} if original else {}), dropped)
