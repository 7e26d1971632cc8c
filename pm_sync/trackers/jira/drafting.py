"""From a draft to the fields of a Jira issue; what the project can't take is left out, and said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from pm_sync.errors import TrackerError
from pm_sync.model import IssueDraft, IssueRef
from pm_sync.trackers.jira.client import Client
from pm_sync.trackers.jira.marks import Marks, Note
from pm_sync.trackers.jira.meta import Form, Meta, called, nearest
from pm_sync.trackers.jira.options import TITLE_LIMIT, JiraOptions
from pm_sync.trackers.jira.people import People
from pm_sync.trackers.jira.values import field_value

_LABEL_LIMIT = 255
_DRAFTED = frozenset({"project", "issuetype", "summary", "description", "labels", "reporter"})
"""Fields that every issue of ours has, and the one that Jira fills by itself."""


class Wish(Struct):
    """What a create sends for one draft."""

    draft: IssueDraft
    fields: dict[str, Any]
    note: Note
    labels: frozenset[str]
    """Those that people see."""
    priority: str | None
    """The postmortem's word for the priority that was set."""
    assignee: str = ""
    link_to: IssueRef | None = None
    """The parent's issue, where a link says so instead of the field."""
    notes: list[str] = field(default_factory=list)


class Drafting(Struct):
    """Fills in forms."""

    client: Client
    options: JiraOptions
    meta: Meta
    people: People
    marks: Marks
    _subtasks: set[str] = field(default_factory=set)
    """Keys of sub-tasks, which can't be parents."""

    def form(self, draft: IssueDraft) -> tuple[Form, IssueRef | None]:
        """The form for a draft, and the parent where only a link can tell of it.

        Raises:
            TrackerError: the project has no such issues.

        """
        if draft.parent is None:
            return self.meta.form(self.options.issue_type), None
        form = self.meta.subtask_form() if self._may_be_subtask(draft.parent) else None
        return (form, None) if form else (self.meta.form(self.options.issue_type), draft.parent)

    def wish(self, draft: IssueDraft) -> Wish:
        """Put together what a create sends.

        Raises:
            TrackerError: the configuration doesn't fit the project, or Jira can't be asked.

        """
        form, link_to = self.form(draft)
        labels = tuple(jira_label(label) for label in draft.labels)
        wish = Wish(draft, {}, Note(draft.mark), frozenset(labels), None, link_to=link_to)
        wish.fields = {
            "project": {"key": self.options.project},
            "issuetype": {"id": form.type.id, "name": form.type.name},
            "summary": fit(draft.title),
            "labels": [self.options.tracking_label, *self.marks.labels(draft.mark), *dict.fromkeys(labels)],
        }
        if form.has("description"):
            wish.fields["description"] = self.body(None, draft)
        self._add_parent(form, wish)
        self._add_due(form, wish)
        self._add_priority(form, wish)
        self._add_assignee(form, wish)
        self._add_configured(form, wish)
        wish.note = Note(draft.mark, _default_priority(form, wish), "" if draft.due else wish.fields.get("duedate", ""))
        return wish

    def body(self, old: Any, draft: IssueDraft) -> Any:  # noqa: ANN401  text or JSON
        """The description with our block in it."""
        from pm_sync.trackers.jira.body import write_body  # noqa: PLC0415  its parser is slow to load

        return write_body(old, draft, list(_facts(draft, self.options)), cloud=self.client.cloud)

    def became_subtask(self, key: str) -> None:
        """Remember that an issue is a sub-task."""
        self._subtasks.add(key)

    def missing(self, form: Form) -> tuple[str, ...]:
        """Names of the fields that the form demands and nobody gives."""
        given = {field.id for name in self.options.fields if (field := form.by_name(name))}
        given |= {"components"} if self.options.components else set()
        given |= {field.id for field in form.fields.values() if field.is_epic_link} if self.options.parent else set()
        given |= {"parent"} if self.options.parent or form.type.subtask else set()
        return tuple(
            field.name for field in form.fields.values() if field.required and field.id not in given | _DRAFTED
        )

    def mistakes(self, form: Form) -> Iterator[str]:
        """What in the configuration doesn't fit the project, each with the nearest names."""
        if not form.has("labels"):
            yield "the create screen has no field for labels, by which pm-sync finds its issues: add it there"
        if form.type.subtask and not self.options.parent:
            yield f"issues of the type {form.type.name} stand below another: give its key as `parent`, or another type"
        yield from self._wrong_fields(form)
        for field_id, wanted in (
            ("components", self.options.components),
            ("priority", tuple(self.options.priorities.values())),
        ):
            allowed = form.fields[field_id].names if form.has(field_id) else ()
            known = {name.casefold() for name in allowed}
            for name in wanted if allowed else ():
                if name.casefold() not in known:
                    yield f"{self.options.project} has no {field_id.removesuffix('s')} {name!r} ({nearest(name, allowed)})"

    def _wrong_fields(self, form: Form) -> Iterator[str]:
        names = [field.name for field in form.fields.values()]
        for name, value in self.options.fields.items():
            field = form.by_name(name)
            if field is None:
                yield f"the create screen has no field {name!r} ({nearest(name, names)})"
            elif field.id in _DRAFTED - {"reporter"}:
                yield f"`fields` can't give {name!r}, which pm-sync fills in by itself"
            else:
                try:
                    field_value(field, value, self.people.value)
                except TrackerError as error:
                    yield str(error)

    def priority(self, word: str | None) -> str | None:
        """Jira's name for a priority of the postmortems; None where the configuration has none."""
        folded = {own.casefold(): theirs for own, theirs in self.options.priorities.items()}
        return folded.get(word.casefold()) if word else None

    def _may_be_subtask(self, parent: IssueRef) -> bool:
        return (
            self.options.subtasks == "subtask"
            and parent.kind == "jira"
            and parent.project == self.options.project
            and parent.id not in self._subtasks
        )

    def _add_parent(self, form: Form, wish: Wish) -> None:
        if form.type.subtask and wish.draft.parent is not None:
            wish.fields["parent"] = {"key": wish.draft.parent.id}
        elif self.options.parent:
            epic = next((field for field in form.fields.values() if field.is_epic_link), None)
            if epic is not None and not self.client.cloud:
                wish.fields[epic.id] = self.options.parent
            else:
                wish.fields["parent"] = {"key": self.options.parent}

    def _add_due(self, form: Form, wish: Wish) -> None:
        if wish.draft.due and _fits(form, "duedate", "the due date", wish):
            wish.fields["duedate"] = wish.draft.due.isoformat()

    def _add_priority(self, form: Form, wish: Wish) -> None:
        name = self.priority(wish.draft.priority)
        if name and _fits(form, "priority", "the priority", wish):
            wish.fields["priority"] = field_value(form.fields["priority"], name, self.people.value)
            wish.priority = wish.draft.priority

    def _add_assignee(self, form: Form, wish: Wish) -> None:
        wish.notes += [f"{name} has no account here: add one to `people`" for name in wish.draft.unknown_owners]
        accounts = wish.draft.assignees
        if not accounts or not _fits(form, "assignee", "the assignee", wish):
            return
        for account in accounts:
            user = self.people.find(account)
            if user is None:
                wish.notes.append(f"{account} can't be assigned in {self.options.project}: nobody there is called so")
            elif wish.assignee:
                wish.notes.append(f"{account} is left out: Jira takes one assignee")
            else:
                wish.fields["assignee"] = user.value
                wish.assignee = user.shown

    def _add_configured(self, form: Form, wish: Wish) -> None:
        if self.options.components and _fits(form, "components", "the components", wish):
            wish.fields["components"] = field_value(
                form.fields["components"], self.options.components, self.people.value
            )
        for name, value in self.options.fields.items():
            field = form.by_name(name)
            if field is None:
                names = (field.name for field in form.fields.values())
                raise TrackerError(f"the create screen has no field {name!r}", hint=nearest(name, names))
            if field.id not in wish.fields:
                wish.fields[field.id] = field_value(field, value, self.people.value)


