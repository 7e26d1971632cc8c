"""Files: whatever links and names a repository brings, nothing outside of it is read, written or deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.support import DB, TASKS, Repo, document
from tests.fakes.bare import git

PRECIOUS = "precious\n"


@pytest.fixture
def outside(repo: Repo) -> Iterator[Path]:
    """A folder beside the repository, in which nothing changes."""
    folder = repo.root.parent / "outside"
    folder.mkdir()
    (folder / "file.jsonl").write_text(PRECIOUS, encoding="utf-8")
    yield folder
    assert [path.name for path in folder.iterdir()] == ["file.jsonl"]
    assert (folder / "file.jsonl").read_text(encoding="utf-8") == PRECIOUS


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (".pm-sync", ""),
        (".pm-sync/journal", ""),
        (".pm-sync/journal/left.jsonl", "file.jsonl"),
        (".pm-sync/lock", "file.jsonl"),
        (".pm-sync/lock.json", "file.jsonl"),
        (".pm-sync/.gitignore", "new"),
        (".pm-sync/tracker.db", "new"),
    ],
)
def test_our_own_state_is_never_behind_a_link(repo: Repo, outside: Path, link: str, target: str) -> None:
    """Whoever commits a folder of its name can't have it lead anywhere: the link is named, and nothing is done."""
    (repo.root / link).parent.mkdir(parents=True, exist_ok=True)
    (repo.root / link).symlink_to(outside / target)
    refused = repo.run("sync", "--yes")
    assert refused.code == 1
    assert f"{link}: is a symbolic link, which is never followed; take it away" in refused.told[-1]
    assert repo.run("plan").code in {0, 1}
    assert repo.read() == document(*TASKS)


@pytest.mark.parametrize("command", [["plan"], ["sync", "--yes"], ["status"], ["local", "list"]])
def test_the_database_is_not_behind_a_link(repo: Repo, outside: Path, command: list[str]) -> None:
    """Nor is its folder."""
    (repo.root / "data").symlink_to(outside)
    repo.write("pm-sync.yaml", "trackers: {issues: {kind: local, database: data/tracker.db}}\n")
    done = repo.run(*command)
    assert done.code in {1, 11}
    assert "data: is a symbolic link out of the repository" in done.err


@pytest.mark.parametrize("name", ["pm-sync.yaml", ".github/pm-sync.yaml"])
@pytest.mark.parametrize("words", [(), ("--config",)])
def test_the_configuration_is_not_behind_a_link(repo: Repo, outside: Path, name: str, words: tuple[str, ...]) -> None:
    """Neither found nor named: what it says isn't shown."""
    (repo.root / ".github").mkdir()
    (repo.root / name).symlink_to(outside / "file.jsonl")
    done = repo.run("items", *words, *([name] if words else []))
    assert done.code == 2
    assert "is a symbolic link out of the repository; put the file itself there" in done.told[-1]
    assert "precious" not in done.err


@pytest.mark.parametrize("words", [["plan", "--out", "file"], ["plan", "--log-file", "file"]])
def test_what_a_command_writes_is_not_behind_a_link(repo: Repo, outside: Path, words: list[str]) -> None:
    """A file of that name may wait in the repository, to have the command overwrite another."""
    (repo.root / "file").symlink_to(outside / "file.jsonl")
    done = repo.run(*words)
    assert done.code == 2
    assert "symbolic link" in done.told[-1]


def test_what_a_command_writes_may_be_anywhere_else(repo: Repo) -> None:
    """Where whoever runs us wants it."""
    file = repo.root.parent / "plan.json"
    assert repo.run("plan", "--out", str(file)).code == 0
    assert repo.run("sync", "--plan", str(file)).code == 0


def test_init_writes_through_no_link(repo: Repo, outside: Path) -> None:
    """What `init` would write may wait in the repository as a link to nothing."""
    (repo.root / ".github").mkdir()
    (repo.root / ".github/workflows").symlink_to(outside)
    done = repo.run("init", "--yes")
    assert done.code == 2
    assert "is a symbolic link out of the repository" in done.told[-1] or "lies outside" in done.told[-1]


