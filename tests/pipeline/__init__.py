"""The threads and the hand-off between them."""
