"""Keeps the last seconds of what was shown, already encoded, so that they can be saved afterwards."""

import threading
from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
from av.video.codeccontext import VideoCodecContext

from video_labeler.errors import OutputError
from video_labeler.frames import LabeledFrame
from video_labeler.movie.coded_track import CodedPicture, nominal_rate
from video_labeler.movie.cues import cue_text
from video_labeler.movie.encoders import Encoder, choose_encoder, software_encoder, try_encoders
from video_labeler.movie.picture_coder import PictureEncoder, VideoPacket
from video_labeler.movie.recording_options import Quality, RecordingOptions
from video_labeler.overlay.drawing import draw_overlay
from video_labeler.pixels import Colours, colours_of
from video_labeler.recording.replay_file import Replay, ReplayPicture, write_replay
from video_labeler.sources.base import SourceInfo

MOST_BYTES = 128 * 10**6
"""The most that a buffer of any length holds: 30 s at 34 Mbit/s."""

_PICTURE_BYTES = 300
"""Python's overhead for each picture."""

_TICK = Fraction(1, 90_000)

Size = tuple[int, int]


@dataclass(slots=True)
class _Group:
    """A group of pictures: a key frame and the pictures that depend on it."""

    pictures: list[ReplayPicture] = field(default_factory=list)
    size_bytes: int = 0

    @property
    def start_s(self) -> float:
        return self.pictures[0].coded.time_s


class ReplayBuffer:
    """A sink that encodes each frame with its overlay, as a recorder does, and holds the packets of the last
    ``seconds``.

    Speed comes before size: it uses the encoder's fastest preset, which holds back one picture. Frames
    of another size are letterboxed as in a recording, until all of the last ``seconds`` have that size: then it
    restarts with it, as it does where time goes back. :meth:`save` and the properties are for any thread; what is held
    can also be saved after :meth:`close`.
    """

    name = "replay"

    def __init__(self, seconds: float, most_bytes: int = MOST_BYTES) -> None:
        self.seconds = seconds
        self._most_bytes = most_bytes
        self._info = SourceInfo(name="")
        self._coder: PictureEncoder | None = None
        self._size: Size = (0, 0)
        self._other_size: Size = (0, 0)
        self._other_since_s = 0.0
        self._last_s = 0.0
        self._texts: dict[int, str] = {}
        self._lock = threading.Lock()
        self._groups: deque[_Group] = deque()
        self._size_bytes = 0

    @property
    def size_bytes(self) -> int:
        """The memory used, in bytes."""
        return self._size_bytes

    @property
    def held_s(self) -> float:
        """How much can be saved now, in seconds."""
        with self._lock:
            if not self._groups:
                return 0.0
            return self._groups[-1].pictures[-1].coded.time_s - self._groups[0].start_s

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to save."""
        return not self._groups

    def prepare(self, info: SourceInfo) -> None:
        """Try the hardware encoders, which takes seconds, at the size that the frames will have."""
        if info.width and info.height:
            try_encoders(Quality.FAST, (info.width, info.height))

    def open(self, info: SourceInfo) -> None:
        """Prepare for frames of that source, and drop what was held before."""
        self._info = info
        self._restart()

    def write(self, labeled: LabeledFrame) -> None:
        """Draw and encode one frame, and drop what is too old.

        Raises:
            OutputError: no encoder works.
        """
        frame = labeled.frame
        size = (frame.width, frame.height)
        if frame.time_s < self._last_s or self._is_settled(size, frame.time_s):
            self._restart()
        self._last_s = frame.time_s
        try:
            coder = self._coder or self._new_coder(size, colours_of(frame.pixels))
            packets = coder.code(draw_overlay(frame.pixels, labeled), frame.time_s)
        except (av.FFmpegError, OSError) as error:
            raise OutputError(f"The picture cannot be kept for a replay: {error.strerror}.") from error
        self._texts[coder.last_pts] = cue_text(labeled)
        self._keep(packets)

    def close(self, *, completed: bool) -> None:
        """Release the encoder; what is held stays."""
        coder, self._coder = self._coder, None
        if coder is not None:
            self._keep(coder.finish())

    def save(self, target: Path, options: RecordingOptions | None = None) -> None:
        """Write what is held to a new file, as a recording is written, while the buffer continues.

        Raises:
            DiskFullError: the disk is nearly full; what was written is complete, under its name.
            OutputError: nothing is held yet, or the file cannot be written.
        """
        with self._lock:
            pictures = [picture for group in self._groups for picture in group.pictures]
            size = self._size
        if not pictures:
            raise OutputError("There is nothing to save yet. Wait for the first picture.")
        write_replay(target, Replay(pictures, size, self._info), options or RecordingOptions(subtitles=True))

    def _is_settled(self, size: Size, time_s: float) -> bool:
        """Whether all frames of the last ``seconds`` have the same size, which is not that of the encoder."""
        if self._coder is None or size == self._size:
            self._other_size = self._size
        elif size != self._other_size:
            self._other_size, self._other_since_s = size, time_s
        else:
            return time_s - self._other_since_s >= self.seconds
        return False

    def _restart(self) -> None:
        self._coder = None
        self._last_s = 0.0
        self._texts = {}
        with self._lock:
            self._groups = deque()
            self._size_bytes = 0

    def _new_coder(self, size: Size, colours: Colours) -> PictureEncoder:
        rate = self._info.rate
        encoder = choose_encoder(Quality.FAST, rate, size)
        try:
            coder = self._opened(encoder, size, colours)
        except (av.FFmpegError, OSError):
            if encoder.is_software:
                raise
            coder = self._opened(software_encoder(Quality.FAST, rate), size, colours)
        with self._lock:
            self._coder, self._size = coder, size
        return coder

    def _opened(self, encoder: Encoder, size: Size, colours: Colours) -> PictureEncoder:
        context = av.CodecContext.create(encoder.name, "w")
        assert isinstance(context, VideoCodecContext)
        context.options = dict(encoder.options)
        context.framerate = nominal_rate(self._info.rate) or Fraction(24)
        return PictureEncoder(context, size, _TICK, colours)

    def _keep(self, packets: list[VideoPacket]) -> None:
        with self._lock:
            for packet in packets:
                pts = packet.pts or 0
                coded = CodedPicture(bytes(packet), float(pts * _TICK), packet.is_keyframe)
                if coded.is_key:
                    self._groups.append(_Group())
                elif not self._groups:
                    continue
                self._add(ReplayPicture(coded, self._texts.pop(pts, "")))
            self._forget()

    def _add(self, picture: ReplayPicture) -> None:
        size = len(picture.coded.data) + _PICTURE_BYTES
        group = self._groups[-1]
        group.pictures.append(picture)
        group.size_bytes += size
        self._size_bytes += size

    def _forget(self) -> None:
        """Drop whole groups: those that are too old, and the oldest where memory runs out."""
        while len(self._groups) > 1 and (
            self._groups[0].start_s < self._last_s - self.seconds or self._size_bytes > self._most_bytes
        ):
            self._size_bytes -= self._groups.popleft().size_bytes
        if self._size_bytes > self._most_bytes:
            # A single group is too large: only the next key frame helps.
            self._groups.clear()
            self._size_bytes = 0
