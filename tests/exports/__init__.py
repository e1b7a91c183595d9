"""Label files, tables, subtitles and the report."""
