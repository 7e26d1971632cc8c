"""Each kind of mistake in a configuration is told at its exact place, with the word that may have been meant."""

from __future__ import annotations

import pytest

from pm_sync.config import parse_config
from pm_sync.errors import ConfigError, ExitCode

_GITHUB = "trackers:\n  infra: {kind: github, repository: acme/infra}\n"

MISTAKES = {
    "mistyped key": ("version: 1\nlabls: [a]\n", "2:1: unknown key 'labls'; did you mean 'labels'?"),
    "mistyped key far below": (
        "write_back:\n  state_words:\n    dne: Erledigt\n",
        "3:5: unknown key 'dne'; did you mean 'done'?",
    ),
    "mistyped key of a tracker": (
        "trackers:\n  a: {kind: jira, project: OPS, isue_type: Bug}\n",
        "2:33: unknown key 'isue_type'; did you mean 'issue_type'?",
    ),
    "mistyped key in a list": (
        "routes:\n  - to: local\n    lables: [a]\n",
        "3:5: unknown key 'lables'; did you mean 'labels'?",
    ),
    "unknown key without a likeness": ("zzz: 1\n", "1:1: unknown key 'zzz'"),
    "key of another kind of tracker": (
        _GITHUB.replace("}", ", project: OPS}"),
        "2:49: unknown key 'project'",
    ),
    "mistyped key beside sla's rules": (
        "sla: {P0: 14d, defualt: 8w}\n",
        "1:6: sla: unknown key 'defualt'; did you mean 'default'?",
    ),
    "one priority twice": ("sla: {High: 14d, p1: 8w}\n", "1:6: sla: 'High' and 'p1' mean the same: keep one of them"),
    "key given twice": ("labels: [a]\nlabels: [b]\n", "2:1: the key 'labels' is given twice, first in line 1"),
    "key that is a list": ("? [a]\n: 1\n", "1:3: a key must be a plain word"),
    "missing key": (
        "trackers:\n  infra:\n    kind: github\n",
        "3:5: trackers.infra: the key 'repository' is missing",
    ),
    "missing kind": ("trackers: {a: {project: OPS}}\n", "1:15: trackers.a: the key 'kind' is missing"),
    "unknown kind": (
        "trackers: {a: {kind: gihub}}\n",
        "1:15: trackers.a: 'kind' must be 'github', 'jira' or 'local', not 'gihub'; did you mean 'github'?",
    ),
    "kind left out": (
        "trackers: {a: {kind: }}\n",
        "1:15: trackers.a: 'kind' must be 'github', 'jira' or 'local'",
    ),
    "number for one text or several": (
        "routes:\n  - {to: local, when: {priority: 1}}\n",
        "2:34: routes[0].when.priority: must be text, not 1; write it in quotes",
    ),
    "word not among those allowed": (
        "removed: clse\n",
        "1:10: removed: must be 'report', 'comment' or 'close', not 'clse'; did you mean 'close'?",
    ),
    "wrong version": ("version: 2\n", "1:10: version: 2 is not known to this pm-sync, which reads version 1"),
    "version in quotes": ('version: "1"\n', "1:10: version: must be the number 1, not '1'"),
    "route to an unknown tracker": (
        _GITHUB + "routes:\n  - {to: infr}\n",
        "4:10: routes[0].to: no tracker is named 'infr'; did you mean 'infra'?",
    ),
    "route without conditions but a list": (
        "routes:\n  - {to: local, when: {team: []}}\n",
        "2:30: routes[0].when.team: must not be empty: leave the key out instead",
    ),
    "number for text": ("labels: [7]\n", "1:10: labels[0]: must be text, not 7; write it in quotes"),
    "truth for text": ("source: true\n", "1:9: source: must be text, not true; write it in quotes"),
    "text for truth": ("create_done: perhaps\n", "1:14: create_done: must be true or false, not 'perhaps'"),
    "truth in quotes": (
        "create_done: 'Yes'\n",
        "1:14: create_done: must be true or false, not 'Yes'; write it without quotes",
    ),
    "number for truth": ("write_back: {checkbox: 1}\n", "1:24: write_back.checkbox: must be true or false, not 1"),
    "fraction for truth": ("create_done: 0.0\n", "1:14: create_done: must be true or false, not 0.0"),
    "list for truth": ("create_done: []\n", "1:14: create_done: must be true or false"),
    "text for a list": ("labels: a\n", "1:9: labels: must be a list, not 'a'"),
    "text for a number": (
        "guards: {max_creates: many}\n",
        "1:23: guards.max_creates: must be a whole number, not 'many'",
    ),
    "negative number": ("guards: {max_creates: -1}\n", "1:23: guards.max_creates: must be 0 or more, not -1"),
    "large number": (
        "guards: {max_closes: 1000001}\n",
        "1:22: guards.max_closes: must be 1000000 or less, not 1000001",
    ),
    "text for keys": ("guards: few\n", "1:9: guards: must hold keys and values, not 'few'"),
    "list for keys": ("people: [a]\n", "1:9: people: must hold keys and values"),
    "number for a tracker": ("trackers: {a: 5}\n", "1:15: trackers.a: must hold keys and values, not 5"),
    "list for the whole file": ("- a\n", "1:1: must hold keys and values"),
    "text for the whole file": ("\n  hello\n", "2:3: must hold keys and values, not 'hello'"),
    "empty text": ('labels: [" "]\n', "1:10: labels[0]: must not be empty, not ' '"),
    "long label": (
        f"labels: [{'a' * 51}]\n",
        f"1:10: labels[0]: must have 50 characters or less, not '{'a' * 51}'",
    ),
    "tracker's name": (
        "trackers: {'a b': {kind: local}}\n",
        "1:12: trackers.a b: must be a name of letters, digits, dots and dashes, not 'a b'",
    ),
    "repository": (
        "trackers: {a: {kind: github, repository: infra}}\n",
        "1:42: trackers.a.repository: must be a repository written OWNER/NAME, not 'infra'",
    ),
    "project": ("jira_keys: [ops]\n", "1:13: jira_keys[0]: must be a Jira project's key such as OPS, not 'ops'"),
    "parent": (
        "trackers: {a: {kind: jira, project: OPS, parent: OPS}}\n",
        "1:50: trackers.a.parent: must be a Jira issue's key such as OPS-12, not 'OPS'",
    ),
    "field": (
        "trackers: {a: {kind: jira, project: OPS, fields: {Team: {a: b}}}}\n",
        "1:57: trackers.a.fields.Team: must be text, a number, true or false, or a list of texts",
    ),
    "login": (
        "trusted_authors: ['@ada']\n",
        "1:19: trusted_authors[0]: must be a GitHub login without the @, not '@ada'",
    ),
    "tracking label": (
        "tracking_label: a b\n",
        "1:17: tracking_label: must be a label without blanks, commas, quotes and backslashes, not 'a b'",
    ),
    "connection": (
        "trackers: {a: {kind: jira, project: OPS, connection: x-y}}\n",
        "1:54: trackers.a.connection: must be a word of letters, digits and underscores, not 'x-y'",
    ),
    "path out of the repository": (
        "trackers: {a: {kind: local, database: ../x.db}}\n",
        "1:39: trackers.a.database: must be a path inside the repository, written with /, not '../x.db'",
    ),
    "glob out of the repository": (
        "postmortems: ['../**/*.md']\n",
        "1:15: postmortems[0]: must be a path inside the repository, written with /, not '../**/*.md'",
    ),
    "two embedded trackers": (
        "trackers: {a: {kind: local}, b: {kind: local, database: b.db}}\n",
        "1:11: trackers: only one can be of kind local, as links say no more than local#12: keep one of a, b",
    ),
    "the embedded tracker's name": (
        "trackers: {local: {kind: github, repository: a/b}}\n",
        "1:11: trackers: the name local is the embedded tracker's; give this one another name",
    ),
    "the embedded tracker by two names": (
        "trackers: {a: {kind: local}}\nroutes: [{to: local}]\n",
        "2:15: routes[0].to: no tracker is named 'local'",
    ),
    "word that breaks a table": (
        "write_back: {state_words: {done: 'a|b'}}\n",
        "1:34: write_back.state_words.done: must fit a table's cell, on one line and without |, ` and \\, not 'a|b'",
    ),
    "word for another state": (
        "write_back: {state_words: {open: Closed}}\n",
        "1:34: write_back.state_words.open: must not be 'Closed', which is read as done",
    ),
    "regular expression": (
        "sections: {include: ['(']}\n",
        "1:22: sections.include[0]: is not a regular expression: missing ), unterminated subpattern at position 0",
    ),
    "duration": (
        "max_wait: 10 minutes\n",
        "1:11: max_wait: must be a duration such as 30s, 10m, 12h, 14d or 8w, not '10 minutes'",
    ),
    "endless duration": ("max_wait: 99999w\n", "1:11: max_wait: must be ten years at most, not '99999w'"),
    "days": ("sla: {P0: 14}\n", "1:11: sla.P0: must be a number of days or weeks such as 14d or 8w, not 14"),
    "days left out": ("sla: {P0: }\n", "1:11: sla.P0: must be a number of days or weeks such as 14d or 8w"),
    "impossible day": ("since: 2026-02-30\n", "1:8: since: must be a day such as 2026-01-31, not '2026-02-30'"),
    "year for a day": ("since: 2026\n", "1:8: since: must be a day such as 2026-01-31, not 2026"),
    "time zone": (
        "timezone: Mars/Olympus\n",
        "1:11: timezone: must be a time zone such as Europe/Berlin, not 'Mars/Olympus'",
    ),
    "tag": (
        "source: !!python/name:os.system ''\n",
        "1:9: the tag tag:yaml.org,2002:python/name:os.system is not allowed here",
    ),
    "tag of a list": ("labels: !!set {a}\n", "1:9: the tag tag:yaml.org,2002:set is not allowed here"),
    "merge key": ("guards: {<<: {max_creates: 1}}\n", "1:10: unknown key '<<'"),
    "second document": ("version: 1\n---\nversion: 1\n", "2:1: a second document starts here; only one is read"),
    "alias for nothing": ("labels: [*a]\n", "1:10: the alias *a stands for nothing that ends before it"),
    "alias for itself": ("labels: &a [*a]\n", "1:13: the alias *a stands for nothing that ends before it"),
    "control character": ("labels: [a]\nx: \x07\n", "2:4: the character U+0007 is not allowed in YAML"),
    "half a character": ("x: '\ud800'\n", "1:5: the character U+D800 is not allowed in YAML"),
    "unknown key behind an alias": (
        "routes: [&a {to: local, x: 1}, *a]\n",
        "1:25: unknown key 'x'\n1:32: unknown key 'x'",
    ),
}


