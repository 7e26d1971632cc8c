"""Secrets are found by the environment that holds them, and by their looks."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_sync.redact import HIDDEN, hider

TOKEN = "s3cret+token/of=length"  # noqa: S105  the secret of these tests
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----"

FORMS = {
    "as it is": TOKEN,
    "in an address": quote(TOKEN, safe=""),
    "as a password": base64.b64encode(f"ada@example.com:{TOKEN}".encode()).decode(),
    "as git sends it": base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(),
}
NAMES = (
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "PM_SYNC_CORP_GITHUB_TOKEN",
    "JIRA_API_TOKEN",
    "JIRA_PAT",
    "PM_SYNC_CORP_JIRA_PAT",
    "PM_SYNC_MARK_KEY",
    "PM_SYNC_GITHUB_PRIVATE_KEY",
    "AWS_SECRET_ACCESS_KEY",
)
LOOKS = {
    "classic token": "ghp_" + "a1B2" * 9,
    "installation token": "ghs_" + "a1B2" * 9,
    "fine-grained token": "github_pat_" + "a1B2" * 12,
    "Atlassian token": "ATATT3xFfGF0" + "x-Y_" * 8 + "=1A2B",
    "web token": "eyJhbGciOi.eyJpc3MiOi.c2lnbmF0dXJl",
    "key": KEY,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_secret_of_the_environment_is_hidden(name: str, form: str) -> None:
    """Under each name that we read, and in each form in which it travels."""
    hide = hider({name: TOKEN, "JIRA_EMAIL": "ada@example.com"})
    assert hide(f"before {form} after") == f"before {HIDDEN} after"


@pytest.mark.parametrize("looks", LOOKS.values(), ids=LOOKS)
def test_what_looks_like_a_secret_is_hidden(looks: str) -> None:
    """Such as an app's token, which no variable holds."""
    assert hider({})(f"it says {looks} here") == f"it says {HIDDEN} here"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https://ada:hunter2@proxy:3128 failed", "https://***@proxy:3128 failed"),
        ("Authorization: Bearer abcdefghijklmnopqrst", "Authorization: Bearer ***"),
        ("{'Authorization': 'Basic YWRhOnNlY3JldHNlY3JldA=='}", "{'Authorization': 'Basic ***'}"),
    ],
)
def test_credentials_in_libraries_words_are_hidden(said: str, shown: str) -> None:
    """Addresses and headers keep what is no secret."""
    assert hider({})(said) == shown


def test_key_on_one_line_is_hidden_on_many() -> None:
    """A key is often kept with its newlines written out, and used without."""
    hide = hider({"PM_SYNC_GITHUB_PRIVATE_KEY": KEY.replace("\n", "\\n")})
    assert hide(f"{KEY} and {KEY!r}") == f"{HIDDEN} and '{HIDDEN}'"


@pytest.mark.parametrize(
    ("name", "value"),
    [("GITHUB_TOKEN", "ops"), ("TOKEN_FILE", "/run/secrets/token"), ("HOME", "/home/ada"), ("TOKENIZERS", "disabled")],
)
def test_no_secret_is_taken_for_one(name: str, value: str) -> None:
    """What is short as a word, a file's name, or of another name stays."""
    assert hider({name: value})(f"about {value} here") == f"about {value} here"


def test_ordinary_words_stay() -> None:
    """Messages of ours are shown as they are."""
    said = "error: postmortems/db.md:5: acme/infra#12 has moved to https://github.com/acme/other/issues/3; check token"
    assert hider({})(said) == said


@given(st.text(min_size=6).filter(lambda text: len(text.strip()) >= 6), st.text())
def test_no_secret_survives(secret: str, around: str) -> None:
    """Whatever it is made of, and whatever stands around it."""
    assert secret.strip() not in hider({"JIRA_PAT": secret})(f"{around}{secret}{around}").replace(HIDDEN, "")
