"""The Python interface: labels pictures and videos in a few lines."""

import logging
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from video_labeler.frames import Frame, LabeledFrame
from video_labeler.labeling.interpolation import InterpolatingLabeler
from video_labeler.labeling.label_mask import check_label_names
from video_labeler.labeling.loading import load_models
from video_labeler.labeling.object_labeler import Models, StillLabeler
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.models.base import Labeler
from video_labeler.pixels import Image
from video_labeler.settings import CameraSettings, LabelingSettings, LabelListSettings, ModelSettings
from video_labeler.sources.base import Delivery
from video_labeler.sources.naming import NamedSource, named_source
from video_labeler.sources.opening import source_from_name
from video_labeler.sources.pictures import read_picture
from video_labeler.text.file_address import local_path

_READ_S = 0.5

_log = logging.getLogger(__name__)


class VideoLabeler:
    """Finds and names objects in pictures and videos; the models are loaded once, here.

    ``lists`` decide which labels are shown; objects that they hide are left out.

    Raises:
        VideoLabelerError: a model is missing, damaged, or does not fit, or it knows no label of a listed name.
    """

    def __init__(
        self,
        models: ModelSettings | None = None,
        labeling: LabelingSettings | None = None,
        lists: LabelListSettings | None = None,
    ) -> None:
        self._models = load_models(models or ModelSettings())
        self._settings = labeling or LabelingSettings()
        self._lists = lists or LabelListSettings()
        check_label_names(self._lists, self._models.labeler.labels)
        self._still = StillLabeler(self._models, self._settings, self._lists)

    @property
    def models(self) -> Models:
        """The models, and the hierarchy of their labels."""
        return self._models

    @property
    def labeler(self) -> Labeler:
        """The labeler itself: its name, its labels, and scores for batches of crops."""
        return self._models.labeler

    def label_image(self, image: Image) -> LabeledFrame:
        """Label a picture: BGR ``uint8``, (height, width, 3)."""
        return self._still.label(Frame(0, 0.0, image.copy()))

    def label_picture(self, path: str | Path) -> LabeledFrame:
        """Label a picture file; parts of the file that could not be read are logged as a warning.

        Raises:
            SourceError: it is missing, or not a picture.
        """
        picture = read_picture(local_path(path))
        if picture.note:
            _log.warning("%s", picture.note)
        return self._still.label(Frame(0, 0.0, picture.image))

    def label_video(self, source: str | Path, camera: CameraSettings | None = None) -> Iterator[LabeledFrame]:
        """Label each frame of a video, with its objects tracked and their labels smoothed.

        ``source`` is as on the command line: a file, a camera, an address, a folder, ``synthetic``.

        Raises:
            SourceError: the source cannot be read.
        """
        tracking = TrackingLabeler(self._models, self._settings, self._lists)
        named = NamedSource.of_path(source) if isinstance(source, Path) else named_source(source)
        with source_from_name(named, camera) as opened:
            opened.open()
            labeler = InterpolatingLabeler(tracking, lambda: opened.delivery is Delivery.EVERY_FRAME)
            while not opened.ended:
                frame = opened.read(_READ_S)
                if frame is not None:
                    yield from labeler.label(frame)
            yield from labeler.finish()

    def close(self) -> None:
        """Release the models."""
        self._models.close()

    def __enter__(self) -> Self:
        """Return itself: the models are already loaded."""
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Release the models."""
        self.close()
