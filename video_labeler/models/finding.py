"""Finds what the user named: a known model, a file, a folder, an archive or a handle."""

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path

from video_labeler.errors import ModelFormatError, ModelNotFoundError
from video_labeler.models.catalog import AUTO, CatalogEntry, ModelRole
from video_labeler.models.store import ModelStore

_LARGEST_MODEL = 2 * 1024**3
"""Bytes: a flatbuffer cannot be larger."""


@dataclass(frozen=True, slots=True)
class FoundModel:
    """What a text names: ``tflite`` holds a TFLite file's bytes, and is ``None`` for a SavedModel in any form.

    ``name`` is for people and files; ``entry`` is set where the file is one of the known, byte for byte.
    """

    text: str
    name: str
    tflite: bytes | None = None
    path: Path | None = None
    entry: CatalogEntry | None = None


def find_model(text: str, role: ModelRole, store: ModelStore) -> FoundModel:
    """What a text names; a known model that is missing is downloaded.

    Raises:
        ModelError: there is nothing, it cannot be downloaded, or it is no model.
    """
    known = {entry.name for entry in store.catalog} | {AUTO}
    if text in known:
        entry = store.entry(text, role)
        path = store.path_of(entry)
        return FoundModel(text, entry.name, _read(path), path, entry)
    if text.startswith(("http://", "https://")):
        return FoundModel(text, text)
    path = Path(text).expanduser()
    try:
        mode = path.stat().st_mode
    except OSError as error:
        names = ", ".join(sorted(known))
        raise ModelNotFoundError(
            f"There is no model {text}: give one of {names}, a TFLite file, a SavedModel folder or .tar.gz, "
            "or a TensorFlow Hub address."
        ) from error
    if stat.S_ISDIR(mode):
        return FoundModel(text, path.resolve().name)
    if not stat.S_ISREG(mode):
        raise ModelFormatError(f"{text} is not a file: give a TFLite file or a SavedModel.")
    return _find_file(text, path, role, store)


def _find_file(text: str, path: Path, role: ModelRole, store: ModelStore) -> FoundModel:
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise ModelFormatError(f"The model {text} cannot be read: {error.strerror or error}.") from error
    if start[:2] == b"\x1f\x8b":
        return FoundModel(text, path.name)
    if start[4:8] != b"TFL3":
        reason = "it is empty" if not start else "its first bytes are those of something else"
        raise ModelFormatError(f"{text} is not a model ({reason}): give a TFLite file or a SavedModel.")
    content = _read(path)
    digest = hashlib.sha256(content).hexdigest()
    entry = next((e for e in store.catalog if e.sha256 == digest and e.role is role), None)
    return FoundModel(text, entry.name if entry else path.name, content, path, entry)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_MODEL:
            raise ModelFormatError(f"{path} is larger than a TFLite model can be: give another file.")
        return path.read_bytes()
    except OSError as error:
        raise ModelFormatError(f"The model {path} cannot be read: {error.strerror or error}.") from error
