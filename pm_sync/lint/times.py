"""Rules about the times of an incident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pm_sync.lint import words
from pm_sync.lint.durations import clock_range, read_length
from pm_sync.lint.problems import Finding
from pm_sync.lint.subject import Subject
from pm_sync.markdown.edits import Edit
from pm_sync.model import Incident, Span
from pm_sync.regex import regex

_HALF_DAY = regex(rb"(?<![\d:.])(\d{1,2}):(\d{2})(?::\d{2})?([ \t]?([AaPp])(?:\.[ \t]?[Mm]\.?|[Mm]\b))")
_ZONES = rb"(?:UTC|GMT|Z|CES?T|E[SD]T|C[SD]T|M[SD]T|P[SD]T|BST|WES?T|EES?T|JST|KST|IST|AE[SD]T|MSK)"
_ZONED = regex(rb"(?<![\d:.])(\d{1,2}):(\d{2})(?::\d{2})?[ \t]?(?:" + _ZONES + rb")\b")
_STAMP = regex(rb"(?<![\w./-])\d{4}-\d{2}-\d{2}[T ](\d{2}):(\d{2})(?![\d])")
_DAY = regex(rb"(?<![\w./-])((?:19|20)\d{2})-(\d{2})-(\d{2})(?![\w/]|-\w|\.\d)")
_ZONE = regex(r"\b(?:UTC|GMT|[A-Z]{1,3}[SD]?T|Z)\b|[+\-]\d{2}:?\d{2}\b(?!-)")
_CLOCK = regex(r"(?<![\d:.])\d{1,2}:\d{2}(?:\s*[AaPp][Mm]\b)?")
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59


def impossible_time(subject: Subject) -> Iterator[Finding]:
    """PM015. A time on the 24-hour clock with PM behind it is that time, so PM can go."""
    for finding in (*_half_days(subject.data), *_clocks(subject.data), *_days(subject.data)):
        if subject.is_seen(finding.span.start):
            yield finding


def _half_days(data: bytes) -> Iterator[Finding]:
    for match in _HALF_DAY.finditer(data):
        hour, minute = int(match[1]), int(match[2])
        afternoon = match[4] in b"Pp"
        if 1 <= hour <= _NOON and minute <= _LAST_MINUTE:
            continue
        if hour == 0 and minute <= _LAST_MINUTE and not afternoon:
            continue  # "00:30 AM" says twice what it means, but can mean only one time
        # The last point of "p.m." may end the sentence as well, so these are left to people.
        sure = b"." not in match[3] and afternoon and _NOON < hour <= _LAST_HOUR and minute <= _LAST_MINUTE
        edits = (Edit(Span(match.start(3), match.end(3)), b""),) if sure else ()
        yield Finding(Span(*match.span()), f"“{match[0].decode()}” is no time of day", edits)


def _clocks(data: bytes) -> Iterator[Finding]:
    for pattern in (_ZONED, _STAMP):
        for match in pattern.finditer(data):
            hour, minute = int(match[1]), int(match[2])
            midnight = hour == _LAST_HOUR + 1 and minute == 0
            if (hour > _LAST_HOUR and not midnight) or minute > _LAST_MINUTE:
                yield Finding(Span(*match.span()), f"“{match[0].decode()}” is no time of day")


def _days(data: bytes) -> Iterator[Finding]:
    for match in _DAY.finditer(data):
        try:
            date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            yield Finding(Span(*match.span()), f"there is no day “{match[0].decode()}”")


def end_before_start(subject: Subject) -> Iterator[Finding]:
    """PM016. Where one of them is a day without a time, the days count."""
    start, end = subject.postmortem.incident.start, subject.postmortem.incident.end
    if start is None or end is None or _zones_differ(subject):
        return
    first, last = _alike(start, end)
    if last < first:
        span = subject.fact_span("end") or subject.title_span
        yield Finding(span, f"the incident ends ({_shown(end)}) before it starts ({_shown(start)})")


def _alike(start: date, end: date) -> tuple[date, date]:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start.replace(tzinfo=None), end.replace(tzinfo=None)
    return (
        start.date() if isinstance(start, datetime) else start,
        end.date() if isinstance(end, datetime) else end,
    )


def _shown(moment: date) -> str:
    return moment.strftime("%Y-%m-%d %H:%M" if isinstance(moment, datetime) else "%Y-%m-%d")


def wrong_duration(subject: Subject) -> Iterator[Finding]:
    """PM017. A rounded duration is right while it is rounded from the truth."""
    incident = subject.postmortem.incident
    said = read_length(incident.duration or "")
    if said is None or _zones_differ(subject) or not _is_whole(subject):
        return
    real = _between(incident)
    if real is None:
        real = clock_range(incident.duration or "") or _between_lines(subject)
    if real is None or abs(said.length - real) <= said.slack:
        return
    message = f"the duration “{_first_line(incident.duration or '')}” disagrees with the times, which are {_words(real)} apart"
    yield Finding(subject.fact_span("duration") or subject.title_span, message)


def _between(incident: Incident) -> timedelta | None:
    start, end = incident.start, incident.end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return None
    length = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return length if length >= timedelta() else None


def _zones_differ(subject: Subject) -> bool:
    """Whether start and end are told in different time zones, which makes the clocks no match for each other."""
    start, end = (set(_ZONE.findall(subject.fact_line(fact))) for fact in ("start", "end"))
    return bool(start and end and start != end)


def _is_whole(subject: Subject) -> bool:
    """Whether the duration is told as that of the incident, and the start as its start, not as when it was noticed."""
    labels = {fact: subject.fact_label(fact) for fact in ("duration", "start")}
    return not (words.begins("fact", "part", labels["duration"]) or words.begins("fact", "noticed", labels["start"]))


def _between_lines(subject: Subject) -> timedelta | None:
    """From ``Start: 14:10`` to ``End: 15:40``, where neither tells the day."""
    incident = subject.postmortem.incident
    if incident.start is not None or incident.end is not None:
        return None
    start, end = (_CLOCK.search(subject.fact_line(fact)) for fact in ("start", "end"))
    return clock_range(f"{start[0]} to {end[0]}") if start and end else None


def _first_line(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"  # noqa: PLR2004 - so much fits a line


def _words(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{days} d" if days else "", f"{hours} h" if hours else "", f"{rest} min" if rest or not minutes else ""]
    return " ".join(part for part in parts if part)
