"""Sinks for label files, tables, subtitles and the report page."""
