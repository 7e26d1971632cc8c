"""What a run tells of itself while it works, by the standard `logging`, to whoever listens.

Nobody does unless asked to (``-v``, ``--log-file``), and `logging` is slow to import. Whoever listens has loaded it;
as long as nobody has, telling costs one look into a dictionary.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

RUN = os.urandom(4).hex()
"""This run's name: in what it logs, in its requests, and in what it says of a bug, so that one is found by the other."""

DEBUG, INFO, ERROR = 10, 20, 40
"""The levels of `logging`."""

_REQUEST_IDS = ("x-github-request-id", "atl-traceid", "x-arequestid")
"""How servers call the name that they themselves give to a request."""
_LEFT = "x-ratelimit-remaining"
_NO_HEADERS: Mapping[str, str] = {}
_FAILED = 400
_LONGEST = 200
"""Characters of a command that are shown."""


def tell(event: str, message: str, *, level: int = DEBUG, **facts: object) -> None:
    """Tell of an event.

    Args:
        event: Its kind: ``call``, ``git``, ``said``, ….
        message: What happened, in one line.
        level: How many want to hear of it.
        **facts: The same for programs; values that JSON can hold.

    """
    logging = sys.modules.get("logging")
    if logging is None:
        return
    logger = logging.getLogger(f"pm_sync.{event}")
    # Without anybody who listens `logging` would print errors by itself.
    if logger.hasHandlers():
        logger.log(level, "%s", message, extra={"facts": facts})


def tell_call(  # noqa: PLR0917 - in the order of a log line
    verb: str, path: str, seconds: float, status: int, headers: Mapping[str, str] = _NO_HEADERS, why: str = ""
) -> None:
    """Tell of a request to a server.

    Args:
        verb: The HTTP method.
        path: What was asked for, without query: that may hold people's names.
        seconds: How long the answer took.
        status: The answer's, 0 where none came.
        headers: The answer's, by names in lower case.
        why: Why no answer came.

    """
    left = headers.get(_LEFT, "")
    request = next((headers[name] for name in _REQUEST_IDS if headers.get(name)), None)
    parts = [f"{verb} {path} {status or 'no answer'} {seconds * 1000:.0f} ms"]
    parts += [f"{left} left"] if left else []
    parts += [f"request {request}"] if request and status >= _FAILED else []
    parts += [why] if why else []
    tell(
        "call",
        ", ".join(parts),
        method=verb,
        path=path,
        status=status or None,
        ms=round(seconds * 1000),
        left=int(left) if left.isdecimal() else None,
        request=request,
    )


def tell_git(words: Sequence[str], seconds: float, code: int | None, said: str = "") -> None:
    """Tell of a command of git.

    Args:
        words: Those behind ``git``.
        seconds: How long it took.
        code: What it exited with; None where it didn't come to an end.
        said: What it complained of, without credentials.

    """
    command = " ".join(" ".join(("git", *words)).split())
    shown = command if len(command) <= _LONGEST else f"{command[: _LONGEST - 1]}…"
    ended = "failed" if code is None else str(code)
    why = f", {said}" if said and code != 0 else ""
    tell("git", f"{shown} {ended} {seconds * 1000:.0f} ms{why}", command=shown, code=code, ms=round(seconds * 1000))
