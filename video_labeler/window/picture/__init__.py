"""The live picture with its boxes."""