def _default_priority(form: Form, wish: Wish) -> str:
    """What an issue gets whose item has no priority: the configured one, else Jira's own."""
    if wish.priority is not None or not form.has("priority"):
        return ""
    default = wish.fields.get("priority", form.fields["priority"].default)
    return called(default) if isinstance(default, dict) else ""


def jira_label(label: str) -> str:
    """A label as Jira takes it: it knows no blanks in them."""
    return "-".join(label.split())[:_LABEL_LIMIT]


def fit(title: str) -> str:
    """A title within Jira's limit, and within one line."""
    line = " ".join(title.split())
    return line if len(line) <= TITLE_LIMIT else f"{line[: TITLE_LIMIT - 1].rstrip()}…"


def _fits(form: Form, field_id: str, what: str, wish: Wish) -> bool:
    if not form.has(field_id):
        wish.notes.append(f"{what} is left out: {form.type.name} has no such field on its create screen")
    return form.has(field_id)


def _facts(draft: IssueDraft, options: JiraOptions) -> Iterator[tuple[str, str]]:
    """What has no field of its own."""
    incident = draft.incident
    known = (
        ("Severity", incident.severity),
        ("Impact", incident.impact),
        ("Root cause", incident.root_cause),
        ("Owner", ", ".join(draft.owners)),
        ("Priority", None if options.priorities else draft.priority),
        ("Type", draft.type),
        *draft.extra,
    )
    return ((name, value) for name, value in known if value)
