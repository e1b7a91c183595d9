"""Loads the models that the settings name."""

from video_labeler.labeling.hierarchy import hierarchy_for
from video_labeler.labeling.object_labeler import Models
from video_labeler.models.loading import load_labeler, load_localizer
from video_labeler.models.store import ModelStore
from video_labeler.settings import ModelSettings


def load_models(settings: ModelSettings, store: ModelStore | None = None) -> Models:
    """The labeler, the localizer, and the hierarchy of the labeler's labels; ``store`` has the known models.

    Raises:
        ModelError: a model is missing, damaged, or does not fit.
        LabelFileError: the labels do not fit the labeler.
    """
    labeler = load_labeler(settings, store)
    return Models(labeler, load_localizer(settings, store), hierarchy_for(labeler.labels))
