"""Identity: which issue an item's links name, and which of them nobody can be asked about."""

from __future__ import annotations

import pytest

from pm_sync.model import ActionItem, Annotation, IssueRef, Link, LinkPosition, Span, State, Unreachable
from pm_sync.sync.identity import Linked, Place, Places, site_of
from tests.factories import github_ref, item, local_ref

COLUMN, ALONE, END, INLINE = LinkPosition.COLUMN, LinkPosition.ALONE, LinkPosition.END, LinkPosition.INLINE
GITHUB = "https://github.com"
INFRA = Place("infra", "github", GITHUB, "acme/infra")
LOCAL = Place("local", "local")
OPS = Place("ops", "jira", "https://jira.example.com", "OPS")
HOME = Place("", "github", GITHUB, "acme/postmortems")
EVERYWHERE = Places((LOCAL, INFRA, OPS), HOME, frozenset({"OPS"}))
OPS_12 = IssueRef("jira", "https://jira.example.com", "OPS", "OPS-12")


def link(ref: str, url: str | None = None, position: LinkPosition = ALONE) -> Link:
    """A reference as written."""
    return Link(ref, url, Span(0, 1), position)


def linking(*links: Link) -> ActionItem:
    """An item with these links."""
    return item(links=links)


def annotated(ref: str, url: str | None = None, *links: Link) -> ActionItem:
    """An item with our annotation, and perhaps links besides."""
    return item(annotation=Annotation(link(ref, url), State.OPEN, None, Span(0, 1)), links=links)


@pytest.mark.parametrize(
    ("url", "ref"),
    [
        pytest.param(f"{GITHUB}/acme/infra/issues/4", github_ref(), id="an issue"),
        pytest.param(f"{GITHUB}/acme/infra/pull/4", github_ref(), id="a pull request"),
        pytest.param(f"{GITHUB}/Acme/Infra/issues/4", github_ref(), id="names in any case"),
        pytest.param("https://GitHub.com/acme/infra/issues/4", github_ref(), id="host in any case"),
        pytest.param("https://github.com:443/acme/infra/issues/4", github_ref(), id="the default port"),
        pytest.param(f"{GITHUB}/acme/infra/issues/4/#issuecomment-9", github_ref(), id="a comment's anchor"),
        pytest.param(f"{GITHUB}/acme/infra/issues/004", github_ref(), id="zeros before the number"),
        pytest.param("https://ann:secret@github.com/acme/infra/issues/4", github_ref(), id="credentials are dropped"),
        pytest.param("https://jira.example.com/browse/OPS-12", OPS_12, id="a Jira issue"),
        pytest.param("https://jira.example.com/browse/ops-12?focusedId=3", OPS_12, id="a key in lower case"),
    ],
)
def test_an_address_names_one_issue(url: str, ref: IssueRef) -> None:
    """However it is written, the address of an issue gives one and the same reference."""
    found = EVERYWHERE.resolve(link("whatever it is called", url))
    assert found is not None
    assert found[0] == ref


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/infra/issues",
        "https://github.com/acme/infra/issues/4/events",
        "https://github.com/acme/infra/discussions/4",
        "https://github.com:0x1/acme/infra/issues/4",
        "https://[::1/acme/infra/issues/4",
        "ftp://github.com/acme/infra/issues/4",
        "mailto:ann@example.com",
        "https://github.com/../user/issues/4",
        "https://github.com/acme/../issues/4",
        "https://github.com/acme/%2e%2e/issues/4",
        f"https://github.com/acme/infra/issues/{'9' * 5000}",
    ],
)
def test_other_addresses_name_none(url: str) -> None:
    """What is no issue's address, or no address at all, is no link."""
    assert EVERYWHERE.identify(linking(link("#4", url))) is None


@pytest.mark.parametrize(
    ("kept", "written", "same"),
    [
        ("http://127.0.0.1:4012", "http://127.0.0.1:4012/acme/infra/issues/4", True),
        ("http://127.0.0.1:4012", "http://127.0.0.1:4013/acme/infra/issues/4", False),
        ("http://127.0.0.1:4012", "https://127.0.0.1:4012/acme/infra/issues/4", False),
        ("http://[::1]:4012", "http://[::1]:4012/acme/infra/issues/4", True),
    ],
)
def test_scheme_host_and_port_are_compared(kept: str, written: str, *, same: bool) -> None:
    """An address on another port or scheme is another site, which nobody asks."""
    places = Places((Place("here", "github", kept, "acme/infra"),))
    assert isinstance(places.identify(linking(link("#4", written))), Linked) is same


@pytest.mark.parametrize(
    ("scheme", "host", "port", "site"),
    [
        ("https", "github.com", None, "https://github.com"),
        ("https", "github.com", 443, "https://github.com"),
        ("http", "github.com", 443, "http://github.com:443"),
        ("http", "::1", 8080, "http://[::1]:8080"),
    ],
)
def test_site_of(scheme: str, host: str, port: int | None, site: str) -> None:
    """The default port is left out, and an IPv6 address stands in brackets."""
    assert site_of(scheme, host, port) == site


