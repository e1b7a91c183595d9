"""The side panel: what is seen now, what was seen, and the program's status."""
