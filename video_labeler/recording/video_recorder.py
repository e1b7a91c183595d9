"""The recorder: labelled frames in, H.264 video out that neither a crash nor a full disk can spoil."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from video_labeler.errors import OutputError, SourceError
from video_labeler.files.free_space import SpaceWatch
from video_labeler.files.partial_file import PartialFile, check_target
from video_labeler.frames import LabeledFrame
from video_labeler.movie.cues import CueBuilder
from video_labeler.movie.encoders import try_encoders
from video_labeler.movie.movie_errors import disk_full, reporting_write_errors
from video_labeler.movie.movie_file import FORMATS, MovieFile, container_format
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.movie.sound import SoundReader
from video_labeler.overlay.drawing import Figures, draw_overlay
from video_labeler.pipeline.stats import RateMeter
from video_labeler.pixels import Pixels, colours_of
from video_labeler.recording.segments import check_segments, is_time_for_next, segment_path
from video_labeler.sources.base import SourceInfo

SUFFIXES = tuple(FORMATS)

LONGEST_CUE_S = {"mp4": 5.0, "matroska": 1.0}
"""A cue is written when it ends. MP4's index puts it where it starts; in Matroska a player gets it that much late."""


def check_recording(
    target: Path,
    options: RecordingOptions,
    source: Path | None = None,
    sound_at: Path | str | None = None,
    start_s: float = 0.0,
) -> SoundReader | None:
    """Check that a recording is possible, before any long work starts; ``source`` is the input, if it is a file.

    What is returned brings along what is read at ``sound_at``, a file or an address, from ``start_s`` on; a file is
    open already.

    Raises:
        OutputError: the target cannot be written, is the input or exists, the disk is full, or the sound does not fit.
        SourceError: the file with the sound cannot be read.
    """
    first = target if options.segment is None else segment_path(target, 1)
    check_target(first, overwrite=options.overwrite, source=source, suffixes=SUFFIXES)
    if options.segment is not None:
        check_segments(target, overwrite=options.overwrite)
    SpaceWatch(target.parent, options.reserve_bytes).check()
    if sound_at is None:
        return None
    sound = SoundReader(sound_at, container_format(target), start_s=start_s, with_sound=options.with_sound)
    if isinstance(sound_at, Path):
        sound.open()
    return sound


