"""Linking by hand: an issue for an item, an item without its issue, and who may not have whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from pm_sync.errors import PmSyncError, ReadError, Refused, UsageError
from pm_sync.model import State
from pm_sync.sync.changes import ChangeKind
from tests.house import DATABASE, House

PATH = "postmortems/db.md"
HEAD = "# Outage\n\n## Action items\n\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Two items with issues."""
    house = House(tmp_path)
    house.write(PATH, HEAD + "- Add a replica\n- Write a runbook\n")
    house.sync()
    return house


class TestLink:
    """``pm-sync link``."""

    def test_a_new_item(self, house: House) -> None:
        """It follows the issue of another one's that has no item any more, and then keeps it in step."""
        house.write(PATH, HEAD + "- Add two replicas\n- Write a runbook (local#2, open)\n")
        assert [c.kind for c in house.plan().plan.changes] == [ChangeKind.CONFLICT, ChangeKind.UNCHANGED]
        done = house.link(f"{PATH}:5", "local#1")
        assert (done.changed, str(done.ref)) == (True, "local#1")
        assert house.read(PATH) == HEAD + "- Add two replicas (local#1, open)\n- Write a runbook (local#2, open)\n"
        house.sync()
        assert [e.issue.title for e in house.issues()] == ["Add two replicas", "Write a runbook"]

    def test_the_state_is_the_issue_s(self, house: House) -> None:
        """Also in the box."""
        house.write(PATH, HEAD + "- [ ] Other work\n")
        house.move(1, State.DONE)
        house.link(f"{PATH}:5", "local#1")
        assert house.read(PATH) == HEAD + "- [x] Other work (local#1, done 2026-11-22)\n"

    def test_twice(self, house: House) -> None:
        """The second time there is nothing to do."""
        assert house.link(f"{PATH}:5", "local#1").changed is False

    def test_an_item_that_has_another(self, house: House) -> None:
        """Is refused, with the command that takes the first out."""
        with pytest.raises(Refused, match=rf"{PATH}:5: is linked to local#1 already; .* pm-sync unlink {PATH}:5"):
            house.link(f"{PATH}:5", "local#2")

    def test_an_issue_that_another_item_has(self, house: House) -> None:
        """Is refused, with that item's place."""
        house.write(PATH, house.read(PATH) + "- Other work\n")
        with pytest.raises(Refused, match=rf"local#1: is the issue of {PATH}:5; to follow it"):
            house.link(f"{PATH}:7", "local#1")

    @pytest.mark.parametrize(
        ("place", "ref", "message"),
        [
            (f"{PATH}:1", "local#1", rf"{PATH}:1: no action item stands here; the nearest is at {PATH}:5"),
            (f"{PATH}:5", "issue one", "issue one: names no issue of a configured tracker; give its address"),
            (f"{PATH}:5", "https://example.com/a/b/issues/1", "names no issue of a configured tracker"),
            ("nowhere.md:5", "local#1", "nowhere.md: no such file"),
            (PATH, "local#1", "is no place; give PATH:LINE"),
        ],
    )
    def test_wrong_words(self, house: House, place: str, ref: str, message: str) -> None:
        """Each with what to say instead."""
        with pytest.raises(UsageError, match=message):
            house.link(place, ref)

    def test_an_issue_that_is_not_there(self, house: House) -> None:
        """Is not linked."""
        house.write(PATH, house.read(PATH) + "- Other work\n")
        with pytest.raises(PmSyncError, match="local#9: can't be linked: the local tracker has no such issue"):
            house.link(f"{PATH}:7", "local#9")

    def test_a_file_that_cannot_be_read(self, house: House) -> None:
        """Tells where."""
        house.write(PATH, b"# Outage\n\n\xff\n")
        with pytest.raises(ReadError, match=PATH):
            house.link(f"{PATH}:5", "local#1")

    def test_the_second_line_of_an_item(self, house: House) -> None:
        """Names it as well."""
        house.write(PATH, HEAD + "- Add a\n  big replica\n")
        house.link(f"{PATH}:6", "local#1")
        assert house.read(PATH) == HEAD + "- Add a\n  big replica (local#1, open)\n"


class TestUnlink:
    """``pm-sync unlink``."""

    def test_the_annotation_and_the_mark_go(self, house: House) -> None:
        """The file is as its writer left it, and the next sync makes a new issue."""
        house.unlink(f"{PATH}:5")
        assert house.read(PATH) == HEAD + "- Add a replica\n- Write a runbook (local#2, open)\n"
        assert house.issues()[0].issue.mark is None
        house.sync()
        assert house.read(PATH) == HEAD + "- Add a replica (local#3, open)\n- Write a runbook (local#2, open)\n"

    def test_a_reworded_item(self, house: House) -> None:
        """Its issue's mark is voided too, though it still says the old words."""
        house.replace(PATH, "Add a replica", "Something else")
        house.unlink(f"{PATH}:5")
        assert house.issues()[0].issue.mark is None

    def test_a_copy(self, house: House) -> None:
        """Taking the link out of a copied line leaves the original's issue as it is."""
        house.write("postmortems/net.md", HEAD + "- Add a replica (local#1, open)\n")
        house.unlink("postmortems/net.md:5")
        assert house.issues()[0].issue.mark is not None

    def test_an_item_without_one(self, house: House) -> None:
        """A link written by hand is the writer's."""
        house.write(PATH, HEAD + "- Add a replica (local#1)\n")
        with pytest.raises(UsageError, match=rf"{PATH}:5: has no annotation of ours; a link written by hand"):
            house.unlink(f"{PATH}:5")

    def test_an_issue_of_a_tracker_that_is_not_configured(self, house: House) -> None:
        """Our mark in it can't be voided, so the link stays."""
        house.write(PATH, HEAD + "- Add a replica ([#4](https://github.com/acme/infra/issues/4), open)\n")
        with pytest.raises(UsageError, match="links an issue that nobody can be asked about; configure its tracker"):
            house.unlink(f"{PATH}:5")

    def test_without_the_database(self, house: House) -> None:
        """All marks went with it: the links can be given up."""
        (house.root / DATABASE).unlink()
        house.unlink(f"{PATH}:5")
        assert house.read(PATH).startswith(HEAD + "- Add a replica\n")
