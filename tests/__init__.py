"""The tests of pm-sync; `tests.factories` makes their values."""