class TestBareNumbers:
    """``#12`` means the postmortem's own repository, never the route's."""

    def test_at_home(self) -> None:
        """With a home, the number is an issue there."""
        expected = Linked(github_ref(12, "acme/postmortems"), "infra", "link")
        assert EVERYWHERE.identify(linking(link("#12"))) == expected

    def test_without_a_home_it_is_text(self) -> None:
        """Without one it names nothing, even with a GitHub tracker configured."""
        assert Places((INFRA,)).identify(linking(link("#12"))) is None

    def test_at_a_home_that_nobody_is_configured_for(self) -> None:
        """Where only the embedded tracker is used, a number is a word like any other."""
        assert Places((LOCAL,), HOME).identify(linking(link("#12"))) is None

    def test_with_its_repository(self) -> None:
        """``owner/name#12`` needs no home, in any case."""
        expected = Linked(github_ref(12), "infra", "link")
        assert Places((INFRA,)).identify(linking(link("Acme/Infra#12"))) == expected

    @pytest.mark.parametrize("ref", ["../user#1", "acme/..#1", f"#{'9' * 5000}", f"local#{'9' * 20}"])
    def test_what_no_server_can_be_asked_for_is_text(self, ref: str) -> None:
        """Neither a way out of the API's addresses, nor more digits than anybody counts."""
        assert EVERYWHERE.identify(linking(link(ref))) is None


class TestBareKeys:
    """``KEY-12`` is a link where its project is configured, or where it stands alone."""

    @pytest.mark.parametrize("position", list(LinkPosition))
    def test_of_a_configured_project(self, position: LinkPosition) -> None:
        """Anywhere at all."""
        assert EVERYWHERE.identify(linking(link("OPS-12", position=position))) == Linked(OPS_12, "ops", "link")

    @pytest.mark.parametrize(("position", "named"), [(ALONE, True), (COLUMN, True), (END, False), (INLINE, False)])
    def test_of_another_project(self, position: LinkPosition, *, named: bool) -> None:
        """Only alone in brackets or in a link column: elsewhere ``SHA-256`` is a word."""
        assert isinstance(EVERYWHERE.identify(linking(link("WEB-7", position=position))), Linked) is named

    def test_of_a_project_named_in_the_configuration(self) -> None:
        """``jira_keys`` makes a project's keys links at the end of an item as well."""
        places = Places((OPS,), jira_keys=frozenset({"OPS", "WEB"}))
        found = places.identify(linking(link("WEB-7", position=END)))
        assert found == Linked(IssueRef("jira", OPS.site, "WEB", "WEB-7"), "ops", "link")

    def test_without_any_jira(self) -> None:
        """A key is text where no Jira is configured."""
        assert Places((INFRA,), HOME).identify(linking(link("OPS-12"))) is None


class TestLocal:
    """``local#12`` never names an issue of another tracker."""

    def test_with_the_embedded_tracker(self) -> None:
        """It is that tracker's issue."""
        assert EVERYWHERE.identify(linking(link("local#012"))) == Linked(local_ref(12), "local", "link")

    @pytest.mark.parametrize("made", [linking(link("local#12")), annotated("local#12")])
    def test_with_another_tracker_only(self, made: ActionItem) -> None:
        """It is reported, and the item gets no issue elsewhere."""
        assert Places((INFRA,), HOME).identify(made) == Unreachable("no tracker of kind local is configured")


class TestWhichLink:
    """Of several references the annotation goes first, then the first that can be the item's identity."""

    def test_the_annotation(self) -> None:
        """Our own note counts, whatever else stands there."""
        made = annotated("#4", github_ref().url, link("#12"))
        assert EVERYWHERE.identify(made) == Linked(github_ref(), "infra", "annotation")

    def test_an_annotation_that_nobody_can_be_asked_about(self) -> None:
        """It stays the identity: another link must not take its place while a tracker is out of reach."""
        made = annotated("#4", "https://ghe.example.com/acme/infra/issues/4", link("#12"))
        assert EVERYWHERE.identify(made) == Unreachable(
            "no tracker of kind github is configured for https://ghe.example.com"
        )

    def test_the_first_in_link_position(self) -> None:
        """Two links at the end: the first one."""
        made = linking(link("#7", position=END), link("#12", position=END))
        assert EVERYWHERE.identify(made) == Linked(github_ref(7, "acme/postmortems"), "infra", "link")

    def test_in_passing_it_is_a_mention(self) -> None:
        """An issue of a repository that isn't a tracker's target, in the middle of a sentence, means nothing."""
        assert EVERYWHERE.identify(linking(link("other/repo#7", position=INLINE))) is None

    def test_in_passing_to_a_target(self) -> None:
        """An address of a configured tracker's target counts wherever it stands."""
        made = linking(link("this", github_ref().url, INLINE))
        assert EVERYWHERE.identify(made) == Linked(github_ref(), "infra", "link")

    def test_an_unconfigured_host_in_link_position(self) -> None:
        """It is reported as out of reach, so that no second issue is made."""
        made = linking(link("x", "https://ghe.example.com/acme/infra/issues/4", END))
        assert isinstance(EVERYWHERE.identify(made), Unreachable)

    def test_an_unconfigured_host_in_passing(self) -> None:
        """It is a mention."""
        assert EVERYWHERE.identify(linking(link("x", "https://ghe.example.com/a/b/issues/4", INLINE))) is None


@pytest.mark.parametrize(
    ("ref", "label"),
    [
        (github_ref(4, "acme/postmortems"), "#4"),
        (github_ref(4), "acme/infra#4"),
        (OPS_12, "OPS-12"),
        (local_ref(4), "local#4"),
    ],
)
def test_labels(ref: IssueRef, label: str) -> None:
    """An annotation names an issue briefly only in the postmortem's own repository."""
    assert EVERYWHERE.label(ref) == label


def test_the_tracker_of_the_same_project_is_asked() -> None:
    """Of several trackers at one site the one of the link's repository is asked, else the first."""
    places = Places((INFRA, Place("web", "github", GITHUB, "acme/web")))
    found = [places.resolve(link("#4", f"{GITHUB}/acme/{name}/issues/4")) for name in ("web", "infra", "other")]
    assert [tracker for _, tracker in filter(None, found)] == ["web", "infra", "infra"]
