"""The index, searching it, and finishing what was cut off."""
