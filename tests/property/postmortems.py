"""Random postmortems, of forms that people write, for the properties."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = ("replica", "runbook", "backup", "alert", "switch", "disk", "failover", "quota")
DOES = ("Add a", "Write the", "Test every", "Replace the", "Document our", "Review the old")
TEXTS = st.builds("{} {}".format, st.sampled_from(DOES), st.sampled_from(WORDS))


@dataclass(frozen=True, slots=True)
class Line:
    """One item as it stands in the file."""

    marker: str
    text: str
    nested: bool = False

    def __str__(self) -> str:
        return ("  " if self.nested else "") + self.marker + self.text


LINES = st.builds(Line, st.sampled_from(["- [ ] ", "- [x] ", "- "]), TEXTS, st.booleans())


@st.composite
def bullets(draw: st.DrawFn) -> str:
    """A section of list items, some of them sub-tasks of the one above."""
    lines = draw(st.lists(LINES, max_size=6))
    shown = [str(line if at else Line(line.marker, line.text)) for at, line in enumerate(lines)]
    return "\n".join(shown)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A section that is a table with a link and a state column."""
    rows = draw(st.lists(st.tuples(TEXTS, st.sampled_from(["Open", "Done", "In progress", ""])), max_size=5))
    head = "| Action | Issue | Status |\n| --- | --- | --- |"
    return "\n".join([head, *(f"| {text} |  | {state} |" for text, state in rows)])


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """A section of bold paragraphs."""
    return "\n\n".join(f"**{text}.**" for text in draw(st.lists(TEXTS, max_size=4)))


@st.composite
def postmortems(draw: st.DrawFn) -> bytes:
    """A whole postmortem, with any line end and with or without one at the end."""
    body = draw(st.one_of(bullets(), tables(), paragraphs()))
    rest = draw(st.sampled_from(["", "\n", "\n\n## Timeline\n\n- 10:02 pager\n"]))
    text = f"# Database outage\n\nIt broke.\n\n## Action items\n\n{body}{rest}"
    newline, mark = draw(st.sampled_from(["\n", "\r\n"])), draw(st.sampled_from(["", "\ufeff"]))
    return (mark + text).replace("\n", newline).encode()
