"""The threads, the hand-off between them, the stop, and what is measured meanwhile."""
