"""Accuracy and speed: photographs and clips with known contents, frames per second."""
