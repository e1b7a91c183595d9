"""Two-stage labelling: the localizer finds the objects, the labeler names each one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from video_labeler.frames import Box, Frame, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.label_mask import label_mask
from video_labeler.labeling.picking import named_first, pick
from video_labeler.labeling.regions import center_box, find_regions
from video_labeler.labeling.smoothing import SmoothedLabels
from video_labeler.labeling.tracking import Track, Tracker
from video_labeler.labeling.views import STILL_VIEWS, VIDEO_VIEWS, combine_views, object_views
from video_labeler.models.base import Labeler, Localizer, Scores
from video_labeler.settings import LabelingSettings, LabelListSettings, RegionMode

_EMPTY_S = 0.5
"""How long nothing must be found before the centre is labelled instead: one missed detection is not an empty scene."""

_ALL_LABELS = LabelListSettings()


@dataclass(frozen=True, slots=True)
class Models:
    """The models that label together; without a localizer only the centre of the picture is labelled."""

    labeler: Labeler
    localizer: Localizer | None
    hierarchy: LabelHierarchy

    def close(self) -> None:
        """Release them."""
        self.labeler.close()
        if self.localizer is not None:
            self.localizer.close()

    def boxes(self, frame: Frame, settings: LabelingSettings) -> list[Box]:
        """The boxes of objects, most prominent first; empty where the localizer finds none or is not to be used."""
        if self.localizer is None or settings.regions is RegionMode.CENTER:
            return []
        threshold = settings.localizer_threshold
        if threshold is None:
            threshold = self.localizer.score_threshold
        picture = frame.crop(frame.bounds, self.localizer.input_size)
        regions = self.localizer.regions(picture)
        found = find_regions(regions, frame.width, frame.height, settings.max_objects, threshold)
        return [candidate.box for candidate in found]

    def scores(self, frame: Frame, boxes: Iterable[Box], views: int) -> list[Scores]:
        """The scores of each label for each box, from ``views`` views of it, in one batch."""
        seen = [object_views(box, frame.width, frame.height, views) for box in boxes]
        crops = [frame.crop(view, self.labeler.input_size) for group in seen for view in group]
        if not crops:
            return []
        rows = iter(self.labeler.scores(crops))
        return [combine_views(np.stack([next(rows) for _ in group])) for group in seen]


class StillLabeler:
    """Labels each frame independently, from several views of each object: for pictures.

    ``lists`` decide which labels are shown; objects that they hide are left out.
    """

    def __init__(self, models: Models, settings: LabelingSettings, lists: LabelListSettings = _ALL_LABELS) -> None:
        self._models = models
        self._settings = settings
        self._mask = label_mask(lists, models.hierarchy)

    def label(self, frame: Frame) -> LabeledFrame:
        """Find and name what ``frame`` shows; objects with a name come first, numbered from 1."""
        boxes = self._models.boxes(frame, self._settings) or [center_box(frame.width, frame.height)]
        scores = self._models.scores(frame, boxes, STILL_VIEWS)
        marked = [(box, row) for box, row in zip(boxes, scores, strict=True) if not self._suppresses(row)]
        objects = named_first(LabeledObject(box, self._picked(row)) for box, row in marked)
        numbered = tuple(LabeledObject(item.box, item.predictions, i) for i, item in enumerate(objects, start=1))
        return LabeledFrame(frame, numbered, StageTimes(frame.captured_s))

    def _suppresses(self, scores: Scores) -> bool:
        return self._mask is not None and self._mask.suppresses(scores, self._settings.threshold)

    def _picked(self, scores: Scores) -> tuple[Prediction, ...]:
        models, settings = self._models, self._settings
        if self._mask is not None:
            scores = self._mask.masked(scores)
        return pick(scores, models.hierarchy, models.labeler.labels, settings.threshold, settings.top_k)


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
        lists: LabelListSettings = _ALL_LABELS,
    ) -> None:
        self._models = models
        self.settings = self._settings = settings
        self.lists = self._lists = lists
        self._mask = label_mask(lists, models.hierarchy)
        self._last_s = 0.0
        self._found_s = -_EMPTY_S
        self._tracker = Tracker()
        self._labels: dict[int, SmoothedLabels] = {}
        self._center_labels = self._unlabelled()

    def label(self, frame: Frame) -> LabeledFrame:
        """Find, follow and name what ``frame`` shows, most prominent object first.

        A time before the last one (after seeking back) resets the tracks.
        """
        self._adopt(self.settings, self.lists)
        if frame.time_s < self._last_s:
            self._labels = {}
            self._center_labels = self._unlabelled()
            self._found_s = -_EMPTY_S
        self._last_s = frame.time_s
        boxes = self._models.boxes(frame, self._settings)
        tracks = self._tracker.update(frame.time_s, boxes)[: self._settings.max_objects]
        if tracks:
            self._found_s = frame.time_s
        objects = self._followed(frame, tracks) if tracks else self._center(frame)
        return LabeledFrame(frame, objects, StageTimes(frame.captured_s))

    def close(self) -> None:
        """Forget the tracks."""
        self._tracker = Tracker()
        self._labels = {}

    def _adopt(self, settings: LabelingSettings, lists: LabelListSettings) -> None:
        if settings is self._settings and lists is self._lists:
            return
        if lists is not self._lists:
            self._mask = label_mask(lists, self._models.hierarchy)
        self._settings, self._lists = settings, lists
        for labels in (self._center_labels, *self._labels.values()):
            labels.adopt(settings.threshold, settings.top_k, self._mask)

    def _followed(self, frame: Frame, tracks: Sequence[Track]) -> tuple[LabeledObject, ...]:
        scores = self._models.scores(frame, [track.box for track in tracks if track.seen], VIDEO_VIEWS)
        for track, row in zip((track for track in tracks if track.seen), scores, strict=True):
            self._labels.setdefault(track.id, self._unlabelled()).update(row, frame.time_s)
        live = self._tracker.live_ids
        self._labels = {track_id: labels for track_id, labels in self._labels.items() if track_id in live}
        bounds = (frame.width, frame.height)
        return tuple(
            LabeledObject(track.box.clipped(*bounds), self._labels[track.id].predictions, track.id)
            for track in tracks
            if not self._labels[track.id].left_out
        )

    def _center(self, frame: Frame) -> tuple[LabeledObject, ...]:
        asked_for = self._settings.regions is RegionMode.CENTER or self._models.localizer is None
        if not asked_for and frame.time_s - self._found_s < _EMPTY_S:
            return ()
        box = center_box(frame.width, frame.height)
        (scores,) = self._models.scores(frame, [box], VIDEO_VIEWS)
        predictions = self._center_labels.update(scores, frame.time_s)
        if self._center_labels.left_out:
            return ()
        return (LabeledObject(box, predictions),) if predictions or asked_for else ()

    def _unlabelled(self) -> SmoothedLabels:
        models, settings = self._models, self._settings
        return SmoothedLabels(models.hierarchy, models.labeler.labels, settings.threshold, settings.top_k, self._mask)
