"""From configuration and command line to a policy: which trackers there are, where items go, and what is ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pm_sync.config import Config, parse_config
from pm_sync.errors import ConfigError, UsageError
from pm_sync.git import Remote, parse_remote
from pm_sync.model import State
from pm_sync.session.policy import Surroundings, choose_trackers, make_policy
from pm_sync.sync.identity import Place
from pm_sync.sync.policy import Policy

INFRA = {"kind": "github", "repository": "acme/infra"}
WEB = {"kind": "github", "repository": "acme/web"}
ACTIONS = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "Acme/PM"}
ORIGIN = parse_remote("git@github.com:acme/pm.git")


def make(
    tracker: str | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    origin: Remote | None = None,
    commit: str | None = None,
    **config: Any,
) -> Policy:
    """The policy of a configuration, in these surroundings."""
    around = Surroundings(Path("/repository"), environment or {}, origin, lambda: commit)
    parsed = parse_config(yaml.safe_dump({"version": 1, **config}), "pm-sync.yaml")
    trackers, routes = choose_trackers(parsed, tracker, around)
    return make_policy(parsed, trackers, routes, around)


def targets(policy: Policy) -> list[str]:
    """Where the routes lead, with the place of each tracker."""
    projects = {place.name: place.project or place.kind for place in policy.places.trackers}
    return [projects[route.to] for route in policy.routes]


class TestTrackers:
    """Which trackers a run has."""

    def test_without_a_configuration(self) -> None:
        """The embedded one."""
        assert targets(make()) == ["local"]

    def test_in_github_actions(self) -> None:
        """The running repository's issues."""
        assert targets(make(environment=ACTIONS)) == ["acme/pm"]

    def test_one_tracker_needs_no_route(self) -> None:
        """Everything goes there."""
        assert targets(make(trackers={"infra": INFRA})) == ["acme/infra"]

    def test_several_need_routes(self) -> None:
        """Nobody guesses."""
        with pytest.raises(ConfigError, match="several trackers are configured, but no route; add routes"):
            make(trackers={"infra": INFRA, "web": WEB})

    def test_a_route_to_the_embedded_one_needs_no_tracker(self) -> None:
        """It is always there."""
        made = make(trackers={"infra": INFRA}, routes=[{"when": {"type": "process"}, "to": "infra"}, {"to": "local"}])
        assert targets(made) == ["acme/infra", "local"]

    @pytest.mark.parametrize(
        ("word", "target"),
        [
            ("local", "local"),
            ("github:acme/infra", "acme/infra"),
            ("github:Other/Repo", "other/repo"),
            ("jira:OPS", "OPS"),
        ],
    )
    def test_the_command_line_goes_before_all_routes(self, word: str, target: str) -> None:
        """And what is configured is still asked about its links."""
        environment = {"JIRA_BASE_URL": "https://jira.example.com"}
        made = make(word, trackers={"infra": INFRA}, routes=[{"to": "infra"}], environment=environment)
        assert targets(made) == [target]
        assert "acme/infra" in {place.project for place in made.places.trackers}

    def test_a_configured_tracker_keeps_its_name(self) -> None:
        """Regression: a tracker called like its kind was replaced by the one on the command line."""
        made = make("github:acme/web", trackers={"github": INFRA}, routes=[{"to": "github"}])
        assert targets(made) == ["acme/web"]
        assert {place.project for place in made.places.trackers} == {"acme/infra", "acme/web"}

    @pytest.mark.parametrize(
        "word", ["", "locale", "local:x", "github", "github:", "github:acme", "jira", "gitlab:a/b"]
    )
    def test_words_that_name_none(self, word: str) -> None:
        """Each with what to say instead."""
        with pytest.raises(UsageError, match="names no tracker; give local, github:OWNER/REPO or jira:PROJECT"):
            make(word)


