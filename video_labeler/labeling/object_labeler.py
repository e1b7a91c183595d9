"""Two-stage labelling: the localizer finds the objects, the labeler names each one."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from video_labeler.frames import Box, Frame, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.label_mask import label_mask
from video_labeler.labeling.picking import named_first, pick
from video_labeler.labeling.regions import center_box, find_regions
from video_labeler.labeling.views import STILL_VIEWS, combine_views, object_views
from video_labeler.models.base import Labeler, Localizer, Scores
from video_labeler.settings import LabelingSettings, LabelListSettings, RegionMode

ALL_LABELS = LabelListSettings()
"""Every label may be said."""


@dataclass(frozen=True, slots=True)
class Models:
    """The models that label together; without a localizer only the centre of the picture is labelled.

    ``fingerprint`` differs where their content, their labels or how scores are read differ.
    """

    labeler: Labeler
    localizer: Localizer | None
    hierarchy: LabelHierarchy
    fingerprint: str = ""

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

    def __init__(self, models: Models, settings: LabelingSettings, lists: LabelListSettings = ALL_LABELS) -> None:
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
