"""What becomes of labelled frames on disk: annotated videos and label files."""
