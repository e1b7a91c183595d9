"""Opens media at addresses with FFmpeg, which accesses only the computer that was named."""

import errno
from collections.abc import Callable, Iterator
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit

import av
from av.container import InputContainer
from av.packet import Packet

from video_labeler import limits
from video_labeler.errors import SourceUnavailableError
from video_labeler.sources.containers import (
    MEDIA_OPTIONS,
    SupportsRead,
    formats_without,
    open_media,
)
from video_labeler.sources.local_playlist import IS_PLAYLIST
from video_labeler.sources.web_answer import asked, redirect
from video_labeler.sources.web_pieces import Opened, Piece, Pieces
from video_labeler.text.address_text import shown_address

Timeout = tuple[float, float]

_WEB = ("http", "https")
_NAMES_OTHERS = frozenset({"concat", "concatf", "dash", "hls", "imf", "image2", "sdp", "tty"})
"""Formats that refer to other media, or take any text for a picture."""
_PLAYLIST_FORMATS = ("hls", "dash")
_PROTOCOLS = {
    "http": "http,https,tls,tcp,crypto,httpproxy,data",
    "https": "http,https,tls,tcp,crypto,httpproxy,data",
    "rtmp": "rtmp,tcp",
    "rtmps": "rtmps,tls,tcp",
    "rtsp": "rtsp,rtp,srtp,tcp,udp,http,httpproxy,crypto",
    "rtsps": "rtsps,rtsp,rtp,srtp,tcp,udp,tls,crypto",
    "srt": "srt",
    "tcp": "tcp",
    "udp": "udp",
}
"""The protocols allowed for each scheme; never local files."""

_CODED = "crypto+"
_PIECE_BYTES = "32768"


class ElsewhereError(SourceUnavailableError):
    """A response refers to another computer."""

    def __init__(self, url: str, target: str) -> None:
        host = urlsplit(target).hostname
        what = f"another computer, {host}" if host else "something that is not on the web"
        self.target = target
        super().__init__(
            f"{shown_address(url)} redirects to {what}, which is not contacted. If you trust both, "
            "set other_hosts = true under [camera] in the settings file."
        )


def open_address(
    url: str,
    timeout: Timeout,
    options: dict[str, str],
    *,
    other_hosts: bool = False,
    playlist_timeout: Timeout | None = None,
    pieces: Pieces | None = None,
    raw: bool = False,
) -> InputContainer:
    """Connect. ``raw``: without decoding; ``pieces`` are shared by readers of the same playlist.

    ``playlist_timeout`` is for playlists, several of which may each block.

    Raises:
        ElsewhereError: a response refers to another computer, and ``other_hosts`` is not set.
        FFmpegError, OSError, ValueError: no answer, or not a video.
    """
    scheme = urlsplit(url).scheme.lower()
    asked = MEDIA_OPTIONS | options | {"protocol_whitelist": _PROTOCOLS.get(scheme, scheme)}
    plain = asked | {"format_whitelist": formats_without(_NAMES_OTHERS)}
    if scheme not in _WEB:
        return open_media(url, asked if raw else plain, timeout=timeout)
    if raw:
        return _open_at_its_place(url, timeout, asked, other_hosts=other_hosts, form="data")
    pieces = pieces or Pieces()
    if pieces.place is None:
        final = url
        try:
            try:
                return _open_here(url, timeout, plain)
            except av.error.OSError as error:
                final = _sent_on(url, timeout, error, other_hosts=other_hosts)
                return _open_here(final, timeout, plain)
        except av.error.ArgumentError:
            # A format that is not on the list: perhaps a playlist.
            pieces.place = final
    listed = asked | {"format_whitelist": formats_without(_NAMES_OTHERS.difference(_PLAYLIST_FORMATS))}
    access = _Access(url, playlist_timeout or timeout, pieces, other_hosts=other_hosts)
    return _open_playlist(pieces.place, playlist_timeout or timeout, listed, access)


def open_body(body: SupportsRead) -> InputContainer:
    """Read media from a received response body.

    Raises:
        FFmpegError, OSError, ValueError: it is not a video.
    """
    options = MEDIA_OPTIONS | {"protocol_whitelist": "data", "format_whitelist": formats_without(_NAMES_OTHERS)}
    return open_media(body, options)


