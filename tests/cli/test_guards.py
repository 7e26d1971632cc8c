"""Guards, as people meet them: nothing is written, the message names the words that override it, and these do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest

from tests.cli.support import DB, TASKS, Done, Repo, document

MANY = tuple(f"Do thing number {n}" for n in range(60))


def override(refused: Done) -> list[str]:
    """The words that a refusal names, as a shell would read them."""
    [told] = refused.told
    found = re.search(r"; if (?:they are|it is) right: (.+)$", told)
    assert found, told
    return shlex.split(found[1])


def many(repo: Repo) -> Repo:
    """A repository with sixty linked items."""
    repo.write(DB, document(*MANY))
    assert repo.run("sync", "--yes", "--max-creates", "60").code == 0
    return repo


def too_many_creates(repo: Repo) -> None:
    """26 new items."""
    repo.write(DB, document(*MANY[:26]))


def too_many_updates(repo: Repo) -> None:
    """51 items with a due date that wasn't there before."""
    many(repo)
    lines = repo.read().splitlines(keepends=True)
    changed = [re.sub(r" \(local", " (due 2030-01-01) (local", line) for line in lines[4:55]]
    repo.write(DB, "".join([*lines[:4], *changed, *lines[55:]]))


def too_many_closes(repo: Repo) -> None:
    """13 ticked boxes, of 60 items."""
    many(repo)
    repo.write(DB, repo.read().replace("- [ ]", "- [x]", 13))


def emptied(repo: Repo, path: str = DB) -> None:
    """A heading that nobody takes for one any more."""
    repo.write(path, document(*TASKS))
    assert repo.run("sync", "--yes").code == 0
    repo.write(path, repo.read(path).replace("## Action items", "##Action itmes"))


def emptied_elsewhere(repo: Repo) -> None:
    """The same in a file whose name a shell would take apart."""
    emptied(repo, "postmortems/the day's outage.md")


def emptied_without_a_trace(repo: Repo) -> None:
    """All of it is gone, annotations too; only the issues know."""
    repo.write(DB, document(*TASKS))
    assert repo.run("sync", "--yes").code == 0
    repo.write(DB, "# Database outage\n")


@pytest.mark.parametrize(
    ("arrange", "told"),
    [
        (too_many_creates, "26 creates are more than the 25 that one run may do"),
        (too_many_updates, "51 updates are more than the 50 that one run may do"),
        (too_many_closes, "13 closes are more than the 12 that one run may do"),
        (emptied, f"{DB}: had linked items and now reads as having none"),
        (emptied_elsewhere, "postmortems/the day's outage.md: had linked items and now reads as having none"),
        (emptied_without_a_trace, f"{DB}: had linked items and now reads as having none"),
    ],
)
def test_each_guard_and_its_override(empty: Repo, arrange: Callable[[Repo], None], told: str) -> None:
    """12, nothing written although everything is agreed to; and with the words named it goes on."""
    arrange(empty)
    files = {path: path.read_bytes() for path in empty.root.rglob("*.md")}
    issues = empty.run("local", "list", "--format", "json").out
    planned = empty.run("plan")
    assert (planned.code, planned.told[0].startswith(f"refused: {told}")) == (0, True)
    refused = empty.run("sync", "--yes")
    assert (refused.code, refused.out) == (12, "")
    assert refused.told[0].startswith(f"error: {told}")
    assert {path: path.read_bytes() for path in files} == files
    assert empty.run("local", "list", "--format", "json").out == issues
    assert empty.run("sync", "--yes", *override(refused)).code == 0


def test_emptied_items_keep_their_issues_open(synced: Repo) -> None:
    """Even where it is allowed, and where what is gone is to be closed only by its own key."""
    synced.write(DB, "# Database outage\n")
    assert synced.run("sync", "--yes", "--allow-empty", DB).code == 0
    assert synced.run("local", "list", "--format", "json").json["issues"][0]["state"] == "open"


def test_an_override_is_no_yes_and_a_yes_no_override(synced: Repo) -> None:
    """Each says one thing."""
    synced.write(DB, synced.read().replace("- [ ]", "- [x]"))
    assert synced.run("sync", "--yes", "--max-closes", "2").code == 12
    assert synced.run("sync", "--max-closes", "3").code == 2
    assert synced.run("sync", "--yes", "--max-closes", "3").code == 0


def test_the_overrides_of_a_plan_go_into_its_file(repo: Repo) -> None:
    """A plan that was made with them is carried out with them, and a stale one isn't, whatever they say."""
    refused = repo.run("plan", "--max-creates", "2", "--out", "refused.json")
    assert refused.code == 0
    assert repo.run("sync", "--plan", "refused.json").code == 12
    assert repo.run("plan", "--max-creates", "3", "--out", "plan.json").code == 0
    text = repo.read()
    repo.write(DB, text + "- [ ] One more\n")
    stale = repo.run("sync", "--plan", "plan.json", "--yes", "--max-creates", "9")
    assert stale.code == 12
    assert "the saved plan is stale" in stale.told[-1]
    found = re.search(r"look at a new one: pm-sync (.+)$", stale.told[-1])
    assert found
    assert repo.run(*shlex.split(found[1])).code == 0
    assert repo.run("sync", "--plan", "plan.json").code == 0
    assert "One more (local#4, open)" in repo.read()
