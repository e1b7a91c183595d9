"""Boxes, names and figures over a picture: where they are, and how they get into its pixels."""
