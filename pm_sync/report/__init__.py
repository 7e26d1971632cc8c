"""Results as text, JSON, Markdown and the other formats people and programs read."""
