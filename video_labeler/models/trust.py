"""Remembers which SavedModels the user trusts: they are programs, and the user is asked about each once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from video_labeler.errors import ModelFormatError, UntrustedModelError
from video_labeler.models.finding import names_saved_model
from video_labeler.models.hub import tensorflow_lack
from video_labeler.models.private_copy import PrivateModel, private_copy
from video_labeler.models.saved_model import folder_of
from video_labeler.models.store import ModelStore


@contextmanager
def opened_saved_model(text: str, store: ModelStore) -> Iterator[PrivateModel]:
    """A private copy of the SavedModel that a text names, which has passed the gate, but may not be trusted yet.

    Raises:
        ModelError: it is missing, cannot be downloaded, does not pass, or cannot be run here.
    """
    lack = tensorflow_lack()
    if lack:
        raise ModelFormatError(f"{text} is a SavedModel, which needs TensorFlow and TensorFlow Hub. {lack}")
    folder = folder_of(text, store.cache, store.limits, downloads=store.downloads, stop=store.stop)
    with private_copy(folder, store.cache, text) as copy:
        yield copy


def require_trust(model: PrivateModel, text: str, cache: Path) -> None:
    """Check that the user has trusted a model.

    Raises:
        UntrustedModelError: not for exactly these bytes.
    """
    if not _mark(model, cache).exists():
        raise UntrustedModelError(
            f"{text} is a program: run it only where you trust who made it. To do so, give --trust-model, or choose it "
            "in the window."
        )


def remember_trust(model: PrivateModel, cache: Path) -> None:
    """Remember that the user trusts exactly these bytes.

    Raises:
        UntrustedModelError: it cannot be remembered.
    """
    mark = _mark(model, cache)
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError as error:
        raise UntrustedModelError(f"{mark} cannot be written: {error.strerror or error}.") from error


def settle_trust(text: str, store: ModelStore, agree: Callable[[], bool]) -> None:
    """Ask about the SavedModel that a text names, unless it is trusted already, and remember it if they ``agree``.

    Raises:
        ModelError: there is none, or it cannot be downloaded or does not pass the gate.
    """
    if not names_saved_model(text, store):
        return
    with opened_saved_model(text, store) as model:
        if not _mark(model, store.cache).exists() and agree():
            remember_trust(model, store.cache)


def _mark(model: PrivateModel, cache: Path) -> Path:
    return cache / "trusted" / model.digest
