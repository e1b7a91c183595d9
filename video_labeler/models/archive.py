"""Unpacks a ``.tar.gz`` of a SavedModel, trusting nothing in it."""

import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path

from video_labeler.errors import ModelFormatError

_MOST_BYTES = 4 * 1024**3
_MOST_FILES = 10_000
_MODEL_FILES = ("saved_model.pb", "saved_model.pbtxt")


def unpack(archive: Path, target: Path, name: str) -> Path:
    """Unpack into the folder ``target``, which appears only when complete, and return the SavedModel's folder in it.

    A ``target`` that is there already is used as it is. Only plain files and folders are accepted, at most 10,000 of
    them and 4 GB; ``name`` stands in the messages.

    Raises:
        ModelFormatError: the archive is damaged, climbs out of its folder, has links, is too large, or holds no
            SavedModel.
    """
    if not target.is_dir():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="unpacking-", dir=target.parent) as work:
                fresh = Path(work) / "model"
                fresh.mkdir()
                _extract(archive, fresh, name)
                saved_model_in(fresh, name)
                _publish(fresh, target)
        except OSError as error:
            raise ModelFormatError(f"{name} cannot be unpacked: {error.strerror or error}.") from error
    return saved_model_in(target, name)


def _publish(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:
        # Another process was faster, with the same archive.
        if not target.is_dir():
            raise


def _extract(archive: Path, folder: Path, name: str) -> None:
    total = 0
    try:
        with tarfile.open(archive, "r:*") as tar:
            for number, member in enumerate(tar):
                total += member.size
                if number >= _MOST_FILES or total > _MOST_BYTES:
                    raise ModelFormatError(f"{name} is too large for a model: it is not unpacked.")
                if not (member.isfile() or member.isdir()):
                    raise ModelFormatError(f"{name} holds {member.name}, which is no plain file: it is not unpacked.")
                _write(tar, member, _place(member, folder, name))
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise ModelFormatError(f"{name} is damaged, or no .tar.gz of a SavedModel: get the file again.") from error


def _place(member: tarfile.TarInfo, folder: Path, name: str) -> Path:
    """Where a member goes. Python's own extraction filters are not in every 3.11, so this does not ask them."""
    place = (folder / member.name.lstrip("/\\")).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise ModelFormatError(f"{name} holds files that climb out of its folder: it is not unpacked.")
    return place


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    if member.isdir():
        place.mkdir(parents=True, exist_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    content = tar.extractfile(member)
    assert content is not None, "a plain file has content"
    with content, place.open("wb") as file:
        shutil.copyfileobj(content, file)


def saved_model_in(folder: Path, name: str) -> Path:
    """The folder that holds ``saved_model.pb``: this one, or one directly in it.

    Raises:
        ModelFormatError: there is none.
    """
    for candidate in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        if any((candidate / file).is_file() for file in _MODEL_FILES):
            return candidate
    raise ModelFormatError(f"{name} holds no SavedModel: there is no saved_model.pb in it.")
