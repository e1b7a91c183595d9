"""Video files: their tracks, sound and encoders, and copying them."""
