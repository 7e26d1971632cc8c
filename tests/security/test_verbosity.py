"""No secret is told: not at -vv, not in the log, not in a traceback, whatever fails and whoever repeats what it was given."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from pm_sync.cli.main import run
from tests.e2e.counterparts import free_port
from tests.fakes.front import Answer, Asked, Front, Layer, front_of

TOKEN = "ghp_Zk9" + "aB3" * 11
EMAIL, PASSWORD = "robot@example.com", "correct+horse/battery=staple"
PROXY = "hunter2hunter2"
SECRETS = (
    TOKEN,
    PASSWORD,
    PROXY,
    quote(PASSWORD, safe=""),
    base64.b64encode(f"{EMAIL}:{PASSWORD}".encode()).decode(),
    base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode(),
)
COMMANDS = (
    ("plan", "--max-wait", "0s"),
    ("sync", "--yes", "--max-wait", "0s"),
    ("status",),
    ("doctor",),
    ("explain", "postmortems/db.md:5"),
)
CONFIG = "version: 1\ntrackers: {{there: {{kind: {kind}}}}}\nroutes: [{{to: there}}]\n"
KINDS = {"github": "github, repository: acme/infra", "jira": "jira, project: OPS"}
POSTMORTEM = "# Outage\n\n## Action items\n\n- [ ] Add a replica ({link})\n- [ ] Alert on lag\n"


class Parrot(Layer):
    """Repeats all that it was told, in its words, headers and addresses."""

    def __init__(self, status: int, **headers: str) -> None:
        self._status, self._headers = status, {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self, asked: Asked, front: Front) -> Answer:
        """Repeat it."""
        heard = f"you said {heard_in(asked)}"
        content = {"message": heard, "errorMessages": [heard], "errors": {"summary": heard}, "deploymentType": heard}
        headers = {name: value.replace("HEARD", heard) for name, value in self._headers.items()}
        return Answer(self._status, content, {"x-github-request-id": heard, **headers})


def heard_in(asked: Asked) -> str:
    """The credential as it was sent, and as it is."""
    sent = asked.headers.get("authorization", "")
    kind, _, word = sent.partition(" ")
    return f"{sent} or {base64.b64decode(word).decode() if kind == 'Basic' else word}"


class Page(Layer):
    """A login page that repeats it."""

    def answer(self, asked: Asked, front: Front) -> Answer:
        """Show the page."""
        return Answer(200, f"<html>{heard_in(asked)}</html>".encode())


ANSWERS: dict[str, Callable[[], Layer]] = {
    "unknown credential": lambda: Parrot(401),
    "expired": lambda: Parrot(401, github_authentication_token_expiration="HEARD"),  # noqa: S106  a header's name
    "forbidden": lambda: Parrot(403, x_accepted_github_permissions="HEARD"),
    "single sign-on": lambda: Parrot(403, x_github_sso="required; url=HEARD"),
    "rate limit": lambda: Parrot(429, retry_after="60", ratelimit_reason="HEARD"),
    "not there": lambda: Parrot(404),
    "gone": lambda: Parrot(410),
    "rejected": lambda: Parrot(422),
    "bad request": lambda: Parrot(400),
    "broken": lambda: Parrot(500),
    "elsewhere": lambda: Parrot(302, location="http://127.0.0.1:1/HEARD"),
    "nonsense": lambda: Parrot(200),
    "login page": Page,
}


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A repository whose issues go to a server of this kind, with a credential for it; all is told that can be."""
    name: str = request.param
    (tmp_path / ".git").mkdir()
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "pm-sync.yaml").write_text(CONFIG.format(kind=KINDS[name]))
    environment = {"PM_SYNC_TRACEBACK": "1", "PM_SYNC_LOG_FILE": "run.log", "GITHUB_TOKEN": TOKEN}
    environment |= {"JIRA_EMAIL": EMAIL, "JIRA_API_TOKEN": PASSWORD}
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)
    at(monkeypatch, f"http://127.0.0.1:{free_port()}")
    return name


def at(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Let the server be at this address, and an item link an issue there."""
    for variable in ("GITHUB_API_URL", "JIRA_BASE_URL"):
        monkeypatch.setenv(variable, url)
    link = f"{url}/acme/infra/issues/3" if "github" in Path("pm-sync.yaml").read_text() else f"{url}/browse/OPS-3"
    Path("postmortems/db.md").write_text(POSTMORTEM.format(link=link))


@pytest.fixture
def parrot(request: pytest.FixtureRequest, kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """A server that repeats what it was told."""
    with front_of("", ANSWERS[request.param]()) as front:
        at(monkeypatch, front.url)
        yield front


def told(capfd: pytest.CaptureFixture[str], *, by: int = len(COMMANDS)) -> str:
    """Run all commands, and collect all that they tell anywhere."""
    codes = [run([*command, *(["-vv"] if command[0] != "local" else [])]) for command in COMMANDS[:by]]
    assert any(codes)
    shown = capfd.readouterr()
    kept = [path.read_text(errors="replace") for path in sorted(Path().rglob("*")) if path.is_file()]
    assert '"event": "end"' in Path("run.log").read_text()
    return "".join([shown.out, shown.err, *kept])


@pytest.mark.parametrize("parrot", ANSWERS, indirect=True)
def test_server_that_repeats_secrets_is_not_repeated(parrot: Front, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever its status, in its words and in its headers."""
    everything = told(capfd)
    assert parrot.calls
    assert [secret for secret in SECRETS if secret in everything] == []


def test_connection_that_fails_tells_no_secret(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Nobody listens there."""
    everything = told(capfd)
    assert "can't be reached" in everything
    assert [secret for secret in SECRETS if secret in everything] == []


def test_proxy_that_fails_tells_no_password(
    kind: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy's address holds one, which libraries quote."""
    at(monkeypatch, f"https://127.0.0.1:{free_port()}")
    for variable in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(variable, f"http://ada:{PROXY}@127.0.0.1:{free_port()}")
    everything = told(capfd)
    assert "the proxy on the way" in everything
    assert [secret for secret in SECRETS if secret in everything] == []


def test_library_that_breaks_tells_no_secret(
    kind: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug's message and traceback may hold what the library was given."""

    def broken(_session: object, prepared: requests.PreparedRequest, **_: object) -> requests.Response:
        raise RuntimeError(f"can't send {dict(prepared.headers)} with {TOKEN} and {PASSWORD}")

    monkeypatch.setattr(requests.Session, "send", broken)
    everything = told(capfd)
    assert "this is a bug in pm-sync" in everything
    assert '"traceback": "Traceback' in everything
    assert [secret for secret in SECRETS if secret in everything] == []


def test_git_that_fails_tells_no_secret(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Origin's address often holds a token, and git repeats it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PM_SYNC_LOG_FILE", "run.log")
    for words in (
        ["init", "--quiet", "--initial-branch=main"],
        ["remote", "add", "origin", f"http://x-access-token:{TOKEN}@127.0.0.1:{free_port()}/acme/pm.git"],
        ["-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "--quiet", "--allow-empty", "-m", "Begin"],
    ):
        subprocess.run(["git", *words], check=True)
    (tmp_path / "postmortems").mkdir()
    (tmp_path / "postmortems/db.md").write_text(POSTMORTEM.format(link="x"))
    for command in (["doctor"], ["sync", "--yes", "--publish", "push"]):
        run([*command, "-vv"])
    shown = capfd.readouterr()
    everything = shown.out + shown.err + (tmp_path / "run.log").read_text()
    assert "git ls-remote" in everything
    assert TOKEN not in everything