@pytest.mark.parametrize("command", [["items"], ["sync", "--yes"]])
def test_nothing_in_gits_own_folder_is_read(repo: Repo, command: list[str]) -> None:
    """It may hold the token that a checkout used: no postmortem links there."""
    secret = document("Use the token in extraheader")
    repo.write(".git/config", secret)
    (repo.root / "postmortems/config.md").symlink_to("../.git/config")
    done = repo.run(*command)
    assert done.code == 11
    assert "lies in git's own folder" in done.err
    assert "extraheader" not in done.out + done.err
    assert repo.read(".git/config") == secret


def test_no_template_is_gits_own(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would bring the token into every issue."""
    repo.write("pm-sync.yaml", "trackers: {gh: {kind: github, repository: acme/infra, template: .git/config}}\n")
    repo.write(".git/config", "AUTHORIZATION: basic c2VjcmV0")
    monkeypatch.setenv("GITHUB_TOKEN", "not-a-token")
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    done = repo.run("plan")
    assert done.code == 1
    assert "lies in git's own folder" in done.told[-1]


@pytest.mark.parametrize("name", ["a\x1b[31m.md", "a\n::error::b.md", "a\x9b.md", "a\u2028.md", "a\r.md"])
def test_a_name_that_no_line_can_hold_is_no_postmortems(repo: Repo, name: str) -> None:
    """It would stand in messages, marks and commits; so it is told, harmless, and the others go on."""
    repo.write(f"postmortems/{name}", document("Not this"))
    done = repo.run("sync", "--yes")
    assert done.code == 11
    [told] = done.told
    assert "holds control characters; rename it" in told
    assert told.replace("\ufffd", "").isprintable()
    assert "Not this" not in done.out
    assert "local#3" in repo.read(DB)


@pytest.mark.parametrize(
    "globs", [["{a,b}" * 31], ["{1..100000000}.md"], ["{1..600}.md", "{1..601}.md"], [f"{n}.md" for n in range(1001)]]
)
def test_globs_that_stand_for_too_many_are_a_mistake(repo: Repo, globs: list[str]) -> None:
    """They are told with their place, instead of being tried."""
    repo.write("pm-sync.yaml", f"postmortems: {json.dumps(globs)}\n")
    done = repo.run("items")
    assert (done.code, done.out) == (2, "")
    assert done.told[-1].startswith("error: pm-sync.yaml:1:14: postmortems: these are too many patterns")
    repo.write("pm-sync.yaml", f"routes: [{{when: {{path: {json.dumps(globs)}}}, to: local}}]\n")
    assert repo.run("plan").code == 2
    repo.write("pm-sync.yaml", "")
    assert repo.run("status", *(word for glob in globs for word in ("--path", glob))).code == 2


def test_a_journal_that_came_with_the_repository_is_not_believed(repo: Repo) -> None:
    """It would say of any issue that it is an item's own."""
    (repo.root / ".git").rmdir()
    git(repo.root, "init", "--quiet")
    repo.run("sync", "--yes")
    at = "2026-11-22T09:30:00+00:00"
    lines = [
        {"intent": "0" * 20, "kind": "create", "tracker": "local", "at": at},
        {"result": "0" * 20, "kind": "create", "ref": ["local", "", "", "1"]},
    ]
    repo.write(".pm-sync/journal/left.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    assert repo.run("plan").code == 0
    git(repo.root, "add", "--force", ".pm-sync/journal")
    for words in (["plan"], ["sync", "--yes"]):
        refused = repo.run(*words)
        assert refused.code == 12
        assert ".pm-sync: is committed" in refused.told[-1]
    git(repo.root, "rm", "-r", "--quiet", "--cached", ".pm-sync")
    assert repo.run("sync", "--yes").code == 0
