"""Writing into issues that are there: never over what people wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pm_sync.errors import AccessDenied, NotFound, TrackerError
from pm_sync.model import Issue, IssueDraft, IssueRef
from pm_sync.trackers.base import PARENT, SAID, TWIN
from pm_sync.trackers.jira.answers import total_of, understood
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.creating import Creator
from pm_sync.trackers.jira.drafting import Drafting, fit, jira_label
from pm_sync.trackers.jira.known import Known
from pm_sync.trackers.jira.marks import PROPERTY, Marks, Note, is_bookkeeping
from pm_sync.trackers.jira.markup import Run, plain_text
from pm_sync.trackers.jira.records import LINK_TYPE, Record

_PAGE = 100


class Writer(Struct, frozen=True, kw_only=True):
    """Changes issues, each method by as few calls as Jira allows."""

    client: Client
    known: Known
    drafting: Drafting
    creator: Creator
    marks: Marks

    def update(self, issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
        """Write the changed fields, and the mark."""
        record = self.known.current(issue.ref)
        note = self.known.note_of(record)
        if issue.mark is None:
            raise TrackerError(f"{issue.ref} is not ours to write: it bears no mark of pm-sync")
        notes: list[str] = []
        if PARENT in changed and draft.parent is not None:
            issue = self._place(issue, draft.parent, notes)
        if changed == {PARENT} and not issue.cut_short:
            return replace(issue, notes=tuple(notes))
        if "priority" in changed and self.drafting.options.priorities and not self.drafting.priority(draft.priority):
            notes.append(f"{_unnamed(draft.priority)}, so that the issue keeps its own")
            changed -= {"priority"}
        given = "" if "priority" in changed else _default_priority(record, note, issue)
        fresh = Note(draft.mark, given, _default_due(record, note, issue, draft))
        content: dict[str, Any] = {"fields": self._fields(record, draft, changed, fresh)}
        operations = _label_operations(record, self.marks.labels(draft.mark), draft, changed)
        if operations:
            content["update"] = {"labels": operations}
        self._put(record.key, content, fresh)
        self.known.forget(issue.ref)
        shown = changed if self.drafting.options.priorities else changed - {"priority"}
        return replace(
            _updated(issue, draft, shown), mark=draft.mark, cut_short=False, notes=tuple(notes), untouched=False
        )

    def comment(self, issue: Issue, text: str, key: str) -> None:
        """Say something, unless it was said already; and note in the mark that it was."""
        mark = f"pm-sync:{key}"
        path = f"/issue/{issue.ref.id}/comment"
        if not self._is_said(path, mark):
            self.client.write("POST", path, {"body": self._paragraphs(text, mark)})
        note = self.known.note_of(self.known.current(issue.ref))
        if note is not None:
            said = replace(note.mark, base={**note.mark.base, SAID: key})
            self.creator.set_property(issue.ref.id, self.marks.to_property(replace(note, mark=said)))
        self.known.forget(issue.ref)

    def note_twin(self, issue: Issue, of: IssueRef | None) -> None:
        """Let the mark say of which issue this one is a duplicate; None: of none any more."""
        note = self.known.note_of(self.known.current(issue.ref))
        if note is not None:
            base = {name: value for name, value in note.mark.base.items() if name != TWIN}
            mark = replace(note.mark, base=base | ({TWIN: of.id} if of else {}))
            self.creator.set_property(issue.ref.id, self.marks.to_property(replace(note, mark=mark)))

    def void_mark(self, issue: Issue) -> None:
        """Take labels and property away; the labels first, as without them the property counts for nothing."""
        record = self.known.current(issue.ref)
        ours = [label for label in record.labels if self._is_ours(label)]
        if ours:
            removed = [{"remove": label} for label in ours]
            self.client.write("PUT", f"/issue/{record.key}", {"update": {"labels": removed}})
        self.known.forget(issue.ref)
        with suppress(NotFound):
            self.client.write("DELETE", f"/issue/{record.key}/properties/{PROPERTY}")

    def relate(self, key: str, to: IssueRef) -> str | None:
        """Link two issues; what went wrong, if anything: no issue is lost for that."""
        content = {"type": {"name": LINK_TYPE}, "inwardIssue": {"key": to.id}, "outwardIssue": {"key": key}}
        try:
            self.client.write("POST", "/issueLink", content)
        except TrackerError as error:
            return f"not linked to {to}: {error.what}"
        return None

    def add_remote_link(self, key: str, draft: IssueDraft) -> str | None:
        """Link to the postmortem, once however often this is said; what went wrong, if anything."""
        if not draft.source.url:
            return None
        title = f"{draft.incident.title}: {draft.source.path}"
        content = {"globalId": f"pm-sync-{draft.mark.key}", "object": {"url": draft.source.url, "title": title}}
        try:
            self.client.write("POST", f"/issue/{key}/remotelink", content)
        except TrackerError as error:
            return f"no remote link: {error.what}"
        return None

    def _place(self, issue: Issue, parent: IssueRef, notes: list[str]) -> Issue:
        """Link it to its parent: a sub-task of Jira's it can only become by its creation."""
        problem = None if parent in issue.parents else self.relate(issue.ref.id, parent)
        notes += [problem] if problem else []
        return issue if problem else replace(issue, parents=(*issue.parents, parent))

    def _is_said(self, path: str, mark: str) -> bool:
        start = 0
        while True:
            page = self.client.get(path, {"startAt": start, "maxResults": _PAGE})
            with understood("list of comments"):
                comments = page["comments"]
                if any(self._is_ours_saying(mark, comment) for comment in comments):
                    return True
                start += len(comments)
            if not comments or start >= total_of(page):
                return False

    def _is_ours_saying(self, mark: str, comment: Mapping[str, Any]) -> bool:
        """Whether a comment bears the mark and is ours: who may comment may write it, to have us say nothing."""
        if mark not in plain_text(comment["body"]).split():
            return False
        author = _names(comment.get("author"))
        try:
            me = _names(self.client.get("/myself"))
        except (NotFound, AccessDenied):
            me = set()
        # Where nobody tells who said it or who we are, saying it twice would be no better.
        return not (me and author) or not me.isdisjoint(author)

    def _fields(self, record: Record, draft: IssueDraft, changed: frozenset[str], note: Note) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if "title" in changed:
            fields["summary"] = fit(draft.title)
        if "due" in changed:
            fields["duedate"] = draft.due.isoformat() if draft.due else note.default_due or None
        if "details" in changed or ("priority" in changed and not self.drafting.options.priorities):
            fields["description"] = self.drafting.body(record.description, draft)
        if "priority" in changed and self.drafting.options.priorities:
            fields["priority"] = {"name": self.drafting.priority(draft.priority)}
        return fields

    def _put(self, key: str, content: dict[str, Any], note: Note) -> None:
        """One call where the server keeps properties in edits as in creates, or the mark is all there is; else two."""
        value = self.marks.to_property(note)
        if not content["fields"] and "update" not in content:
            self.creator.set_property(key, value)
            return
        self.client.write("PUT", f"/issue/{key}", {**content, "properties": [{"key": PROPERTY, "value": value}]})
        if self.client.cloud:
            return
        if self.creator.keeps_properties is None:
            self.creator.keeps_properties = self.known.search.property_of(key) == value
        if not self.creator.keeps_properties:
            self.creator.set_property(key, value)

    def _is_ours(self, label: str) -> bool:
        return label == self.drafting.options.tracking_label or is_bookkeeping(label)

    def _paragraphs(self, text: str, mark: str) -> Any:  # noqa: ANN401  text or JSON
        if self.client.cloud:
            from pm_sync.trackers.jira.adf import AdfText, document  # noqa: PLC0415  its parser is slow to load

            adf = AdfText()
            return document([*adf.words([Run(text)]), *adf.words([Run(mark)])])
        from pm_sync.trackers.jira.wiki import WikiText  # noqa: PLC0415  as above

        wiki = WikiText()
        return f"{wiki.words([Run(text)])}\n\n{wiki.words([Run(mark)])}"


