"""Markdown as bytes, blocks and edits."""
