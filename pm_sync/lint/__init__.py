"""What makes a good postmortem: rules over one that was read, which touch nothing and ask nobody."""
