"""The middle of the window: the picture, or a card in its place."""
