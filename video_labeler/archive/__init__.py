"""What was recorded before: the index, searching it, finishing what was cut off."""
