"""Publishing: what a run recorded in the postmortems, and what it found out, brought to git and GitHub."""
