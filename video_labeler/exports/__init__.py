"""Results to read: label files, tables, subtitles, the report page."""
