"""Trackers: one module for each remote system, and the registry of them."""
