"""What counts beside an explicit list of tasks: the tasks, and no wishes."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from pm_sync.model import State
from pm_sync.postmortem.candidate import IN_HEADING, IN_PROSE, Candidate
from pm_sync.postmortem.sections import Part
from pm_sync.postmortem.states import state_of
from pm_sync.postmortem.tables import row_values
from pm_sync.postmortem.wording import commits
from pm_sync.regex import regex

_COUNT = regex(r"(\d{1,2})[.)]\s*(?=[^\W\d])")


def explicit(parts: list[Part], found: dict[int, list[Candidate]]) -> list[Candidate]:
    """Know the broad wishes of a section for what they are where it has an explicit list of tasks beside them."""
    if "never" in parts[0].roles:
        found = {at: _marked_among(candidates) for at, candidates in found.items()}
    tasks = _named(parts, "tasks", 1)
    if not any(found[at] for at in tasks):
        return [candidate for part in parts for candidate in found[id(part)]]
    improvements = _named(parts, "improvements", 0) - tasks
    kept = []
    for part in parts:
        candidates = found[id(part)]
        broad = id(part) in improvements or (candidates and all(c.layout is IN_PROSE for c in candidates))
        kept += wishes(candidates) if broad and id(part) not in tasks else candidates
    return kept


def undecorate(candidates: list[Candidate]) -> list[Candidate]:
    """Take a sign of progress for an ornament where signs beside it say nothing: "🔄 Retry …" above "🔒 Lock …"."""
    signs = [candidate.reading.sign for candidate in candidates if candidate.reading.sign]
    if all(state_of(sign) for sign in signs):
        return candidates
    for candidate in candidates:
        reading = candidate.reading
        if reading.sign and reading.values.state is State.IN_PROGRESS is state_of(reading.sign):
            reading.values = replace(reading.values, state=None)
    return candidates


def uncount(candidates: list[Candidate]) -> list[Candidate]:
    """Leave out the numbers of a list whose writer counted its items besides: "- [ ] 1. Add an alert" above "- [ ] 2. …"."""
    if not candidates or not candidates[0].reading.text.startswith("1"):
        return candidates
    signs = [_COUNT.match(candidate.reading.text) for candidate in candidates]
    if len(signs) == 1 or any(sign is None or int(sign[1]) != at for at, sign in enumerate(signs, 1)):
        return candidates
    for candidate, sign in zip(candidates, signs, strict=True):
        reading, counted = candidate.reading, sign[0] if sign else ""
        reading.text, reading.title = reading.text.removeprefix(counted), reading.title.removeprefix(counted)
    return candidates


def _marked_among(candidates: list[Candidate]) -> list[Candidate]:
    """Below a title that names lessons as well: whoever marks some of a list as tasks says by it that the others are none."""
    if not any(c.is_marked for c in candidates) or any(c.layout is IN_HEADING for c in candidates):
        return candidates
    for candidate in candidates:
        beside = candidate.parent is not None and candidate.parent.aside is not None
        if not candidate.is_marked and (candidate.parent is None or beside):
            candidate.aside = "a lesson beside the tasks"
        elif beside:
            candidate.parent = None
    return candidates


def beside_tasks(sections: list[list[Part]], found: list[list[Candidate]]) -> list[list[Candidate]]:
    """Know a section of broad wishes for that where the next, of its level, is the list of tasks that they led to."""
    kept = list(found)
    for at in range(len(sections) - 1):
        wished, tasks = sections[at][0], sections[at + 1][0]
        beside = wished.level == tasks.level and wished.parent == tasks.parent
        broad = wished.roles == {"improvements"} or all("improvements" in c.part.roles for c in found[at])
        if beside and broad and found[at + 1] and "tasks" in tasks.roles and "inside" not in tasks.roles:
            kept[at] = wishes(found[at])
    return kept


def _assigns(candidates: list[Candidate]) -> bool:
    """Whether most of what is listed says who does it, by when, or how it stands, as wishes don't."""
    return sum(map(_is_assigned, candidates)) * 2 > len(candidates)


def _is_assigned(candidate: Candidate) -> bool:
    values = candidate.reading.values.joined(candidate.values)
    if candidate.row is not None:
        values = row_values(candidate.row).joined(values)
    return candidate.box is not None or bool(values.owners or values.due_text or values.state)


def wishes(candidates: list[Candidate]) -> list[Candidate]:
    """Mark what is listed as wishes, unless it is a list of tasks as well; sentences beside one are no more than words."""
    listed = [candidate for candidate in candidates if candidate.layout is not IN_PROSE]
    for candidate in listed if not _assigns(listed) else ():
        candidate.aside = "a wish beside the list of tasks"
    return listed


def worded(part: Part, candidates: list[Candidate]) -> list[Candidate]:
    """Below a heading that names lessons as well as wishes, what is worded as a measure; all, where most of it is."""
    if "never" not in part.roles or "action" in part.roles:
        return candidates
    told = [c for c in candidates if c.box is not None or c.row is not None or commits(c.reading.text)]
    return candidates if len(told) * 3 >= len(candidates) * 2 else told


def _named(parts: list[Part], role: str, first: int) -> set[int]:
    """The parts, from the first of them that counts, which bear a role, and those below them."""
    named: set[int] = set()
    for at in range(first, len(parts)):
        if role in parts[at].roles and id(parts[at]) not in named:
            named |= {id(parts[at]), *map(id, below(parts, at))}
    return named


def below(parts: list[Part], at: int) -> Iterator[Part]:
    """The parts below one of them."""
    # By index: a copy of the rest for each of a hundred thousand headings would take hours.
    for index in range(at + 1, len(parts)):
        if parts[index].level <= parts[at].level:
            return
        yield parts[index]