class TestPlaces:
    """Where links lead."""

    @pytest.mark.parametrize(
        ("origin", "environment", "home"),
        [
            (None, {}, None),
            (ORIGIN, {}, Place("", "github", "https://github.com", "acme/pm")),
            (ORIGIN, ACTIONS, Place("", "github", "https://github.com", "acme/pm")),
            (
                None,
                ACTIONS | {"GITHUB_SERVER_URL": "https://GHE.example.com/"},
                Place("", "github", "https://ghe.example.com", "acme/pm"),
            ),
            (parse_remote("git@host:deep/er/path.git"), {}, None),
        ],
    )
    def test_home(self, origin: Remote | None, environment: dict[str, str], home: Place | None) -> None:
        """The repository that holds the postmortems, which a bare number means."""
        assert make("local", origin=origin, environment=environment).places.home == home

    def test_jira_keys(self) -> None:
        """Configured projects, and those that are named besides."""
        environment = {"JIRA_BASE_URL": "https://jira.example.com"}
        made = make(trackers={"ops": {"kind": "jira", "project": "OPS"}}, jira_keys=["WEB"], environment=environment)
        assert made.places.jira_keys == {"OPS", "WEB"}

    @pytest.mark.parametrize(("commit", "link"), [("abc", "https://github.com/acme/pm/blob/abc/"), (None, None)])
    def test_permalink(self, commit: str | None, link: str | None) -> None:
        """To the files at the commit that is checked out."""
        assert make(origin=ORIGIN, commit=commit).permalink == link

    def test_no_commit_is_asked_for_where_no_address_is_known(self) -> None:
        """To ask git takes as long as to read some files."""
        around = Surroundings(Path("/repository"), {}, None, lambda: pytest.fail("git was asked"))
        trackers, routes = choose_trackers(Config(), None, around)
        assert make_policy(Config(), trackers, routes, around).permalink is None


class TestSource:
    """Whose marks are ours."""

    def test_of_a_server(self) -> None:
        """The repository's origin, unless the configuration says another name."""
        assert make(trackers={"infra": INFRA}, origin=ORIGIN).trackers["infra"].src == "github.com/acme/pm"
        assert make(trackers={"infra": INFRA}, origin=ORIGIN, source="us").trackers["infra"].src == "us"
        assert make(trackers={"infra": INFRA}).trackers["infra"].src == ""

    def test_of_the_embedded_tracker(self) -> None:
        """It lives in the repository, so an origin that is added later changes nothing."""
        assert make(origin=ORIGIN).trackers["local"].src == ""
        assert make(origin=ORIGIN, source="us").trackers["local"].src == "us"


class TestRules:
    """The rest is translated as it stands."""

    def test_routes_in_any_case(self) -> None:
        """Their words are compared folded."""
        when = {"type": "Process", "priority": ["P0", "P1"], "team": "Storage", "section": "Short Term"}
        [route, _] = make(trackers={"infra": INFRA}, routes=[{"when": when, "to": "infra"}, {"to": "infra"}]).routes
        assert route.types | route.priorities == {"process", "p0", "p1"}
        assert route.teams | route.sections == {"storage", "short term"}

    def test_ownership(self) -> None:
        """Fields that the tracker owns are never written."""
        made = make(ownership={"title": "tracker", "state": "file"})
        assert made.owned == {"details", "due", "priority", "labels"}
        assert made.state_owner == "file"

    def test_people_and_teams(self) -> None:
        """Names are compared folded, accounts are kept."""
        made = make(people={"On-Call": {"github": "Acme-OnCall"}}, teams={"Storage Team": "storage"})
        assert made.people == {"on-call": {"github": "Acme-OnCall"}}
        assert made.teams == {"storage team": "storage"}

    def test_write_back(self) -> None:
        """What may be written, and the words for it."""
        options = make(write_back={"headings": False, "state_words": {"done": "Shipped"}}).write_back
        assert (options.annotation, options.headings) == (True, False)
        assert options.state_words[State.DONE] == "Shipped"
