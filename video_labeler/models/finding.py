"""Finds what the user named: a known model, a file, a folder, an archive or a handle."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from video_labeler import limits
from video_labeler.errors import ModelFormatError, ModelNotFoundError, SourceFormatError
from video_labeler.files.reading import TooLargeError, open_regular, read_bytes
from video_labeler.models.catalog import AUTO, CatalogEntry, ModelRole
from video_labeler.models.store import ModelStore
from video_labeler.text.file_address import named_path

ADDRESSES = ("https://", "http://")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class FoundModel:
    """The model that a text names: ``tflite`` is a TFLite file's content, and ``None`` for a SavedModel in any form.

    ``name`` is for people and files; ``entry`` is set if the file is a known model, byte for byte.
    """

    text: str
    name: str
    tflite: bytes | None = None
    entry: CatalogEntry | None = None


def find_model(text: str, role: ModelRole, store: ModelStore) -> FoundModel:
    """Find the model that a text names; a known model that is missing is downloaded.

    Raises:
        ModelError: it does not exist, cannot be downloaded, or is not a model.
    """
    if _is_known(text, store):
        verified = store.verified(text, role)
        return FoundModel(text, verified.entry.name, verified.content, verified.entry)
    if text.startswith(ADDRESSES):
        return FoundModel(text, text.partition("#")[0])
    path = path_of_model(text)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        names = ", ".join(sorted({AUTO, *(entry.name for entry in store.catalog)}))
        raise ModelNotFoundError(
            f"There is no model {text}: give one of {names}, a TFLite file, a SavedModel folder or .tar.gz, "
            "or a TensorFlow Hub address."
        ) from error
    if stat.S_ISDIR(mode):
        return FoundModel(text, path.resolve().name)
    if not stat.S_ISREG(mode):
        raise ModelFormatError(f"{text} is not a file: give a TFLite file or a SavedModel.")
    return _find_file(text, path, role, store)


def path_of_model(text: str) -> Path:
    """The path of a model that is neither in the catalogue nor at an address.

    Raises:
        ModelNotFoundError: on another computer.
    """
    try:
        return named_path(text)
    except SourceFormatError as error:
        raise ModelNotFoundError(str(error)) from error


def names_saved_model(text: str, store: ModelStore) -> bool:
    """Whether a text names an existing SavedModel in any form."""
    if _is_known(text, store):
        return False
    if text.startswith(ADDRESSES):
        return True
    try:
        path = path_of_model(text)
        if path.is_dir():
            return True
        with open_regular(path) as file:
            return file.read(len(_GZIP)) == _GZIP
    except (OSError, ModelNotFoundError):
        return False


def _is_known(text: str, store: ModelStore) -> bool:
    return text == AUTO or any(entry.name == text for entry in store.catalog)


def _find_file(text: str, path: Path, role: ModelRole, store: ModelStore) -> FoundModel:
    try:
        with open_regular(path) as file:
            start = file.read(8)
        if start[:2] == _GZIP:
            return FoundModel(text, path.name)
        if start[4:8] != b"TFL3":
            reason = "it is empty" if not start else "its first bytes are those of something else"
            raise ModelFormatError(f"{text} is not a model ({reason}): give a TFLite file or a SavedModel.")
        content = read_bytes(path, limits.TFLITE_FILE)
    except TooLargeError as error:
        raise ModelFormatError(f"{path} is larger than a TFLite model can be: give another file.") from error
    except OSError as error:
        raise ModelFormatError(f"The model {text} cannot be read: {error.strerror or error}.") from error
    digest = hashlib.sha256(content).hexdigest()
    entry = next((e for e in store.catalog if e.sha256 == digest and e.role is role), None)
    return FoundModel(text, entry.name if entry else path.name, content, entry)
