"""A recording on a web server: it plays once, loses nothing, and ends where the body ends."""

import logging
import shutil
import threading
import time
from dataclasses import replace
from http.client import HTTPException, HTTPResponse, IncompleteRead
from pathlib import Path
from urllib.parse import urlsplit

import av
from av.container import InputContainer

from video_labeler import limits
from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.files.temporary import TemporaryCopy
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.containers import size_of
from video_labeler.sources.picture_reader import PictureReader
from video_labeler.sources.video_file import VideoFile
from video_labeler.sources.web_access import answer, open_address, open_body
from video_labeler.sources.web_pieces import Pieces

_log = logging.getLogger(__name__)

_TIMEOUT_S = 20.0
"""A server may take a while to find a film, and to go on after a seek."""

_PLAYLIST_TIMEOUT_S = 60.0
"""Several segments may be needed for one picture."""

_OPTIONS = {
    # Over UDP a lost packet smears the picture.
    "rtsp_transport": "tcp",
    # Where the connection breaks, and the server can go on in the middle, nothing is lost.
    "reconnect": "1",
    "reconnect_delay_max": "2",
}

_PLAYLISTS = frozenset({"hls", "dash"})
_NEEDS_ITS_END = "mov,mp4"
"""The kind whose index may be at its end, out of reach where a server sends bodies only from their beginning."""


def open_web(url: str, *, other_hosts: bool = False, raw: bool = False, pieces: Pieces | None = None) -> InputContainer:
    """Connect, for reading from beginning to end; see :func:`open_address`.

    Raises:
        SourceUnavailableError: it sends on to another computer, and ``other_hosts`` is not set.
        FFmpegError, OSError, ValueError: no answer, or not a video.
    """
    return open_address(
        url,
        (_TIMEOUT_S, _TIMEOUT_S),
        dict(_OPTIONS),
        other_hosts=other_hosts,
        playlist_timeout=(_PLAYLIST_TIMEOUT_S, _PLAYLIST_TIMEOUT_S),
        raw=raw,
        pieces=pieces,
    )


def sends_parts(url: str, *, other_hosts: bool) -> bool:
    """Whether a web server sends a recording from any of its bytes on, so that seeking in it is possible."""
    response = answer(url, _TIMEOUT_S, other_hosts=other_hosts) if _is_web(url) else None
    if response is None:
        return False
    with response:
        return not response.chunked and response.headers.get("Accept-Ranges", "").strip().lower() == "bytes"


def _is_web(url: str) -> bool:
    return urlsplit(url).scheme.lower() in ("http", "https")


class _Patience:
    """Gives up a server that sends next to nothing for long, however regularly."""

    def __init__(self) -> None:
        self._waited_s = 0.0
        self._received = 0

    def ends_with(self, waited_s: float, received: int) -> bool:
        """Whether it ends, given what was waited and received since the last call."""
        self._waited_s += waited_s
        self._received += received
        if self._waited_s < limits.PATIENCE_S:
            return False
        is_too_slow = self._received < limits.SLOWEST * self._waited_s
        self._waited_s, self._received = 0.0, 0
        return is_too_slow


class _ChunkedBody:
    """A body in chunks, which say where it ends; FFmpeg takes the end of the connection for that.

    ``broke_off``: the last chunk has not come; ``fell_silent``: nothing came any more.
    """

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self._patience = _Patience()
        self.broke_off = False
        self.fell_silent = False

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""
        if self.broke_off:
            return b""
        began_s = time.monotonic()
        try:
            read = self._response.read1(size)
        except HTTPException as error:
            self.broke_off = True
            return error.partial if isinstance(error, IncompleteRead) else b""
        except OSError as error:
            self.broke_off = True
            self.fell_silent = isinstance(error, TimeoutError)
            return b""
        if self._patience.ends_with(time.monotonic() - began_s, len(read)):
            self.broke_off = self.fell_silent = True
        return read

    def close(self) -> None:
        """Close the connection."""
        self._response.close()


class _WebPictureReader(PictureReader):
    """The pictures of a recording at an address."""

    can_be_read_twice = False

    def __init__(self, url: str, name: str, *, other_hosts: bool, pieces: Pieces) -> None:
        self._url = url
        self._pieces = pieces
        self._other_hosts = other_hosts
        self._body: _ChunkedBody | None = None
        self._broke_off = False
        self._fell_silent = False
        super().__init__(Path(name), name)

    def _open(self) -> InputContainer:
        try:
            container = open_web(self._url, other_hosts=self._other_hosts, pieces=self._pieces)
            self._body = self._chunked_body(container)
            if self._body is None:
                return container
            container.close()
            return open_body(self._body)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise SourceUnavailableError(
                f"{self._name} cannot be read as a video: it is damaged, cut short, or something else."
            ) from error

    def _chunked_body(self, container: InputContainer) -> _ChunkedBody | None:
        if not _is_web(self._url) or size_of(container) > 0 or container.format.name in _PLAYLISTS:
            return None
        response = answer(self._url, _TIMEOUT_S, other_hosts=self._other_hosts)
        if response is not None and not response.chunked:
            response.close()
        return _ChunkedBody(response) if response is not None and response.chunked else None

    def close(self) -> None:
        """Close the connection."""
        super().close()
        if self._body is not None:
            self._body.close()

    @property
    def broke_off(self) -> bool:
        """Whether the server hung up before the end that it had announced."""
        return self._broke_off or (self._body is not None and self._body.broke_off)

    @property
    def fell_silent(self) -> bool:
        """Whether it sent no more."""
        return self._fell_silent or (self._body is not None and self._body.fell_silent)

    @property
    def can_go_exactly(self) -> bool:
        """Whether :meth:`go_to` may be exact."""
        return super().can_go_exactly and sends_parts(self._url, other_hosts=self._other_hosts)

    def _ends_with(self, error: Exception) -> bool:
        # Damaged data are passed over, as in a file. After anything else the server sends no more.
        if isinstance(error, av.error.InvalidDataError):
            return False
        silent = isinstance(error, av.error.ExitError | av.error.TimeoutError)
        # A body of unknown length ends with the connection, and that counts as an error.
        announced = size_of(self._container) > 0 and self._container.format.name not in _PLAYLISTS
        self._broke_off = announced or isinstance(error, av.error.ConnectionResetError)
        self._fell_silent = silent
        return True

    @property
    def may_need_its_end(self) -> bool:
        """Whether the pictures may be out of reach for an index at the end of the file."""
        return self._container.format.name.startswith(_NEEDS_ITS_END)


