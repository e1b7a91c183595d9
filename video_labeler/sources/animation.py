"""Animations (GIF, and animated PNG, WebP and AVIF), played as short videos."""

import bisect
from pathlib import Path

from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from video_labeler import limits
from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.frames import Frame
from video_labeler.pixels import Image
from video_labeler.sources.base import Delivery, SeekableSource, SourceInfo, SourceState, SourceStatus, StatefulSource
from video_labeler.sources.picture_pixels import bgr_on_white, turn_upright
from video_labeler.sources.pictures import check_size, decoding, open_picture, picture_count
from video_labeler.sources.regular_file import check_regular_file

_SHORTEST_MS = 10.0
_USUAL_MS = 100.0
"""The duration that browsers use for a picture whose own is no longer than the shortest, or missing."""

_MOST_PIXELS_AHEAD = 100_000_000
"""Beyond this, decoding all pictures takes seconds (16 ns per pixel), so times are found while playing."""

_MOST_AHEAD = 5_000
"""The same for tiny pictures, each of which takes 60 µs."""

_ROUNDING_S = 1e-6


class Animation(StatefulSource, SeekableSource):
    """A picture file with several pictures: each is one frame, at its own time, on white where it is transparent.

    They are composed as the file says (a picture may keep parts of the previous one); it is played once.
    """

    delivery = Delivery.EVERY_FRAME
    can_pass_over = True

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = Path(path)
        self._picture: Pillow.Image | None = None
        self._starts_s: list[float] = []
        self._durations_s: list[float] = []
        self._count = 0
        self._first = 0
        self._next = 0
        self._index = 0
        self._broke_off = False

    def open(self) -> SourceInfo:
        """Open the file, and decode it once for the pictures' times, if that does not take long.

        Raises:
            SourceNotFoundError: there is no such file.
            SourceFormatError: it is not a picture, or none of its pictures can be decoded.
            SourceUnavailableError: it may not be read.
        """
        self.close()
        check_regular_file(self.path, "a picture")
        try:
            picture = self._picture = open_picture(self.path)
        except UnidentifiedImageError as error:
            raise self._damaged() from error
        except OSError as error:
            raise SourceUnavailableError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        check_size(self.path, *picture.size, limits.ANIMATION_PIXELS)
        # The first picture of an animated PNG may be only for programs that cannot play it.
        self._first = int(bool(getattr(picture, "default_image", False)))
        self._count = self._counted(picture) - self._first
        self._starts_s, self._durations_s, self._broke_off = [0.0], [], False
        width, height = picture.size
        is_short = self._count <= _MOST_AHEAD and width * height * self._count <= _MOST_PIXELS_AHEAD
        self._measure(self._count if is_short else 1)
        first = self._decoded(0) if self._durations_s else None
        if first is None:
            self.close()
            raise self._damaged()
        self._next = self._index = 0
        self._status = SourceStatus(SourceState.RUNNING)
        height, width = first.shape[:2]
        if not is_short:
            return SourceInfo(self.path.name, width, height, frame_count=self._count)
        count, duration_s = len(self._durations_s), self._starts_s[-1]
        return SourceInfo(self.path.name, width, height, count / duration_s, count, duration_s)

    def _counted(self, picture: Pillow.Image) -> int:
        try:
            with decoding():
                count = picture_count(picture, self.path)
        except Exception as error:
            self.close()
            raise self._damaged() from error
        if count > limits.ANIMATION_PICTURES:
            self.close()
            raise SourceFormatError(
                f"{self.path} has more than the {limits.ANIMATION_PICTURES:,} pictures that can be played here. "
                "Make a video of it first."
            )
        return count

    def _damaged(self) -> SourceFormatError:
        return SourceFormatError(f"{self.path} is damaged or cut short. Copy or download it again.")

    def _measure(self, count: int) -> bool:
        """Find the durations of the pictures up to the ``count``-th; false if there are fewer."""
        while len(self._durations_s) < min(count, self._count) and not self._broke_off:
            try:
                picture = self._gone_to(len(self._durations_s))
            except Exception:  # noqa: BLE001 - decoders of untrusted files raise anything
                self._broke_off = True
                break
            asked_ms = float(picture.info.get("duration") or 0.0)
            self._durations_s.append((asked_ms if asked_ms > _SHORTEST_MS else _USUAL_MS) / 1000.0)
            self._starts_s.append(self._starts_s[-1] + self._durations_s[-1])
        return len(self._durations_s) >= count

    def _gone_to(self, place: int) -> Pillow.Image:
        """The file with one of its pictures loaded; reopened to go back, since Pillow fails to do so in PNGs."""
        picture = self._picture
        assert picture is not None
        if self._first + place < picture.tell():
            picture.close()
            picture = self._picture = open_picture(self.path)
        with decoding():
            picture.seek(self._first + place)
            # A GIF grows if one of its pictures reaches beyond its frame.
            check_size(self.path, *picture.size, limits.ANIMATION_PIXELS)
            picture.load()
        return picture

    def _decoded(self, place: int) -> Image | None:
        try:
            picture = self._gone_to(place)
            with decoding():
                # A copy is rotated: the next picture is composed on this one.
                whole = picture.copy()
                turn_upright(whole)
                return bgr_on_white(whole)
        except Exception:  # noqa: BLE001 - decoders of untrusted files raise anything
            return None

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next picture; ``None`` at the end (a file never has to be waited for)."""
        picture = self._picture
        if self._status.state is not SourceState.RUNNING or picture is None:
            return None
        place = self._next
        self._measure(place + 1)
        image = self._decoded(place) if place < len(self._durations_s) else None
        if image is None:
            self._broke_off = self._broke_off or place < len(self._durations_s)
            self._status = SourceStatus(SourceState.ENDED)
            return None
        frame = Frame(self._index, self._starts_s[place], image, duration_s=self._durations_s[place])
        self._next += 1
        self._index += 1
        return frame

    def seek(self, time_s: float) -> None:
        """Continue with the picture that is shown at ``time_s`` seconds."""
        if self._picture is not None:
            self._next = self._place_at(time_s)
            self._status = SourceStatus(SourceState.RUNNING)

    def pass_over(self, time_s: float) -> None:
        """Go on with the picture that is shown at ``time_s``, or the one that is next anyway."""
        if self._picture is not None and self._status.state is SourceState.RUNNING:
            self._next = max(self._next, self._place_at(time_s))

    def _place_at(self, time_s: float) -> int:
        while self._starts_s[-1] <= time_s + _ROUNDING_S and self._measure(len(self._durations_s) + 1):
            pass
        place = bisect.bisect_right(self._starts_s, time_s + _ROUNDING_S) - 1
        return min(max(0, place), len(self._durations_s) - 1)

    def close(self) -> None:
        """Close the file."""
        picture, self._picture = self._picture, None
        if picture is not None:
            picture.close()
        self._mark_closed()

    @property
    def losses(self) -> str | None:
        """How many pictures are missing at the end, as a sentence."""
        if not self._broke_off:
            return None
        return f"The file ends early: {len(self._durations_s)} of {self._count} pictures could be read."
