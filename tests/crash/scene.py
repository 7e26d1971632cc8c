"""The scene: postmortems and issues of which one sync has everything to do that a sync can have to do."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

ONE, TWO, THREE = "postmortems/one.md", "postmortems/two.md", "postmortems/three.md"
_FIRST = """\
# Database outage

## Action items

- [ ] Add a replica in Oslo
- [ ] Write a runbook for failover
- [ ] Test the backups every week
- [ ] Alert on replication lag
- [ ] Train the whole team
- [ ] Rotate all passwords (due 2027-01-01)
- [ ] Scrap the old disks
"""
_SECOND = """\
# Network outage

## Action items

| Task | Ticket | Status |
|---|---|---|
| Replace the switch | | |
| Move the racks | | |
| Paint the doors | | |
"""
_THIRD = """\
# Power outage

## Action items

- [ ] Order a generator (@acme/power)
- [ ] Ask the vendor why ({link})
"""
_MORE = """\
- [ ] Buy new storage
  - [ ] Compare prices
    - [ ] Ask three shops
  - [ ] Rent a cage
"""
HUMAN = "Mind the tape library, says Ada."
"""What a person wrote into an issue and said of it."""


class People(Protocol):
    """Those who work in the tracker. Issues are called by their titles."""

    def finish(self, title: str) -> None:
        """Close it."""

    def annotate(self, title: str) -> None:
        """Write `HUMAN` above what pm-sync wrote, and comment it."""

    def add(self, title: str) -> str:
        """Open an issue; returns how a postmortem links it, or nothing where it can't."""

    def double(self, title: str) -> None:
        """Let there be a second issue of the same mark, as of two machines at the same time, if there can be."""

    def transfer(self, title: str) -> None:
        """Move it elsewhere, where that is possible."""


def first(root: Path) -> None:
    """Write the postmortems for the first sync."""
    (root / "postmortems").mkdir(exist_ok=True)
    (root / ONE).write_text(_FIRST)
    (root / TWO).write_text(_SECOND)


def only(root: Path) -> None:
    """Add what is to be new where nothing was synced before."""
    (root / ONE).write_text(_FIRST + _MORE)
    (root / THREE).write_text(_THIRD.replace(" ({link})", ""))


def second(people: People) -> None:
    """What people do in the tracker before the second sync."""
    people.finish("Alert on replication lag")


def third(root: Path, people: People) -> None:
    """What people do on both sides before the sync that this is all about."""
    people.finish("Test the backups every week")
    for title in ("Add a replica in Oslo", "Rotate all passwords", "Scrap the old disks", "Replace the switch"):
        people.annotate(title)
    people.double("Train the whole team")
    people.transfer("Move the racks")
    edit(root / ONE, "Add a replica in Oslo", "Add two replicas in Oslo")
    edit(root / ONE, "- [ ] Write", "- [x] Write")
    edit(root / ONE, "- [x] Alert", "- [ ] Alert")
    edit(root / ONE, "2027-01-01)", "2027-02-02) (@acme/dba)")
    lines = (root / ONE).read_text().splitlines(keepends=True)
    lines = [line for line in lines if "Scrap" not in line]
    at = next(at for at, line in enumerate(lines) if "Train" in line)
    lines.insert(at + 1, "  - [ ] Book a room\n")
    (root / ONE).write_text("".join(lines) + _MORE)
    rows = (root / TWO).read_text().splitlines(keepends=True)
    rows = ["| Replace the switch | | |\n" if "Replace" in row else row for row in rows]
    rows = [f"{row.rpartition('| |')[0]}| Won't do |\n" if "Paint" in row else row for row in rows]
    (root / TWO).write_text("".join(rows) + "| Label the cables | | |\n")
    text = _THIRD.format(link=people.add("Why did the vendor sleep?"))
    (root / THREE).write_text(text.replace(" ()", ""))


def edit(file: Path, old: str, new: str) -> None:
    """Edit one place of a file, which must be there."""
    text = file.read_text()
    assert old in text, f"{old!r} is not in {file.name}:\n{text}"
    file.write_text(text.replace(old, new, 1))