def _open_playlist(url: str, timeout: Timeout, options: dict[str, str], access: "_Access") -> InputContainer:
    # Persistent connections cannot be checked.
    options = options | {"http_persistent": "0", "http_multiple": "0"}
    container: InputContainer | None = None
    try:
        container = open_media(url, options, timeout=timeout, io_open=access.open)
    except (av.FFmpegError, OSError, ValueError):
        if access.refused is None:
            raise
    if access.refused is None and container is not None:
        access.is_open = True
        return container
    if container is not None:
        container.close()
    raise ElsewhereError(url, access.refused or "")


class _Access:
    """Opens the entries of a playlist for FFmpeg: only on the same computer, and within limits."""

    def __init__(self, url: str, timeout: Timeout, pieces: Pieces, *, other_hosts: bool) -> None:
        self._url = url
        self._timeout = timeout
        self._pieces = pieces
        self._other_hosts = other_hosts
        self._playlists: list[str] = []
        self.is_open = False
        """Whether the list has been opened; from then on it may be asked for again and again."""
        self.refused: str | None = None
        """The last address that was not asked."""

    def open(self, url: str, _: int, options: dict[str, str]) -> "_Body":
        """What is at an address, to be read from its beginning to its end.

        Raises:
            OSError: it is not asked, or does not answer.
        """
        coded = url.startswith(_CODED)
        target = url.removeprefix(_CODED)
        if not target.startswith("data:") and not may_ask(self._url, target, other_hosts=self._other_hosts):
            self.refused = target
            raise PermissionError(f"{shown_address(target)} is on another computer")
        self._check_playlists()
        scheme = urlsplit(target).scheme.lower()
        wanted = {"key", "iv", "offset", "end_offset", "headers", "cookies", "user_agent", "referer"}
        asked = {name: value for name, value in options.items() if name in wanted}
        asked |= {"protocol_whitelist": _PROTOCOLS.get(scheme, "data"), "raw_packet_size": _PIECE_BYTES}
        is_plain = not coded and scheme in _WEB

        def opened(wanted: str) -> Opened:
            return lambda: self._connected(wanted, asked, is_plain=is_plain)

        piece = self._pieces.get(url, opened, whole=is_plain and not asked.keys() & {"offset", "end_offset"})
        try:
            piece.wait_for_answer()
        except ElsewhereError as error:
            self.refused = error.target
            raise PermissionError(str(error)) from error
        return _Body(piece, opened(url), lambda: self._note_playlist(target), lambda: self._look_ahead(target, piece))

    def _connected(self, url: str, options: dict[str, str], *, is_plain: bool) -> InputContainer:
        """What is at an address, or may not be asked."""
        if not is_plain:
            return open_media(url, options | {"max_redirects": "0"}, form="data", timeout=self._timeout)
        if not may_ask(self._url, url, other_hosts=self._other_hosts):
            raise ElsewhereError(self._url, url)
        return _open_at_its_place(url, self._timeout, options, other_hosts=self._other_hosts, form="data")

    def _look_ahead(self, url: str, piece: Piece) -> None:
        self._pieces.note_playlist(url, piece)

    def _note_playlist(self, url: str) -> None:
        # Before that a list that names itself would be opened for ever.
        if not self.is_open or url not in self._playlists:
            self._playlists.append(url)
        self._check_playlists()

    def _check_playlists(self) -> None:
        if len(self._playlists) > limits.PLAYLISTS:
            raise OSError("too many playlists")


