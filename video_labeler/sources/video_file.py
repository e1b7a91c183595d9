"""Video files, read with PyAV: every frame, at its presentation time, the right way up."""

from collections.abc import Iterator
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.frames import Frame, Image
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceState, SourceStatus
from video_labeler.sources.decoding import PictureConverter, expected_duration_s, main_video_stream
from video_labeler.sources.regular_file import check_regular_file

_READ_ERRORS_IN_A_ROW = 8
"""So many failures in a row to get the next packet, and the rest of the file is given up."""

_NOT_VIDEO_FORMATS = frozenset({"tty"})
"""FFmpeg draws any text file as the screen of an old terminal."""

_MISSING_S = 1.0
_MISSING_SHARE = 0.02
"""Less than both of these missing at the end is rounding in the container, not a loss."""


class VideoFile(Source):
    """A video file of any format that FFmpeg reads.

    Damaged packets are skipped and counted; a file cut short is read as far as it goes. Frames are BGR
    ``uint8``, turned as the file says; a change of size midway gives frames of the new size.
    """

    delivery = Delivery.EVERY_FRAME

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._status = SourceStatus(SourceState.CLOSED)
        self._container: InputContainer | None = None
        self._pictures: Iterator[VideoFrame] = iter(())
        self._convert = PictureConverter()
        self._pending: Frame | None = None
        self._reset()

    def _reset(self) -> None:
        self._index = 0
        self._first_s: float | None = None
        self._last_s = 0.0
        self._frame_s = 0.0
        self._expected_s: float | None = None
        self._damaged = 0
        self._broke_off = False

    def open(self) -> SourceInfo:
        """Open the file and decode its first frame.

        Raises:
            SourceNotFoundError: there is no such file.
            SourceFormatError: it is no video, or holds no picture that can be decoded.
            SourceUnavailableError: it may not be read.
        """
        self.close()
        self._reset()
        check_regular_file(self.path, "a video")
        try:
            info = self._start()
        except BaseException:
            self.close()
            raise
        self._status = SourceStatus(SourceState.RUNNING)
        return info

    def _start(self) -> SourceInfo:
        self._container = self._open_container()
        stream = main_video_stream(self._container, str(self.path))
        stream.thread_type = "AUTO"
        rate = float(stream.average_rate) if stream.average_rate else None
        self._frame_s = 1.0 / rate if rate else 0.0
        self._expected_s = expected_duration_s(self._container, stream)
        self._pictures = self._decode(self._container, stream)
        self._pending = self._next_frame()
        if self._pending is None:
            reason = "is too damaged to show a single picture" if self._damaged else "holds no pictures"
            raise SourceFormatError(f"{self.path} {reason}. Check that it was recorded or copied to the end.")
        return SourceInfo(
            name=self.path.name,
            width=self._pending.width,
            height=self._pending.height,
            rate=rate,
            frame_count=stream.frames or None,
            duration_s=self._expected_s,
        )

    def _open_container(self) -> InputContainer:
        try:
            # Playlists in a file must not reach out to the network.
            container = av.open(
                str(self.path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="replace"
            )
        except av.error.PermissionError as error:
            raise SourceUnavailableError(f"You have no permission to read {self.path}.") from error
        except (av.FFmpegError, ValueError) as error:
            raise SourceFormatError(
                f"{self.path} cannot be read as a video: it is damaged, cut short, or something else."
            ) from error
        if container.format.name in _NOT_VIDEO_FORMATS:
            container.close()
            raise SourceFormatError(f"{self.path} is a text file, not a video file.")
        return container

    def _packets(self, container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
        failures = 0
        while failures < _READ_ERRORS_IN_A_ROW:
            try:
                for packet in container.demux(stream):
                    failures = 0
                    yield packet
            except (av.FFmpegError, OSError):
                failures += 1
                self._damaged += 1
            else:
                return
        self._broke_off = True

    def _decode(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        for packet in self._packets(container, stream):
            try:
                yield from packet.decode()
            except EOFError:
                return
            except (av.FFmpegError, OSError):
                self._damaged += 1
        if self._broke_off:
            try:
                yield from stream.decode(None)
            except (av.FFmpegError, OSError):
                self._damaged += 1

    def _next_frame(self) -> Frame | None:
        picture = next(self._pictures, None)
        while picture is not None:
            image = self._convert_or_count(picture)
            if image is not None:
                frame = Frame(self._index, self._time_of(picture), image)
                self._index += 1
                return frame
            picture = next(self._pictures, None)
        return None

    def _convert_or_count(self, picture: VideoFrame) -> Image | None:
        try:
            return self._convert(picture)
        except (av.FFmpegError, ValueError):
            self._damaged += 1
            return None

    def _time_of(self, picture: VideoFrame) -> float:
        stamp = picture.time
        if self._first_s is None:
            self._first_s = stamp or 0.0
            return 0.0
        time_s = self._last_s + self._frame_s if stamp is None else stamp - self._first_s
        self._last_s = max(time_s, self._last_s)
        return self._last_s

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame; ``None`` at the end (a file never makes anyone wait)."""
        if self._status.state is not SourceState.RUNNING:
            return None
        frame = self._pending or self._next_frame()
        self._pending = None
        if frame is None:
            self._status = SourceStatus(SourceState.ENDED)
        return frame

    def close(self) -> None:
        """Let the file go."""
        self._pictures = iter(())
        self._pending = None
        container, self._container = self._container, None
        if container is not None:
            container.close()
        if self._status.state is not SourceState.ENDED:
            self._status = SourceStatus(SourceState.CLOSED)

    @property
    def status(self) -> SourceStatus:
        """Closed, running or ended."""
        return self._status

    @property
    def losses(self) -> str | None:
        """What was skipped, and at the end how much of the file is missing."""
        sentences = []
        if self.ended:
            sentences += self._early_end()
        if self._damaged:
            were = "packet was" if self._damaged == 1 else "packets were"
            sentences.append(f"{self._damaged} damaged {were} skipped.")
        return " ".join(sentences) or None

    def _early_end(self) -> list[str]:
        reached_s = self._last_s + self._frame_s
        expected_s = self._expected_s or 0.0
        if expected_s - reached_s < max(_MISSING_S, _MISSING_SHARE * expected_s):
            return []
        return [f"The file ends early: {reached_s:.1f} of {expected_s:.1f} s could be read."]
