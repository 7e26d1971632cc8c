"""Postmortems: reading their sections, items and facts, and writing progress back."""
