"""Small text files that are either old or new, never half of each, even after a power cut."""

import os
from pathlib import Path

from video_labeler.recording.durable_file import sync_folder


def write_whole(path: Path, text: str) -> None:
    """Replace a file's content; what UTF-8 does not know becomes an escape, which JSON reads back.

    Raises:
        OSError: it cannot be written; the old content is kept.
    """
    draft = path.with_name(f"{path.name}.partial")
    with draft.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    sync_folder(path.parent)
