"""A run put together: the repository, its configuration and its trackers, behind one function for each command."""
