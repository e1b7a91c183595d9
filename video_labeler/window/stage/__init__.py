"""What is in the middle: the picture, or a card in its place."""
