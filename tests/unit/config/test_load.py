"""Finding the configuration, reading its bytes, and what comes out where all is well."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pm_sync.config import Config, GitHubSettings, JiraSettings, find_config, load_config, parse_config
from pm_sync.config.load import MAX_BYTES, NAMES
from pm_sync.config.values import format_duration, parse_duration
from pm_sync.errors import ConfigError


def _write(root: Path, name: str, text: str = "labels: [found]\n") -> Path:
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_no_configuration_means_the_defaults(tmp_path: Path) -> None:
    """A repository without a file works, with what `Config()` says."""
    assert find_config(tmp_path) is None
    assert load_config(tmp_path) == Config()


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "null\n", "labels:\nguards:\n"])
def test_empty_configuration_means_the_defaults(text: str) -> None:
    """A file without values, and keys without values, change nothing."""
    assert parse_config(text) == Config()


@pytest.mark.parametrize("name", NAMES)
def test_configuration_is_found_at_each_of_its_places(tmp_path: Path, name: str) -> None:
    """All four names are looked for, from the root."""
    path = _write(tmp_path, name)
    assert find_config(tmp_path) == path
    assert load_config(tmp_path).labels == ("found",)


@pytest.mark.parametrize("name", ["pm-sync.yml", ".pm-sync.yml", "config/pm-sync.yml", ".github/pm-sync.yml"])
def test_a_configuration_of_another_ending_is_not_overlooked(tmp_path: Path, name: str) -> None:
    """Whoever wrote it believes that it counts."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("version: 1\n")
    with pytest.raises(ConfigError, match=f"^{name}: is not read under this name; rename it to {name[:-3]}yaml$"):
        load_config(tmp_path)


def test_two_configurations_are_an_error_that_names_both(tmp_path: Path) -> None:
    """Which of two files holds is never guessed."""
    _write(tmp_path, ".pm-sync.yaml")
    _write(tmp_path, ".github/pm-sync.yaml")
    with pytest.raises(ConfigError, match=r"^\.pm-sync\.yaml and \.github/pm-sync\.yaml: more than one"):
        load_config(tmp_path)


def test_explicit_configuration_is_taken_among_several(tmp_path: Path) -> None:
    """A file that was named is read, whatever else could be found."""
    _write(tmp_path, ".pm-sync.yaml", "labels: 1")
    _write(tmp_path, "pm-sync.yaml", "labels: 1")
    assert load_config(tmp_path, _write(tmp_path, "other.yml")).labels == ("found",)


def test_place_of_a_mistake_is_relative_to_the_root(tmp_path: Path) -> None:
    """Messages call the file as it is called in the repository."""
    _write(tmp_path, ".github/pm-sync.yaml", "x: 1\n")
    with pytest.raises(ConfigError, match=r"^\.github/pm-sync\.yaml:1:1: unknown key 'x'$"):
        load_config(tmp_path)


def test_link_out_of_the_repository_is_refused(tmp_path: Path) -> None:
    """A found configuration that is a link elsewhere isn't followed."""
    outside = _write(tmp_path, "outside.yaml")
    root = tmp_path / "root"
    root.mkdir()
    (root / "pm-sync.yaml").symlink_to(outside)
    with pytest.raises(ConfigError, match=r"^pm-sync\.yaml: is a symbolic link out of the repository"):
        load_config(root)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("absent")], ids=["folder", "link"])
def test_what_is_no_file_is_not_overlooked(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A configuration that can't be had is an error: without it, issues would go elsewhere."""
    make(tmp_path / "pm-sync.yaml")
    with pytest.raises(ConfigError, match=r"^pm-sync\.yaml: is no file, or a link that leads to none; put the file"):
        load_config(tmp_path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"labels: [a]\nx: \xc3\xa4\xff\n", r"^pm-sync\.yaml:2:5: is not UTF-8"),
        ("labels: [a]\n".encode("utf-16"), r"^pm-sync\.yaml:1:1: is not UTF-8"),
        (b"#" * (MAX_BYTES + 1), r"^pm-sync\.yaml: is larger than 1000000 bytes$"),
    ],
    ids=["stray byte", "utf-16", "too large"],
)
def test_bytes_that_are_no_configuration(tmp_path: Path, data: bytes, message: str) -> None:
    """Encoding and size are checked before anything is read from the text."""
    (tmp_path / "pm-sync.yaml").write_bytes(data)
    with pytest.raises(ConfigError, match=message):
        load_config(tmp_path)


@pytest.mark.parametrize("name", ["absent.yaml", "."])
def test_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """A missing file or a folder is told with the system's reason."""
    with pytest.raises(ConfigError, match=r"can't be read: (No such file|Is a directory)"):
        load_config(tmp_path, tmp_path / name)


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    """A file saved with a mark reads like one without."""
    (tmp_path / "pm-sync.yaml").write_bytes(b"\xef\xbb\xbflabels: [found]\r\n")
    assert load_config(tmp_path).labels == ("found",)


def test_trackers_are_of_the_kind_they_name() -> None:
    """``kind`` decides which keys a tracker has."""
    text = "trackers:\n  a: {kind: github, repository: acme/a}\n  b: {kind: jira, project: OPS, index_lag: 30s}\n"
    trackers = parse_config(text).trackers
    assert trackers["a"] == GitHubSettings(kind="github", repository="acme/a")
    assert trackers["b"] == JiraSettings(kind="jira", project="OPS", index_lag=timedelta(seconds=30))


def test_values_are_read_as_people_mean_them() -> None:
    """One word stands for a list of one; ``no`` is a word; a date is a day; rules are in days."""
    config = parse_config(
        "since: 2026-01-31\nsla: {P0: 2w, default: 30d}\nroutes:\n  - {to: local, when: {team: no, priority: [P0, '1']}}\n"
    )
    assert config.since == date(2026, 1, 31)
    assert config.sla.days == {"P0": 14, "default": 30}
    assert config.routes[0].when.team == ("no",)
    assert config.routes[0].when.priority == ("P0", "1")


@pytest.mark.parametrize(("word", "truth"), [("true", True), ("Yes", True), ("off", False), ("FALSE", False)])
def test_truths_in_the_words_of_either_yaml(word: str, *, truth: bool) -> None:
    """Where a truth is wanted, ``yes`` is one; elsewhere it is a word."""
    config = parse_config(f"create_done: {word}\nteams: {{Site: {'no' if word == 'off' else 'yes'}}}\n")
    assert config.create_done is truth
    assert type(config.teams["Site"]) is str


def test_alias_stands_for_its_value() -> None:
    """What an anchor names can be used again below it."""
    text = "labels: &l [a, b]\nroutes:\n  - {to: local, labels: *l}\n"
    assert parse_config(text).routes[0].labels == ("a", "b")


@pytest.mark.parametrize(("text", "seconds"), [("0s", 0), ("90s", 90), ("10m", 600), ("36h", 129600), ("14d", 1209600)])
def test_durations_read_and_write(text: str, seconds: int) -> None:
    """A written duration reads as what it was, in the largest unit that fits."""
    duration = parse_duration(text)
    assert duration == timedelta(seconds=seconds)
    assert parse_duration(format_duration(duration)) == duration


def test_configuration_never_changes_after_loading() -> None:
    """All parts are frozen."""
    with pytest.raises(AttributeError, match="immutable"):
        setattr(Config(), "removed", "close")  # noqa: B010 - mypy refuses it as well
