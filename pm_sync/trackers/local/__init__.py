"""The embedded tracker: issues in an SQLite file beside the postmortems, for work without any server.

``schema`` knows the tables, ``database`` the file and its locks, ``store`` the rows, ``tracker`` what pm-sync does
to issues, and ``people`` what a person does to them.
"""

from pm_sync.trackers.local.tracker import LocalTracker

__all__ = ["LocalTracker"]