def metadata_of(
    info: SourceInfo, options: RecordingOptions, source_tags: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The metadata of a recording: that of its source, else the source's name, and that of the options."""
    metadata = {"title": info.name, **(source_tags or {})}
    if options.metadata:
        notes = [f"{key}: {value}" for key, value in options.metadata.items()]
        metadata["comment"] = "; ".join([metadata["comment"], *notes] if "comment" in metadata else notes)
    return metadata


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A complete file of a recording, and its start within the recording, in seconds."""

    path: Path
    start_s: float


class VideoRecorder:
    """A sink that writes each frame at its true time, with its overlay if asked for, and with the source's ``sound``.

    The file is written under a partial name beside ``target`` and put in place on a clean end. Time 0 is the first
    frame, or time 0 of the frames where their times are kept. When the disk is nearly full it ends cleanly, is
    put in place, and raises :class:`DiskFullError`.
    """

    name = "recording"

    def __init__(self, target: Path, options: RecordingOptions | None = None, sound: SoundReader | None = None) -> None:
        self._target = target
        self._options = options or RecordingOptions()
        self._format = container_format(target)
        self._meter = RateMeter() if self._options.show_rate else None
        self._movie: MovieFile | None = None
        self._sound = sound
        self._sound_left_out: str | None = None
        self._copies = False
        self._cues: CueBuilder | None = None
        self._info = SourceInfo(name="")
        self._losses: str | None = None
        self._first_s: float | None = None
        self.parts: list[RecordedFile] = []

    @property
    def files(self) -> list[Path]:
        """The complete files, in order; several where segments are asked for."""
        return [part.path for part in self.parts]

    @property
    def partial(self) -> Path | None:
        """The file being written, or what a failure left of it."""
        return self._movie.file.path if self._movie is not None and self._movie.file.path.exists() else None

    @property
    def losses(self) -> str | None:
        """What was converted, left out or damaged of the source's other tracks, as sentences."""
        losses = self._losses if self._sound is None else self._sound.losses
        return " ".join(filter(None, (self._sound_left_out, losses))) or None

    def prepare(self, info: SourceInfo) -> None:
        """Try the hardware encoders, which takes seconds, at the size that the frames will have."""
        if info.width and info.height and self._options.hardware:
            try_encoders(self._options.quality, (info.width, info.height))

    def open(self, info: SourceInfo) -> None:
        """Start the first file.

        Raises:
            OutputError: it cannot be written, or the sound does not fit into it.
            SourceError: the file with the sound cannot be read.
        """
        self._info = info
        self._check_room()
        self._sound = self._started_sound(info)
        self._movie = self._new_movie()

    def _started_sound(self, info: SourceInfo) -> SoundReader | None:
        """The reader of the source's other tracks; for an address only if it is a recording."""
        sound = self._sound
        if info.has_live_sound and self._options.with_sound:
            self._sound_left_out = f"The sound of {info.name} is live, and is not recorded."
        if sound is None or (isinstance(sound.path, str) and not info.is_at_address):
            return None
        try:
            sound.start(info)
        except SourceError:
            if not info.is_at_address:
                raise
            self._sound_left_out = f"The sound of {info.name} cannot be read beside the pictures, and is not recorded."
            return None
        self._copies = True
        return sound

    def write(self, labeled: LabeledFrame) -> None:
        """Draw and encode one frame, in a new file where one is due.

        Raises:
            DiskFullError: the disk is nearly full; what was recorded is complete, under its name.
            OutputError: the disk failed; what was recorded is readable, under the name in the message.
        """
        assert self._movie is not None, "call open() first"
        time_s = labeled.frame.time_s
        segment = self._options.segment
        if segment is not None and self._movie.frames and is_time_for_next(segment, self._movie, time_s):
            self._complete(self._movie, time_s)
            self._movie = self._new_movie()
        movie = self._movie
        with reporting_write_errors(movie):
            self._write_frame(movie, labeled)
            must_end = movie.must_end
        if must_end:
            self._complete(movie, None)
            raise disk_full(movie)

    def close(self, *, completed: bool) -> None:
        """Finish the file, and put it in place where it is complete.

        Raises:
            OutputError: the last frames could not be written.
        """
        movie = self._movie
        try:
            if movie is None or movie.is_finished:
                return
            if completed and movie.frames:
                self._complete(movie, None)
            else:
                self._finish(movie, None)
                if not movie.frames:
                    movie.discard()
        finally:
            if self._sound is not None:
                self._losses = self._sound.losses
                self._sound.close()
                self._sound = None

    def _write_frame(self, movie: MovieFile, labeled: LabeledFrame) -> None:
        frame = labeled.frame
        if movie.frames == 0:
            movie.start(
                (frame.width, frame.height), colours_of(frame.pixels), self._origin_s(frame.time_s), self._sound
            )
            self._cues = CueBuilder(LONGEST_CUE_S[self._format]) if self._options.subtitles else None
        cues = self._cues.add(labeled) if self._cues is not None else []
        movie.write(self._picture(labeled), frame.time_s, cues, frame.duration_s)

    def _origin_s(self, first_s: float) -> float:
        """The time that is 0 in the file: a copy of a video keeps the video's times."""
        keeps_times = self._options.keep_times or self._copies
        return 0.0 if keeps_times and not self.parts else first_s

    def _picture(self, labeled: LabeledFrame) -> Pixels:
        figures = self._figures(labeled)
        if not self._options.burn_in:
            return labeled.frame.pixels
        return draw_overlay(labeled.frame.pixels, labeled, figures)

    def _figures(self, labeled: LabeledFrame) -> Figures | None:
        if self._meter is None:
            return None
        self._meter.tick()
        times = labeled.times
        age_s = None if times.labelled_s is None else times.labelled_s - times.captured_s
        return Figures(self._meter.rate, age_s)

    def _new_movie(self) -> MovieFile:
        target = self._target
        if self._options.segment is not None:
            target = segment_path(target, len(self.parts) + 1)
        file = PartialFile(target, overwrite=self._options.overwrite)
        metadata = metadata_of(self._info, self._options, self._sound.tags if self._sound is not None else None)
        try:
            options = self._options
            if options.pixel_aspect is None:
                options = replace(options, pixel_aspect=self._info.pixel_aspect)
            return MovieFile(file, options, self._info.rate, metadata)
        except OSError as error:
            raise OutputError(f"Cannot write {file.path}: {error.strerror}.") from error

    def _check_room(self) -> None:
        try:
            SpaceWatch(self._target.parent, self._options.reserve_bytes).check()
        except OSError as error:
            raise OutputError(f"Cannot write {self._target}: {error.strerror}.") from error

    def _complete(self, movie: MovieFile, next_s: float | None) -> None:
        self._finish(movie, next_s)
        movie.put_in_place()
        first_s = self._first_s if self._first_s is not None else movie.origin_s
        self._first_s = first_s
        self.parts.append(RecordedFile(movie.file.target, movie.origin_s - first_s))

    def _finish(self, movie: MovieFile, next_s: float | None) -> None:
        end_s = movie.end_s if next_s is None else next_s
        cues = self._cues.finish(end_s) if self._cues is not None else []
        with reporting_write_errors(movie):
            movie.finish(cues, next_s)
