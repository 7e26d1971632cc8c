"""Ages, due dates and the gate: what time does to action items."""