class WebRecording(VideoFile):
    """A recording at an address, named ``name`` for people.

    Where the pictures cannot be read before the end of the file is known, and the server does not send parts, it is
    copied to a temporary file first; with ``copy_first`` in any case. ``pieces`` are those of a playlist that have been
    fetched.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        copy_first: bool = False,
        other_hosts: bool = False,
        pieces: Pieces | None = None,
    ) -> None:
        super().__init__(Path(name))
        self._pieces = pieces or Pieces()
        self._other_hosts = other_hosts
        self._url = url
        self._shown_name = name
        self._copy_first = copy_first
        self._hurries = threading.Event()
        self._copy: TemporaryCopy | None = None
        self._broke_off = False

    @property
    def _name(self) -> str:
        return self._shown_name

    def open(self) -> SourceInfo:
        """Connect and decode the first frame.

        Raises:
            SourceFormatError: no picture can be decoded.
            SourceUnavailableError: the server does not answer, or the disk is too full for a copy.
        """
        info = super().open()
        return replace(
            info,
            name=self._shown_name,
            is_at_address=True,
            copy=None if self._copy is None else self._copy.path,
            other_hosts=self._other_hosts,
            pieces=self._pieces,
        )

    def _start(self) -> SourceInfo:
        self._broke_off = False
        self._hurries.clear()
        if not self._copy_first:
            try:
                return super()._start()
            except SourceFormatError:
                reader = self._reader
                if not isinstance(reader, _WebPictureReader) or not reader.may_need_its_end:
                    raise
                reader.close()
                self._reset()
        self._copy = self._copied()
        return super()._start()

    def _new_reader(self) -> PictureReader:
        if self._copy is not None:
            return PictureReader(self._copy.path, self._shown_name)
        return _WebPictureReader(self._url, self._shown_name, other_hosts=self._other_hosts, pieces=self._pieces)

    def hurry(self) -> None:
        """Leave off the copying."""
        self._hurries.set()

    def _copied(self) -> TemporaryCopy:
        _log.info("%s is copied first: its index is at its end", self._shown_name)
        copy = TemporaryCopy()
        try:
            with open_web(self._url, other_hosts=self._other_hosts, raw=True) as body:
                self._check_room(copy.folder, size_of(body))
                unchecked = 0
                patience, began_s = _Patience(), time.monotonic()
                for packet in body.demux():
                    self._check_wanted()
                    copy.file.write(bytes(packet))
                    self._check_speed(patience, time.monotonic() - began_s, packet.size)
                    began_s = time.monotonic()
                    # What a server announces is not what it sends.
                    unchecked += packet.size
                    if unchecked > limits.COPY_CHECKED:
                        self._check_room(copy.folder, 0)
                        unchecked = 0
            copy.file.flush()
        except (av.error.EOFError, av.error.OSError):
            # How a body of unknown length ends. What is missing shows in the pictures.
            copy.file.flush()
        except BaseException:
            copy.close()
            raise
        return copy

    def _check_wanted(self) -> None:
        if self._hurries.is_set():
            raise SourceUnavailableError(f"The copying of {self._shown_name} was stopped.")

    def _check_speed(self, patience: _Patience, waited_s: float, received: int) -> None:
        if patience.ends_with(waited_s, received):
            raise SourceUnavailableError(
                f"{self._shown_name} must be copied before it can be read, and its server sends next to nothing. "
                "Download it first."
            )

    def _check_room(self, folder: Path, size: int) -> None:
        if shutil.disk_usage(folder).free < size + limits.COPY_RESERVE:
            raise SourceUnavailableError(
                f"{self._shown_name} must be copied before it can be read, and there is no room for it in "
                f"{folder}. Make room there, or download it to another disk."
            )

    def close(self) -> None:
        """Close the connection."""
        self._broke_off = self._has_broken_off
        super().close()
        copy, self._copy = self._copy, None
        if copy is not None:
            copy.close()

    def losses_within(self, start_s: float, end_s: float | None) -> str | None:
        """What was skipped between two times, and what is missing at the end."""
        told = super().losses_within(start_s, end_s)
        if self._has_broken_off and not self._early_end():
            return " ".join(filter(None, (f"{self._shown_name} broke off before its end.", told)))
        return told

    @property
    def _has_broken_off(self) -> bool:
        reader = self._reader
        if not isinstance(reader, _WebPictureReader):
            return self._broke_off
        # A server that says nothing after the last picture has sent everything.
        whole = self._expected_end_s is not None and not self._early_end()
        return reader.broke_off or (reader.fell_silent and not whole)
