"""Action items of Markdown postmortems as tracked issues, and their progress back in the file."""

__version__ = "0.1.0"
