"""Publishing: what a run recorded in the postmortems, and what it found out, brought to git and GitHub."""

ROLLING = "pm-sync/progress"
"""The one branch for progress that waits in a pull request; it is always one commit upon the base."""
