"""The names of a recording's segments, and when the next one begins."""

import glob
from pathlib import Path

from video_labeler.errors import OutputError
from video_labeler.movie.movie_file import MovieFile
from video_labeler.movie.recording_options import Segment

_ROUNDING_S = 1e-6

_OVERHEAD = 0.02
"""The share of the size that is reserved for the container's overhead."""


def segment_path(target: Path, number: int) -> Path:
    """``OUT-001.mp4`` for the first segment of ``OUT.mp4``, and so on."""
    return target.with_name(f"{target.stem}-{number:03d}{target.suffix}")


def check_segments(target: Path, *, overwrite: bool) -> None:
    """Check that the names of segments are free, before any long work starts.

    Raises:
        OutputError: there is a segment of that name, and ``overwrite`` is false.
    """
    taken = segments_of(target)
    if taken and not overwrite:
        raise OutputError(f"{taken[0]} exists already. Choose another name, or add --overwrite to replace it.")


def segments_of(target: Path) -> list[Path]:
    """The existing segments of ``target``, in order."""
    return sorted(target.parent.glob(f"{glob.escape(target.stem)}-[0-9][0-9][0-9]{glob.escape(target.suffix)}"))


def is_time_for_next(segment: Segment, movie: MovieFile, time_s: float) -> bool:
    """Whether the frame at ``time_s`` belongs in a new file."""
    if segment.seconds is not None:
        return time_s - movie.origin_s >= segment.seconds - _ROUNDING_S
    assert segment.size_bytes is not None
    return movie.size_bytes >= segment.size_bytes * (1 - _OVERHEAD)
