"""Explains any model that a user can name, without loading it into this process."""

from dataclasses import replace
from pathlib import Path

from video_labeler.errors import ModelError
from video_labeler.models.catalog import AUTO, ModelRole
from video_labeler.models.checking import inspect_apart
from video_labeler.models.finding import find_model
from video_labeler.models.form import ModelForm
from video_labeler.models.report import ModelReport
from video_labeler.models.saved_model import folder_of
from video_labeler.models.store import FileState, ModelStore


def explain_model(model: str | Path, role: ModelRole | None = None, store: ModelStore | None = None) -> ModelReport:
    """Report on a model as it is named in the settings. A known model is never downloaded; never raises.

    With a ``role``, a model that is asked to be what it is not has that as one of its problems.
    """
    text = str(model)
    store = store or ModelStore()
    try:
        report = _report(text, role or _likely_role(text, store), store)
    except ModelError as error:
        return ModelReport(text, problems=(str(error),))
    if role and report.role and report.role != role.value:
        return replace(report, problems=(*report.problems, f"It is a {report.role}, not a {role.value}."))
    return report


def _likely_role(text: str, store: ModelStore) -> ModelRole:
    return next((entry.role for entry in store.catalog if entry.name == text), ModelRole.LABELER)


def _report(text: str, role: ModelRole, store: ModelStore) -> ModelReport:
    if text == AUTO or any(entry.name == text for entry in store.catalog):
        status = store.status(store.entry(text, role))
        if status.path is None:
            problem = f"The model {text} is not here yet: get it with `video-labeler models fetch`."
            return ModelReport(text, problems=(problem,))
        report = inspect_apart(status.path, ModelForm.TFLITE)
        if status.state is FileState.DAMAGED:
            problem = f"{status.path} is not the published file: delete it, then `video-labeler models fetch`."
            report = replace(report, problems=(problem, *report.problems))
        return replace(report, name=status.entry.name)
    found = find_model(text, role, store)
    if found.path is not None:
        return inspect_apart(found.path, ModelForm.TFLITE)
    return inspect_apart(folder_of(text, store.cache, store.limits, downloads=store.downloads), ModelForm.SAVED_MODEL)
