"""Output: whatever postmortems and issues say, nothing of it acts on a terminal, a CI runner, a page or a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata

import pytest

from tests.cli.support import Done, Repo
from tests.security.attacks import ACTING_NAMES, ACTING_TEXTS

COMMANDS = (["items"], ["lint"], ["plan", "-v"], ["plan", "--offline", "-vv"], ["status", "-v"])
FORMATS = ("text", "json", "markdown", "github", "csv", "sarif")
MENTION = re.compile(
    r"(?<![\w`])@(?=\w)|(?<![\w&`])#(?=\d)|\bGH-\d|<(?!/?code>|https?://)[a-z!/]|https?:/(?=/evil)", re.IGNORECASE
)


def postmortem(text: str) -> str:
    """A postmortem that says this wherever something is read from."""
    line = text.replace("\n", " ")
    front = f"title: {json.dumps(line)}\nauthors: [{json.dumps(line)}]\nseverity: {json.dumps(line)}"
    cell = line.replace("|", "\\|")
    return f"""---
{front}
---

# {line}

## Action items: {line}

- [ ] Fix it {line}
- [ ] {line} Owner: {line}, due: {line}
  - [ ] nested {line}
- [x] Done {line} ([{line.replace("]", "")}](https://github.com/acme/infra/issues/7))
- TBD {line}

| Task | Owner | Due | Issue |
|---|---|---|---|
| Write {cell} | {cell} | {cell} | {cell} |
"""


def acting(text: str, *, runner: bool = True) -> list[str]:
    """What of an output would act."""
    lines = [line for line in text.split("\n") if "##[" in line or (runner and line.lstrip().startswith("::"))]
    return [*lines, *(repr(char) for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cs"))]


def check(done: Done, to: str) -> None:
    """Nothing acts; commands for the runner are ours, one a line."""
    assert acting(done.err) == []
    assert acting(done.out, runner=to != "github") == []
    bidi = [char for char in done.out + done.err if unicodedata.bidirectional(char) in ("RLO", "LRO", "RLI", "LRI")]
    assert bidi == []
    if to == "github":
        commands = [line for line in done.out.split("\n") if line.lstrip().startswith("::")]
        assert all(re.match(r"::(?:error|warning|notice)(?: [\w=%,./ -]+)?", line) for line in commands)
    if to == "markdown":
        assert MENTION.findall(done.out) == []
    if to == "csv":
        assert [
            cell for row in csv.reader(io.StringIO(done.out)) for cell in row if cell.startswith(tuple("=+-@"))
        ] == []


@pytest.fixture
def hostile(empty: Repo) -> Repo:
    """A repository with a postmortem for each text, and for each name."""
    for number, text in enumerate(ACTING_TEXTS):
        empty.write(f"postmortems/{number}.md", postmortem(text))
    for name in ("::error::x.md", "##[group]x.md", *ACTING_NAMES):
        empty.write(f"postmortems/{name}", "# DB\n\n## Action items\n\n- [ ] Fix it\n- TBD\n")
    return empty


@pytest.mark.parametrize("to", FORMATS)
def test_nothing_acts_in_any_format(hostile: Repo, to: str) -> None:
    """Of no command, before a sync and after it: neither from postmortems and their names nor from issues."""
    for step in ("before", "after"):
        for words in COMMANDS:
            done = hostile.run(*words, "--format", to)
            check(done, to)
            assert done.code == 2 or "Fix it" in done.out or words[0] == "lint", step
        if step == "before":
            synced = hostile.run(
                "sync", "--yes", "--max-creates", "999", "--format", to if to in FORMATS[:4] else "text"
            )
            check(synced, to)
            assert "Fix it" in synced.out


def test_nothing_acts_in_what_is_shown_of_one_item(hostile: Repo) -> None:
    """Nor in what the embedded tracker shows of its issues."""
    hostile.run("sync", "--yes", "--max-creates", "999")
    check(hostile.run("local", "list"), "text")
    for number in range(len(ACTING_TEXTS)):
        check(hostile.run("local", "show", str(1 + 5 * number)), "text")
        check(hostile.run("explain", f"postmortems/{number}.md:11"), "text")


def test_no_title_acts_where_others_show_it(hostile: Repo) -> None:
    """An issue's title is shown by programs that aren't ours."""
    hostile.run("sync", "--yes", "--max-creates", "999")
    issues = hostile.run("local", "list", "--format", "json").json["issues"]
    assert len(issues) > 4 * len(ACTING_TEXTS)
    assert [char for issue in issues for char in issue["title"] if char in "\x07\x08\x1b\x9b\u202e\u2066"] == []


def test_a_broken_configuration_does_nothing_either(empty: Repo) -> None:
    """Its keys and values are quoted in messages."""
    for text in ACTING_TEXTS:
        empty.write("pm-sync.yaml", f"version: 1\n{json.dumps(text)}: {json.dumps(text)}\nlabels: {json.dumps(text)}\n")
        done = empty.run("plan")
        assert done.code == 2
        check(done, "text")
