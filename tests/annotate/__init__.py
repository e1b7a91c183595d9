"""Whole runs over files, streams and folders."""
