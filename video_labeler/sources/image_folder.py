"""Folders of pictures, played as frames one after the other."""

import glob
from pathlib import Path

from video_labeler.errors import SourceError, SourceFormatError, SourceNotFoundError, SourceUnavailableError
from video_labeler.frames import Frame, PictureFile
from video_labeler.pixels import Image
from video_labeler.sources.base import Delivery, SeekableSource, SourceInfo, SourceState, SourceStatus, StatefulSource
from video_labeler.sources.file_content import PICTURE_SUFFIXES
from video_labeler.sources.folder_search import natural_order
from video_labeler.sources.pictures import read_picture

_NAMED = 3
"""The most unreadable pictures to name, and the most notes about others; the rest are counted."""

_ROUNDING = 1e-6
"""In pictures: makes a time computed from a picture's number lead to that picture."""


class ImageFolder(StatefulSource, SeekableSource):
    """The pictures of a folder, of a pattern such as ``photos/*.jpg``, or a single one, in natural order.

    Each is one frame of its own size; ``rate`` is the number of pictures per second. Unreadable ones are skipped and
    reported by :attr:`losses`.
    """

    delivery = Delivery.EVERY_FRAME
    can_pass_over = True

    def __init__(self, path: str | Path, rate: float = 1.0) -> None:
        super().__init__()
        self.path = Path(path)
        self._rate = rate
        self._paths: list[Path] = []
        self._next = 0
        self._index = 0
        self._place = 0
        self._pending: Image | None = None
        self._unreadable: list[Path] = []
        self._notes: dict[Path, str] = {}
        self._first_error: SourceError | None = None

    def open(self) -> SourceInfo:
        """List the pictures and read the first.

        Raises:
            SourceNotFoundError: there is no picture.
            SourceFormatError: none of the pictures can be read.
            SourceUnavailableError: the folder may not be read.
        """
        self.close()
        self._paths = self._found()
        self._next = self._index = self._place = 0
        self._unreadable = []
        self._notes = {}
        self._first_error = None
        self._pending = self._next_image()
        if self._pending is None:
            raise self._nothing_readable()
        self._status = SourceStatus(SourceState.RUNNING)
        height, width = self._pending.shape[:2]
        count = len(self._paths)
        return SourceInfo(self.path.name or str(self.path), width, height, self._rate, count, count / self._rate)

    def _found(self) -> list[Path]:
        try:
            paths = self._candidates()
        except PermissionError as error:
            raise SourceUnavailableError(f"You have no permission to open the folder {self.path}.") from error
        except OSError as error:
            raise SourceUnavailableError(f"{self.path} cannot be read: {error.strerror}.") from error
        if not paths:
            raise SourceNotFoundError(
                f"There are no pictures under {self.path}. Give a folder with JPEG or PNG files, or a pattern "
                "such as photos/*.jpg."
            )
        return sorted(paths, key=natural_order)

    def _candidates(self) -> list[Path]:
        if self.path.is_dir():
            entries = list(self.path.iterdir())
        elif glob.has_magic(str(self.path)) and not self.path.exists():
            # Path.glob does not accept absolute patterns.
            entries = [Path(name) for name in glob.iglob(str(self.path), recursive=True)]  # noqa: PTH207
        else:
            return [self.path]
        # Names that begin with a dot are hidden, such as those that macOS adds beside each file (._a.jpg).
        return [
            entry for entry in entries if entry.suffix.lower() in PICTURE_SUFFIXES and not entry.name.startswith(".")
        ]

    def _nothing_readable(self) -> SourceError:
        if len(self._paths) == 1 and self._first_error is not None:
            return self._first_error
        return SourceFormatError(
            f"None of the {len(self._paths)} pictures under {self.path} can be read. The first: {self._first_error}"
        )

    def _next_image(self) -> Image | None:
        while self._next < len(self._paths):
            path = self._paths[self._next]
            self._next += 1
            try:
                picture = read_picture(path)
            except SourceError as error:
                self._first_error = self._first_error or error
                if path not in self._unreadable:
                    self._unreadable.append(path)
            else:
                if picture.note:
                    self._notes[path] = picture.note
                return picture.image
        return None

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next picture; ``None`` at the end (a folder never has to be waited for)."""
        if self._status.state is not SourceState.RUNNING:
            return None
        image = self._next_image() if self._pending is None else self._pending
        self._pending = None
        if image is None:
            self._status = SourceStatus(SourceState.ENDED)
            return None
        file = PictureFile(self._paths[self._next - 1].name, self._next, len(self._paths))
        frame = Frame(self._index, self._place / self._rate, image, duration_s=1.0 / self._rate, file=file)
        self._index += 1
        self._place += 1
        return frame

    def seek(self, time_s: float) -> None:
        """Go on with the picture that is shown at ``time_s`` seconds; pictures that cannot be read count."""
        if not self._paths or self._status.state is SourceState.CLOSED:
            return
        self._go_to(self._place_at(time_s))
        self._status = SourceStatus(SourceState.RUNNING)

    def pass_over(self, time_s: float) -> None:
        """Go on with the picture that is shown at ``time_s``, or the one that is next anyway."""
        place = self._place_at(time_s)
        if self._status.state is SourceState.RUNNING and place > self._place:
            self._go_to(place)

    def _place_at(self, time_s: float) -> int:
        return min(max(0, int(time_s * self._rate + _ROUNDING)), len(self._paths) - 1)

    def _go_to(self, place: int) -> None:
        self._place = self._next = place
        self._pending = None

    def close(self) -> None:
        """Forget the pictures."""
        self._pending = None
        self._mark_closed()

    @property
    def losses(self) -> str | None:
        """Which pictures could not be read, and which parts of others are missing, as sentences."""
        sentences = list(self._notes.values())[:_NAMED]
        if len(self._notes) > _NAMED:
            sentences.append(f"The same is true of {len(self._notes) - _NAMED} more pictures.")
        if self._unreadable:
            names = ", ".join(path.name for path in self._unreadable[:_NAMED])
            more = " and more" if len(self._unreadable) > _NAMED else ""
            sentences.append(
                f"{len(self._unreadable)} of {len(self._paths)} pictures could not be read: {names}{more}."
            )
        return " ".join(sentences) or None
