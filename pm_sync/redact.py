"""Secrets in text that leaves the program for people's eyes: found by what the environment holds, and by their looks.

No message of ours is made from a credential. This is the second line: for words of libraries, of servers and of git,
which may quote what they were given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from pm_sync.regex import regex

HIDDEN = "***"

_NAMES = regex(
    r"TOKENS?(?:_|\d|$)|SECRET|PASSWORD|PASSWD|CREDENTIAL|PRIVATE_?KEY|API_?KEY|MARK_KEY|(?:^|_)PAT$", re.IGNORECASE
)
"""Variables that hold secrets, by their names."""
_PLACES = regex("(?:FILE|PATH|DIR|URL|URI|SOCK|NAME)$", re.IGNORECASE)
"""Variables that tell where one is, or what it is called."""
_SHORTEST = 6
"""Characters; what is shorter is a word that stands in any text."""
_LOOKS = regex(
    r"""
    -----BEGIN[ A-Z]*PRIVATE\ KEY-----.*?(?:-----END[ A-Z]*PRIVATE\ KEY-----|\Z)
    | \b(?:gh[pousr]_|github_pat_|glpat-|ATATT|ATCTT)[\w\-=]{10,}
    | \beyJ[\w-]+\.[\w-]+\.[\w-]+                       # a JSON web token
    | (?<=://)[^/\s@]*:[^/\s@]*(?=@)                    # name and password in an address
    | (?:(?<=Bearer\ )|(?<=Basic\ )|(?<=token\ ))[\w+/.~-]{16,}=*
    """,
    re.VERBOSE | re.DOTALL,
)


def hider(environment: Mapping[str, str]) -> Callable[[str], str]:
    """Make the function that takes an environment's secrets, and whatever looks like one, out of a text."""
    return _hider(frozenset(environment.items()))


@lru_cache(maxsize=2)
def _hider(environment: frozenset[tuple[str, str]]) -> Callable[[str], str]:
    people = [value.strip() for name, value in environment if name.upper().endswith(("EMAIL", "USER"))]
    secrets = {form for name, value in environment if _is_secret(name, value) for form in _forms(value.strip(), people)}
    longest_first = sorted(secrets, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest_first))) if secrets else None

    def hide(text: str) -> str:
        return _LOOKS.sub(HIDDEN, known.sub(HIDDEN, text) if known else text)

    return hide


def _is_secret(name: str, value: str) -> bool:
    return len(value.strip()) >= _SHORTEST and bool(_NAMES.search(name)) and not _PLACES.search(name)


def _forms(secret: str, people: Iterable[str]) -> Iterator[str]:
    """A secret in each form in which it travels."""
    from base64 import b64encode  # noqa: PLC0415 - most environments of people hold no secret
    from urllib.parse import quote  # noqa: PLC0415

    yield secret
    yield quote(secret, safe="")
    yield secret.replace("\\n", "\n")
    yield repr(secret)[1:-1]
    yield from (b64encode(f"{person}:{secret}".encode()).decode() for person in ("", "x-access-token", *people))
