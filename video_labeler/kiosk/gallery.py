"""The kinds of objects that were celebrated today, for the strip at the edge of the screen."""

from collections import OrderedDict
from collections.abc import Mapping

from video_labeler.kiosk.scene import Kind
from video_labeler.pixels import Image

PICTURE_SIDE = 160
"""Width and height of the pictures in pixels."""

_PICTURES = 12
"""How many kinds keep their picture: more than fit in the strip."""


class Gallery:
    """Kinds by name, with counts, and pictures (RGB, ``PICTURE_SIDE`` square) of the last few, in memory only.

    ``seen``: how often each kind was celebrated earlier today, the oldest first, as known after a restart.
    """

    def __init__(self, seen: Mapping[str, int] | None = None) -> None:
        self._kinds = OrderedDict((name, Kind(name, count)) for name, count in (seen or {}).items())
        self._newest_first = tuple(reversed(self._kinds.values()))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Every kind of today, the last celebrated first."""
        return self._newest_first

    @property
    def count(self) -> int:
        """How many kinds there are."""
        return len(self._kinds)

    def add(self, name: str, picture: Image | None) -> bool:
        """Add an object of a kind; returns whether it is the first of its kind today."""
        before = self._kinds.pop(name, None)
        if picture is None and before is not None:
            picture = before.picture
        self._kinds[name] = Kind(name, (before.count if before else 0) + 1, picture)
        kinds = tuple(reversed(self._kinds.values()))
        for kind in kinds[_PICTURES:]:
            if kind.picture is not None:
                self._kinds[kind.name] = Kind(kind.name, kind.count)
        self._newest_first = tuple(reversed(self._kinds.values()))
        return before is None

    def new_day(self) -> None:
        """Start empty."""
        self._kinds.clear()
        self._newest_first = ()
