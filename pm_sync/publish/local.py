"""The clone that somebody works in: commits made there, and following what was pushed from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pm_sync.publish.command import Git
from pm_sync.publish.deliver import Mode, Published, message_of
from pm_sync.publish.plain import ORIGIN, has_commit


def dirty(git: Git) -> frozenset[str]:
    """The paths that hold changes of somebody's own: not committed, or not known to git at all.

    Raises:
        PublishFailed: this is no repository.

    """
    listed = git.must("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all")
    return frozenset(entry[3:] for entry in listed.data.decode("utf-8", "surrogateescape").split("\0") if entry)


def changed(git: Git) -> frozenset[str]:
    """The files that git knows and that aren't as they were committed.

    Raises:
        PublishFailed: this is no repository, or nothing was committed yet.

    """
    listed = git.must("diff", "--name-only", "-z", "--no-renames", "HEAD", "--")
    return frozenset(listed.data.decode("utf-8", "surrogateescape").split("\0")) - {""}


def commit(git: Git, paths: Iterable[str], mixed: Collection[str]) -> Published:
    """Commit these files on what is checked out.

    Args:
        git: The repository.
        paths: The files that were changed.
        mixed: Those that held somebody's own changes before, which are never committed for them.

    Raises:
        PublishFailed: git doesn't let us.

    """
    changed = sorted(paths)
    ours = [path for path in changed if path not in mixed]
    notes = tuple(f"{path} holds changes of your own and was not committed" for path in changed if path in mixed)
    branch = git.run("symbolic-ref", "--quiet", "--short", "HEAD").text or "a detached HEAD"
    if not ours:
        return Published(Mode.COMMIT, branch, notes=notes)
    words = ("commit", "--quiet", "--only", "--message", message_of(ours), "--", *ours)
    git.must("--literal-pathspecs", *words, also=git.identity())
    return Published(Mode.COMMIT, branch, git.must("rev-parse", "HEAD").text, tuple(ours), notes=notes)


def follow(git: Git, branch: str, pushed: str, paths: Collection[str], *, fetch: bool) -> bool:
    """Let the checked-out branch end where it was pushed to, if that is just our commit upon it.

    Its files say that already; without this they would count as changed. Nothing staged is touched.

    Args:
        git: The repository.
        branch: What was pushed to.
        pushed: The commit.
        paths: The files that it changes.
        fetch: The commit may have to be fetched.

    Returns:
        Whether it does now.

    """
    if git.run("symbolic-ref", "--quiet", "--short", "HEAD").text != branch:
        return False
    if fetch and not has_commit(git, pushed):
        git.run("fetch", "--quiet", "--no-tags", ORIGIN, f"refs/heads/{branch}")
    parent = git.run("rev-parse", "--verify", "--quiet", f"{pushed}^").text
    if not parent or git.run("rev-parse", "HEAD").text != parent:
        return False
    # What is staged as it was pushed was staged right here, by a run that was killed before its last step.
    if all(_is_staged(git, base, paths) for base in (parent, pushed)):
        return False
    # The other way round, whoever is killed in between leaves its reversal staged.
    git.run("--literal-pathspecs", "reset", "--quiet", pushed, "--", *paths)
    if git.run("update-ref", f"refs/heads/{branch}", pushed, parent).code:
        git.run("--literal-pathspecs", "reset", "--quiet", "--", *paths)
        return False
    return True


def _is_staged(git: Git, base: str, paths: Iterable[str]) -> bool:
    """Whether the index holds something else of these files than a commit does."""
    return git.run("--literal-pathspecs", "diff", "--cached", "--quiet", base, "--", *paths).code != 0