def _unnamed(priority: str | None) -> str:
    return f"`priorities` names none for {priority!r}" if priority else "the postmortem names no priority any more"


def _default_priority(record: Record, note: Note | None, issue: Issue) -> str:
    """The priority that Jira gave the issue by itself: as noted, else what nobody had time to choose."""
    if note is not None:
        return note.default_priority
    return record.priority if issue.cut_short and issue.untouched else ""


def _default_due(record: Record, note: Note | None, issue: Issue, draft: IssueDraft) -> str:
    """The due date that the configuration gave the issue: as noted, else what nobody had time to choose."""
    if note is not None:
        return note.default_due
    given = record.due if issue.cut_short and issue.untouched and draft.due is None else None
    return given.isoformat() if given else ""


def _names(user: object) -> set[str]:
    """What tells one account from another."""
    told = user if isinstance(user, Mapping) else {}
    return {str(told[name]) for name in ("accountId", "key", "name") if told.get(name)}


def _label_operations(
    record: Record, ours: Sequence[str], draft: IssueDraft, changed: frozenset[str]
) -> list[dict[str, str]]:
    """Labels to add and to remove one by one: people's are never replaced."""
    wanted = [*ours, *(map(jira_label, draft.labels) if "labels" in changed else ())]
    old = [label for label in record.labels if is_bookkeeping(label) and label not in wanted]
    added = [{"add": label} for label in dict.fromkeys(wanted) if label not in record.labels]
    return [*added, *({"remove": label} for label in old)]


def _updated(issue: Issue, draft: IssueDraft, changed: frozenset[str]) -> Issue:
    if "title" in changed:
        issue = replace(issue, title=fit(draft.title))
    if "due" in changed:
        issue = replace(issue, due=draft.due)
    if "priority" in changed:
        issue = replace(issue, priority=draft.priority)
    if "labels" in changed:
        issue = replace(issue, labels=issue.labels | set(map(jira_label, draft.labels)))
    return issue
