"""Loads a labeler or a localizer from what the user named: a known model, a file, a folder or a handle."""

import hashlib

from video_labeler.errors import LabelFileError, ModelFormatError
from video_labeler.frames import Label
from video_labeler.models.base import DescribedEngine
from video_labeler.models.catalog import NO_LOCALIZER, ModelRole
from video_labeler.models.finding import FoundModel, find_model, path_of_model
from video_labeler.models.form import ModelForm
from video_labeler.models.labeler import ModelLabeler
from video_labeler.models.labels import embedded_labels, known_labels, read_label_file
from video_labeler.models.litert import LiteRtEngine
from video_labeler.models.localizer import ModelLocalizer, decoder_for
from video_labeler.models.score_kind import kind_from_values
from video_labeler.models.score_output import choose_output, choose_score_kind
from video_labeler.models.store import ModelStore
from video_labeler.settings import ModelSettings, ScoreKind
from video_labeler.system.background_task import StopSignal

_CUSTOM_LOCALIZER_THRESHOLD = 0.3
"""Detectors with classes give higher scores than the class-agnostic full localizer."""


def load_labeler(settings: ModelSettings, store: ModelStore | None = None) -> ModelLabeler:
    """The labeler that the settings name.

    Raises:
        ModelError: it is missing, cannot be downloaded, is damaged, or is not a labeler.
        LabelFileError: its labels are missing or do not fit.
    """
    store = store or ModelStore(downloads=settings.downloads)
    found = find_model(settings.model, ModelRole.LABELER, store)
    if found.tflite is None:
        return _load_hub_labeler(found, settings, store)
    name, content = found.name, found.tflite
    engine = _tflite_engine(found, content, settings.threads, store.stop)
    output = choose_output(engine, name)
    kind = settings.scores
    if kind is ScoreKind.AUTO:
        kind = ScoreKind.PROBABILITY if found.entry else choose_score_kind(engine, output)
    labels = labels_for(name, engine.outputs[output].shape[-1], settings.labels_file, content)
    return ModelLabeler(name, engine, labels, kind, output=output, digest=hashlib.sha256(content).hexdigest())


def _load_hub_labeler(found: FoundModel, settings: ModelSettings, store: ModelStore) -> ModelLabeler:
    from video_labeler.models.isolated_engine import tried_engine
    from video_labeler.models.trust import opened_saved_model, require_trust

    with opened_saved_model(found.text, store) as model:
        require_trust(model, found.text, store.cache)
        engine, (raw,) = tried_engine(
            ModelForm.SAVED_MODEL, found.name, settings.threads, folder=model.folder, stop=store.stop
        )
    kind = kind_from_values(raw) if settings.scores is ScoreKind.AUTO else settings.scores
    labels = labels_for(found.name, raw.shape[-1], settings.labels_file)
    return ModelLabeler(found.name, engine, labels, kind, digest=model.digest)


def load_localizer(settings: ModelSettings, store: ModelStore | None = None) -> ModelLocalizer | None:
    """The localizer that the settings name; ``None`` for ``none``.

    Raises:
        ModelError: it is missing, cannot be downloaded, is damaged, or is not a localizer.
    """
    if settings.localizer == NO_LOCALIZER:
        return None
    store = store or ModelStore(downloads=settings.downloads)
    found = find_model(settings.localizer, ModelRole.LOCALIZER, store)
    if found.tflite is None:
        raise ModelFormatError(f"{settings.localizer} is not a TFLite file: a localizer must be one, or a known name.")
    engine = _tflite_engine(found, found.tflite, settings.threads, store.stop)
    decode = decoder_for([spec.shape for spec in engine.outputs], found.name)
    threshold = found.entry.score_threshold if found.entry else _CUSTOM_LOCALIZER_THRESHOLD
    digest = hashlib.sha256(found.tflite).hexdigest()
    return ModelLocalizer(found.name, engine, decode, score_threshold=threshold, digest=digest)


def labels_for(name: str, count: int, labels_file: str | None, content: bytes = b"") -> tuple[Label, ...]:
    """The labels of a model with ``count`` scores: from the label file, the model's own bytes, or the known list.

    Raises:
        LabelFileError: there are none, or their number differs.
    """
    if labels_file:
        return read_label_file(path_of_model(labels_file), count)
    labels = embedded_labels(content, count) if content else None
    if labels is not None:
        return labels
    if count == len(known_labels()):
        return known_labels()
    raise LabelFileError(
        f"{name} has {count} scores, but does not say what they mean: "
        f"give a list of {count} labels with --labels-file FILE."
    )


def _tflite_engine(found: FoundModel, content: bytes, threads: int, stop: StopSignal | None) -> DescribedEngine:
    """The engine for a file's content: for a known model in this process, for any other in a separate one."""
    if found.entry is not None:
        return LiteRtEngine(content, found.name, threads)
    from video_labeler.models.isolated_engine import tried_engine

    return tried_engine(ModelForm.TFLITE, found.name, threads, content=content, stop=stop)[0]
