"""The PIN that ends the kiosk, with a limit on tries."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from video_labeler import stored_pin
from video_labeler.files.durability import write_atomically
from video_labeler.files.opening import private_folder
from video_labeler.files.reading import read_json

_log = logging.getLogger(__name__)

TRIES_NAME = "pin-tries.json"
_LARGEST = 1000

_TRIES = 5
_LOCKED_S = 30.0
"""After this many wrong tries there is a pause, so that trying ten thousand PINs takes most of a day."""


class ExitPin:
    """Compares input with the PIN, which is in digits or a hash.

    ``notes`` is a file that keeps the wrong tries, so that restarting the kiosk does not reset them. Its times
    are those of the wall clock, and never lock for longer than the pause, even if that was changed in the meantime.
    """

    def __init__(
        self,
        pin: str,
        clock: Callable[[], float] = time.monotonic,
        notes: Path | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._pin = pin
        self._clock = clock
        self._notes = notes
        self._wall_clock = wall_clock
        self._wrong = 0
        self._free_s = float("-inf")
        if pin and notes is not None:
            self._read(notes)

    @property
    def locked_s(self) -> float:
        """Seconds until it may be tried again; 0: now."""
        return max(0.0, self._free_s - self._clock())

    def fits(self, typed: str) -> bool:
        """Whether the input is the PIN; always false while locked. Neither that nor an empty input counts as a try."""
        if self.locked_s or not typed:
            return False
        # Recorded first, so that crashing the kiosk does not undo a try.
        self._wrong += 1
        if self._wrong >= _TRIES:
            self._free_s = self._clock() + _LOCKED_S
        self._write()
        if stored_pin.fits(typed, self._pin):
            self._wrong, self._free_s = 0, float("-inf")
            self._write()
            return True
        self._wrong %= _TRIES
        return False

    def _read(self, notes: Path) -> None:
        try:
            content = read_json(notes, _LARGEST)
            self._wrong = _amount(content["wrong"], _TRIES) % _TRIES
            left_s = _amount(content["locked_until"] - self._wall_clock(), _LOCKED_S)
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.warning("The tries of the PIN in %s cannot be read, and start at zero: %s", notes, error)
            return
        if left_s > 0:
            self._free_s = self._clock() + left_s

    def _write(self) -> None:
        if self._notes is None:
            return
        content = {"wrong": self._wrong % _TRIES, "locked_until": self._wall_clock() + self.locked_s}
        try:
            private_folder(self._notes.parent)
            write_atomically(self._notes, json.dumps(content) + "\n", wait=False, private=True)
        except OSError as error:
            _log.warning("The tries of the PIN cannot be saved in %s: %s", self._notes, error.strerror)


def _amount(value: Any, most: Any) -> Any:
    """A number between 0 and ``most``.

    Raises:
        ValueError: it is not a number.
    """
    if type(value) not in (int, float) or value != value:  # noqa: PLR0124 - NaN differs from itself
        raise ValueError("it is not a number")
    return min(max(value, 0), most)