@pytest.mark.parametrize(("text", "lines"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_told_at_its_place(text: str, lines: str) -> None:
    """Path, line and column stand before each message, and nothing else is told."""
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "x/pm-sync.yaml")
    assert str(caught.value) == "\n".join(f"x/pm-sync.yaml:{line}" for line in lines.splitlines())
    assert caught.value.code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("text", "place"),
    [("labels: [a\n", "2:1"), ("a: b: c\n", "1:5"), ("labels: 'a\n", "2:1"), ("\tlabels: [a]\n", "1:1")],
    ids=["open bracket", "colon in a value", "open quote", "tab"],
)
def test_broken_yaml_is_told_where_it_breaks(text: str, place: str) -> None:
    """What isn't YAML at all is told with the place where reading it failed."""
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "pm-sync.yaml")
    assert str(caught.value).startswith(f"pm-sync.yaml:{place}: not valid YAML: ")
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    """One run of pm-sync is enough to learn of every mistake, whichever check finds it."""
    text = "removed: x\nlabls: []\nlabels: [a]\nlabels: [b]\nroutes:\n  - {to: nowhere, lables: []}\nsla: {P0: 3}\n"
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == [f"pm-sync.yaml:{at}" for at in ("1:10", "2:1", "4:1", "6:10", "6:19", "7:11")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- " * 200_000, "nested deeper than 32 levels"),
        ("{a: " * 900, "nested deeper than 32 levels"),
        ("[" + "a," * 20_000 + "]", "more than 10000 values"),
        ("\n".join(f"k{i}: &k{i} [{f'*k{i - 1},' * 9 if i else 'x'}]" for i in range(9)), "more than 10000 values"),
    ],
    ids=["nested blocks", "nested braces", "many values", "aliases that multiply"],
)
def test_hostile_yaml_is_refused_early(text: str, message: str) -> None:
    """Depth, size and aliases have limits, so that no file can use up memory or stack."""
    with pytest.raises(ConfigError, match=message):
        parse_config(text)


def test_what_a_secret_may_stand_in_is_not_shown() -> None:
    """A token written behind a key we don't know never reaches the output."""
    with pytest.raises(ConfigError) as caught:
        parse_config("token: not-to-be-shown\n")
    assert "not-to-be-shown" not in str(caught.value)