class _Body:
    """The bytes of an answer, as a file that can only be read on; a playlist ends where it is longer than any."""

    def __init__(
        self, piece: Piece, opened: Opened, note_playlist: Callable[[], None], look_ahead: Callable[[], None]
    ) -> None:
        self._piece: Piece | None = piece
        self._opened = opened
        self._note_playlist = note_playlist
        self._look_ahead = look_ahead
        self._stream: _Stream | None = None
        self._given = 0
        self._is_playlist: bool | None = None

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        given = self._next(size)
        if self._is_playlist is None:
            self._is_playlist = IS_PLAYLIST.match(given) is not None
            if self._is_playlist:
                self._note_playlist()
        if self._is_playlist and not given:
            self._look_ahead()
        self._given += len(given)
        if self._is_playlist and self._given > limits.PLAYLIST:
            raise OSError("a playlist without end")
        return given

    def _next(self, size: int) -> bytes:
        if self._stream is not None:
            return self._stream.read(size)
        if self._piece is None:
            return b""
        given = self._piece.read(self._given, size)
        if given or not self._piece.is_too_long:
            return given
        # It is too long to be kept, so it is fetched once more, by this reader alone.
        self._stream = _Stream(self._opened())
        left = self._given
        while left and (passed := self._stream.read(left)):
            left -= len(passed)
        return self._stream.read(size)

    def close(self) -> None:
        """Close the connection."""
        self._piece = None
        if self._stream is not None:
            self._stream.close()


class _Stream:
    """The bytes of a connection, one after the other."""

    def __init__(self, container: InputContainer) -> None:
        self._container = container
        self._packets: Iterator[Packet[Any]] = container.demux()
        self._rest = b""

    def read(self, size: int) -> bytes:
        if not self._rest:
            try:
                self._rest = bytes(next(self._packets, b""))
            except av.error.EOFError:
                return b""
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def close(self) -> None:
        self._packets = iter(())
        self._container.close()


def may_ask(url: str, target: str, *, other_hosts: bool) -> bool:
    """Whether an answer from ``url`` may send on to ``target``: the same computer, and no less secret."""
    try:
        first, then = urlsplit(url), urlsplit(target)
        hosts = [_host(first.hostname), _host(then.hostname)]
    except ValueError:
        return False
    if then.scheme.lower() not in _WEB or not then.hostname:
        return False
    if other_hosts:
        return True
    return hosts[0] == hosts[1] and (first.scheme.lower() == "http" or then.scheme.lower() == "https")


def _host(name: str | None) -> str:
    return (name or "").rstrip(".").removeprefix("www.")


def _open_at_its_place(
    url: str, timeout: Timeout, options: dict[str, str], *, other_hosts: bool, form: str
) -> InputContainer:
    """Connect to where an address leads in the end."""
    try:
        return _open_here(url, timeout, options, form)
    except av.error.OSError as error:
        return _open_here(_sent_on(url, timeout, error, other_hosts=other_hosts), timeout, options, form)


def _open_here(url: str, timeout: Timeout, options: dict[str, str], form: str | None = None) -> InputContainer:
    return open_media(url, options | {"max_redirects": "0"}, form=form, timeout=timeout)


def _sent_on(url: str, timeout: Timeout, error: OSError, *, other_hosts: bool) -> str:
    """Where an address leads that could not be opened; where it leads nowhere else, the error stands."""
    # A redirect that is not followed is told as a failure of no kind.
    final = _final_address(url, timeout, other_hosts=other_hosts) if error.errno == errno.EIO else url
    if final == url:
        raise error
    return final


def _final_address(url: str, timeout: Timeout, *, other_hosts: bool) -> str:
    """Where an address leads in the end, over a bounded number of redirects.

    Raises:
        ElsewhereError: it leads to another computer.
    """
    final = url
    for _ in range(limits.REDIRECTS):
        location = redirect(final, timeout[0])
        if location is None:
            return final
        target = urljoin(final, location)
        if not may_ask(url, target, other_hosts=other_hosts):
            raise ElsewhereError(url, target)
        final = target
    raise SourceUnavailableError(f"{shown_address(url)} redirects endlessly. Check the address.")


def answer(url: str, timeout_s: float, *, other_hosts: bool) -> HTTPResponse | None:
    """What a web server answers, for its frame: FFmpeg tells of a body of unknown length only that it is over."""
    try:
        try:
            return asked(url, timeout_s)
        except HTTPError as error:
            error.close()
            if not 300 <= error.code < 400:
                return None
            return asked(_final_address(url, (timeout_s, timeout_s), other_hosts=other_hosts), timeout_s)
    except (SourceUnavailableError, HTTPException, OSError, ValueError):
        return None
