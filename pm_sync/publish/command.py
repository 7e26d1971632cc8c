"""Running git to write. Reading what it knows about the repository is `pm_sync.git`'s."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pm_sync.publish.remote import PublishFailed
from pm_sync.regex import regex
from pm_sync.trace import tell_git

_SECONDS = 300
_WORD = regex(r"\S+")
_NAME = "github-actions[bot]"
_EMAIL = "41898282+github-actions[bot]@users.noreply.github.com"
"""Who commits where nobody has told git: the account that GitHub shows for its Actions."""


class Done(Struct, frozen=True):
    """What a command of git gave."""

    code: int
    data: bytes
    said: str
    """On stderr, without credentials."""

    @property
    def text(self) -> str:
        """What it gave, as one word or line."""
        return self.data.decode("utf-8", "replace").strip()

    @property
    def last_words(self) -> str:
        """The line that tells most."""
        lines = [line.strip() for line in self.said.splitlines() if line.strip()]
        telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote: error:"))]
        return (telling or lines or ["no reason given"])[0]


class Git(Struct, frozen=True):
    """Git in one repository, under one environment. It never asks for anything on a terminal."""

    root: Path
    environment: Mapping[str, str]

    def __repr__(self) -> str:
        """Without the environment, which holds tokens."""
        return f"Git(root={self.root!r})"

    def run(self, *words: str, given: bytes = b"", also: Mapping[str, str] | None = None) -> Done:
        """Run one command.

        Args:
            *words: Its words.
            given: What it reads on stdin.
            also: Variables besides those of the environment.

        Raises:
            PublishFailed: git isn't there, or doesn't come to an end.

        """
        quiet = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
        environment = {**self.environment, **quiet, **(also or {})}
        started = time.monotonic()
        try:
            done = subprocess.run(
                ["git", "-C", str(self.root), *words],
                input=given,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                env=environment,
            )
        except FileNotFoundError:
            raise PublishFailed("git is not installed, so nothing can be published", hint="install git") from None
        except subprocess.TimeoutExpired:
            tell_git(words, time.monotonic() - started, None, f"not ended after {_SECONDS} s")
            raise PublishFailed(f"git {words[0]} took longer than {_SECONDS} s") from None
        ended = Done(done.returncode, done.stdout, hide_credentials(done.stderr.decode("utf-8", "replace")))
        tell_git(words, time.monotonic() - started, ended.code, ended.last_words if ended.said else "")
        return ended

    def must(self, *words: str, given: bytes = b"", also: Mapping[str, str] | None = None) -> Done:
        """Run one command that has to succeed.

        Raises:
            PublishFailed: it doesn't.

        """
        done = self.run(*words, given=given, also=also)
        if done.code:
            raise PublishFailed(f"git {words[0]} failed: {done.last_words}")
        return done

    def identity(self) -> Mapping[str, str]:
        """Variables that name a committer, where git itself knows none."""
        if self.environment.get("GIT_COMMITTER_EMAIL") or self.run("config", "user.email").text:
            return {}
        roles = ("AUTHOR", "COMMITTER")
        return {f"GIT_{role}_{what}": value for role in roles for what, value in (("NAME", _NAME), ("EMAIL", _EMAIL))}


def hide_credentials(text: str) -> str:
    """Take the credentials out of the addresses in git's words."""
    return _WORD.sub(lambda word: _without_credential(word[0]), text)


def _without_credential(word: str) -> str:
    """Up to the last "@", as a password may hold any character."""
    scheme, separator, rest = word.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
