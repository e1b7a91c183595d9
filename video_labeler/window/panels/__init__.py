"""The side panel: what is seen now, what was seen, and how the program does."""
