"""Each exit code, where people and scripts meet it."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from pm_sync.cli.main import run
from pm_sync.model import IssueDraft
from pm_sync.session.session import Session
from pm_sync.trackers.local.tracker import LocalTracker
from tests.cli.support import DB, TASKS, Repo, document


class Terminal(io.StringIO):
    """A person at the keyboard."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def _answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(text))


def test_sync_creates_once_and_then_does_nothing(repo: Repo) -> None:
    """The main job, twice: three issues and three annotations, then neither."""
    first = repo.run("sync", "--yes")
    text = repo.read()
    second = repo.run("sync", "--yes")
    assert (first.code, second.code) == (0, 0)
    assert text == document(*(f"{task} (local#{number}, open)" for number, task in enumerate(TASKS, 1)))
    assert repo.read() == text
    assert "nothing to do" in second.out


def test_sync_without_terminal_wants_a_word(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can be asked, so nothing is done, and the word to say is named."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    done = repo.run("sync")
    assert done.code == 2
    assert "say --yes" in done.told[-1]
    assert repo.read() == document(*TASKS)


def test_sync_with_nothing_to_ask_about_needs_no_terminal(synced: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing would be done, nobody has to agree."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert synced.run("sync").code == 0


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yes please\n"])
def test_no_at_the_question_refuses(repo: Repo, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Anything but yes is no, and then nothing is written."""
    _answer(monkeypatch, answer)
    done = repo.run("sync")
    assert (done.code, done.out) == (12, "")
    assert "Do this? [y/N]" in done.err
    assert "+ create" in done.err
    assert repo.read() == document(*TASKS)


@pytest.mark.parametrize("answer", ["y\n", "Yes\n"])
def test_yes_at_the_question_goes_on(repo: Repo, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Whoever agrees gets what was shown."""
    _answer(monkeypatch, answer)
    assert repo.run("sync").code == 0
    assert "(local#3, open)" in repo.read()


def test_pending_changes_are_told_by_the_code(repo: Repo) -> None:
    """``plan --exit-code`` is 10 while there is something to do, and 0 afterwards; without the option it is 0."""
    before = repo.run("plan", "--exit-code").code, repo.run("plan").code
    repo.run("sync", "--yes")
    assert (*before, repo.run("plan", "--exit-code").code) == (10, 0, 0)


def test_guard_refuses_and_names_what_overrides_it(repo: Repo) -> None:
    """Too many creates: nothing is written, ``--yes`` or not, until the limit is raised."""
    refused = repo.run("sync", "--yes", "--max-creates", "2")
    assert refused.code == 12
    assert "--max-creates" in refused.told[-1]
    assert repo.read() == document(*TASKS)
    assert repo.run("sync", "--yes", "--max-creates", "3").code == 0


def test_saved_plan_is_carried_out(repo: Repo) -> None:
    """What was looked at is done, without another question."""
    assert repo.run("plan", "--out", "plan.json").code == 0
    assert repo.run("sync", "--plan", "plan.json").code == 0
    assert "(local#3, open)" in repo.read()


def test_plan_takes_the_place_of_plans_only(repo: Repo) -> None:
    """Whoever forgets the option's value names a postmortem with it, which stays as it is."""
    before = repo.read()
    done = repo.run("plan", "--out", DB)
    assert (done.code, done.told) == (2, [f"error: {DB}: holds something else than a plan; name another file"])
    assert repo.read() == before
    repo.write("plan.json", "")
    assert [repo.run("plan", "--out", "plan.json").code for _ in range(2)] == [0, 0]


def test_stale_plan_is_refused(repo: Repo) -> None:
    """If the world moved on since, the plan doesn't hold any more."""
    repo.run("plan", "--out", "plan.json")
    repo.write(DB, document(*TASKS, "One more"))
    done = repo.run("sync", "--plan", "plan.json")
    assert done.code == 12
    assert "stale" in done.told[-1]
    assert "local#" not in repo.read()


@pytest.mark.parametrize(
    "text", [None, "", "[]", '{"scope": 1, "digest": ""}', '{"scope": {"nonsense": 1}, "digest": ""}']
)
def test_what_is_no_plan_is_no_plan(repo: Repo, text: str | None) -> None:
    """A file that isn't a saved plan, or isn't there, is a wrong word on the command line."""
    if text is not None:
        repo.write("plan.json", text)
    done = repo.run("sync", "--plan", "plan.json")
    assert done.code == 2
    assert "plan.json" in done.told[-1]


def test_gate_fails_on_what_it_is_told_to(synced: Repo) -> None:
    """``status --fail-on`` ends with 13 and names each item; a gate that holds ends with 0."""
    done = synced.run("status", "--fail-on", "unowned")
    assert done.code == 13
    assert [line.partition(": ")[0] for line in done.told] == [f"{DB}:{line}" for line in (5, 6, 7)]
    assert synced.run("status", "--fail-on", "overdue,lost").code == 0


def test_gate_with_unknown_words_is_wrong_usage(synced: Repo) -> None:
    """A mistyped condition must not let everything pass."""
    done = synced.run("status", "--fail-on", "overdo")
    assert done.code == 2
    assert "overdo" in done.told[-1]


def test_conflict_is_partly(synced: Repo) -> None:
    """A copied annotation over another text is said, with its place, and withholds only its own item."""
    synced.write(DB, synced.read() + "- [ ] Quite another thing (local#1, open)\n- [ ] And a new one\n")
    done = synced.run("sync", "--yes")
    assert done.code == 11
    assert [line for line in done.told if line.startswith(f"{DB}:8: ")]
    assert "And a new one (local#4, open)" in synced.read()


def test_interrupt_is_told_without_a_traceback(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C at the question ends with 130."""

    class Interrupted(Terminal):
        def readline(self, *_: object) -> str:  # type: ignore[override]  # whatever is asked for
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    done = repo.run("sync")
    assert done.code == 130
    assert "run again to go on" in done.told[-1]
    assert repo.read() == document(*TASKS)


def test_interrupted_run_is_taken_up_by_the_next(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C right after an issue was made: the next run finds it again and makes no second one."""
    create = LocalTracker.create

    def interrupted(tracker: LocalTracker, drafts: Sequence[IssueDraft]) -> NoReturn:
        create(tracker, drafts)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(LocalTracker, "create", interrupted)
        assert repo.run("sync", "--yes").code == 130
    assert repo.run("sync", "--yes").code == 0
    assert repo.read() == document(*(f"{task} (local#{number}, open)" for number, task in enumerate(TASKS, 1)))


def test_bug_is_told_without_its_data(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody expected ends with 3 and one line that can be reported; secrets in the error's text stay in."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("token ghp_secret")

    monkeypatch.setattr(Session, "read_each", broken)
    assert run(["items"]) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert "please report it: RuntimeError at" in line
    assert "secret" not in line


@pytest.mark.parametrize("command", ["items", "plan", "sync", "status"])
def test_folder_without_postmortems_is_fine(empty: Repo, command: str) -> None:
    """There is nothing to do, and a notice says so."""
    Path("notes").mkdir()
    done = empty.run(command, "notes")
    assert done.code == 0
    assert "no postmortems found" in done.told[-1]


@pytest.mark.parametrize("command", ["items", "plan", "sync", "status"])
def test_missing_path_is_wrong_usage(repo: Repo, command: str) -> None:
    """A path that isn't there is named."""
    done = repo.run(command, "postmortems/nothing.md")
    assert (done.code, done.out) == (2, "")
    assert "postmortems/nothing.md" in done.told[-1]


@pytest.mark.parametrize(
    "place", ["postmortems/db.md", "postmortems/db.md:x", "postmortems/no.md:5", f"{DB}:1", f"{DB}:999"]
)
@pytest.mark.parametrize("command", [["explain"], ["unlink"], ["link"]])
def test_place_without_item_is_wrong_usage(synced: Repo, command: list[str], place: str) -> None:
    """Commands about one item name the place that is none."""
    done = synced.run(*command, place, *(["local#1"] if command == ["link"] else []))
    assert (done.code, done.out) == (2, "")
    assert place.partition(":")[0] in done.told[-1]


def test_a_rejected_line_is_explained(repo: Repo) -> None:
    """Without asking any tracker; who wants to link it is told why that can't be."""
    repo.write(DB, document("Add a replica", "TBD"))
    done = repo.run("explain", f"{DB}:6", "--tracker", "jira:OPS")
    assert (done.code, done.out) == (0, f"rejected:  {DB}:6 TBD\nreason:    a placeholder\n")
    refused = repo.run("link", f"{DB}:6", "local#1")
    assert (refused.code, refused.out) == (2, "")
    assert f"{DB}:6: is no action item: a placeholder; reword it" in refused.told[-1]


def test_max_wait_takes_a_duration(repo: Repo) -> None:
    """A word that is no duration is told with what one looks like; a right one changes nothing where none waits."""
    wrong = repo.run("plan", "--max-wait", "soon")
    assert wrong.code == 2
    assert "--max-wait: must be a duration such as 30s" in wrong.told[-1]
    assert repo.run("plan", "--max-wait", "30s").out == repo.run("plan").out


def test_an_item_that_no_route_takes_stops_no_other(repo: Repo) -> None:
    """It is told with its place and what to add; the others get their issues."""
    (repo.root / "pm-sync.yaml").write_text(
        "version: 1\ntrackers: {local: {kind: local}}\nroutes: [{when: {priority: P1}, to: local}]\n"
    )
    repo.write(DB, document("Add a replica [P1]", "Rotate the key"))
    done = repo.run("sync", "--yes")
    assert done.code == 11
    assert any("no route fits this item; add a last route" in line for line in done.told)
    assert "Add a replica [P1] (local#1, open)" in repo.read()
    assert "Rotate the key\n" in repo.read()


def test_new_wants_an_item(repo: Repo) -> None:
    """A mistyped line must not silently leave the conflict as it is."""
    done = repo.run("plan", "--new", f"{DB}:1")
    assert done.code == 2
    assert "no action item stands here" in done.told[-1]
