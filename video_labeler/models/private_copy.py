"""A private copy of a SavedModel: exactly the bytes that passed the gate, where nobody else can change them."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from video_labeler import limits
from video_labeler.errors import ModelFormatError
from video_labeler.files.reading import NotRegularError, TooLargeError, open_regular, read_bytes
from video_labeler.files.temporary import clear_stale
from video_labeler.models.saved_model_gate import check_saved_model

_GRAPH = "saved_model.pb"
_PATTERNS = ("tfhub_module.pb", "variables/variables.index", "variables/variables.data-*", "assets/**/*")
"""What the loader reads besides the graph. A graph in another format, which it might prefer, is not copied."""

_PREFIX = "private-"


@dataclass(frozen=True, slots=True)
class PrivateModel:
    """The folder of a copy, and the SHA-256 of its files' names and bytes."""

    folder: Path
    digest: str


@contextmanager
def private_copy(folder: Path, cache: Path, name: str) -> Iterator[PrivateModel]:
    """Copy a SavedModel that passes the gate into a folder of ``cache`` for this user alone, while it is needed.

    Each file is read once; links are followed, and their targets copied. ``name`` is used in messages.

    Raises:
        ModelFormatError: it does not pass the gate, is too large, or cannot be read or copied.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        clear_stale(cache, _PREFIX)
        work = tempfile.mkdtemp(prefix=_PREFIX, dir=cache)
    except OSError as error:
        raise ModelFormatError(f"{name} cannot be copied into {cache}: {error.strerror or error}.") from error
    try:
        yield PrivateModel(Path(work), _copy(folder, Path(work), name))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copy(folder: Path, target: Path, name: str) -> str:
    try:
        content = read_bytes(folder / _GRAPH, limits.GRAPH_FILE)
        check_saved_model(content, name)
        (target / _GRAPH).write_bytes(content)
        digest = hashlib.sha256(_entry(_GRAPH, hashlib.sha256(content)))
        del content
        left = limits.UNPACKED
        for path in _wanted(folder):
            inside = path.relative_to(folder)
            hashed, size = _copy_file(path, target / inside, left)
            left -= size
            digest.update(_entry(inside.as_posix(), hashed))
    except NotRegularError as error:
        raise ModelFormatError(
            f"{name} holds {error.filename}, which is not a plain file: it is not loaded."
        ) from error
    except TooLargeError as error:
        raise ModelFormatError(f"{name} is too large for a model: it is not loaded.") from error
    except OSError as error:
        raise ModelFormatError(f"{name} cannot be read: {error.strerror or error}.") from error
    return digest.hexdigest()


def _entry(name: str, hashed: "hashlib._Hash") -> bytes:
    return os.fsencode(name) + b"\0" + hashed.digest()


def _wanted(folder: Path) -> list[Path]:
    # A link may lead to a folder of any size.
    found = list(islice((path for pattern in _PATTERNS for path in folder.glob(pattern)), limits.MEMBERS + 1))
    if len(found) > limits.MEMBERS:
        raise TooLargeError
    return sorted(path for path in found if not path.is_dir())


def _copy_file(path: Path, target: Path, most: int) -> tuple["hashlib._Hash", int]:
    hashed, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with open_regular(path) as source, target.open("xb") as copy:
        while chunk := source.read(limits.CHUNK):
            size += len(chunk)
            if size > most:
                raise TooLargeError
            hashed.update(chunk)
            copy.write(chunk)
    return hashed, size
