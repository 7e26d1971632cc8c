"""The tally that ``write_back.progress`` keeps in a postmortem."""

from __future__ import annotations

from tests.cli.support import DB, TASKS, Repo, document

OLD = "postmortems/2025-05-05-old.md"


def test_older_postmortems_are_left_as_they_are(repo: Repo) -> None:
    """What ``since`` leaves alone gets no tally either; once synced, it keeps one."""
    repo.write("pm-sync.yaml", "since: 2026-01-01\nwrite_back: {progress: section}\n")
    repo.write(OLD, document("Old task"))
    assert repo.run("sync", "--yes").code == 0
    assert f"0 of {len(TASKS)} done" in repo.read(DB)
    assert repo.read(OLD) == document("Old task")
    repo.write("pm-sync.yaml", "write_back: {progress: section}\n")
    repo.run("sync", "--yes")
    assert "0 of 1 done" in repo.read(OLD)
    repo.write("pm-sync.yaml", "since: 2026-01-01\nwrite_back: {progress: section}\n")
    repo.run("local", "close", "4")
    repo.run("sync", "--yes")
    assert "1 of 1 done" in repo.read(OLD)
