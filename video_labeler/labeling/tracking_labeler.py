"""Labels the frames of one video in order: follows objects, and runs the models where there may be something new."""

from collections.abc import Sequence
from dataclasses import dataclass

from video_labeler.frames import Box, Frame, LabeledFrame, LabeledObject, StageTimes
from video_labeler.labeling.label_mask import label_mask
from video_labeler.labeling.object_labeler import ALL_LABELS, Models
from video_labeler.labeling.pace import Answer, LastNaming, Pace
from video_labeler.labeling.regions import center_box
from video_labeler.labeling.smoothing import SmoothedLabels
from video_labeler.labeling.tracking import Track, Tracker
from video_labeler.labeling.views import VIDEO_VIEWS
from video_labeler.models.base import Scores
from video_labeler.settings import LabelingSettings, LabelListSettings, RegionMode

_EMPTY_S = 0.5
"""How long nothing must be found before the centre is labelled instead: one missed detection is not an empty scene."""


@dataclass(slots=True)
class _Named:
    """What is known of an object's names: the labels, the scores (labels,) that the labeler gave last, and when."""

    labels: SmoothedLabels
    scores: Scores | None = None
    last: LastNaming | None = None


class TrackingLabeler:
    """Labels the frames of one video in order: follows each object, and keeps its labels steady.

    The centre of the picture, labelled where nothing is found or localizing is off, has the track id 0. ``lists``
    decide which labels are shown; objects that they hide are left out. ``settings`` and ``lists`` may be set at any
    time, from any thread, and take effect at the next frame. The models stay open for the next video: their owner
    closes them.
    """

    def __init__(
        self,
        models: Models,
        settings: LabelingSettings,
        lists: LabelListSettings = ALL_LABELS,
    ) -> None:
        self._models = models
        self.settings = self._settings = settings
        self.lists = self._lists = lists
        self._mask = label_mask(lists, models.hierarchy)
        self._pace = Pace(settings.effort)
        self._boxes: list[Box] = []
        self._last_s = 0.0
        self._named: dict[int, _Named] = {}
        self._tracker = Tracker()
        self.is_between = False
        """Whether the boxes of the last frame are predicted, because the localizer was not run on it."""
        self._start_anew()

    def label(self, frame: Frame) -> LabeledFrame:
        """Find, follow and name what ``frame`` shows, most prominent object first.

        A time before the last one (after seeking back) resets the tracks.
        """
        self._adopt(self.settings, self.lists)
        if frame.time_s < self._last_s:
            self._pace.restart()
            self._start_anew()
        self._last_s = frame.time_s
        tracks = self._tracks(frame)[: self._settings.max_objects]
        if tracks:
            self._found_s = frame.time_s
        objects = self._followed(frame, tracks) if tracks else self._center(frame)
        return LabeledFrame(frame, objects, StageTimes(frame.captured_s))

    def look_again(self) -> None:
        """Run the models on the next frame, whatever the pace."""
        self._pace.ask_all()

    def close(self) -> None:
        """Forget the tracks."""
        self._tracker = Tracker()
        self._named = {}

    def _start_anew(self) -> None:
        self._tracker.restart()
        self._named = {}
        self._center_named = self._unnamed()
        self._found_s = -_EMPTY_S

    def _adopt(self, settings: LabelingSettings, lists: LabelListSettings) -> None:
        if settings is self._settings and lists is self._lists:
            return
        if lists is not self._lists:
            self._mask = label_mask(lists, self._models.hierarchy)
        if settings.effort is not self._settings.effort:
            self._pace = Pace(settings.effort)
        self._settings, self._lists = settings, lists
        self._pace.ask_all()
        for named in (self._center_named, *self._named.values()):
            named.labels.adopt(settings.threshold, settings.top_k, self._mask)

    def _tracks(self, frame: Frame) -> list[Track]:
        """Where the objects of a frame are: found, as they were, or where they were heading."""
        answer = self._pace.look(frame, has_new_tracks=self._tracker.has_new)
        if self._pace.is_new_scene:
            self._start_anew()
        self.is_between = answer is Answer.CARRY_ON and not self._looks_at_centre
        if answer is Answer.CARRY_ON:
            return self._tracker.between(frame.time_s)
        if answer is Answer.ASK:
            self._boxes = self._models.boxes(frame, self._settings)
        return self._tracker.update(frame.time_s, self._boxes)

    @property
    def _looks_at_centre(self) -> bool:
        return self._settings.regions is RegionMode.CENTER or self._models.localizer is None

    def _followed(self, frame: Frame, tracks: Sequence[Track]) -> tuple[LabeledObject, ...]:
        found = [track for track in tracks if track.seen]
        for track in found:
            if track.id not in self._named:
                self._named[track.id] = self._unnamed()
        self._name(frame, [(track.box, self._named[track.id]) for track in found])
        live = self._tracker.live_ids
        self._named = {track_id: named for track_id, named in self._named.items() if track_id in live}
        bounds = (frame.width, frame.height)
        return tuple(
            LabeledObject(track.box.clipped(*bounds), self._named[track.id].labels.predictions, track.id)
            for track in tracks
            if not self._named[track.id].labels.left_out
        )

    def _center(self, frame: Frame) -> tuple[LabeledObject, ...]:
        asked_for = self._looks_at_centre
        if not asked_for and frame.time_s - self._found_s < _EMPTY_S:
            return ()
        box = center_box(frame.width, frame.height)
        self._name(frame, [(box, self._center_named)])
        labels = self._center_named.labels
        if labels.left_out:
            return ()
        return (LabeledObject(box, labels.predictions),) if labels.predictions or asked_for else ()

    def _name(self, frame: Frame, found: Sequence[tuple[Box, _Named]]) -> None:
        """Bring the names of the objects in boxes up to date, with one batch for the labeler."""
        asked = []
        for box, named in found:
            answer = self._pace.name(named.last, box, frame.time_s, is_settled=named.labels.is_settled)
            if answer is Answer.ASK:
                asked.append((box, named))
            elif answer is Answer.REPEAT and named.scores is not None:
                named.labels.update(named.scores, frame.time_s)
                named.last = self._pace.named(named.last, box, frame.time_s, answer)
        scores = self._models.scores(frame, [box for box, _ in asked], VIDEO_VIEWS)
        for (box, named), row in zip(asked, scores, strict=True):
            named.scores = row
            named.labels.update(row, frame.time_s)
            named.last = self._pace.named(named.last, box, frame.time_s, Answer.ASK)

    def _unnamed(self) -> _Named:
        models, settings = self._models, self._settings
        return _Named(
            SmoothedLabels(models.hierarchy, models.labeler.labels, settings.threshold, settings.top_k, self._mask)
        )
