"""One file of a recording: its container, which stays readable after a crash, and the tracks in it."""

import logging
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer

from video_labeler.errors import OutputError
from video_labeler.files.durability import sync_folder
from video_labeler.files.durable_file import DurableFile
from video_labeler.files.free_space import SpaceWatch
from video_labeler.files.partial_file import PartialFile
from video_labeler.movie.attached_files import attach
from video_labeler.movie.coded_track import CodedPicture, CodedTrack
from video_labeler.movie.cues import Cue
from video_labeler.movie.encoders import Encoder, choose_encoder, software_encoder
from video_labeler.movie.frame_clock import FrameClock
from video_labeler.movie.mp4_subtitles_off import switch_subtitles_off
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.movie.sound import SoundReader
from video_labeler.movie.sound_tracks import SoundTracks
from video_labeler.movie.subtitle_track import SubtitleTrack
from video_labeler.movie.video_track import VideoTrack
from video_labeler.pixels import Colours, Pixels

_log = logging.getLogger(__name__)

FORMATS = {".mp4": "mp4", ".mkv": "matroska"}
"""The kinds of files, by suffix, as FFmpeg names them."""

_TICKS = {"mp4": Fraction(1, 90_000), "matroska": Fraction(1, 1000)}

# Muxed packets go to the disk at once: nothing waits for a sparse track, and times are never shifted. The
# fragments of MP4 keep the file readable after a crash, and a clean end turns it into an ordinary one. Without
# delay_moov the first fragment is lost in a crash; each fragment costs an empty sample in a subtitle track.
_COMMON = {"flush_packets": "1", "max_interleave_delta": "1", "avoid_negative_ts": "disabled"}
_FRAGMENT_US = {False: "100000", True: "400000"}
_MP4 = {"movflags": "hybrid_fragmented+delay_moov"}
_MATROSKA = {"cluster_time_limit": "100"}

_ROOM_BYTES = 16 * 10**6
_ROOM_SHARE = 2
"""The space reserved for the file's end (what the encoder holds, and the index), at most half of the reserve."""

_INDEX_BYTES_PER_FRAME = 48
"""The most that an index at the end of the file needs, including sound."""


def container_format(target: Path) -> str:
    """FFmpeg's name for the kind of file that ``target`` is by its suffix."""
    return FORMATS[target.suffix.lower()]


