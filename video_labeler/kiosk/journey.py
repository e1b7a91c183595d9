"""A visitor's journey: which scene is shown, which object is named, and what is celebrated."""

from dataclasses import dataclass

from video_labeler.frames import LabeledFrame, LabeledObject, Prediction
from video_labeler.kiosk.dwell import DwellRing
from video_labeler.kiosk.gallery import PICTURE_SIDE, Gallery
from video_labeler.kiosk.hero import HeroChoice
from video_labeler.kiosk.newcomers import Newcomers, Noticed
from video_labeler.kiosk.scene import FRESH_S, Celebration, Dwell, Hero, Scene
from video_labeler.settings import Settings

_LOST_S = 2.0
"""After this long without a fresh frame the camera counts as lost, and the attract video plays."""

_FIRST_FRAME_S = 5.0
"""The same for the very first frame."""

_GAP_S = 5.0
"""A longer pause between two calls does not count: the computer was suspended."""


@dataclass(frozen=True, slots=True)
class CameraGlance:
    """What the camera's session shows now: its newest labelled frame, and whether the source is lost."""

    labeled: LabeledFrame | None
    source_lost: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What to show now. ``celebrated`` is set only in the step in which a celebration begins."""

    scene: Scene
    hero: Hero | None = None
    dwell: Dwell | None = None
    celebration: Celebration | None = None
    celebrated: Prediction | None = None


class Journey:
    """Advances step by step. All times are passed in: seconds on the monotonic clock, like those of the frames."""

    def __init__(self, settings: Settings, gallery: Gallery) -> None:
        self._kiosk = settings.kiosk
        self._gallery = gallery
        self._newcomers = Newcomers(settings.kiosk)
        self._hero = HeroChoice()
        self._ring = DwellRing(settings.kiosk.dwell_s)
        self._celebration: Celebration | None = None
        self._called_s: float | None = None
        # In the stand's own time, which stops while the computer is suspended.
        self._time_s = 0.0
        self._celebrated_s = 0.0
        self._active_s = 0.0
        self._fresh_s = 0.0
        self._timeout_s = _FIRST_FRAME_S
        self._is_lost = False
        self._is_visited = True

    def advance(self, now_s: float, camera: CameraGlance) -> Step:
        """The next step, at ``now_s``; call it many times per second."""
        self._pass_time(now_s)
        labeled = camera.labeled
        if labeled is None or camera.source_lost or abs(now_s - labeled.frame.captured_s) > FRESH_S:
            return self._without_frame(source_lost=camera.source_lost)
        return self._with_frame(now_s, labeled)

    def _pass_time(self, now_s: float) -> None:
        passed_s = 0.0 if self._called_s is None else now_s - self._called_s
        self._called_s = now_s
        if 0 <= passed_s <= _GAP_S:
            self._time_s += passed_s
            return
        self._end_visit()
        self._active_s = self._fresh_s = self._time_s

    def _without_frame(self, *, source_lost: bool) -> Step:
        if source_lost or self._time_s - self._fresh_s > self._timeout_s:
            self._is_lost = True
            self._end_visit()
        if self._is_lost or not self._is_visited:
            return Step(Scene.ATTRACT)
        self._hero.update(self._time_s, None, frozenset())
        self._ring.update(self._time_s, None, None)
        self._end_celebration()
        return Step(Scene.WAIT, celebration=self._celebration)

    def _with_frame(self, now_s: float, labeled: LabeledFrame) -> Step:
        noticed = self._newcomers.update(self._time_s, labeled)
        if noticed.is_new or self._is_lost:
            self._active_s, self._is_visited = self._time_s, True
        self._fresh_s = self._time_s - max(0.0, now_s - labeled.frame.captured_s)
        self._timeout_s, self._is_lost = _LOST_S, False
        if not self._is_visited:
            return Step(Scene.ATTRACT)
        step = self._live(now_s, labeled, noticed)
        if step.dwell is not None or step.celebration is not None:
            self._active_s = self._time_s
        if self._time_s - self._active_s < self._kiosk.idle_s:
            return step
        self._is_visited = False
        self._newcomers.end_visit(self._time_s)
        self._end_visit()
        return Step(Scene.ATTRACT)

    def _live(self, now_s: float, labeled: LabeledFrame, noticed: Noticed) -> Step:
        self._end_celebration()
        item = self._hero.update(self._time_s, labeled, noticed.furniture)
        is_full = self._ring.update(self._time_s, item, labeled, fills=self._celebration is None)
        celebrated = self._celebrate(now_s, labeled, item) if is_full and item is not None else None
        return Step(Scene.LIVE, self._hero.hero, self._ring.dwell, self._celebration, celebrated)

    def _celebrate(self, now_s: float, labeled: LabeledFrame, item: LabeledObject) -> Prediction:
        frame, prediction = labeled.frame, item.predictions[0]
        picture = frame.crop(frame.square_around(item.box), (PICTURE_SIDE, PICTURE_SIDE))
        is_new = self._gallery.add(prediction.label.name, picture)
        self._celebration = Celebration(prediction, now_s, is_new, self._gallery.count, picture)
        self._celebrated_s = self._time_s
        return prediction

    def _end_celebration(self) -> None:
        if self._time_s - self._celebrated_s >= self._kiosk.celebrate_s:
            self._celebration = None

    def _end_visit(self) -> None:
        self._celebration = None
        self._hero.clear()
        self._ring.clear()
