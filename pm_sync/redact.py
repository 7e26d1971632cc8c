"""Secrets in text that leaves the program for people's eyes: found by what the environment holds, and by their looks.

No message of ours is made from a credential. This is the second line: for words of libraries, of servers and of git,
which may quote what they were given.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from pm_sync.regex import regex

HIDDEN = "***"

_NAMES = regex(r"TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|PRIVATE_?KEY|API_?KEY|MARK_KEY|(?:^|_)PAT$", re.IGNORECASE)
"""Variables that hold secrets, by their names."""
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
    secrets = sorted(set(_secrets(environment)), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, secrets))) if secrets else None

    def hide(text: str) -> str:
        return _LOOKS.sub(HIDDEN, known.sub(HIDDEN, text) if known else text)

    return hide


def _secrets(environment: Mapping[str, str]) -> Iterator[str]:
    """Each secret, and the forms in which it travels."""
    people = [value.strip() for name, value in environment.items() if name.upper().endswith(("EMAIL", "USER"))]
    for name, given in environment.items():
        value = given.strip()
        if len(value) < _SHORTEST or not _NAMES.search(name) or value.startswith(("/", "https://")):
            continue  # some variables of such names hold a file or an address
        yield value
        yield quote(value, safe="")
        yield value.replace("\\n", "\n")
        yield repr(value)[1:-1]
        yield from (
            base64.b64encode(f"{person}:{value}".encode()).decode() for person in ("", "x-access-token", *people)
        )
