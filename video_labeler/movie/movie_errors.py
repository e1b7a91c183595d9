"""Errors while a recording is written, as sentences that say where the recording is."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import av

from video_labeler.errors import OutputError
from video_labeler.files.free_space import DiskFullError, megabytes
from video_labeler.files.partial_file import GONE
from video_labeler.movie.movie_file import MovieFile

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def reporting_write_errors(movie: MovieFile) -> Iterator[None]:
    """Turn the system's errors into a sentence; the file then stays as it is.

    Raises:
        DiskFullError: the disk is full.
        OutputError: it failed otherwise.
    """
    path = movie.file.path
    try:
        yield
    except (OSError, av.FFmpegError) as error:
        with suppress(OSError):
            movie.abandon()
        kept = f"What was recorded until then is in {path}; `video-labeler recover` makes it an ordinary file."
        if not os.path.lexists(path):
            kept = f"What was recorded is {GONE}"
        if error.errno in _DISK_FULL:
            raise DiskFullError(f"The disk that holds {path.parent} is full. {kept}") from error
        raise OutputError(f"Cannot go on writing {path}: {error.strerror}. {kept}") from error


def disk_full(movie: MovieFile) -> DiskFullError:
    """What to raise once a file has been completed because its disk is nearly full."""
    return DiskFullError(
        f"The disk that holds {movie.file.target.parent} is nearly full ({megabytes(movie.free_bytes)} left), so "
        f"recording stopped. Everything up to then ({movie.seconds:.1f} s) is in {movie.file.target}."
    )
