"""When the networks are asked again (docs/adr/0013-ask-only-what-is-new.md)."""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from video_labeler.frames import Box, Frame
from video_labeler.labeling.glance import Glance, Patch
from video_labeler.settings import Effort

_FIRST_LOOKS = 3
"""How often a new track is named before the pace slows down: its scores differ most while it enters the picture."""

_STILL_S = 1.0
"""A picture that only seems to stand still is looked at again after this long."""

_CROP_CHANGE = 20.0
"""From this mean difference (of 255) on, a box holds something else, or the other side of it."""

_CROP_STILL = 4.0
"""Up to this largest difference (of 255) a box holds the same."""

_CUT_S = 0.12
"""Frames that lie further apart may differ as much without a cut."""

_SAME_TIME_S = 1e-3
"""Times of frames are rounded by their containers."""


@dataclass(frozen=True, slots=True)
class _Rates:
    """``look_every``: frames; ``look_within_s`` and ``name_every_s``: seconds of source time."""

    look_every: int
    look_within_s: float
    name_every_s: float


_RATES = {
    Effort.BALANCED: _Rates(look_every=2, look_within_s=0.075, name_every_s=0.2),
    Effort.LIGHT: _Rates(look_every=3, look_within_s=0.11, name_every_s=0.4),
}


class Answer(Enum):
    """What is done about a question to a network."""

    ASK = "ask"
    REPEAT = "repeat"
    """What it said last holds: it would see the same."""
    CARRY_ON = "carry on"
    """It is not its turn: what is known already is carried on."""


@dataclass(frozen=True, slots=True)
class LastNaming:
    """When an object was last named, by the labeler or by repeating it, and what its box held when that was asked."""

    count: int
    asked_s: float
    named_s: float
    patch: Patch | None


class Pace:
    """Decides for each frame in order whether the localizer is asked, and for each object whether the labeler is.

    It goes by what the pictures show and by their own times alone, so that the same video is always labelled the same
    way. With full effort everything is asked in every frame.
    """

    def __init__(self, effort: Effort) -> None:
        self._rates = _RATES.get(effort)
        self._asks_all = False
        self.restart()

    def restart(self) -> None:
        """Forget earlier frames."""
        self._glance: Glance | None = None
        self._asked: Glance | None = None
        self._asked_s = 0.0
        self._passed = 0
        self._time_s = float("-inf")
        self.is_new_scene = False
        """Whether the frame of the last :meth:`look` shows another scene than the one before."""

    def ask_all(self) -> None:
        """Ask everything about the next frame."""
        self._time_s = float("inf")

    def look(self, frame: Frame, *, has_new_tracks: bool) -> Answer:
        """Whether the localizer is asked where the objects of the next frame are."""
        if self._rates is None:
            return Answer.ASK
        before, self._glance = self._glance, Glance.of(frame)
        passed_s = frame.time_s - self._time_s
        self.is_new_scene = before is not None and passed_s < _CUT_S and self._glance.shows_other_scene(before)
        # A frame that is shown again may be labelled with other settings; a picture is independent of the one before.
        self._asks_all = self.is_new_scene or frame.time_s <= self._time_s or frame.file is not None
        self._time_s = frame.time_s
        answer = self._about_place(self._glance, frame.time_s, has_new_tracks=has_new_tracks)
        self._passed = self._passed + 1 if answer is Answer.CARRY_ON else 0
        if answer is Answer.ASK:
            self._asked, self._asked_s = self._glance, frame.time_s
        return answer

    def _about_place(self, glance: Glance, time_s: float, *, has_new_tracks: bool) -> Answer:
        assert self._rates is not None
        if self._asks_all or self._asked is None:
            return Answer.ASK
        since_s = time_s - self._asked_s
        if glance.is_still(self._asked) and (since_s < _STILL_S or glance.equals(self._asked)):
            return Answer.REPEAT
        is_due = self._passed + 1 >= self._rates.look_every or since_s >= self._rates.look_within_s
        return Answer.ASK if is_due or has_new_tracks else Answer.CARRY_ON

    def name(self, last: LastNaming | None, box: Box, time_s: float, *, is_settled: bool) -> Answer:
        """Whether the labeler is asked what the object in ``box`` (pixels) of the frame looked at is.

        ``last`` is ``None`` where it never was; ``is_settled`` tells that its heading is not about to change.
        """
        if self._rates is None or self._glance is None or self._asks_all or last is None or last.patch is None:
            return Answer.ASK
        change = np.abs(self._glance.patch(box) - last.patch)
        if last.count < _FIRST_LOOKS or change.mean() >= _CROP_CHANGE:
            return Answer.ASK
        if is_settled and time_s - last.named_s < self._rates.name_every_s - _SAME_TIME_S:
            return Answer.CARRY_ON
        is_still = change.max() <= _CROP_STILL and time_s - last.asked_s < _STILL_S
        return Answer.REPEAT if is_still or not change.any() else Answer.ASK

    def named(self, last: LastNaming | None, box: Box, time_s: float, answer: Answer) -> LastNaming:
        """What to remember once an object has been named as :meth:`name` said."""
        if last is not None and answer is Answer.REPEAT:
            return LastNaming(last.count, last.asked_s, time_s, last.patch)
        patch = None if self._glance is None else self._glance.patch(box)
        return LastNaming(1 if last is None else last.count + 1, time_s, time_s, patch)
