"""Sources in, annotated videos and labels out, without a window."""
