"""Loads the models that the settings name."""

import hashlib

from video_labeler.labeling.hierarchy import hierarchy_for
from video_labeler.labeling.object_labeler import Models
from video_labeler.models.labeler import ModelLabeler
from video_labeler.models.loading import load_labeler, load_localizer
from video_labeler.models.localizer import ModelLocalizer
from video_labeler.models.store import ModelStore
from video_labeler.settings import ModelSettings

_FINGERPRINT_DIGITS = 16


def load_models(settings: ModelSettings, store: ModelStore | None = None) -> Models:
    """The labeler, the localizer, and the hierarchy of the labeler's labels; ``store`` has the known models.

    Raises:
        ModelError: a model is missing, damaged, or does not fit.
        LabelFileError: the labels do not fit the labeler.
    """
    labeler = load_labeler(settings, store)
    localizer = load_localizer(settings, store)
    return Models(labeler, localizer, hierarchy_for(labeler.labels), _fingerprint(labeler, localizer))


def _fingerprint(labeler: ModelLabeler, localizer: ModelLocalizer | None) -> str:
    names = [f"{label.id} {label.name}" for label in labeler.labels]
    parts = [labeler.digest, labeler.score_kind.value, *names, localizer.digest if localizer is not None else ""]
    return hashlib.sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()[:_FINGERPRINT_DIGITS]
