"""Explains any model that a user can name, without loading it into this process."""

from dataclasses import replace
from pathlib import Path

from video_labeler import limits
from video_labeler.errors import ModelError, UntrustedModelError
from video_labeler.files.reading import TooLargeError, read_bytes
from video_labeler.models.catalog import AUTO, ModelRole
from video_labeler.models.finding import find_model
from video_labeler.models.report import ModelReport, inspect_saved_model, inspect_tflite
from video_labeler.models.store import FileState, ModelStore
from video_labeler.models.trust import opened_saved_model, remember_trust, require_trust


def explain_model(
    model: str | Path, role: ModelRole | None = None, store: ModelStore | None = None, *, trusted: bool = False
) -> ModelReport:
    """Report on a model, named as in the settings. Never downloads a known model; never raises.

    With a ``role``, having another one is among the model's problems. ``trusted``: a person
    says that it may run, even if it is a program; that is remembered.
    """
    text = str(model)
    store = store or ModelStore()
    try:
        report = _report(text, role or _likely_role(text, store), store, trusted=trusted)
    except UntrustedModelError as error:
        return ModelReport(text, problems=(str(error),), needs_trust=True)
    except ModelError as error:
        return ModelReport(text, problems=(str(error),))
    if role and report.role and report.role != role.value:
        return replace(report, problems=(*report.problems, f"It is a {report.role}, not a {role.value}."))
    return report


def _likely_role(text: str, store: ModelStore) -> ModelRole:
    return next((entry.role for entry in store.catalog if entry.name == text), ModelRole.LABELER)


def _report(text: str, role: ModelRole, store: ModelStore, *, trusted: bool) -> ModelReport:
    if text == AUTO or any(entry.name == text for entry in store.catalog):
        return _known_report(text, role, store)
    found = find_model(text, role, store)
    if found.tflite is not None:
        return inspect_tflite(found.tflite, Path(text).name, stop=store.stop)
    with opened_saved_model(text, store) as opened:
        if trusted:
            remember_trust(opened, store.cache)
        require_trust(opened, text, store.cache)
        return inspect_saved_model(opened.folder, found.name, stop=store.stop)


def _known_report(text: str, role: ModelRole, store: ModelStore) -> ModelReport:
    status = store.status(store.entry(text, role))
    if status.path is None:
        problem = f"The model {text} is not installed yet: get it with `video-labeler models fetch`."
        return ModelReport(text, problems=(problem,))
    try:
        report = inspect_tflite(read_bytes(status.path, limits.TFLITE_FILE), status.path.name, stop=store.stop)
    except (OSError, TooLargeError):
        report = ModelReport(text, problems=(f"{status.path} cannot be read.",))
    if status.state is FileState.DAMAGED:
        problem = f"{status.path} is not the published file: delete it, then `video-labeler models fetch`."
        report = replace(report, problems=(problem, *report.problems))
    return replace(report, name=status.entry.name)
