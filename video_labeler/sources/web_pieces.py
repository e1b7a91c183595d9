"""What a playlist names, fetched ahead of whoever reads it, and kept for a second reader of the same."""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from itertools import islice
from urllib.parse import urljoin

import av
from av.container import InputContainer

from video_labeler import limits

_AHEAD = 2
"""Pieces that are fetched before they are asked for: a server that answers late is asked for several at once."""

_WAIT_S = 1.0
"""How often somebody who waits looks whether the thread that fetches is still there."""

_ENDED = b"#EXT-X-ENDLIST"
_IN_PARTS = b"#EXT-X-BYTERANGE"

Opened = Callable[[], InputContainer]


class Piece:
    """One answer, fetched by a thread of its own; several may read it, each from its beginning.

    What is longer than any piece is not kept: ``is_too_long``.
    """

    def __init__(self, opened: Opened) -> None:
        self.is_too_long = False
        self.error: Exception | None = None
        # The lock is entered directly, as in FrameQueue: Ctrl-C must not leave it locked.
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._body = bytearray()
        self._answers = self._is_whole = False
        # The thread must not keep alive what nobody wants any more.
        fetching = (weakref.ref(self), opened)
        threading.Thread(target=_fetch, args=fetching, name="piece of a playlist", daemon=True).start()

    def wait_for_answer(self) -> None:
        """Wait until it begins to come.

        Raises:
            FFmpegError, OSError, ValueError, SourceUnavailableError: it does not.
        """
        with self._lock:
            while not self._answers and not self._is_whole:
                self._changed.wait(_WAIT_S)
            if self.error is not None and not self._body:
                raise self.error

    def read(self, at: int, size: int) -> bytes:
        """Bytes from a place on, as soon as there are any; none at the end.

        Raises:
            FFmpegError, OSError: it broke off there.
        """
        with self._lock:
            while len(self._body) <= at and not self._is_whole:
                self._changed.wait(_WAIT_S)
            if len(self._body) <= at and self.error is not None:
                raise self.error
            return bytes(self._body[at : at + size])

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return len(self._body)

    def note_answer(self) -> None:
        """It is about to come."""
        with self._lock:
            self._answers = True
            self._changed.notify_all()

    def add(self, body: bytes) -> bool:
        """Take what has come; false where that is more than is kept."""
        with self._lock:
            self._body += body
            self.is_too_long = len(self._body) > limits.PIECE
            self._changed.notify_all()
            return not self.is_too_long

    def end(self, error: Exception | None) -> None:
        """That was all."""
        with self._lock:
            self.error, self._is_whole = error, True
            self._changed.notify_all()


def _fetch(reference: "weakref.ref[Piece]", opened: Opened) -> None:
    """Fetch for a piece, as long as anybody wants it."""
    failure: Exception | None = None
    try:
        with opened() as container:
            _note_answer(reference)
            for packet in container.demux():
                if not _add(reference, bytes(packet)):
                    break
    except av.error.EOFError:
        pass
    except Exception as error:  # noqa: BLE001 - raised where somebody reads
        failure = error
    if (piece := reference()) is not None:
        piece.end(failure)


def _note_answer(reference: "weakref.ref[Piece]") -> None:
    if (piece := reference()) is not None:
        piece.note_answer()


def _add(reference: "weakref.ref[Piece]", body: bytes) -> bool:
    piece = reference()
    return piece is not None and piece.add(body)


class Pieces:
    """The pieces of one playlist; those of a finished one are kept for the next reader, as far as memory allows.

    ``place`` is where the playlist was found in the end, once that is known.
    """

    def __init__(self) -> None:
        self.place: str | None = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Piece] = OrderedDict()
        self._next: dict[str, list[str]] = {}
        self._is_finished = False

    def get(self, url: str, opened: Callable[[str], Opened], *, whole: bool) -> Piece:
        """The piece at an address; those behind it in its playlist are on their way then.

        ``whole``: it is not a part of what is there, and needs no key.
        """
        if not whole:
            return Piece(opened(url))
        with self._lock:
            piece = self._taken(url) or Piece(opened(url))
            if self._is_finished:
                self._keep(url, piece)
            for following in self._next.get(url, ()):
                if following not in self._kept:
                    self._keep(following, Piece(opened(following)))
        return piece

    def note_playlist(self, url: str, piece: Piece) -> None:
        """Learn from a playlist which pieces follow each other."""
        text = piece.read(0, limits.PLAYLIST)
        lines = (line.strip() for line in text.splitlines())
        named = (line.decode(errors="replace") for line in lines if line and not line.startswith(b"#"))
        urls = [urljoin(url, name) for name in islice(named, limits.LISTED_PIECES)]
        is_list = b"#EXTINF" in text and _IN_PARTS not in text and b"#EXT-X-KEY" not in text
        with self._lock:
            self._next = {}
            if is_list:
                self._next = {this: urls[at + 1 : at + 1 + _AHEAD] for at, this in enumerate(urls)}
            self._is_finished = self._is_finished or _ENDED in text
            if _ENDED in text or b"#EXTINF" not in text:
                self._keep(url, piece)

    def _taken(self, url: str) -> Piece | None:
        piece = self._kept.pop(url, None)
        return None if piece is None or piece.error is not None or piece.is_too_long else piece

    def _keep(self, url: str, piece: Piece) -> None:
        self._kept[url] = piece
        while len(self._kept) > 1 + _AHEAD and sum(kept.size for kept in self._kept.values()) > limits.PIECES:
            self._kept.popitem(last=False)
