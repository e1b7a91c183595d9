"""Unpacks an untrusted ``.tar.gz`` of a SavedModel."""

import gzip
import hashlib
import io
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import BinaryIO

from video_labeler import limits
from video_labeler.errors import ModelFormatError
from video_labeler.files.temporary import clear_stale

_GRAPH = "saved_model.pb"
_UNPACKING = "unpacking-"
_PLAIN_TYPES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE)
_DAMAGES = (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error, ValueError, RecursionError, OverflowError)


def unpack(archive: BinaryIO, target: Path, name: str, sha256: str = "") -> Path:
    """Unpack into the folder ``target``, which appears only when complete, and return the SavedModel's folder in it.

    With ``sha256`` the bytes that are unpacked must be those of that checksum, whoever writes into the file meanwhile.
    A ``target`` that is there already is used as it is. Only plain files and folders are accepted, within the limits of
    this room; ``name`` is used in messages.

    Raises:
        ModelFormatError: the archive is damaged, climbs out of its folder, has links, is too large, holds no
            SavedModel, or has another checksum.
    """
    if not target.is_dir():
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            clear_stale(target.parent, _UNPACKING)
            with tempfile.TemporaryDirectory(prefix=_UNPACKING, dir=target.parent) as work:
                fresh = Path(work) / "model"
                fresh.mkdir()
                digest = _extract(archive, fresh, name)
                saved_model_in(fresh, name)
                if sha256 not in ("", digest):
                    raise ModelFormatError(f"{name} changes while it is read: try again.")
                _publish(fresh, target)
        except OSError as error:
            raise ModelFormatError(f"{name} cannot be unpacked: {error.strerror or error}.") from error
    return saved_model_in(target, name)


def _publish(fresh: Path, target: Path) -> None:
    try:
        fresh.rename(target)
    except OSError:
        # Another process has just unpacked the same archive.
        if not target.is_dir():
            raise


class _TooLargeError(Exception):
    """An archive unpacks to more than is allowed."""


class _Metered(io.RawIOBase):
    """The unpacked bytes of an archive, limited in total, and between its members.

    A tar may have a name or record of any length before a member, which the library would read into memory at once.
    """

    def __init__(self, unpacked: gzip.GzipFile, most: int) -> None:
        super().__init__()
        self._unpacked = unpacked
        self._left_in_all = most
        self._left_now = 0

    def allow(self, count: int) -> None:
        """Allow that many more bytes to be read, besides what the library reads ahead."""
        self._left_now = count + 4 * tarfile.RECORDSIZE

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            _TooLargeError: the limit is exceeded.
        """
        most = min(self._left_in_all, self._left_now)
        content = self._unpacked.read(most + 1 if size < 0 else min(size, most + 1))
        if len(content) > most:
            raise _TooLargeError
        self._left_in_all -= len(content)
        self._left_now -= len(content)
        return content


class _Hashed(io.RawIOBase):
    """The packed bytes of an archive, whose checksum is taken of those that were given."""

    def __init__(self, archive: BinaryIO) -> None:
        super().__init__()
        self._archive = archive
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        content = self._archive.read(size)
        self._hash.update(content)
        return content

    def digest(self) -> str:
        """The SHA-256 of all, also of what nobody has asked for."""
        while self.read(limits.CHUNK):
            pass
        return self._hash.hexdigest()


def _extract(archive: BinaryIO, folder: Path, name: str) -> str:
    """Unpack into a folder, and return the SHA-256 of what was read for that."""
    most = limits.unpacked_bytes(archive.seek(0, io.SEEK_END))
    archive.seek(0)
    packed = _Hashed(archive)
    try:
        with gzip.GzipFile(fileobj=packed) as unpacked:
            metered = _Metered(unpacked, most)
            metered.allow(limits.MEMBER_HEADERS)
            with tarfile.open(fileobj=metered, mode="r|", format=tarfile.PAX_FORMAT, errors="strict") as tar:
                _extract_members(tar, metered, folder, name)
    except _TooLargeError as error:
        raise ModelFormatError(f"{name} is too large for a model: it is not unpacked.") from error
    except _DAMAGES as error:
        raise ModelFormatError(
            f"{name} is damaged, or not a .tar.gz of a SavedModel: download the file again."
        ) from error
    return packed.digest()


def _extract_members(tar: tarfile.TarFile, metered: _Metered, folder: Path, name: str) -> None:
    number = 0
    while True:
        metered.allow(limits.MEMBER_HEADERS)
        member = tar.next()
        if member is None:
            return
        number += 1
        if number > limits.MEMBERS or member.size > limits.UNPACKED:
            raise _TooLargeError
        if member.type not in _PLAIN_TYPES or member.issparse() or member.size < 0:
            raise ModelFormatError(f"{name} holds {member.name!r}, which is not a plain file: it is not unpacked.")
        metered.allow(member.size)
        _write(tar, member, _place(member, folder, name))
        # The library keeps every member that it has read, with its records.
        tar.members.clear()  # type: ignore[attr-defined]


def _place(member: tarfile.TarInfo, folder: Path, name: str) -> Path:
    """The path of an unpacked member. Not every Python 3.11 has extraction filters, so they are not used."""
    inside = member.name.lstrip("/\\")
    if not inside.isprintable() or len(inside) > limits.MEMBER_NAME or len(Path(inside).parts) > limits.MEMBER_DEPTH:
        raise ModelFormatError(f"{name} holds a file with an invalid name: it is not unpacked.")
    place = (folder / inside).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise ModelFormatError(f"{name} holds files that lead out of its folder: it is not unpacked.")
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
        if (candidate / _GRAPH).is_file():
            return candidate
    raise ModelFormatError(f"{name} does not contain a SavedModel: it has no saved_model.pb.")
