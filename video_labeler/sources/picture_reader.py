"""Decodes the pictures of a video file one after the other, however damaged it is."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.sources.decoding import expected_duration_s, main_video_stream, upright_pixel_aspect

_READ_ERRORS_IN_A_ROW = 8
"""So many failures in a row to get the next packet, and the rest of the file is given up."""

_NOT_VIDEO_FORMATS = frozenset({"tty"})
"""FFmpeg draws any text file as the screen of an old terminal."""


class PictureReader:
    """The pictures of a file, as they were coded; what cannot be decoded is skipped and counted in ``damaged``.

    ``rate`` is the average in frames a second, ``duration_s`` the length by the container's own word; both ``None``
    where it does not tell. Messages call it ``name``.

    Raises:
        SourceFormatError: the file is no video.
        SourceUnavailableError: it may not be read.
    """

    def __init__(self, path: Path, name: str | None = None) -> None:
        self._path = path
        self._name = name or str(path)
        self.damaged = 0
        self._broke_off = False
        self._container = self._open()
        try:
            self._stream = self._chosen_stream()
        except BaseException:
            self._container.close()
            raise
        average = self._stream.average_rate
        self.rate = float(average) if average else None
        self.frame_count = self._stream.frames or None
        self.duration_s = expected_duration_s(self._container, self._stream)
        self._rotation = 0
        self._pictures = self._decoded()

    def _open(self) -> InputContainer:
        return _opened(self._path, self._name)

    def _ends_with(self, error: Exception) -> bool:
        """Whether after that failure to get the next packet there is nothing more to be had."""
        return False

    def _chosen_stream(self) -> VideoStream:
        stream = main_video_stream(self._container, self._name)
        stream.thread_type = "AUTO"
        return stream

    def next(self) -> VideoFrame | None:
        """The next picture, or ``None`` at the end."""
        picture = next(self._pictures, None)
        if picture is not None:
            self._rotation = picture.rotation
        return picture

    @property
    def pixel_aspect(self) -> Fraction | None:
        """The width of a pixel divided by its height, as the last picture is shown; ``None`` where it is not told."""
        return upright_pixel_aspect(self._stream, self._rotation)

    def go_to(self, stamp_s: float) -> bool:
        """Go on at the last key frame before a time (seconds, of the file's own clock); false where it cannot."""
        base = self._stream.time_base
        if not base:
            return False
        try:
            self._container.seek(round(stamp_s / base), stream=self._stream)
        except (av.FFmpegError, OSError, OverflowError):
            return False
        self._broke_off = False
        self._pictures = self._decoded()
        return True

    def rewind(self) -> None:
        """Go on at the first picture, by opening the file anew.

        Raises:
            SourceError: it has gone or changed.
        """
        self.close()
        self._container = self._open()
        self._stream = self._chosen_stream()
        self._broke_off = False
        self._pictures = self._decoded()

    def close(self) -> None:
        """Let the file go."""
        self._pictures = iter(())
        self._container.close()

    def _decoded(self) -> Iterator[VideoFrame]:
        for packet in self._packets():
            try:
                yield from packet.decode()
            except EOFError:
                return
            except (av.FFmpegError, OSError):
                self.damaged += 1
        if self._broke_off:
            try:
                for picture in self._stream.decode(None):
                    # What is still in the decoder comes out without it, and would have no time.
                    picture.time_base = self._stream.time_base
                    yield picture
            except (av.FFmpegError, OSError):
                self.damaged += 1

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        failures = 0
        while failures < _READ_ERRORS_IN_A_ROW:
            try:
                for packet in self._container.demux(self._stream):
                    failures = 0
                    yield packet
            except (av.FFmpegError, OSError) as error:
                if self._ends_with(error):
                    break
                failures += 1
                self.damaged += 1
            else:
                return
        self._broke_off = True


def _opened(path: Path, name: str) -> InputContainer:
    try:
        # Playlists in a file must not reach out to the network.
        container = av.open(str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except av.error.PermissionError as error:
        raise SourceUnavailableError(f"You have no permission to read {name}.") from error
    except (av.FFmpegError, ValueError) as error:
        raise SourceFormatError(
            f"{name} cannot be read as a video: it is damaged, cut short, or something else."
        ) from error
    if container.format.name in _NOT_VIDEO_FORMATS:
        container.close()
        raise SourceFormatError(f"{name} is a text file, not a video file.")
    return container
