"""The annotated video: H.264 in MP4 or MKV, at the true times of its frames."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import PictureType

from video_labeler.errors import OutputError
from video_labeler.frames import Image, LabeledFrame
from video_labeler.opencv import cv2
from video_labeler.overlay import Figures, draw_overlay
from video_labeler.recording.partial_file import PartialFile
from video_labeler.sources.base import SourceInfo
from video_labeler.stats import RateMeter

VideoPacket: TypeAlias = "av.Packet[av.VideoStream]"

SUFFIXES = (".mp4", ".mkv")

_TIME_BASE = Fraction(1, 90_000)
_KEY_FRAME_EVERY = 90_000
"""One second in ticks: what a jump in a player, or a crash, loses at the most."""

# A crash leaves a readable file: fragments are flushed as they come, and a clean end turns them into an ordinary MP4.
_MP4_OPTIONS = {"movflags": "hybrid_fragmented", "flush_packets": "1", "max_interleave_delta": "500000"}

# Without B-frames the decoding order is the presentation order, so fragmented MP4 keeps the times exactly.
_ENCODER_OPTIONS = {"preset": "superfast", "crf": "20", "bf": "0", "forced-idr": "1"}

_BT601, _LIMITED_RANGE = 6, 1
"""What OpenCV's conversion to I420 makes, in H.264's terms (SMPTE 170M matrix; MPEG range)."""


class VideoRecording:
    """A sink that writes each frame with its overlay; with ``show_rate`` also frames a second and the label's age."""

    name = "recording"

    def __init__(self, target: Path, *, show_rate: bool = False) -> None:
        self._file = PartialFile(target)
        self._rate = RateMeter() if show_rate else None
        self._container: OutputContainer | None = None
        self._track: _VideoTrack | None = None
        self._source_rate: float | None = None

    def open(self, info: SourceInfo) -> None:
        """Start the file.

        Raises:
            OutputError: it cannot be written.
        """
        options = _MP4_OPTIONS if self._file.target.suffix.lower() == ".mp4" else {}
        try:
            # FFmpeg itself opens the file no earlier than the first packet.
            self._file.path.touch()
            self._container = av.open(str(self._file.path), "w", options=options)
        except OSError as error:
            raise OutputError(f"Cannot write {self._file.path}: {error.strerror}.") from error
        self._container.metadata["title"] = info.name
        self._source_rate = info.rate

    def write(self, labeled: LabeledFrame) -> None:
        """Draw and encode one frame.

        Raises:
            OutputError: the disk is full or gone.
        """
        assert self._container is not None, "open comes first"
        if self._track is None:
            self._track = _VideoTrack(self._container, labeled.frame.width, labeled.frame.height, self._source_rate)
        drawn = draw_overlay(labeled.frame.image, labeled, self._figures(labeled))
        try:
            self._track.write(drawn, labeled.frame.time_s)
        except OSError as error:
            raise OutputError(f"Cannot go on writing {self._file.path}: {error.strerror}.") from error

    def close(self, *, completed: bool) -> None:
        """Finish the file, and put it in place where it is complete.

        Raises:
            OutputError: the last frames could not be written.
        """
        container, self._container = self._container, None
        if container is None:
            return
        try:
            if self._track is not None:
                self._track.finish()
            container.close()
        except OSError as error:
            raise OutputError(f"Cannot finish {self._file.path}: {error.strerror}.") from error
        if completed:
            self._file.put_in_place()

    def _figures(self, labeled: LabeledFrame) -> Figures | None:
        if self._rate is None:
            return None
        self._rate.tick()
        times = labeled.times
        age_s = None if times.labelled_s is None else times.labelled_s - times.captured_s
        return Figures(self._rate.rate, age_s)


class _VideoTrack:
    """One H.264 stream: pictures and their times in, packets with exact durations out."""

    def __init__(self, container: OutputContainer, width: int, height: int, rate: float | None) -> None:
        self._container = container
        # I420 halves the colour resolution, so sides are even: an odd one is repeated at its edge.
        self._size = (width + width % 2, height + height % 2)
        # Only what players show as the rate: the times of the frames are their own.
        nominal = None if rate is None else Fraction(rate).limit_denominator(1001)
        self._stream = container.add_stream("libx264", rate=nominal, options=_ENCODER_OPTIONS)
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.time_base = self._stream.codec_context.time_base = _TIME_BASE
        self._stream.codec_context.colorspace = _BT601
        self._stream.codec_context.color_range = _LIMITED_RANGE
        self._last_pts = -1
        self._last_key = -_KEY_FRAME_EVERY
        self._held: VideoPacket | None = None

    def write(self, image: Image, time_s: float) -> None:
        picture = av.VideoFrame.from_ndarray(_to_i420(image, self._size), format="yuv420p")
        pts = max(round(time_s / _TIME_BASE), self._last_pts + 1)
        picture.pts, picture.time_base = pts, _TIME_BASE
        if pts - self._last_key >= _KEY_FRAME_EVERY:
            picture.pict_type = PictureType.I
            self._last_key = pts
        self._last_pts = pts
        self._mux(self._stream.encode(picture))

    def finish(self) -> None:
        self._mux(self._stream.encode(None))
        if self._held is not None:
            self._container.mux(self._held)

    def _mux(self, packets: Iterable[VideoPacket]) -> None:
        """Write each packet once the next one tells how long it lasts; the last one lasts as long as its neighbour."""
        for packet in packets:
            held, self._held = self._held, packet
            if held is not None and held.pts is not None and packet.pts is not None:
                held.duration = packet.duration = packet.pts - held.pts
                self._container.mux(held)


def _to_i420(image: Image, size: tuple[int, int]) -> Image:
    """BGR to planar YUV 4:2:0 (BT.601, limited range), at exactly ``size`` (width, height)."""
    height, width = image.shape[:2]
    below, right = size[1] - height, size[0] - width
    if below in (0, 1) and right in (0, 1):
        fitted = cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE) if below or right else image
    else:
        fitted = _letterboxed(image, size)
    return np.asarray(cv2.cvtColor(fitted, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)


def _letterboxed(image: Image, size: tuple[int, int]) -> Image:
    """A picture of another size (the source changed it midway), whole and undistorted, in the middle of black."""
    height, width = image.shape[:2]
    factor = min(size[0] / width, size[1] / height)
    inner = (max(1, round(width * factor)), max(1, round(height * factor)))
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    canvas = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner, interpolation=cv2.INTER_AREA)
    return canvas