class MovieFile:
    """A recording's file while it is written.

    ``origin_s`` is the time (``Frame.time_s``) that is 0 in the file.

    Raises:
        OSError: the file cannot be created.
    """

    def __init__(
        self, file: PartialFile, options: RecordingOptions, rate: float | None, metadata: Mapping[str, str]
    ) -> None:
        self.file = file
        self.frames = 0
        self.origin_s = 0.0
        self.is_finished = False
        self._options = options
        self._rate = rate
        self._metadata = metadata
        self._format = container_format(file.target)
        self._space = SpaceWatch(file.target.parent, options.reserve_bytes)
        self._clock = FrameClock(rate)
        room = min(_ROOM_BYTES, self._space.wanted_bytes() // _ROOM_SHARE)
        self._raw = DurableFile(file.create(), str(file.path), durable=options.durable, room_bytes=room)
        if options.durable:
            sync_folder(file.path.parent)
        self._container: OutputContainer | None = None
        self._video: VideoTrack | CodedTrack | None = None
        self._sound: SoundTracks | None = None
        self._subtitles: SubtitleTrack | None = None

    @property
    def seconds(self) -> float:
        """Its length so far, in seconds."""
        return max(0.0, self._clock.end_s - self.origin_s) if self.frames else 0.0

    @property
    def end_s(self) -> float:
        """When its last frame ends, on the clock of the frames."""
        return self._clock.end_s

    @property
    def size_bytes(self) -> int:
        """Its approximate size if it were finished after one more frame."""
        coded = self._video.expected_bytes if self._video is not None else 0
        sound = self._sound.size_bytes if self._sound is not None else 0
        return max(self._raw.size, coded + sound) + self.frames * _INDEX_BYTES_PER_FRAME

    @property
    def must_end(self) -> bool:
        """Whether it must be finished now, because the disk is nearly full."""
        return self._raw.is_short_of_room or self._space.is_short(self._raw.size, self.seconds)

    @property
    def free_bytes(self) -> int:
        """Free space on its disk, in bytes."""
        return self._space.free_bytes

    def start(self, size: tuple[int, int], colours: Colours, origin_s: float, sound: SoundReader | None) -> None:
        """Create the tracks, for frames of that size (width, height) with those colours.

        Raises:
            av.FFmpegError: no encoder opens.
        """
        self.origin_s = origin_s
        encoder = choose_encoder(self._options.quality, self._rate, size, hardware=self._options.hardware)
        try:
            self._open_tracks(encoder, size, colours, sound)
        except (OSError, av.FFmpegError) as error:
            if encoder.is_software:
                raise
            _log.warning("The encoder %s does not start (%s); x264 is used.", encoder.name, error.strerror)
            self._open_tracks(software_encoder(self._options.quality, self._rate), size, colours, sound)

    def start_copy(self, size: tuple[int, int], origin_s: float) -> None:
        """Create the tracks for encoded pictures of that size (width, height), which are added by :meth:`copy`.

        Raises:
            av.FFmpegError: the container cannot be made.
        """
        self.origin_s = origin_s
        container = self._new_container()
        self._video = CodedTrack(container, size, _TICKS[self._format], self._rate)
        self._subtitles = self._label_track(container)
        self._container = container

    def _label_track(self, container: OutputContainer) -> SubtitleTrack | None:
        """The subtitle track of labels; players start with it off."""
        if not self._options.subtitles:
            return None
        track = SubtitleTrack(container, self._format)
        track.name_it("Labels", "eng")
        return track

    def _open_tracks(
        self, encoder: Encoder, size: tuple[int, int], colours: Colours, sound: SoundReader | None
    ) -> None:
        container = self._new_container(sound)
        tick, aspect = _TICKS[self._format], self._options.pixel_aspect
        self._video = VideoTrack(container, encoder, size, tick, colours, self._rate, aspect)
        if sound is not None and sound.tracks:
            self._sound = SoundTracks(container, self._format, sound, self.origin_s)
        self._subtitles = self._label_track(container)
        if sound is not None:
            attach(container, sound.attached)
        self._container = container

    def _new_container(self, sound: SoundReader | None = None) -> OutputContainer:
        details = _MATROSKA
        if self._format == "mp4":
            has_text = self._options.subtitles or (sound is not None and sound.has_text)
            details = {**_MP4, "frag_duration": _FRAGMENT_US[has_text]}
        container = av.open(self._raw, "w", format=self._format, options={**_COMMON, **details})
        container.metadata.update(self._metadata)
        return container

    def write(self, pixels: Pixels, time_s: float, cues: Iterable[Cue], own_s: float | None = None) -> None:
        """Add a picture, the sound up to it, and the cues that ended.

        ``own_s``: the picture's own duration, which applies to the last one.

        Raises:
            OSError: the disk is full or gone.
        """
        assert isinstance(self._video, VideoTrack), "call start() first"
        if self._sound is not None:
            self._sound.advance(time_s)
        self._video.write(pixels, time_s - self.origin_s)
        self._end_picture(time_s, cues, own_s)

    def copy(self, picture: CodedPicture, cues: Iterable[Cue]) -> None:
        """Add an encoded picture, and the cues that ended.

        Raises:
            OSError: the disk is full or gone.
        """
        assert isinstance(self._video, CodedTrack), "call start_copy() first"
        self._video.write(picture, picture.time_s - self.origin_s)
        self._end_picture(picture.time_s, cues)

    def _end_picture(self, time_s: float, cues: Iterable[Cue], own_s: float | None = None) -> None:
        if self._subtitles is not None:
            self._subtitles.write(cues, self.origin_s)
            self._subtitles.keep_up(time_s - self.origin_s)
        self._clock.tick(time_s, own_s)
        self.frames += 1

    def finish(self, cues: Iterable[Cue], end_s: float | None = None) -> None:
        """Write the rest, and make it an ordinary file, still under its partial name.

        ``end_s`` is when the next file takes over; ``None`` is the end of the recording.

        Raises:
            OSError: the disk is full or gone.
        """
        try:
            if self._container is not None and self._video is not None:
                self._write_end(self._container, self._video, cues, end_s)
        finally:
            self._container = None
            self.is_finished = True
            self._raw.close()

    def _write_end(
        self, container: OutputContainer, video: VideoTrack | CodedTrack, cues: Iterable[Cue], end_s: float | None
    ) -> None:
        if self._sound is not None and end_s is not None:
            self._sound.hand_over(end_s)
        elif self._sound is not None:
            self._sound.finish(self.origin_s + video.end_s, self._clock.end_s)
        video.finish((self._clock.end_s if end_s is None else end_s) - self.origin_s)
        if self._subtitles is not None:
            self._subtitles.write(cues, self.origin_s)
        if self._sound is not None:
            container.set_chapters(self._sound.chapters(self._clock.end_s if end_s is None else end_s))
        container.close()
        # FFmpeg enables the first subtitle track where the source enables none.
        if self._format == "mp4" and not (self._sound is not None and self._sound.shows_text):
            switch_subtitles_off(self._raw)

    def abandon(self) -> None:
        """Leave the file as it is after a failure: unfinished, and readable.

        Raises:
            OSError: not even the buffers could be written.
        """
        self._container = None
        self.is_finished = True
        self._raw.close()

    def put_in_place(self) -> None:
        """Give the finished file its name.

        Raises:
            OutputError: as :meth:`PartialFile.put_in_place`, or the name could not be synced.
        """
        self.file.put_in_place()
        if not self._options.durable:
            return
        target = self.file.target
        try:
            sync_folder(target.parent)
        except OSError as error:
            raise OutputError(
                f"{target} is written, but its disk reported a fault ({error.strerror}), so the file may be lost. "
                "Check it, and copy it to another disk."
            ) from error

    def discard(self) -> None:
        """Remove a file that holds no picture."""
        self.file.path.unlink(missing_ok=True)
