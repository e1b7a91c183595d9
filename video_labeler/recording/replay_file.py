"""Writes what a replay buffer holds as a recording is written: crash-safe, durable, in place when complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from video_labeler.errors import OutputError
from video_labeler.files.partial_file import PartialFile
from video_labeler.movie.coded_track import CodedPicture
from video_labeler.movie.cues import CueBuilder
from video_labeler.movie.movie_errors import disk_full, reporting_write_errors
from video_labeler.movie.movie_file import MovieFile, container_format
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.recording.video_recorder import LONGEST_CUE_S, check_recording, metadata_of
from video_labeler.sources.base import SourceInfo


@dataclass(frozen=True, slots=True)
class ReplayPicture:
    """An encoded picture, and the text of its cue (may be empty)."""

    coded: CodedPicture
    text: str


@dataclass(frozen=True, slots=True)
class Replay:
    """Pictures in order, the first a key frame; the size of their frames (width, height); and their source."""

    pictures: Sequence[ReplayPicture]
    size: tuple[int, int]
    info: SourceInfo


def write_replay(target: Path, replay: Replay, options: RecordingOptions) -> None:
    """Write a file that begins at 0 with the first picture.

    Raises:
        DiskFullError: the disk is nearly full; what was written is complete, under its name.
        OutputError: the target cannot be written, or exists.
    """
    check_recording(target, options)
    file = PartialFile(target, overwrite=options.overwrite)
    try:
        movie = MovieFile(file, options, replay.info.rate, metadata_of(replay.info, options))
    except OSError as error:
        raise OutputError(f"Cannot write {file.path}: {error.strerror}.") from error
    with reporting_write_errors(movie):
        ended_early = _write(movie, replay, CueBuilder(LONGEST_CUE_S[container_format(target)]), options)
    movie.put_in_place()
    if ended_early:
        raise disk_full(movie)


def _write(movie: MovieFile, replay: Replay, builder: CueBuilder, options: RecordingOptions) -> bool:
    """Fill and finish the file; true where the disk was too full for all of it."""
    movie.start_copy(replay.size, replay.pictures[0].coded.time_s)
    ended_early = False
    for picture in replay.pictures:
        cues = builder.add_text(picture.coded.time_s, picture.text) if options.subtitles else []
        movie.copy(picture.coded, cues)
        ended_early = movie.must_end
        if ended_early:
            break
    movie.finish(builder.finish(movie.end_s))
    return ended_early
