"""Plans: what to change, why, and doing it."""
