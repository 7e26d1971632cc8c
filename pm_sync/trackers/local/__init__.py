"""The embedded tracker: issues in an SQLite file beside the postmortems, for work without any server.

``schema`` knows the tables, ``database`` the file and its locks, ``store`` the rows, ``tracker`` what pm-sync does
to issues, and ``people`` what a person does to them. Importing this costs nothing; ``tracker`` loads SQLite.
"""

from pm_sync.model import State
from pm_sync.trackers.base import Capabilities

CAPABILITIES = Capabilities(states=frozenset(State), create_states=frozenset(State), create_batch=100)
"""What its issues can hold: everything."""
